"""The changes between two sources as the patch plan hands them to the twin; stands in for SourceDiff in tests."""

from __future__ import annotations

import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Definition:
    def __init__(self, node: ast.AST, owner: tuple, occurrence: int, conditional: bool) -> None:
        self.node = node
        self.owner = owner
        self.occurrence = occurrence
        self.conditional = conditional
        self.key = (*owner, node.name, occurrence)

    @property
    def lines(self) -> list[int]:
        return [min([self.node.lineno, *(d.lineno for d in self.node.decorator_list)]), self.node.lineno]


def blocks(node: ast.stmt) -> list:
    found = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    found = [inner for inner in found if isinstance(inner, list)]
    return found + [part.body for part in getattr(node, "handlers", []) + getattr(node, "cases", [])]


def definitions(body: list, owner: tuple = (), conditional: bool = False, seen: dict | None = None) -> list[Definition]:
    seen = {} if seen is None else seen
    found = []
    for node in body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            occurrence = seen[node.name] = seen.get(node.name, -1) + 1
            found.append(Definition(node, owner, occurrence, conditional))
            if isinstance(node, ast.ClassDef):
                found += definitions(node.body, (*owner, node.name))
        else:
            for inner in blocks(node):
                found += definitions(inner, owner, True, seen)
    return found


def dump(node: object) -> object:
    if isinstance(node, list):
        return [dump(item) for item in node]
    return ast.dump(node) if isinstance(node, ast.AST) else node


def aspects(old: ast.AST, new: ast.AST) -> list[str]:
    found = []
    pairs = {
        "body": lambda n: dump(n.body),
        "parameters": lambda n: dump(n.args),
        "annotations": lambda n: dump([n.returns]),
        "decorators": lambda n: dump(n.decorator_list),
        "typeParameters": lambda n: dump(getattr(n, "type_params", [])),
        "kind": lambda n: type(n).__name__,
    }
    for name, part in pairs.items():
        if part(old) != part(new):
            found.append(name)
    return found


class Statement:
    def __init__(self, node: ast.stmt, scope: str, conditional: bool) -> None:
        self.node = node
        self.scope = scope
        self.conditional = conditional
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        self.name = target.id if isinstance(target, ast.Name) else ""
        self.is_import = isinstance(node, (ast.Import, ast.ImportFrom))
        self.key = (scope, self.name) if self.name else (scope, ast.dump(node))


def statements(body: list, scope: str = "", conditional: bool = False) -> list[Statement]:
    found = []
    for node in body:
        if isinstance(node, ast.ClassDef):
            found += statements(node.body, scope + "." + node.name if scope else node.name)
        elif not isinstance(node, FUNCTIONS):
            inner = blocks(node)
            if not inner:
                found.append(Statement(node, scope, conditional))
            for block in inner:
                found += statements(block, scope, True)
    return found


def changes(old: bytes, new: bytes) -> list[dict]:
    """What changed, in the order of the new source; what only the patch plan decides (kept statements) is left out."""
    before = {d.key: d for d in definitions(ast.parse(old).body)}
    after = {d.key: d for d in definitions(ast.parse(new).body)}
    found = []
    for definition in after.values():
        was = before.get(definition.key)
        classes = {key[:-1] for key in after if isinstance(after[key].node, ast.ClassDef) and key not in before}
        if was is None and not any(definition.owner[: len(name)] == name for name in classes):
            found.append(entry("define", definition, None, ["added"], before))
        elif was is not None and isinstance(definition.node, ast.ClassDef):
            if class_header(was.node) != class_header(definition.node):
                found.append(entry("class", definition, was, ["bases"], before))
        elif was is not None and aspects(was.node, definition.node):
            found.append(entry("function", definition, was, aspects(was.node, definition.node), before))
    for key, definition in before.items():
        if key not in after:
            found.append(entry("delete", None, definition, ["removed"], before))
    found += statement_changes(old, new, [d for d in after.values() if d.key not in before])
    return [{**change, "id": index} for index, change in enumerate(found)]


def class_header(node: ast.ClassDef) -> object:
    return dump([*node.bases, *node.keywords, *node.decorator_list]), ast.get_docstring(node)


def statement_changes(old: bytes, new: bytes, added: list[Definition]) -> list[dict]:
    new_classes = {".".join([*d.owner, d.node.name]) for d in added if isinstance(d.node, ast.ClassDef)}
    was = {s.key: s for s in statements(ast.parse(old).body)}
    found = []
    for statement in statements(ast.parse(new).body):
        before = was.get(statement.key)
        if statement.scope in new_classes or isinstance(statement.node, ast.Expr):
            continue
        if before is None and (statement.is_import or statement.name):
            found.append(statement_entry("import" if statement.is_import else "assign", statement, None))
        elif before is not None and statement.name and ast.dump(before.node) != ast.dump(statement.node):
            found.append(statement_entry("constant", statement, before))
    return found


def statement_entry(operation: str, now: Statement, was: Statement | None) -> dict:
    return {
        "op": operation,
        "qualname": now.name,
        "name": now.name,
        "scope": now.scope,
        "conditional": now.conditional,
        "old": [was.node.lineno, was.node.end_lineno] if was else None,
        "new": [now.node.lineno, now.node.end_lineno],
        "aspects": [],
    }


def entry(operation: str, now: Definition | None, was: Definition | None, changed: list[str], before: dict) -> dict:
    either = now or was
    return {
        "op": operation,
        "qualname": ".".join([*either.owner, either.node.name]),
        "name": either.node.name,
        "is_class": isinstance(either.node, ast.ClassDef),
        "repeated": (*either.owner, either.node.name, 1) in before,
        "conditional": either.conditional,
        "old": was.lines if was else None,
        "new": now.lines if now else None,
        "aspects": changed,
    }
