"""One version of one file: its bytes, its code, its syntax tree, each made once."""


class Refused(Exception):
    """The source does not compile. `facts` is what the answer carries."""

    def __init__(self, facts: dict) -> None:
        Exception.__init__(self, facts["message"])
        self.facts = facts


def refusal(error: BaseException, path: str, source: bytes) -> Refused:
    message = getattr(error, "msg", None) or str(error) or type(error).__name__
    line = getattr(error, "lineno", None) or 0
    text = getattr(error, "text", None)
    if not isinstance(text, str):
        lines = source.splitlines()
        text = lines[line - 1].decode("utf-8", "replace") if 0 < line <= len(lines) else ""
    named = ("codec can't", "encoding problem", "unknown encoding", "Non-UTF-8", "invalid or missing encoding")
    is_encoding = isinstance(error, UnicodeError) or any([part in message for part in named])
    return Refused(
        {
            "reason": "encoding" if is_encoding else "syntax",
            "path": path,
            "type": type(error).__name__,
            "line": line,
            "column": getattr(error, "offset", None) or 0,
            "end_line": getattr(error, "end_lineno", None) or 0,
            "end_column": getattr(error, "end_offset", None) or 0,
            "message": message,
            "text": text.rstrip("\r\n"),
        }
    )


class Version:
    """`path` becomes co_filename. Errors of the compiler are raised as Refused."""

    def __init__(self, path: str, source: bytes, optimize: int, features: list | None = None) -> None:
        """`features`: the source is a slice, of a file with these of `__future__`; it is UTF-8, whatever it says."""
        self.path = path
        self.source = source
        self.optimize = optimize
        self.made = {}
        self.text = source if features is None else source.decode()
        self.flags = 0
        for name in features or ():
            self.flags |= getattr(__future__, name).compiler_flag
        self.code = self.compiled(self.text, self.flags)
        self.future = self.code.co_flags & FUTURE_FLAGS

    def compiled(self, source: object, flags: int) -> object:
        try:
            return compile(source, self.path, "exec", flags, dont_inherit=True, optimize=self.optimize)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            raise refusal(error, self.path, self.source) from None

    def once(self, name: str, make: object) -> object:
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    @property
    def tree(self) -> ast.Module:
        return self.once("tree", lambda: self.compiled(self.text, self.flags | _ast.PyCF_ONLY_AST))

    @property
    def units(self) -> list:
        """(owner names, code) of every function that is no other function's part, in source order."""
        return self.once("units", lambda: list(function_units(self.code, ())))

    @property
    def by_line(self) -> dict:
        """Code objects by (first line, name)."""
        return self.once("by_line", lambda: {(c.co_firstlineno, c.co_name): c for c in every_code(self.code)})

    @property
    def outer_lambdas(self) -> list:
        """Lambdas of module and class bodies, in source order."""
        return self.once("outer_lambdas", lambda: list(outer_lambdas(self.code)))

    @property
    def lambda_units(self) -> list:
        """(no owner names, code) of each of them."""
        return [((), code) for code in self.outer_lambdas]

    @property
    def nodes(self) -> dict:
        """(node, class nodes around it) by (line of def or class, name)."""
        return self.once("nodes", lambda: {(n.lineno, n.name): (n, o) for n, o in definitions(self.tree.body, ())})

    def named(self, qualname: str) -> list:
        """The definitions of this qualified name, in source order."""
        found = [node for node, owners in self.nodes.values() if qualified(node, owners) == qualname]
        return sorted(found, key=lambda node: node.lineno)

    def digest(self, code: CodeType, lines: bool) -> bytes:
        return self.once((id(code), lines), lambda: fingerprint(code, lines))

    def find(self, first_line: int, def_line: int, name: str) -> CodeType:
        """The code of a definition; one that the compiler dropped (after a module-level raise) is compiled alone."""
        found = self.by_line.get((first_line, name))
        if found is None:
            node, owners = self.nodes[(def_line, name)]
            alone = every_code(self.synthetic([node], owners, whole=True))
            found = [c for c in alone if c.co_name == name and c.co_firstlineno == first_line][0]
        return found

    @property
    def imported(self) -> list:
        """Names the module's top level imports: from 3.11 on they decide between LOAD_ATTR and LOAD_METHOD."""
        return self.once("imported", lambda: sorted(imported_names(self.tree.body)))

    def synthetic(self, body: list, owners: tuple, whole: bool = False) -> CodeType:
        """Code that runs `body` in the module, or in the innermost class of `owners`, whose headers are kept."""
        for owner in reversed(owners):
            header = {"name": owner.name, "bases": [], "keywords": [], "decorator_list": [], "body": body}
            if getattr(owner, "type_params", None):
                header["type_params"] = owner.type_params
            body = [ast.copy_location(ast.ClassDef(**header), owner)]
        if self.imported:
            names = [ast.alias(name=name, asname=None) for name in self.imported]
            body = [*body, ast.If(test=ast.Constant(value=0, kind=None), body=[ast.Import(names=names)], orelse=[])]
        module = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
        code = self.compiled(module, self.future)
        for owner in () if whole else owners:
            code = [c for c in every_code(code) if c.co_name == owner.name and not c.co_flags & 2][0]
        return code


def qualified(node: ast.stmt, owners: tuple) -> str:
    return ".".join([*[owner.name for owner in owners], node.name])


def every_code(code: CodeType) -> list:
    found = []
    for inner in nested(code):
        found.append(inner)
        found.extend(every_code(inner))
    return found


def function_units(code: CodeType, owner: tuple) -> object:
    for inner in nested(code):
        if inner.co_name.startswith("<generic parameters of "):
            yield from function_units(inner, owner)
        elif inner.co_name.startswith("<") or inner.co_name in ("__annotate__", "__conditional_annotations__"):
            continue
        elif inner.co_flags & FUNCTION_FLAGS == FUNCTION_FLAGS:
            yield owner, inner
        else:
            yield from function_units(inner, (*owner, inner.co_name))


def outer_lambdas(code: CodeType) -> object:
    for inner in nested(code):
        if inner.co_name == "<lambda>":
            yield inner
        elif inner.co_name.startswith("<") or not inner.co_flags & FUNCTION_FLAGS:
            yield from outer_lambdas(inner)


def blocks(statement: ast.stmt) -> object:
    """The statement lists of one scope below a compound statement."""
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list):
            yield inner
    for part in getattr(statement, "handlers", []) + getattr(statement, "cases", []):
        yield part.body


def definitions(body: list, owners: tuple) -> object:
    for statement in body:
        if isinstance(statement, FUNCTIONS):
            yield statement, owners
        elif isinstance(statement, ast.ClassDef):
            yield statement, owners
            yield from definitions(statement.body, (*owners, statement))
        else:
            for inner in blocks(statement):
                yield from definitions(inner, owners)


def imported_names(body: list) -> set:
    names = set()
    for statement in body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            names.update([(a.asname or a.name).split(".")[0] for a in statement.names if a.name != "*"])
        elif not isinstance(statement, FUNCTIONS + (ast.ClassDef,)):
            for inner in blocks(statement):
                names.update(imported_names(inner))
    return names
