"""What a file says of its names beyond the code of its functions: values, defaults, bases, imports, what is bound.

The agent compares these with the process. Decorators and computed values are not among them: nobody knows what they
gave without running them.
"""


def facts_of(version: Version) -> list:
    """Of module and class bodies, but for what stands inside of another statement: that may not have run."""
    return version.once("facts", lambda: made_facts(version))


def made_facts(version: Version) -> list:
    found = []
    stored = globals_stored(version.code)
    collect_facts(version.tree.body, (), stored, True, found)
    return found


def globals_stored(code: CodeType) -> set:
    """Names of the module that functions of the file bind or delete: state, whatever their statement says."""
    names = set()
    for inner in every_code(code):
        content = inner.co_code
        argument = 0
        for index in range(0, len(content), 2):
            argument = argument << 8 | content[index + 1]
            if content[index] == opcode.EXTENDED_ARG:
                continue
            if content[index] in GLOBAL_STORES:
                names.add(inner.co_names[argument])
            argument = 0
    return names


GLOBAL_STORES = (opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"])


def collect_facts(body: list, owner: tuple, stored: set, sure: bool, found: list) -> None:
    """`stored`: names to leave out. `sure`: the statements alone decide what is bound, and no decorator of a class."""
    counts = {}
    last = {}
    for statement in every_statement(body):
        for name in names_bound(statement):
            counts[name] = counts.get(name, 0) + 1
            last[name] = statement
    once = {name for name, times in counts.items() if times == 1 and (owner or name not in stored)}
    for statement in body:
        if isinstance(statement, FUNCTIONS):
            if last[statement.name] is statement:  # else the name leads to another one: overloads, accessors
                default_facts(statement, owner, found)
        elif isinstance(statement, ast.ClassDef):
            if last[statement.name] is statement:
                base_facts(statement, owner, found)
            plain = sure and not statement.decorator_list
            collect_facts(statement.body, (*owner, statement.name), set(), plain, found)
        else:
            for name in names_bound(statement):
                if name in once:
                    found.append({**name_fact(statement, name, owner), "sure": sure})


def every_statement(body: list) -> object:
    """Those of one scope, in the blocks of compound statements too."""
    for statement in body:
        yield statement
        if not isinstance(statement, (ast.ClassDef, *FUNCTIONS)):
            for inner in blocks(statement):
                yield from every_statement(inner)


def names_bound(statement: ast.stmt) -> list:
    """Plain names that a statement binds, deletes or changes in its scope."""
    if isinstance(statement, (ast.ClassDef, *FUNCTIONS)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(a.asname or a.name).split(".")[0] for a in statement.names if a.name != "*"]
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return []
    targets = [*getattr(statement, "targets", []), getattr(statement, "target", None)]
    targets += [item.optional_vars for item in getattr(statement, "items", []) if isinstance(item, ast.withitem)]
    names = [node.id for target in targets if target is not None for node in ast.walk(target) if is_bound(node)]
    return [*names, *[h.name for h in getattr(statement, "handlers", []) if h.name]]


def is_bound(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)


def name_fact(statement: ast.stmt, name: str, owner: tuple) -> dict:
    fact = {"kind": "bound", "owner": list(owner), "bind": name, "line": statement.lineno}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {**fact, "kind": "taken", "value": taken_value(statement, name)}
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or assigned_names(statement) != [name]:
        return {**fact, "kind": "other"}
    if is_literal(statement.value):
        fact.update({"kind": "value", "value": ast.literal_eval(statement.value)})
    return fact


def taken_value(statement: ast.stmt, name: str) -> list:
    """[level, module, name there]; None for the last where the name leads to the module."""
    alias = [a for a in statement.names if (a.asname or a.name).split(".")[0] == name][0]
    if isinstance(statement, ast.ImportFrom):
        return [statement.level or 0, statement.module or "", alias.name]
    return [0, alias.name if alias.asname else name, None]


def default_facts(node: ast.AST, owner: tuple, found: list) -> None:
    """Defaults of a function where all are literals that nothing can change."""
    pairs = default_nodes(node)
    values = {name: ast.literal_eval(value) for name, value in pairs if is_literal(value)}
    fixed = len(values) == len(pairs) and all([is_fixed(value) for value in values.values()])
    if fixed:
        line = min([node.lineno, *[decorator.lineno for decorator in node.decorator_list]])
        fact = {"kind": "defaults", "owner": list(owner), "bind": node.name, "line": node.lineno}
        found.append({**fact, "first": line, "value": values})


def is_fixed(value: object) -> bool:
    return all(map(is_fixed, value)) if isinstance(value, tuple) else not isinstance(value, (list, dict, set))


def base_facts(node: ast.ClassDef, owner: tuple, found: list) -> None:
    """Bases of a class where all are plain or dotted names, and nothing else makes the class."""
    names = [dotted(base) for base in node.bases]
    if None not in names and not node.keywords:
        found.append({"kind": "bases", "owner": list(owner), "bind": node.name, "line": node.lineno, "value": names})


def dotted(node: ast.expr) -> object:
    """`a.b.C` as a list of names; None for any other expression."""
    if isinstance(node, ast.Name):
        return [node.id]
    around = dotted(node.value) if isinstance(node, ast.Attribute) else None
    return around and [*around, node.attr]
