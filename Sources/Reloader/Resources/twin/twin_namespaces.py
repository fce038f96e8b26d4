"""What a statement takes of all names of its namespace, or fills by going through them."""


def namespace_reads(node: ast.AST, owner: list) -> dict:
    """`keys`: names that it takes of its namespace, as `globals()["LIMIT"]`; `whole`: it takes more of that."""
    keys = []
    asked = []
    collect_namespace_reads(node, ("globals",) if owner else ("globals", "locals", "vars"), keys, asked)
    return {"keys": keys, "whole": len(asked) > len(keys)}


def act_namespace(act: list, owner: list, node: ast.AST) -> dict:
    """`fills`: names of what the blocks of a statement fill that goes through the names of its module."""
    is_whole = any([namespace_reads(part, owner)["whole"] for part in act])
    inside = statements_inside(node) if is_whole else []
    filled = [filled_root(inner) for inner in inside]
    return {"fills": list(dict.fromkeys([name for name in filled if name]))}


def filled_root(node: ast.AST) -> str:
    """`table` of `table[1] = …` and `table.append(…)`; "" else."""
    call = node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    place = call.func if call is not None else (getattr(node, "targets", None) or [None])[0]
    inner = place.value if isinstance(place, (ast.Subscript, ast.Attribute)) else None
    return inner.id if isinstance(inner, ast.Name) else ""


def collect_namespace_reads(node: ast.AST, makers: tuple, keys: list, asked: list) -> None:
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers and not node.args:
        asked.append(node)
    inner, key = None, None
    if isinstance(node, ast.Subscript):
        inner, key = node.value, getattr(node.slice, "value", None)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        inner, key = node.func.value, node.args[0]
    key = getattr(key, "value", key)  # up to 3.8 a slice holds the constant
    if isinstance(key, str) and isinstance(inner, ast.Call) and read_path(inner.func) in makers and not inner.args:
        keys.append(key)
    for child in ast.iter_child_nodes(node):
        collect_namespace_reads(child, makers, keys, asked)


def whole_namespaces(node: ast.AST) -> list:
    """Paths of modules and classes whose names a statement goes through, with their values: `vars(other).items()`."""
    nodes = list(ast.walk(node))
    named = [inner for inner in nodes if indirect_path(inner) is not None]
    parts = {id(part) for inner in named for part in ast.walk(inner)}
    found = [namespace_owner(inner) for inner in nodes if id(inner) not in parts]
    reads = any([isinstance(inner, ast.Name) and inner.id == "getattr" for inner in nodes])
    for inner in nodes:
        called = read_path(inner.func) if isinstance(inner, ast.Call) and len(inner.args) > 0 else None
        if called in ("getmembers", "inspect.getmembers") or called == "dir" and reads:
            found.append(owner_path(inner.args[0]))
    return sorted({path for path in found if path})
