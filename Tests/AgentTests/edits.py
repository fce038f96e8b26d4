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


def changes(old: bytes, new: bytes) -> list[dict]:
    """Only definitions that stay functions; anything else is a later test's."""
    before = {d.key: d for d in definitions(ast.parse(old).body)}
    found = []
    for definition in definitions(ast.parse(new).body):
        was = before.get(definition.key)
        if was is None or isinstance(definition.node, ast.ClassDef) or isinstance(was.node, ast.ClassDef):
            continue
        changed = aspects(was.node, definition.node)
        if changed:
            found.append(entry(len(found), definition, was, changed, before))
    return found


def entry(identifier: int, now: Definition, was: Definition, changed: list[str], before: dict) -> dict:
    return {
        "id": identifier,
        "op": "function",
        "qualname": ".".join([*now.owner, now.node.name]),
        "name": now.node.name,
        "occurrence": now.occurrence,
        "repeated": (*now.owner, now.node.name, 1) in before,
        "old": was.lines,
        "new": now.lines,
        "aspects": changed,
    }
