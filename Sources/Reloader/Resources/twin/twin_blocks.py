"""Statements that are run whole, for the names that they make: those with blocks that only import, define and assign,
and new ones that fill or extend what is new itself."""


def block_unit(change: dict, old: Version, new: Version) -> dict:
    """Names that a statement with blocks makes. It is run whole, once, however many of them are asked for; `make` is
    None if it may do more than import, define and assign, or if running it once more might be noticed."""
    scope = change.get("scope") or ".".join(change["qualname"].split(".")[:-1] if change["op"] == "define" else [])
    owners = scope.split(".") if scope else []
    lines = change["new"]
    node = block_around(new, lines[0], owners)
    unit = statement_facts(change, "block", new, owners)
    unit["is_new"] = node is None
    if node is None and change["op"] == "block":
        node = find_statement(new, {**change, "name": ""}, lines)[0]
        if node is None or not extends_new(node, new):
            return unit
    elif node is None or not is_harmless(node) or change["op"] != "block" and not repeats(node):
        return unit
    inside = [inner for inner in ast.walk(node) if isinstance(inner, (ast.Import, ast.ImportFrom))]
    imports = [name for inner in inside for name in names_made(inner)]
    asked = {name.split(".")[0] for name in change["name"].split(", ") if name}
    bound = names_made(node)
    unit["binds"] = [name for name in dict.fromkeys(bound) if change["op"] == "block" or name in asked]
    unit.update({"block": node.lineno, "imported": [name for name in unit["binds"] if name in imports]})
    unit.update({**Reads([node]).facts, "make": new.synthetic([node], class_nodes(new, owners)), "active": True})
    return unit


def extends_new(node: ast.stmt, version: Version) -> bool:
    """Whether the statement, whose names are new, does no more than to bind them, or to set and fill what the module
    has made for them: another name of something that was there before is not meant, and running it twice must not show.
    """
    if isinstance(node, _ast.Expr):
        call = node.value
        is_filled = isinstance(call, _ast.Call) and isinstance(call.func, _ast.Attribute) and call.func.attr in FILLING
        return is_filled and isinstance(call.func.value, _ast.Name) and is_made(call.func.value.id, version, CONTAINERS)
    if isinstance(node, _ast.AugAssign):
        return is_made(root_name(node.target), version, (*CONTAINERS, _ast.Constant))
    if not isinstance(node, (_ast.Assign, _ast.AnnAssign)):
        return False
    targets = getattr(node, "targets", None) or [node.target]
    made = (*CONTAINERS, _ast.Constant, _ast.Call)
    return all([bool(target_names(one)) or is_made(root_name(one), version, made) for one in targets])


FILLING = ("append", "add", "update", "extend", "insert", "setdefault")
CONTAINERS = (_ast.List, _ast.Dict, _ast.Set, _ast.ListComp, _ast.DictComp, _ast.SetComp)


def root_name(target: object) -> str:
    while isinstance(target, (_ast.Attribute, _ast.Subscript)):
        target = target.value
    return target.id if isinstance(target, _ast.Name) else ""


def is_made(name: str, version: Version, kinds: tuple) -> bool:
    """Whether the module makes all that it gives the name: by a definition, by such an expression, or by the name of a
    built-in container."""
    body = [node for node in version.tree.body if not isinstance(node, _ast.AugAssign)]
    defined = [node for node in body if isinstance(node, FUNCTIONS + (_ast.ClassDef,)) and node.name == name]
    assigned = [node for node in body if isinstance(node, (_ast.Assign, _ast.AnnAssign)) and name in names_made(node)]
    if any([name not in assigned_names(node) for node in assigned]):  # one of several, as in `a, b = pair`
        return False
    made = [isinstance(node.value, kinds) or is_container_call(node.value) for node in assigned]
    return bool(defined or assigned) and all(made)


