"""What most saves need of the module `ast`, which imports `re` and `enum` from 3.11 on.

That takes longer than the start of the interpreter, and a single reload would wait for it. What is not here is taken
from `ast` when it is asked for.
"""


class Syntax:
    def __init__(self, functions: tuple) -> None:
        vars(self).update(vars(_ast))
        vars(self).update({function.__name__: function for function in functions})

    def __getattr__(self, name: str) -> object:
        import ast

        return getattr(ast, name)


def parse(source: object, filename: str = "<unknown>", mode: str = "exec") -> _ast.AST:
    return compile(source, filename, mode, _ast.PyCF_ONLY_AST, True)


def iter_child_nodes(node: _ast.AST) -> list:
    found = []
    for name in node._fields:
        value = getattr(node, name, None)
        found.extend([n for n in (value if isinstance(value, list) else [value]) if isinstance(n, _ast.AST)])
    return found


def walk(node: _ast.AST) -> object:
    pending = [node]
    for inner in pending:  # grows meanwhile: level after level, as ast.walk does
        pending.extend(iter_child_nodes(inner))
        yield inner


def copy_location(new_node: _ast.AST, old_node: _ast.AST) -> _ast.AST:
    for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
        if name in old_node._attributes and name in new_node._attributes and hasattr(old_node, name):
            setattr(new_node, name, getattr(old_node, name))
    return new_node


def fix_missing_locations(node: _ast.AST) -> _ast.AST:
    place_missing(node, {"lineno": 1, "end_lineno": 1, "col_offset": 0, "end_col_offset": 0})
    return node


def place_missing(node: _ast.AST, parent: dict) -> None:
    here = dict(parent)
    for name, value in parent.items():
        if name in node._attributes:
            if getattr(node, name, None) is None:
                setattr(node, name, value)
            here[name] = getattr(node, name)
    for inner in iter_child_nodes(node):
        place_missing(inner, here)


def get_docstring(node: _ast.AST, clean: bool) -> object:
    """`clean` must be false: the text as the code object has it."""
    first = node.body[0] if node.body and isinstance(node.body[0], _ast.Expr) else None
    value = getattr(first, "value", None)
    return value.value if isinstance(value, _ast.Constant) and isinstance(value.value, str) else None


def dump(value: object) -> str:
    """Equal for what is compiled alike wherever it stands; not the text of ast.dump."""
    if isinstance(value, _ast.AST):
        fields = [name + "=" + dump(getattr(value, name, None)) for name in value._fields]
        return "%s(%s)" % (type(value).__name__, ", ".join(fields))
    return "[" + ", ".join(map(dump, value)) + "]" if isinstance(value, list) else repr(value)


ast = Syntax((parse, walk, iter_child_nodes, copy_location, fix_missing_locations, get_docstring, dump))
