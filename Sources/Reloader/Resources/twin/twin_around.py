"""Statements that did not change, around what did: what they import by name, and what they are built from."""

# What is known of statements, by the names of the classes around them and their text: save after save asks for what
# stands around the same names. Beyond so many only what the last request asked for stays.
AROUND: dict = {}
MOST_AROUND = 4096


def around_units(files: list) -> list:
    """files: [{path, modules, stale, statements: [[line, names of the classes around it, text]]}].

    `stale`: [names of the classes around it, name] of what changed in the source and was kept without asking."""
    found = []
    used = {}
    for file in files:
        units = []
        for line, owner, text in file["statements"]:
            key = (*owner, text)
            used[key] = AROUND[key] if key in AROUND else around_unit(line, owner, text)
            units.append(used[key] and {**used[key], "at": line})
        facts = {"path": file["path"], "modules": file["modules"], "stale": file["stale"]}
        found.append({**facts, "units": [unit for unit in units if unit is not None]})
    AROUND.update(used)
    if len(AROUND) > MOST_AROUND:
        AROUND.clear()
        AROUND.update(used)
    return found


def around_unit(line: int, owner: list, text: bytes) -> object:
    """`binds`: names that it binds in its scope; `from_module` and `taken` as of an import. `role`: "value", "header"
    of a definition, or "act", which binds no name itself: `binds` has words for it. `makers`: of a header,
    what is called to get a decorator; `also`: names that assignment expressions in it bind; `wholes`: paths of what it
    takes all names of; `elsewhere`: [module, name there] of what it takes of modules by their names; `on_made`: `A.m`
    for `A().m()`.
    None for what is none of these."""
    try:
        node = ast.parse(text).body[0]
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError):
        return None  # the compiler of the whole file has the word
    unit = {"at": line, "owner": owner, "from_module": None, "taken": [], "role": "value", "also": [], "wholes": []}
    unit["elsewhere"] = []
    if isinstance(node, ast.ImportFrom):
        unit["from_module"] = [node.level, node.module or ""]
        unit["taken"] = [[alias.name, alias.asname or alias.name] for alias in node.names]
        unit["binds"] = [here for _, here in unit["taken"]]
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = getattr(node, "targets", None) or [node.target]
        names = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        unit["binds"] = [name.id for name in names if isinstance(name.ctx, ast.Store)]
        unit.update({"also": walrus_names([node]), "wholes": whole_namespaces(node), "elsewhere": named_modules(node)})
        if getattr(node, "value", None) is None:
            return None
        if not unit["binds"]:
            return {**unit, **facts_around(Reads([node])), "role": "act", "binds": [target_path(targets[0])]}
    elif isinstance(node, FUNCTIONS + (ast.ClassDef,)):
        return {**unit, **header_facts(node), "role": "header", "binds": [node.name]}
    else:
        act = done_parts(node)
        unit["also"] = walrus_names(act)
        facts = {**facts_around(Reads(act)), **act_namespace(act, owner, node)}
        return {**unit, **facts, "role": "act", "binds": bound_inside(node)} if act else None
    return {**unit, **facts_around(Reads([node])), **namespace_reads(node, owner)} if unit.get("binds") else None


def named_modules(node: ast.AST) -> list:
    """[module, name there]: `sys.modules["a.b"].X`, `import_module("a.b").X`, and these with `getattr`."""
    found = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            found.append([module_name(inner.value), inner.attr])
        elif isinstance(inner, ast.Call) and read_path(inner.func) == "getattr" and len(inner.args) > 1:
            found.append([module_name(inner.args[0]), text_in(inner.args[1])])
    return [pair for pair in found if None not in pair]


def module_name(node: ast.AST) -> object:
    if isinstance(node, ast.Subscript) and read_path(node.value) == "sys.modules":
        return text_in(node.slice)
    is_import = isinstance(node, ast.Call) and read_path(node.func) in ("import_module", "importlib.import_module")
    return text_in(node.args[0]) if is_import and len(node.args) == 1 else None


def walrus_names(nodes: list) -> list:
    """Names that assignment expressions bind around the definition or statement."""
    found = [inner.target.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)]
    return list(dict.fromkeys(found))


def target_path(target: ast.AST) -> str:
    """`a.b` of what is written `a.b[0]` or `a.b.c`; the kind of what is neither."""
    inner = getattr(target, "value", None)
    return read_path(inner) or "expression"


def header_facts(node: ast.AST) -> dict:
    """A decorator is called, with parentheses or without. `given`: what calls of decorators get, as `cls=Command`;
    `inside`: what bases, defaults and arguments of decorators read, which stay with the definition; `annotated`: what
    annotations of it read."""
    reads = Reads(evaluated_parts(node))
    given = set()
    arguments = []
    for decorator in node.decorator_list:
        reads.walk(decorator, True)
        calls = [inner for inner in ast.walk(decorator) if isinstance(inner, ast.Call)]
        arguments += [part for call in calls for part in [*call.args, *[k.value for k in call.keywords]]]
    given.update([read_path(part) for part in arguments])
    makers = [read_path(one.func) for one in node.decorator_list if isinstance(one, ast.Call)]
    paths = {"makers": [path for path in makers if path], "given": sorted(path for path in given if path)}
    paths["inside"] = Reads([*evaluated_parts(node), *arguments]).facts["reads"]
    parameters = getattr(node, "args", None)
    annotated = [one.annotation for one in ast.walk(parameters) if isinstance(one, ast.arg)] if parameters else []
    annotated = [one for one in [*annotated, getattr(node, "returns", None)] if one is not None]
    paths["annotated"] = Reads(annotated).facts["reads"]
    paths["also"] = walrus_names([*evaluated_parts(node), *node.decorator_list])
    return {**facts_around(reads), **paths}


def evaluated_parts(node: ast.AST) -> list:
    """What is evaluated once, when the definition is, beside its decorators: not the annotations, which have their own
    way."""
    if isinstance(node, ast.ClassDef):
        return [*node.bases, *node.keywords]
    return [*node.args.defaults, *[one for one in node.args.kw_defaults if one is not None]]


def done_parts(node: ast.AST) -> list:
    """The expression, or what a compound statement asks before its blocks."""
    if isinstance(node, ast.If):
        others = node.orelse if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) else []
        return [node.test, *[part for other in others for part in done_parts(other)]]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in node.items]
    names = ("value",) if isinstance(node, ast.Expr) else ("test", "iter", "subject")
    return [part for name in names for part in parts(node, name)]


def bound_inside(node: ast.AST) -> list:
    """Names that the statement's blocks bind; of a call what it calls; else its kind."""
    found = []
    for statement in statements_inside(node):
        if isinstance(statement, FUNCTIONS + (ast.ClassDef,)):
            found.append(statement.name)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = getattr(statement, "targets", None) or [statement.target]
            found += [name.id for name in targets if isinstance(name, ast.Name)]
    called = read_path(node.value.func) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    kind = "expression" if isinstance(node, ast.Expr) else type(node).__name__.lower()
    found += walrus_names(done_parts(node))
    return sorted(set(found)) or [called or kind]


def statements_inside(node: ast.AST) -> list:
    found = []
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for inner in parts(node, name):
            found.append(inner)
            if not isinstance(inner, FUNCTIONS + (ast.ClassDef,)):
                found += statements_inside(inner)
    return found
