"""Attributes that methods set on their instances."""


def new_attributes(was: ast.AST, now: ast.AST) -> list:
    """Attributes of its instance that a method sets, and did not set before."""
    before = set(own_attributes_set(was))
    return [name for name in own_attributes_set(now) if name not in before]


def own_attributes_set(node: ast.AST) -> list:
    """In order, each once: `self.NAME = …`, with whatever name the first parameter has."""
    names = [read_path(decorator) for decorator in node.decorator_list]
    is_of_class = node.name in ("__new__", "__init_subclass__", "__class_getitem__")
    if is_of_class or "classmethod" in names or "staticmethod" in names:
        return []
    first = [parameter.arg for parameter in [*getattr(node.args, "posonlyargs", ()), *node.args.args]][:1]
    found = {}
    for inner in ast.walk(node):
        is_set = isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)
        if is_set and isinstance(inner.value, ast.Name) and [inner.value.id] == first:
            found[inner.attr] = True
    return list(found)
