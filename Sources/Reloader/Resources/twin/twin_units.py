"""From a change to what the agent is told: code, fingerprints, and code to evaluate what the change needs evaluated."""


def default_nodes(node: ast.AST) -> list:
    """(parameter, expression) in order, for parameters that have a default."""
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    pairs = [(p.arg, v) for p, v in zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults)]
    return pairs + [(p.arg, v) for p, v in zip(arguments.kwonlyargs, arguments.kw_defaults) if v is not None]


def annotation_nodes(node: ast.AST) -> list:
    a = node.args
    every = a.posonlyargs + a.args + a.kwonlyargs + [p for p in (a.vararg, a.kwarg) if p is not None]
    return [(p.arg, dump(p.annotation)) for p in every if p.annotation] + [("return", dump(node.returns))]


def definition_unit(change: dict, path: str) -> dict:
    """What every operation on a definition carries."""
    parts = change["qualname"].split(".")
    return {
        "id": change["id"],
        "path": path,
        "at": (change["new"] or change["old"])[1],
        "owner": parts[:-1],
        "bind": change["name"],
        "name": change["name"],
        "qualname": change["qualname"],
        "repeated": change["repeated"],
        "shadowed": change["shadowed"],
        "rebound": "rebound" in change["aspects"],
        "overwritten": "overwritten" in change["aspects"],
        "unknown": False,
        "make": None,
        "parts": [],
        "again": change.get("again"),
        **NO_READS,
    }


def function_unit(change: dict, old: Version, new: Version) -> dict:
    """A definition that stays a function of the same name in the same place."""
    before = old.find(*change["old"], change["name"])
    after = new.find(*change["new"], change["name"])
    node, _ = new.nodes[(change["new"][1], change["name"])]
    unit = definition_unit(change, new.path)
    unit["decorated"] = bool(node.decorator_list)
    unit["by"] = decorator_paths(node)
    unit.update(
        {
            "kind": "function",
            "unknown": old.source == new.source,
            "line": before.co_firstlineno,
            "old": old.digest(before, False),
            "code": after,
            "new": new.digest(after, True),
            "keep": [],
            "doc": doc_of(after),
            "trampolines": trampolines(before, after, new),
            "names": sorted(global_names(after) - global_names(before)),
            "incompatible": not binds_old_calls(before, after, old, new, change),
            "attributes": new_attributes(old.nodes[(change["old"][1], change["name"])][0], node),
        }
    )
    if doc_of(before) != unit["doc"]:
        unit["parts"].append("doc")
    elif "doc" in change["aspects"]:  # there is no old source
        unit["parts"].append("ownDoc")
    if set(change["aspects"]) - NOT_OF_THE_HEADER:
        header_parts(unit, change, old, new)
    return unit


NOT_OF_THE_HEADER = {"body", "doc", "relined", "moved", "nested", "reflowed", "format", "rebound", "overwritten"}


def decorator_paths(node: ast.AST) -> list:
    """[path, whether what it gives is the decorator] of what is called to decorate it, where that is a dotted name."""
    found = [(one.func, True) if isinstance(one, _ast.Call) else (one, False) for one in node.decorator_list]
    return [[read_path(one), is_maker] for one, is_maker in found if read_path(one)]


