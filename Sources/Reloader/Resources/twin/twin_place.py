"""Which functions a probe means: by qualified name, nested ones too, or by a line of the file.

A line of a `def`, or of its decorators, means that function; every other line means the statement that begins there.
"""

LOCALS = ".<locals>."


class Place:
    """A function to watch, or a statement in it."""

    def __init__(self, outer: object, owners: tuple, node: object, title: str) -> None:
        """`outer`: the function of a module or class that `node` is, or is nested in."""
        self.outer, self.owners, self.node, self.title = outer, owners, node, title
        self.is_method = bool(owners) if node is outer else False
        self.line, self.names = 0, []


def outer_functions(version: Version) -> dict:
    """(node, class nodes around it) by qualified name; of several with one name the last."""
    known = {}
    for node, owners in version.nodes.values():
        name = qualified(node, owners)
        if isinstance(node, FUNCTIONS) and (name not in known or known[name][0].lineno < node.lineno):
            known[name] = node, owners
    return known


def first_line(node: object) -> int:
    """Of the `def` or of its first decorator, as the code of a function has it."""
    return min([node.lineno, *[decorator.lineno for decorator in node.decorator_list]])


def place_of(version: Version, wanted: str, known: dict) -> Place:
    """`wanted`: a qualified name, as `Cart.total` or `outer.<locals>.inner`, or the number of a line."""
    if wanted.isdigit():
        return place_of_line(version, int(wanted))
    first, *inner = wanted.split(LOCALS)
    if first not in known:
        raise NotWatchable("no function " + wanted)
    node, owners = known[first]
    place = Place(node, owners, node, wanted)
    for name in inner:
        found = [one for one, path in nested_functions(place.node.body, ()) if ".".join([*path, one.name]) == name]
        if not found:
            raise NotWatchable("no function %s in %s" % (name, first))
        place.node, place.is_method = found[-1], "." in name
    return place


def nested_functions(body: list, path: tuple) -> object:
    """(node, names of classes around it) of the functions that the statements of one function define."""
    for node, owners in definitions(body, ()):
        if isinstance(node, FUNCTIONS):
            yield node, tuple([owner.name for owner in owners])


def place_of_line(version: Version, line: int) -> Place:
    around = [(n, o) for n, o in version.nodes.values() if isinstance(n, FUNCTIONS) and has_line(n, line)]
    if not around:
        raise NotWatchable("line %d is in no function" % line)
    node, owners = around[-1]
    place = Place(node, owners, node, qualified(node, owners))
    while True:
        inner = [(n, path) for n, path in nested_functions(place.node.body, ()) if has_line(n, line)]
        if not inner:
            break
        place.node, place.is_method = inner[-1][0], bool(inner[-1][1])
        place.title += LOCALS + ".".join([*inner[-1][1], place.node.name])
    if line >= place.node.body[0].lineno and line > place.node.lineno:
        place.line = line
        place.title += ":%d" % line
        statements = [s for listed in statement_lists(place.node) for s in listed]
        lines = [s.lineno for s in statements if not isinstance(s, (ast.Global, ast.Nonlocal))]
        if line not in lines:
            later = sorted([number for number in lines if number > line])
            following = "; the next is %d" % later[0] if later else ""
            raise NotWatchable("no statement begins in line %d%s" % (line, following))
    return place


def has_line(node: object, line: int) -> bool:
    return first_line(node) <= line <= node.end_lineno


def statement_lists(node: object) -> list:
    """Every list of statements of a function, without those of functions and classes in it."""
    body = node.body
    found = [body[1:] if ast.get_docstring(node, clean=False) is not None else body]
    for listed in found:
        for statement in listed:
            if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
                found.extend(blocks(statement))
    return found


def local_names(node: object, code: object) -> list:
    """Names of variables that the function has, in the order of its code; not those of comprehensions alone."""
    if code is None:
        return parameters_of(node)
    own, pending = set(parameters_of(node)), list(node.body)
    while pending:
        inner = pending.pop()
        own.update([getattr(inner, name, None) for name in ("id", "name", "rest")])
        imported = [name for name in getattr(inner, "names", []) if isinstance(name, ast.alias)]
        own.update([name.asname or name.name.split(".")[0] for name in imported])
        if not isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)):
            pending.extend(ast.iter_child_nodes(inner))
    names = [*code.co_varnames, *code.co_cellvars, *code.co_freevars]
    return [name for index, name in enumerate(names) if name in own and name not in names[:index]]


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def put_point(node: object, place: Place) -> None:
    """Before the statement, the values of the variables go to the recorder; one that has none yet is left out."""
    [(listed, index)] = [
        (body, at)
        for body in statement_lists_of(node)
        for at, statement in enumerate(body)
        if statement.lineno == place.line
    ][:1]
    statement = listed[index]
    steps = [ast.Assign([ast.Name(MARK, ast.Store())], ast.Call(gate_attribute("begin"), [], []))]
    for name in place.names:
        value = ast.Tuple([ast.Constant(name), ast.Name(name, ast.Load())], ast.Load())
        add = ast.Expr(ast.Call(ast.Attribute(ast.Name(MARK, ast.Load()), "append", ast.Load()), [value], []))
        unbound = ast.ExceptHandler(gate_attribute("unbound"), None, [ast.Pass()])
        steps.append(ast.Try([add], [unbound], [], []))
    steps.append(ast.Expr(ast.Call(gate_attribute("line"), [ast.Name(MARK, ast.Load())], [])))
    steps.append(ast.Assign([ast.Name(MARK, ast.Store())], ast.Constant(None)))
    test = ast.If(gate_attribute("on"), steps, [])
    for part in ast.walk(test):
        if not hasattr(part, "lineno"):
            ast.copy_location(part, statement)
    listed.insert(index, test)


def statement_lists_of(node: object) -> list:
    """As `statement_lists`, and the lists themselves, which may be changed."""
    found = [node.body]
    for listed in found:
        for statement in listed:
            if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
                found.extend(blocks(statement))
    return found


def gate_attribute(name: str) -> object:
    return ast.Attribute(ast.Constant(PLACEHOLDER), name, ast.Load())
