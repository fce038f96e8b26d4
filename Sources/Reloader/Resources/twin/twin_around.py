"""Statements that did not change, around what did: what they import by name, and what they are built from."""


def around_units(files: list) -> list:
    """files: [{path, modules, stale, statements: [[line, names of the classes around it, text]]}].

    `stale`: [names of the classes around it, name] of what changed in the source and was kept without asking."""
    found = []
    for file in files:
        units = [around_unit(*statement) for statement in file["statements"]]
        facts = {"path": file["path"], "modules": file["modules"], "stale": file["stale"]}
        found.append({**facts, "units": [unit for unit in units if unit is not None]})
    return found


def around_unit(line: int, owner: list, text: bytes) -> object:
    """`binds`: names that it binds in its scope; `from_module` and `taken` as of an import. None if it binds none."""
    try:
        node = ast.parse(text).body[0]
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError):
        return None  # the compiler of the whole file has the word
    unit = {"at": line, "owner": owner, "from_module": None, "taken": []}
    if isinstance(node, ast.ImportFrom):
        unit["from_module"] = [node.level, node.module or ""]
        unit["taken"] = [[alias.name, alias.asname or alias.name] for alias in node.names]
        unit["binds"] = [here for _, here in unit["taken"]]
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = getattr(node, "targets", None) or [node.target]
        names = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        unit["binds"] = [name.id for name in names if isinstance(name.ctx, ast.Store)]
        if getattr(node, "value", None) is None:
            return None
    return {**unit, **Reads([node]).facts} if unit.get("binds") else None