def is_container_call(value: object) -> bool:
    is_named = isinstance(value, _ast.Call) and isinstance(value.func, _ast.Name)
    return is_named and value.func.id in ("list", "dict", "set")


def statement_facts(change: dict, kind: str, new: Version, owners: list) -> dict:
    """What a unit of a statement carries whatever the statement is."""
    facts = {"id": change["id"], "kind": kind, "path": new.path, "at": change["new"][0], "owner": owners}
    facts.update({"bind": change["name"], "name": change["name"], "qualname": change["qualname"], "make": None})
    return {**facts, "binds": [], "imported": [], "block": 0, "again": change.get("again"), **NO_READS}


def class_nodes(version: Version, names: list) -> tuple:
    found = []
    body = version.tree.body
    for name in names:
        found.append([node for node in body if isinstance(node, ast.ClassDef) and node.name == name][-1])
        body = found[-1].body
    return tuple(found)


def block_around(version: Version, line: int, owners: list) -> object:
    """The outermost compound statement of the module or of the class `owners` that holds the line, if there is one."""
    body = version.tree.body
    for name in owners:
        found = [node for node in body if isinstance(node, _ast.ClassDef) and node.name == name and holds(node, line)]
        if not found:
            return None
        body = found[0].body
    for node in body:
        if holds(node, line) and not isinstance(node, FUNCTIONS + (_ast.ClassDef,)) and list(blocks(node)):
            return node
    return None


def holds(node: ast.AST, line: int) -> bool:
    first = min([node.lineno, *[item.lineno for item in getattr(node, "decorator_list", ())]])
    return first <= line <= node.end_lineno


def is_harmless(node: ast.stmt) -> bool:
    """Whether a compound statement does nothing but import, define and assign: what a new one may do at once."""
    if not isinstance(node, (_ast.If, _ast.Try)):
        return False
    return all([is_harmless_inside(inner) for block in blocks(node) for inner in block])


def is_harmless_inside(node: ast.stmt) -> bool:
    if isinstance(node, (_ast.If, _ast.Try)):
        return is_harmless(node)
    if isinstance(node, (_ast.Assign, _ast.AnnAssign)):
        return bool(assigned_names(node)) and len(getattr(node, "targets", [0])) == 1
    if isinstance(node, _ast.Expr):
        return isinstance(node.value, _ast.Constant)
    return isinstance(node, FUNCTIONS + (_ast.ClassDef, _ast.Import, _ast.ImportFrom, _ast.Pass, _ast.Raise))


def repeats(node: ast.stmt) -> bool:
    """Whether running it once more does no more than naming again what is there: no call outside of definitions."""
    for block in [[node], *blocks(node)]:
        for inner in block:
            if isinstance(inner, (_ast.If, _ast.Try)) and inner is not node:
                if not repeats(inner):
                    return False
            elif isinstance(inner, FUNCTIONS + (_ast.ClassDef, _ast.Import, _ast.ImportFrom)):
                continue
            elif inner is node:
                if isinstance(node, _ast.If) and Reads([node.test]).called:
                    return False
            elif Reads([inner]).called:
                return False
    return True


def names_made(node: ast.stmt) -> list:
    """Names that the harmless statement may bind, in order."""
    if isinstance(node, FUNCTIONS + (_ast.ClassDef,)):
        return [node.name]
    if isinstance(node, (_ast.Import, _ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, _ast.Assign):
        return [name for target in node.targets for name in target_names(target)]
    if isinstance(node, (_ast.AnnAssign, _ast.AugAssign)):
        return assigned_names(node)
    return [name for block in blocks(node) for inner in block for name in names_made(inner)]


def target_names(target: object) -> list:
    """Names in a target, in the tuples and lists of it too."""
    if isinstance(target, (_ast.Tuple, _ast.List)):
        return [name for inner in target.elts for name in target_names(inner)]
    if isinstance(target, _ast.Starred):
        return target_names(target.value)
    return [target.id] if isinstance(target, _ast.Name) else []
