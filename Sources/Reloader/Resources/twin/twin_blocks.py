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
    unit.update({"is_new": node is None or isinstance(node, _ast.For), "extends": "", "fills": True})
    filled = filled_by(node, old, new) if node is not None and change["op"] == "block" and not scope else []
    if filled:
        unit.update({"is_new": True, "extends": ",".join(filled)})
    elif node is None and change["op"] == "block":
        node = find_statement(new, {**change, "name": ""}, lines)[0]
        unit["extends"] = extends_new(node, old, new) if node is not None else ""
        unit["fills"] = not isinstance(node, _ast.Delete)
        if not unit["extends"]:
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


def extends_new(node: ast.stmt, old: Version, new: Version) -> str:
    """The name of what the module has just made, where the statement only sets, fills or extends that, or "," where it
    binds several names and no more; "" if it may do anything else: something that was there before may be meant, or
    running it twice might show."""
    if isinstance(node, _ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, (_ast.Tuple, _ast.List)):
            return "," if is_of_names(target) else ""
        if isinstance(target, _ast.Attribute) and isinstance(target.value, _ast.Name):
            return target.value.id if is_made(target.value.id, old, new, True) else ""
        if isinstance(target, _ast.Subscript) and isinstance(target.value, _ast.Name):
            return target.value.id if is_made(target.value.id, old, new, False) else ""
    if isinstance(node, _ast.Delete):
        return name_deleted(node, old, new)
    if isinstance(node, _ast.AugAssign) and isinstance(node.target, _ast.Name) and isinstance(node.value, DISPLAYS):
        return node.target.id if is_made(node.target.id, old, new, False) else ""
    call = node.value if isinstance(node, _ast.Expr) else None
    if not isinstance(call, _ast.Call) or not isinstance(call.func, _ast.Attribute):
        return ""
    base, method = call.func.value, call.func.attr
    is_whole = method in ("extend", "update") and all([isinstance(one, DISPLAYS) for one in call.args])
    is_filled = is_whole or method in FILLING
    return base.id if is_filled and isinstance(base, _ast.Name) and is_made(base.id, old, new, False) else ""


def name_deleted(node: ast.stmt, old: Version, new: Version) -> str:
    """The one name that a `del` takes away, where the module has it only since the statements before."""
    name = node.targets[0].id if len(node.targets) == 1 and isinstance(node.targets[0], _ast.Name) else ""
    if not name or [inner for inner in ast.walk(old.tree) if binds(inner, name)]:
        return ""
    every = [inner for inner in ast.walk(new.tree) if binds(inner, name)]
    found = [inner for inner in every if inner is not node]
    is_before = all([inner in new.tree.body and inner.lineno < node.lineno for inner in found])
    return name if found and is_before else ""


FILLING = ("append", "add", "insert", "setdefault")
DISPLAYS = (_ast.List, _ast.Dict, _ast.Set, _ast.Tuple)


def is_of_names(target: object) -> bool:
    """Whether nothing but names is bound, in tuples and lists too."""
    if isinstance(target, (_ast.Tuple, _ast.List)):
        return all([is_of_names(inner) for inner in target.elts])
    return is_of_names(target.value) if isinstance(target, _ast.Starred) else isinstance(target, _ast.Name)


def is_made(name: str, old: Version, new: Version, is_definition: bool) -> bool:
    """Whether one statement of the new file alone gives the name, and it makes the object: a definition without
    decorators, or a display, comprehension or call of a built-in container."""
    if [node for node in ast.walk(old.tree) if binds(node, name)]:
        return False
    found = [node for node in ast.walk(new.tree) if binds(node, name)]
    if len(found) != 1 or found[0] not in new.tree.body:
        return False
    if is_definition:
        return isinstance(found[0], FUNCTIONS + (_ast.ClassDef,)) and not found[0].decorator_list
    made = (*DISPLAYS[:3], _ast.ListComp, _ast.DictComp, _ast.SetComp)
    value = getattr(found[0], "value", None)
    is_container = isinstance(value, _ast.Call) and isinstance(value.func, _ast.Name) and value.func.id in CONTAINERS
    return assigned_names(found[0]) == [name] and (isinstance(value, made) or is_container)


CONTAINERS = ("list", "dict", "set")


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
    if isinstance(node, _ast.For):
        inside = [name for block in blocks(node) for inner in block for name in names_made(inner)]
        return target_names(node.target) + inside
    return [name for block in blocks(node) for inner in block for name in names_made(inner)]
