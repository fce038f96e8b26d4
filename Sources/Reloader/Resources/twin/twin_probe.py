"""Functions with calls of the recorder in them: made of their own source, so that nothing else about them changes.

The gate of a probe stands in the code as a placeholder constant; the agent puts the gate itself there. The two locals
have names that no source can write.
"""

PLACEHOLDER = "\0the gate of a probe"
MARK, VALUE = ".midflight", ".value"
LOOKING_AT_LOCALS = ("locals", "vars", "dir", "eval", "exec", "_getframe", "inspect", "currentframe")


class NotWatchable(Exception):
    """The message says why a function cannot be watched."""


def probe_units(version: Version, qualnames: list) -> tuple:
    """(how the agent recognises each function, with its instrumented code; [name, why it cannot be watched] of others).

    The file is compiled once for all of them.
    """
    known, found, refused = {}, [], []
    for node, owners in version.nodes.values():
        name = qualified(node, owners)
        if isinstance(node, FUNCTIONS) and (name not in known or known[name][0].lineno < node.lineno):
            known[name] = node, owners
    for qualname in qualnames:
        try:
            found.append((qualname, *known_function(version, qualname, known.get(qualname))))
        except NotWatchable as error:
            refused.append([qualname, str(error)])
    places = [(node.lineno, node.name, first) for _, node, first, _ in found]
    try:
        codes = instrumented(version, places)
    except SyntaxError:
        codes = [None] * len(places)  # of one of them: nobody knows which
    units = []
    for (qualname, _, _, unit), place, code in zip(found, places, codes):
        try:
            units.append({**unit, "code": code or instrumented(version, [place])[0]})
        except SyntaxError as error:
            refused.append([qualname, "%s does not compile with the recorder's calls: %s" % (qualname, error.msg)])
    return units, refused


def known_function(version: Version, qualname: str, found: object) -> tuple:
    """(node, first line, facts for the agent without code)."""
    if found is None:
        raise NotWatchable("no function " + qualname)
    node, owners = found
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in LOOKING_AT_LOCALS:
            raise NotWatchable("%s uses %s, which would see the recorder's names" % (node.name, inner.id))
    first = min([node.lineno, *[decorator.lineno for decorator in node.decorator_list]])
    plain = version.by_line.get((first, node.name))
    if plain is None:
        raise NotWatchable(qualname + " is not compiled")
    unit = known_unit(tuple([owner.name for owner in owners]), plain, version)
    kinds = [decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)]
    unit.update(
        positional=len(node.args.posonlyargs + node.args.args),
        variable=node.args.vararg is not None,
        keywords=node.args.kwarg is not None,
        parameters=parameters_of(node),
        bound=bool(owners) and "staticmethod" not in kinds,
        at=node.lineno,
        repeated=True,
    )
    return node, first, unit


def parameters_of(node: object) -> list:
    """Names in the order in which the recorder gets their values."""
    a = node.args
    every = [*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg]
    return [parameter.arg for parameter in every if parameter is not None]


def instrumented(version: Version, places: list) -> list:
    """Code with the recorder's calls in it. `places`: line of `def`, name, and line of the first decorator or `def`."""
    tree = version.compiled(version.text, version.flags | _ast.PyCF_ONLY_AST)
    nodes = {(node.lineno, node.name): node for node, _ in reversed(list(definitions(tree.body, ())))}
    for line, name, _ in places:
        Instrument(nodes[line, name]).transform()
    code = version.compiled(ast.fix_missing_locations(tree), version.flags)
    codes = {(c.co_firstlineno, c.co_name): c for c in reversed(list(every_code(code)))}
    return [codes[first, name] for _, name, first in places]


class Instrument:
    """Rewrites one function's body."""

    def __init__(self, node: object) -> None:
        self.node = node
        inner = list(self.own_nodes(node.body))
        yields = any([isinstance(n, (ast.Yield, ast.YieldFrom)) for n in inner])
        self.returns_nothing = yields and isinstance(node, ast.AsyncFunctionDef)

    def count_yields(self, node: object) -> None:
        """Every value that is yielded passes through the gate."""
        if isinstance(node, ast.Yield):
            value = node.value if node.value is not None else ast.Constant(None)
            node.value = self.placed(ast.Call(self.gate("yielded"), [self.name(MARK), value], []), node)
            node = value
        for inner in ast.iter_child_nodes(node):
            if not isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
                self.count_yields(inner)

    def own_nodes(self, body: list) -> object:
        """The nodes of this function, without those of functions and classes inside of it."""
        pending = list(body)
        while pending:
            node = pending.pop()
            yield node
            if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
                pending.extend(ast.iter_child_nodes(node))

    def transform(self) -> None:
        body = self.node.body
        doc = [body[0]] if ast.get_docstring(self.node, clean=False) is not None else []
        values = ast.Tuple([self.name(parameter) for parameter in parameters_of(self.node)], ast.Load())
        enter = ast.IfExp(self.gate("on"), ast.Call(self.gate("enter"), [values], []), ast.Constant(None))
        begin = ast.Assign([ast.Name(MARK, ast.Store())], enter)
        ending = [self.if_watched(ast.Expr(ast.Call(self.gate("done"), [self.name(MARK)], [])))]
        for statement in body[len(doc) :]:
            if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
                self.count_yields(statement)
        inner = self.statements(body[len(doc) :]) + [self.tell(ast.Constant(None))]
        block = ast.Try(inner, [], [], ending)
        for made in (begin, block):
            for node in ast.walk(made):
                if not hasattr(node, "lineno"):
                    node.lineno = node.end_lineno = self.node.lineno
                    node.col_offset = node.end_col_offset = self.node.col_offset
        self.node.body = [*doc, begin, block]

    def name(self, name: str) -> object:
        return ast.Name(name, ast.Load())

    def gate(self, name: str) -> object:
        return ast.Attribute(ast.Constant(PLACEHOLDER), name, ast.Load())

    def if_watched(self, statement: object) -> object:
        return ast.If(ast.Compare(self.name(MARK), [ast.IsNot()], [ast.Constant(None)]), [statement], [])

    def tell(self, value: object) -> object:
        return self.if_watched(ast.Expr(ast.Call(self.gate("value"), [self.name(MARK), value], [])))

    def statements(self, body: list) -> list:
        """The statements with every `return` made known first; blocks inside too."""
        made = []
        for statement in body:
            if isinstance(statement, ast.Return):
                made += self.leaving(statement)
                continue
            if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
                for field in ("body", "orelse", "finalbody"):
                    inner = getattr(statement, field, None)
                    if isinstance(inner, list) and inner:
                        setattr(statement, field, self.statements(inner))
                for part in getattr(statement, "handlers", []) + getattr(statement, "cases", []):
                    part.body = self.statements(part.body)
            made.append(statement)
        return made

    def leaving(self, statement: object) -> list:
        if self.returns_nothing or statement.value is None:
            return [self.placed(self.tell(ast.Constant(None)), statement), statement]
        keep = ast.Assign([ast.Name(VALUE, ast.Store())], statement.value)
        is_shut = ast.Compare(self.name(MARK), [ast.Is()], [ast.Constant(None)])
        told = ast.Call(self.gate("value"), [self.name(MARK), self.name(VALUE)], [])
        value = ast.IfExp(is_shut, self.name(VALUE), told)
        return [self.placed(keep, statement), self.placed(ast.Return(value), statement)]

    def placed(self, node: object, where: object) -> object:
        """The new nodes of a statement are on the line of the `return`, so that tracebacks show it."""
        for part in ast.walk(node):
            if not hasattr(part, "lineno"):
                ast.copy_location(part, where)
        return node
