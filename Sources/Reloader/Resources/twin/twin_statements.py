"""Operations on statements of module and class bodies: imports, assignments, lambdas in them."""


def statements(body: list, owners: tuple) -> object:
    """(node, classes around it) of every simple statement of module and class bodies."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from statements(statement.body, (*owners, statement))
        elif not isinstance(statement, FUNCTIONS):
            inner = list(blocks(statement))
            if not inner:
                yield statement, owners
            for block in inner:
                yield from statements(block, owners)


def find_statement(version: Version, change: dict, lines: list) -> tuple:
    """The statement at these lines that binds the change's name (imports: all at these lines)."""
    scope = change["scope"].split(".") if change["scope"] else []
    found = []
    for node, owners in statements(version.tree.body, ()):
        if node.lineno == lines[0] and [owner.name for owner in owners] == scope:
            found.append((node, owners))
    if change["op"] != "import":
        found = [pair for pair in found if not change["name"] or change["name"] in assigned_names(pair[0])]
    else:
        found = [pair for pair in found if isinstance(pair[0], (ast.Import, ast.ImportFrom))]
    return found[0] if found else (None, ())


def assigned_names(node: ast.stmt) -> list:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    target = getattr(node, "target", None) or getattr(node, "name", None)
    return [target.id] if isinstance(target, ast.Name) else []


def statement_unit(change: dict, kind: str, new: Version) -> tuple:
    node, owners = find_statement(new, change, change["new"])
    unit = {
        "id": change["id"],
        "kind": kind,
        "path": new.path,
        "at": change["new"][0],
        "owner": [owner.name for owner in owners],
        "bind": change["name"],
        "name": change["name"],
        "qualname": change["qualname"],
        "make": None,
        "has_value": getattr(node, "value", None) is not None,
        "annotated": isinstance(node, ast.AnnAssign),
        "plain": is_literal(getattr(node, "value", None)),
        "conditional": change["conditional"],
        "fields": field_names(owners),
        "fields_make": None,
        "again": change.get("again"),
        **NO_READS,
    }
    if node is not None:
        unit["make"] = new.synthetic([node], owners)
        unit.update(Reads([node]).facts)
    if ANNOTATES_LATE and unit["annotated"] and owners:
        unit["fields_make"] = new.synthetic([without_value(field) for field in field_nodes(owners)], owners)
    return unit, node


def is_literal(node: object) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def field_names(owners: tuple) -> list:
    """Names with an annotation in the body of the innermost class, in order: dataclass fields, if it is one."""
    return [node.target.id for node in field_nodes(owners)]


def field_nodes(owners: tuple) -> list:
    body = owners[-1].body if owners else []
    return [node for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]


def import_unit(change: dict, old: Version, new: Version) -> dict:
    """`from_module`: [level, module] of what names are taken from; `taken`: [name, name here]."""
    if change["conditional"]:
        return block_unit(change, old, new)
    unit, node = statement_unit(change, "import", new)
    owners = class_nodes(new, unit["owner"])
    names = [alias.asname or alias.name for alias in getattr(node, "names", [])]
    unit["binds"] = [name.split(".")[0] for name in names]
    unit["lazy"] = bool(getattr(node, "is_lazy", 0))
    later = bound_later(new, change["new"][1], owners, unit["binds"])
    unit.update({"from_module": None, "taken": [], "modules": [], "later": later})
    if isinstance(node, ast.ImportFrom):
        unit["from_module"] = [node.level, node.module or ""]
        unit["taken"] = [[alias.name, alias.asname or alias.name] for alias in node.names]
    elif node is not None:
        unit["modules"] = [alias.name for alias in node.names]
    return unit


def assign_unit(change: dict, old: Version, new: Version) -> dict:
    if change["conditional"]:
        return block_unit(change, old, new)
    return statement_unit(change, "assign", new)[0]


def constant_unit(change: dict, old: Version, new: Version) -> dict:
    """A changed statement: lambdas are patched in place; an assignment may go in if its old value is a literal."""
    unit, node = statement_unit(change, "constant", new)
    was, _ = find_statement(old, change, change["old"])
    unit.update({"literal": False, "was": None, "lambdas": lambda_units(change, was, node, old, new)})
    value = getattr(was, "value", None)
    unit["elsewhere"] = node is not None and not unit["has_value"] and is_bound_elsewhere(new, node, unit["bind"])
    unit["value_changed"] = dump(value) != dump(getattr(node, "value", None))
    if not change["name"]:
        unit["binds"] = stored_names(node)
        unit["chain"] = chain_of(was, node)
    try:
        unit["was"] = ast.literal_eval(value)
        unit["literal"] = True
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    return unit


def stored_names(node: object) -> list:
    """Names that the targets of an assignment bind."""
    targets = getattr(node, "targets", [])
    names = [inner for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)]
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


def chain_of(was: object, now: object) -> list:
    """The names of `a = b = value`, where both versions have the same; else []."""
    if not (isinstance(was, ast.Assign) and isinstance(now, ast.Assign)):
        return []
    names = assigned_names(now)
    return names if 1 < len(names) == len(now.targets) == len(was.targets) and names == assigned_names(was) else []


def without_lambdas(node: ast.stmt) -> str:
    """The dump of a statement, but for the bodies of its lambdas."""
    import copy

    copied = copy.deepcopy(node)
    for inner in ast.walk(copied):
        if isinstance(inner, ast.Lambda):
            inner.body = ast.Constant(value=None, kind=None)
    return ast.dump(copied)


def lambda_units(change: dict, was: object, now: object, old: Version, new: Version) -> object:
    """Units for the changed lambdas of a statement that differs in nothing else; None if it differs in more."""
    if was is None or now is None or without_lambdas(was) != without_lambdas(now):
        return None
    before = lambda_codes(old, was)
    after = lambda_codes(new, now)
    if not before or len(before) != len(after):
        return None
    return [
        lambda_unit(change, one, two, old, new)
        for one, two in zip(before, after)
        if old.digest(one, False) != new.digest(two, False)
    ]


def lambda_codes(version: Version, node: ast.stmt) -> list:
    lines = range(node.lineno, node.end_lineno + 1)
    return [c for c in version.outer_lambdas if c.co_firstlineno in lines]


def lambda_unit(change: dict, before: CodeType, after: CodeType, old: Version, new: Version) -> dict:
    """A lambda in a statement, patched in place like a function."""
    owner = change["scope"].split(".") if change["scope"] else []
    unit = known_unit(tuple(owner), before, old)
    unit.update({"id": change["id"], "kind": "function", "path": new.path, "at": after.co_firstlineno})
    unit.update({"bind": change["name"], "qualname": ".".join([*owner, "<lambda>"]), "repeated": True, "parts": []})
    unit.update({"shadowed": False, "rebound": False, "chained": False, "decorated": False, "unknown": False})
    unit.update({"again": change.get("again"), **NO_READS})
    unit.update({"code": after, "new": new.digest(after, True), "doc": None, "incompatible": False, "make": None})
    unit["names"] = sorted(global_names(after) - global_names(before))
    unit.update({"keep": [], "trampolines": trampolines(before, after, new)})
    return unit
