"""Functions with calls of the recorder in them: made of their own source, so that nothing else about them changes.

The gate of a probe stands in the code as a placeholder constant; the agent puts the gate itself there. The two locals
have names that no source can write.
"""

PLACEHOLDER = "\0the gate of a probe"
MARK, VALUE = ".midflight", ".value"
LOOKING_AT_LOCALS = ("locals", "vars", "dir", "eval", "exec", "_getframe", "inspect", "currentframe")


class NotWatchable(Exception):
    """The message says why a function cannot be watched."""


def probe_units(version: Version, wanted: list, used: object) -> tuple:
    """(how the agent recognises each function, with its instrumented code; [name, why it cannot be watched] of others).

    `wanted`: as `place_of` takes them. `used`: names that line points pass on, None for all that there are.
    The file is compiled once for all of them.
    """
    outer, found, refused = outer_functions(version), [], []
    for name in wanted:
        try:
            place = place_of(version, name, outer)
            found.append((place, known_function(version, place, used)))
        except NotWatchable as error:
            refused.append([name, str(error)])
    try:
        codes = instrumented(version, [place for place, _ in found])
    except Refused:
        codes = [None] * len(found)  # of one of them: nobody knows which
    units = []
    for (place, unit), code in zip(found, codes):
        try:
            units.append({**unit, "code": code or instrumented(version, [place])[0]})
        except Refused as refusal:
            why = "%s does not compile with the recorder's calls: %s" % (place.title, refusal.facts["message"])
            refused.append([place.title, why])
    return units, refused


def known_function(version: Version, place: Place, used: object) -> dict:
    """Facts for the agent, without code: how it finds the outer function, and what the watched one's calls say."""
    node, owners = place.outer, place.owners
    for inner in ast.walk(place.node):
        if isinstance(inner, ast.Name) and inner.id in LOOKING_AT_LOCALS:
            raise NotWatchable("%s uses %s, which would see the recorder's names" % (place.node.name, inner.id))
    plain = version.by_line.get((first_line(node), node.name))
    if plain is None:
        raise NotWatchable(place.title + " is not compiled")
    unit = known_unit(tuple([owner.name for owner in owners]), plain, version)
    kinds = [decorator.id for decorator in place.node.decorator_list if isinstance(decorator, ast.Name)]
    arguments = place.node.args
    unit.update(
        positional=len(arguments.posonlyargs + arguments.args),
        variable=arguments.vararg is not None,
        keywords=arguments.kwarg is not None,
        parameters=parameters_of(place.node),
        bound=place.is_method and "staticmethod" not in kinds,
        at=place.line or place.node.lineno,
        point=place.line,
        inner=place.node is not node,
        title=place.title,
        repeated=True,
    )
    if place.line:
        own = version.by_line.get((first_line(place.node), place.node.name))
        place.names = [name for name in local_names(place.node, own) if used is None or name in used]
    unit["locals"] = place.names
    return unit


def parameters_of(node: object) -> list:
    """Names in the order in which the recorder gets their values."""
    a = node.args
    every = [*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg]
    return [parameter.arg for parameter in every if parameter is not None]


def instrumented(version: Version, places: list) -> list:
    """Code of the outer functions, with the recorder's calls in the watched ones."""
    tree = version.compiled(version.text, version.flags | _ast.PyCF_ONLY_AST)
    outer = {(node.lineno, node.name): node for node, _ in reversed(list(definitions(tree.body, ())))}
    for place in places:
        node = outer[place.outer.lineno, place.outer.name]
        wanted = place.node.lineno, place.node.name
        node = [n for n in ast.walk(node) if isinstance(n, FUNCTIONS) and (n.lineno, n.name) == wanted][0]
        if place.line:
            put_point(node, place)
        else:
            Instrument(node).transform()
    code = version.compiled(ast.fix_missing_locations(tree), version.flags)
    codes = {(c.co_firstlineno, c.co_name): c for c in reversed(list(every_code(code)))}
    return [codes[first_line(place.outer), place.outer.name] for place in places]


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
