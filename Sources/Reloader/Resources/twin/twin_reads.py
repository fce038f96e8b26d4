"""What evaluating a statement or the header of a definition reads and calls."""

INERT = (
    *(_ast.Constant, _ast.Name, _ast.Tuple, _ast.List, _ast.Dict, _ast.Set, _ast.Lambda, _ast.Assign, _ast.AnnAssign),
    *(_ast.Expr, _ast.Pass, _ast.Load, _ast.Store, _ast.arguments, _ast.arg, _ast.FunctionDef, _ast.AsyncFunctionDef),
    *(_ast.Starred, _ast.UnaryOp, _ast.USub, _ast.UAdd, _ast.Not, _ast.Invert),
)


class Reads:
    """Dotted names that evaluation reads: `paths`; `bare`: those whose value itself goes somewhere, `called`: those
    that are called, and whose first name is not bare; `on_made`: `A.m` for `A().m()`. `is_active`: code of the program
    may run meanwhile."""

    def __init__(self, nodes: list) -> None:
        self.paths = set()
        self.bare = set()
        self.called = set()
        self.on_made = set()
        self.is_active = False
        for node in nodes:
            self.walk(node, False)

    def walk(self, node: object, is_called: bool) -> None:
        self.is_active = self.is_active or not isinstance(node, INERT)
        path = read_path(node) or indirect_path(node)
        if path is not None:
            self.paths.add(path)
            if is_called:
                self.called.add(path)
            else:
                self.bare.add(path)
            if isinstance(node, _ast.Call):  # of `getattr(a, "X", other)` and `vars(a).get("X", other)`
                self.walk_all(node.args[1 if isinstance(node.func, _ast.Attribute) else 2 :])
        elif isinstance(node, _ast.Call):
            inner = getattr(node.func, "value", None)
            made = read_path(inner.func) if isinstance(inner, _ast.Call) else None
            if made is not None and isinstance(node.func, _ast.Attribute):
                self.on_made.add(made + "." + node.func.attr)
            self.walk(node.func, True)
            self.walk_all([*node.args, *node.keywords])
        elif isinstance(node, FUNCTIONS + (_ast.ClassDef,)):
            for decorator in node.decorator_list:
                self.is_active = True
                self.walk(decorator, True)
            inside = ("decorator_list",) if isinstance(node, _ast.ClassDef) else ("decorator_list", "body")
            self.is_active = self.is_active or bool(getattr(node, "bases", ()) or getattr(node, "keywords", ()))
            self.walk_all([part for name in node._fields if name not in inside for part in parts(node, name)])
        elif isinstance(node, _ast.Lambda):
            self.walk(node.args, False)
        elif isinstance(node, _ast.Attribute) and isinstance(node.value, _ast.Call):
            made = read_path(node.value.func)
            self.paths.update([made + "." + node.attr] if made is not None else [])  # a property, perhaps
            self.walk(node.value, False)
        else:
            self.walk_all([part for name in node._fields for part in parts(node, name)])

    def walk_all(self, nodes: list) -> None:
        for node in nodes:
            self.walk(node, False)

    @property
    def facts(self) -> dict:
        called = sorted(path for path in self.called if path.split(".")[0] not in self.bare)
        return {
            "reads": sorted(self.paths),
            "called": called,
            "bare": sorted(self.bare),
            "active": self.is_active,
        }


def facts_around(reads: Reads) -> dict:
    return {**reads.facts, "on_made": sorted(reads.on_made)}


NO_READS = {"reads": [], "called": [], "bare": [], "active": False}


def parts(node: ast.AST, name: str) -> list:
    value = getattr(node, name, None)
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, _ast.AST)]


def read_path(node: object) -> object:
    """`a.b.c` for what is written so and is read, else None."""
    names = []
    while isinstance(node, _ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, _ast.Name) or not isinstance(node.ctx, _ast.Load):
        return None
    return ".".join([node.id, *reversed(names)])


def indirect_path(node: object) -> object:
    """`a.X` for `getattr(a, "X")`, `vars(a)["X"]`, `a.__dict__["X"]` and `.get("X")` of these, else None. Of the module
    itself, `sys.modules[__name__]`, it is `X`."""
    owner, name = None, None
    arguments = node.args if isinstance(node, _ast.Call) else []
    if isinstance(node, _ast.Subscript):
        owner, name = namespace_owner(node.value), text_in(node.slice)
    elif len(arguments) > 1 and read_path(node.func) == "getattr":
        owner, name = owner_path(arguments[0]), text_in(arguments[1])
    elif arguments and isinstance(node.func, _ast.Attribute) and node.func.attr == "get":
        owner, name = namespace_owner(node.func.value), text_in(arguments[0])
    if owner is None or name is None or not name.isidentifier():
        return None
    return owner + "." + name if owner else name


def namespace_owner(node: object) -> object:
    """The path of the object whose names an expression gives."""
    if isinstance(node, _ast.Attribute) and node.attr == "__dict__":
        return owner_path(node.value)
    is_vars = isinstance(node, _ast.Call) and read_path(node.func) == "vars" and len(node.args) == 1
    return owner_path(node.args[0]) if is_vars else None


def owner_path(node: object) -> object:
    """Empty for the module itself."""
    if isinstance(node, _ast.Subscript) and read_path(node.value) == "sys.modules":
        key = getattr(node.slice, "value", node.slice) if not isinstance(node.slice, _ast.Name) else node.slice
        return "" if read_path(key) == "__name__" else None
    return read_path(node)


def text_in(node: object) -> object:
    """The text of a constant; up to 3.8 a slice holds it."""
    for _ in range(2):
        node = getattr(node, "value", node)
    return node if isinstance(node, str) else None
