"""New statements with blocks that do nothing but fill what is new."""


def filled_by(node: ast.stmt, old: Version, new: Version) -> list:
    """Names of what the module has just made and a new compound statement fills, where it does no more than that and
    what a harmless one may do; [] else."""
    loops = [inner for inner in [node, *statements_inside(node)] if isinstance(inner, _ast.For)]
    bound = [name for loop in loops for name in target_names(loop.target)] + names_made(node) if loops else []
    was_there = any([binds(inner, name) for inner in ast.walk(old.tree) for name in bound]) if bound else False
    filled = [name_filled(inner, old, new) for inner in [node, *statements_inside(node)]]
    if was_there or None in filled or not all([is_of_names(loop.target) for loop in loops]):
        return []
    if any([may_change(inner, filled) for inner in ast.walk(node)]):
        return []
    return sorted({name for name in filled if name})


def may_change(node: ast.AST, filled: list) -> bool:
    """Whether it calls a method that may change, or use up, what was there before."""
    called = node.func if isinstance(node, _ast.Call) else None
    if not isinstance(called, _ast.Attribute) or called.attr in ASKING:
        return False
    return not (isinstance(called.value, _ast.Name) and called.value.id in filled)


ASKING = ("items", "keys", "values", "get", "split", "lower", "upper", "title", "strip", "startswith", "endswith")
ASKING += ("format", "join", "replace", "removeprefix", "removesuffix", "copy")


def name_filled(node: ast.stmt, old: Version, new: Version) -> object:
    """What the statement fills of what is new; "" if it is harmless, None if it may do more."""
    if isinstance(node, (_ast.If, _ast.For, _ast.Break, _ast.Continue)):
        return ""
    name = "" if isinstance(node, _ast.Delete) else extends_new(node, old, new).strip(",")
    return name or ("" if is_harmless_inside(node) else None)