def header_parts(unit: dict, change: dict, old: Version, new: Version) -> None:
    """What of the header must be evaluated anew, and the code that does it."""
    was, _ = old.nodes[(change["old"][1], change["name"])]
    now, owners = new.nodes[(change["new"][1], change["name"])]
    old_defaults = [(name, dump(value)) for name, value in default_nodes(was)]
    new_defaults = [(name, dump(value)) for name, value in default_nodes(now)]
    unknown = "unknown" in change["aspects"]  # there is no old source: everything is evaluated
    if unknown:
        old_defaults = []
    if unknown or old_defaults != new_defaults:
        unit["parts"].append("defaults")
        unit["keep"] = [pair[0] for pair in new_defaults if pair in old_defaults]
        unit["kept_reads"] = Reads([v for name, v in default_nodes(now) if name in unit["keep"]]).facts["reads"]
    # Without an old source the plan says so, where annotations are text and setting them runs nothing.
    if unknown or "annotations" in change["aspects"] or annotation_nodes(was) != annotation_nodes(now):
        unit["parts"].append("annotations")
    if dump(getattr(was, "type_params", [])) != dump(getattr(now, "type_params", [])):
        unit["parts"].append("typeParameters")
    if dump(was.decorator_list) != dump(now.decorator_list):
        unit["parts"].append("decorators")
        unit["formerly"] = decorator_paths(was)
    unit["chained"] = is_chained(now)
    if set(unit["parts"]) & {"defaults", "annotations", "typeParameters", "decorators"}:
        header = header_only(now, unit)
        unit["make"] = new.synthetic([decorators_of(now), header], owners)
        unit.update(header_reads(now, header))


def header_reads(node: ast.AST, header: ast.AST) -> dict:
    """What evaluating decorators and header reads."""
    reads = Reads([header])
    for decorator in node.decorator_list:
        reads.is_active = True
        reads.walk(decorator, True)
    made = [read_path(decorator.func) for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    return {**reads.facts, "makers": sorted(path for path in made if path is not None)}


def is_chained(node: ast.AST) -> bool:
    """Whether a decorator is made of what the name leads to (`@x.setter`): then the name leads to its result."""
    for decorator in node.decorator_list:
        inner = decorator
        while isinstance(inner, (_ast.Attribute, _ast.Call)):
            inner = inner.value if isinstance(inner, _ast.Attribute) else inner.func
        if inner is not decorator and isinstance(inner, _ast.Name) and inner.id == node.name:
            return True
    return False


def decorators_of(node: ast.AST) -> ast.Assign:
    """Evaluates the decorators, first to last, without applying them."""
    value = ast.Tuple(elts=node.decorator_list, ctx=ast.Load())
    target = ast.Name(id="__midflight_decorators__", ctx=ast.Store())
    return ast.copy_location(ast.Assign(targets=[target], value=value, type_comment=None), node)


def header_only(node: ast.AST, unit: dict) -> ast.AST:
    """The definition without decorators and body; what has not changed is not evaluated."""
    arguments = node.args
    defaults = "defaults" in unit["parts"]
    annotated = "annotations" in unit["parts"]

    def value_of(name: str, value: ast.expr) -> ast.expr:
        keep = not defaults or name in unit["keep"]
        return ast.copy_location(ast.Constant(value=None, kind=None), value) if keep and value is not None else value

    def parameter(p: object) -> object:
        if p is None or annotated:
            return p
        return ast.copy_location(ast.arg(arg=p.arg, annotation=None, type_comment=None), p)

    positional = arguments.posonlyargs + arguments.args
    with_default = positional[len(positional) - len(arguments.defaults) :]
    header = ast.arguments(
        posonlyargs=[parameter(p) for p in arguments.posonlyargs],
        args=[parameter(p) for p in arguments.args],
        vararg=parameter(arguments.vararg),
        kwonlyargs=[parameter(p) for p in arguments.kwonlyargs],
        kw_defaults=[value_of(p.arg, v) for p, v in zip(arguments.kwonlyargs, arguments.kw_defaults)],
        kwarg=parameter(arguments.kwarg),
        defaults=[value_of(p.arg, v) for p, v in zip(with_default, arguments.defaults)],
    )
    fields = {"name": node.name, "args": header, "body": [ast.Pass()], "decorator_list": [], "type_comment": None}
    fields["returns"] = node.returns if annotated else None
    if hasattr(node, "type_params"):
        fields["type_params"] = node.type_params
    return ast.copy_location(type(node)(**fields), node)


def known_unit(owner: tuple, code: CodeType, version: Version) -> dict:
    """How the agent recognises a function of a version."""
    return {
        "owner": list(owner),
        "bind": code.co_name,
        "name": code.co_name,
        "qualname": ".".join([*owner, code.co_name]),
        "line": code.co_firstlineno,
        "old": version.digest(code, False),
    }
