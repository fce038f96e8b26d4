"""Operations beyond functions that stay: new and deleted definitions, class headers."""


def define_unit(change: dict, old: Version, new: Version) -> dict:
    """A new function or class: made by its own statement, decorators of a function apart."""
    node, owners = new.nodes[(change["new"][1], change["name"])]
    if change.get("conditional") and change.get("op") == "define":
        return block_unit(change, old, new)
    unit = definition_unit(change, new.path)
    unit["is_class"] = isinstance(node, ast.ClassDef)
    unit["unknown"] = "unknown" in change["aspects"]  # the process may have run a source that had it
    if unit["is_class"]:
        unit.update(Reads([node]).facts)
        unit.update({"kind": "define", "code": None, "new": b"", "make": new.synthetic([node], owners)})
        return unit
    fields = {name: getattr(node, name) for name in node._fields}
    bare = ast.copy_location(type(node)(**{**fields, "decorator_list": []}), node)
    after = new.find(*change["new"], change["name"])
    make = new.synthetic([decorators_of(node), bare], owners)
    unit.update({"kind": "define", "code": after, "new": new.digest(after, True), "make": make})
    unit["names"] = sorted(global_names(after))
    unit["chained"] = is_chained(node)
    unit["attributes"] = own_attributes_set(node)
    unit.update(header_reads(node, bare))
    return unit


def delete_unit(change: dict, old: Version, new: Version) -> dict:
    unit = definition_unit(change, new.path)
    unit.update({"kind": "delete", "is_class": change["is_class"], "line": change["old"][0], "old": b""})
    if not change["is_class"]:
        before = old.find(*change["old"], change["name"])
        unit.update({"line": before.co_firstlineno, "old": old.digest(before, False)})
    node, _ = old.nodes[(change["old"][1], change["name"])]
    unit["decorated"] = bool(node.decorator_list)
    unit["formerly"] = decorator_paths(node)
    unit["still"] = bool(new.named(change["qualname"]))
    stars = [node for node in new.tree.body if is_star(node)]
    unit["stars"] = [] if unit["owner"] else [[node.level, node.module or ""] for node in stars]
    body = [node for node in new.tree.body if not is_star(node)]
    unit["elsewhere"] = not unit["owner"] and any([binds(node, change["name"]) for node in body])
    unit["revived"] = None if change["is_class"] else revived_unit(change, old, new)
    return unit


def revived_unit(change: dict, old: Version, new: Version) -> object:
    """Of the last definition of a name that is deleted: the one before it, which the name leads to in a new process."""
    were = old.named(change["qualname"])
    are = new.named(change["qualname"])
    if not are or were[-1].lineno != change["old"][1] or len(were) < len(are):
        return None
    now, was = are[-1], were[len(are) - 1]
    if not isinstance(now, FUNCTIONS) or not isinstance(was, FUNCTIONS):
        return None
    lines = [[min([n.lineno, *[d.lineno for d in n.decorator_list]]), n.lineno] for n in (was, now)]
    unit = define_unit({**change, "old": lines[0], "new": lines[1]}, old, new)
    before = old.find(*lines[0], change["name"])
    unit.update({"line": before.co_firstlineno, "old": old.digest(before, False)})
    if now.decorator_list:
        unit["make"] = None
    return unit


def class_unit(change: dict, old: Version, new: Version) -> dict:
    """The header of a class that stays."""
    was, _ = old.nodes[(change["old"][1], change["name"])]
    now, owners = new.nodes[(change["new"][1], change["name"])]
    unit = definition_unit(change, new.path)
    unit.update({"kind": "class", "doc": None, "metaclass": any([k.arg == "metaclass" for k in now.keywords])})
    for part in ("bases", "keywords", "decorator_list", "type_params"):
        if dump(getattr(was, part, [])) != dump(getattr(now, part, [])):
            unit["parts"].append(part)
    if "decorator_list" in unit["parts"]:
        unit.update({"by": decorator_paths(now), "formerly": decorator_paths(was)})
    if ast.get_docstring(was, False) != ast.get_docstring(now, False):
        unit["parts"].append("doc")
        unit["doc"] = class_doc(now, new)
    if "bases" in unit["parts"]:
        target = ast.Name(id="__midflight_bases__", ctx=ast.Store())
        value = ast.Tuple(elts=now.bases, ctx=ast.Load())
        assign = ast.copy_location(ast.Assign(targets=[target], value=value, type_comment=None), now)
        unit.update(Reads([assign]).facts)
        unit["make"] = new.synthetic([assign], owners)
    return unit


def class_doc(node: ast.ClassDef, version: Version) -> object:
    """As the compiler stores it: 3.13 takes the indentation away."""
    text = ast.get_docstring(node, False)
    if text is None or version.optimize > 1:
        return None
    body = [ast.Expr(value=ast.Constant(value=text, kind=None))]
    made = ast.ClassDef(name="X", bases=[], keywords=[], decorator_list=[], body=body, type_params=[])
    names = {"__name__": ""}
    module = ast.fix_missing_locations(ast.Module(body=[made], type_ignores=[]))
    exec(compile(module, "<doc>", "exec", 0, True, version.optimize), names)
    return names["X"].__doc__
