"""Which statements of a body give a name its value."""


def bound_later(version: Version, line: int, owners: tuple, wanted: list) -> list:
    """Of these names, all with `*`, those that the body binds below that line, and not with what they meant before."""
    body = owners[-1].body if owners else version.tree.body
    found = []
    for node in [node for node in body if node.lineno > line and not isinstance(node, _ast.AugAssign)]:
        names = [name for name in names_made(node) if name in wanted or "*" in wanted]
        read = {path.split(".")[0] for path in Reads([node]).paths} if names else ()
        found += [name for name in names if name not in read]
    return found


def is_bound_elsewhere(version: Version, node: object, name: str) -> bool:
    """Whether another statement of the body gives the name too, or a star may."""
    scope = [body for body in bodies(version.tree) if node in body]
    others = [other for body in scope for one in body if one is not node for other in ast.walk(one)]
    return any([binds(other, name) or is_star(other) for other in others])


def is_star(node: object) -> bool:
    return isinstance(node, _ast.ImportFrom) and node.names[0].name == "*"


def bodies(tree: ast.Module) -> list:
    return [tree.body] + [node.body for node in ast.walk(tree) if isinstance(node, _ast.ClassDef)]


def binds(node: object, name: str) -> bool:
    """Whether the statement gives the name, in whatever scope; `x += 1` only changes what has it."""
    if isinstance(node, FUNCTIONS + (_ast.ClassDef,)):
        return node.name == name
    if isinstance(node, (_ast.Import, _ast.ImportFrom)):
        return any([(alias.asname or alias.name).split(".")[0] == name for alias in node.names])
    if isinstance(node, (_ast.Global, _ast.Nonlocal)):
        return name in node.names
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    targets += [item.optional_vars for item in getattr(node, "items", ()) if isinstance(item, ast.withitem)]
    is_kept = isinstance(node, (_ast.AugAssign, ast.comprehension))
    return not is_kept and any([name in target_names(one) for one in targets if one is not None])


def target_names(target: object) -> list:
    """Names in a target, in the tuples and lists of it too."""
    if isinstance(target, (_ast.Tuple, _ast.List)):
        return [name for inner in target.elts for name in target_names(inner)]
    if isinstance(target, _ast.Starred):
        return target_names(target.value)
    return [target.id] if isinstance(target, _ast.Name) else []
