"""The changes between two sources as the patch plan hands them to the twin; stands in for SourceDiff in tests."""

from __future__ import annotations

import ast
import copy
import re

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Definition:
    def __init__(self, node: ast.AST, owner: tuple, occurrence: int, conditional: bool) -> None:
        self.node = node
        self.owner = owner
        self.occurrence = occurrence
        self.conditional = conditional
        self.key = (*owner, node.name, occurrence)
        self.rebound = False

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
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        target = targets[0] if len(targets) == 1 and not isinstance(node, (ast.AugAssign, ast.For, ast.Delete)) else None
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


def pair_repeated(before: list[Definition], after: list[Definition]) -> None:
    """Gives the old definitions of repeated names the keys of the new ones that they are; see RepeatedNames.swift."""
    for name in {d.key[:-1] for d in [*before, *after] if d.occurrence > 0}:
        olds = [d for d in before if d.key[:-1] == name]
        news = [d for d in after if d.key[:-1] == name]
        pairs = pairs_of(list(olds), list(news))
        for was in olds:
            was.key = (*was.key, "gone")
        for was, now in pairs:
            stays = any(one is olds[-1] for one, _ in pairs)
            now.rebound = now is news[-1] and was is not olds[-1] and stays and not now.conditional
            was.key = now.key


def pairs_of(olds: list[Definition], news: list[Definition]) -> list[tuple]:
    pairs = []
    if olds and news and is_bare(olds[-1]) and is_bare(news[-1]):
        pairs.append((olds.pop(), news.pop()))
    branches = [d for d in olds if d.conditional], [d for d in news if d.conditional]
    if len(branches[0]) == len(branches[1]):
        pairs += zip(*branches)
        olds = [d for d in olds if not d.conditional]
        news = [d for d in news if not d.conditional]
    for parts in (("decorators", "header", "body"), ("decorators", "header"), ("header", "body"), ("decorators",)):
        for now in list(news):
            for was in [d for d in olds if all(text(d, part) == text(now, part) for part in parts)][:1]:
                pairs.append((was, now))
                olds.remove(was)
                news.remove(now)
    return pairs


def is_bare(definition: Definition) -> bool:
    return isinstance(definition.node, FUNCTIONS) and not definition.node.decorator_list and not definition.conditional


def text(definition: Definition, part: str) -> object:
    node = definition.node
    if part == "header":
        return [type(node).__name__] + [dump(getattr(node, name, None)) for name in ("args", "returns", "bases", "keywords")]
    return dump(node.decorator_list if part == "decorators" else node.body)


def changes(old: bytes, new: bytes) -> list[dict]:
    """What changed, in the order of the new source; "keep" is what the patch plan keeps by itself."""
    olds, news = definitions(ast.parse(old).body), definitions(ast.parse(new).body)
    pair_repeated(olds, news)
    before = {d.key: d for d in olds}
    after = {d.key: d for d in news}
    found = []
    for definition in after.values():
        was = before.get(definition.key)
        classes = {key[:-1] for key in after if isinstance(after[key].node, ast.ClassDef) and key not in before}
        if was is None and not any(definition.owner[: len(name)] == name for name in classes):
            found.append(entry("define", definition, None, ["added"], before))
        elif was is not None and isinstance(was.node, ast.ClassDef) != isinstance(definition.node, ast.ClassDef):
            found.append(entry("delete", None, was, ["removed"], before))
            found.append(entry("define", definition, None, ["added"], before))
        elif was is not None and isinstance(definition.node, ast.ClassDef):
            if class_header(was.node) != class_header(definition.node):
                found.append(entry("class", definition, was, ["bases"], before))
        elif was is not None and (aspects(was.node, definition.node) or definition.rebound):
            changed = aspects(was.node, definition.node) + ["rebound"] * definition.rebound
            changed += ["overwritten"] * is_overwritten(definition, ast.parse(old).body, ast.parse(new).body)
            found.append(entry("function", definition, was, changed, before))
    gone = {key[:-1] for key in before if isinstance(before[key].node, ast.ClassDef) and key not in after}
    for key, definition in before.items():
        if key not in after and not any(definition.owner[: len(name)] == name for name in gone):
            found.append(entry("delete", None, definition, ["removed"], before))
    found += statement_changes(old, new, before, after)
    if future(old) != future(new):
        for change in [change for change in found if change["op"] == "function"]:
            change["aspects"] = [*change["aspects"], "annotations"]
        for definition in after.values():
            if isinstance(definition.node, FUNCTIONS) and not aspects(before[definition.key].node, definition.node):
                found.append(entry("function", definition, before[definition.key], ["body", "annotations"], before))
    last = {d.key[:-1]: d.lines for d in news}
    for change in found:
        owner = (*change["qualname"].split("."),) if "repeated" in change else ()
        change["shadowed"] = owner in last and bool(change["new"]) and last[owner] != change["new"]
        change["repeated"] = sum(d.key[: len(owner)] == owner for d in news) > 1 or change.get("repeated", False)
    return [{**change, "id": index} for index, change in enumerate(found)]


def future(source: bytes) -> list:
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    return sorted(ast.dump(node) for node in nodes if node.module == "__future__")


def class_header(node: ast.ClassDef) -> object:
    return dump([*node.bases, *node.keywords, *node.decorator_list]), ast.get_docstring(node)


def statement_changes(old: bytes, new: bytes, before: dict, after: dict) -> list[dict]:
    """Operations, and with the operation "keep" what the patch plan keeps without asking the process."""
    was = told_statements(old, before, after)
    now = told_statements(new, after, before)
    gone = {key: statement for key, statement in was.items() if key not in now}
    whole = new_fillings(old, new)
    lines = {line for node in whole for line in range(node.lineno, node.end_lineno + 1)}
    now = {key: statement for key, statement in now.items() if statement.node.lineno not in lines}
    found = [{**statement_entry("block", Statement(n, "", False), None), "qualname": touched(n, new)} for n in whole]
    for key, statement in now.items():
        one = was.get(key) or (None if statement.name or statement.is_import else counterpart(statement, gone))
        if one is None and statement.is_import:
            found.append(statement_entry("import", statement, None))
        elif one is None:
            is_own = not statement.name and extends_new(statement, old, new)
            found.append(statement_entry("assign" if statement.name else "block" if is_own else "keep", statement, None))
        elif ast.dump(one.node) != ast.dump(statement.node):
            found.append(statement_entry("constant", statement, one))
    bound = {name for statement in now.values() if statement.is_import for name in imported(statement)}
    removed = [s for s in gone.values() if not s.is_import or not bound.issuperset(imported(s)) or "*" in imported(s)]
    removed = [s for s in removed if s.is_import or not s.name or s.name not in bound]
    for statement in removed:
        is_annotation = isinstance(statement.node, ast.AnnAssign) and not statement.conditional
        change = statement_entry("annotation" if is_annotation else "keep", None, statement)
        found.append({**change, "name": "*"} if statement.is_import and "*" in imported(statement) else change)
    return found + header_changes(old, new) + module_doc(old, new)


def new_fillings(old: bytes, new: bytes) -> list:
    """New compound statements that may only fill what is new: they bind no names but those of loops."""
    known = {ast.dump(node) for node in ast.walk(ast.parse(old)) if isinstance(node, (ast.If, ast.For))}
    found = []
    for node in ast.parse(new).body if not known else ():
        inner = statements([node]) if isinstance(node, (ast.If, ast.For)) else []
        if inner and not definitions([node]) and not any(one.name or one.is_import for one in inner):
            found.append(node)
    return found


def touched(node: ast.stmt, source: bytes) -> str:
    """Names whose objects the lines of the statement's blocks begin with."""
    lines = source.decode().splitlines()[node.lineno : node.end_lineno]
    found = [re.match(r" *(\w+)[.\[]", line) for line in lines]
    return ", ".join(dict.fromkeys(one.group(1) for one in found if one))


def extends_new(statement: Statement, old: bytes, new: bytes) -> bool:
    """Whether a new statement binds several new names, or sets, fills or extends what has a new one."""
    node = statement.node
    kinds = (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete)
    if statement.scope or statement.conditional or not isinstance(node, kinds):
        return False
    known = bound_names(old)
    targets = getattr(node, "targets", [getattr(node, "target", node)])
    inner = [name for target in targets for name in getattr(target, "elts", [target])]
    if isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in inner):
        return not known.intersection([one.id for one in inner])
    root = node.value if isinstance(node, ast.Expr) else targets[0]
    while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
        root = getattr(root, "value", None) or getattr(root, "func", None)
    return isinstance(root, ast.Name) and root.id not in known and root.id in bound_names(new)


def bound_names(source: bytes) -> set[str]:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    names = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
    return names | {one.node.name for one in definitions(ast.parse(source).body) if not one.owner}


def module_doc(old: bytes, new: bytes) -> list[dict]:
    texts = [ast.get_docstring(ast.parse(source), False) for source in (old, new)]
    found = {"op": "doc", "qualname": "__doc__", "name": "__doc__", "scope": "", "old": None, "new": [1, 1], "aspects": []}
    return [found] if texts[0] != texts[1] else []


def told_statements(source: bytes, own: dict, other: dict) -> dict:
    """Statements that are neither doc strings nor `pass` nor in a class that only one of the sources has."""
    both = {key for key in own if key in other and isinstance(other[key].node, ast.ClassDef)}
    classes = {".".join(key[:-1]) for key in own if isinstance(own[key].node, ast.ClassDef) and key not in both}
    found = {}
    for statement in statements(ast.parse(source).body):
        is_text = isinstance(statement.node, ast.Expr) and isinstance(statement.node.value, ast.Constant)
        if not is_text and not isinstance(statement.node, ast.Pass) and statement.scope not in classes:
            found[statement.key] = statement
    return found


def imported(statement: Statement) -> list[str]:
    return [(alias.asname or alias.name).split(".")[0] for alias in statement.node.names]


def counterpart(statement: Statement, gone: dict) -> Statement | None:
    """A statement without a name that this one replaces."""
    for key, old in gone.items():
        if not old.name and (old.scope, type(old.node)) == (statement.scope, type(statement.node)):
            return gone.pop(key)
    return None


def header_changes(old: bytes, new: bytes) -> list[dict]:
    """Compound statements whose condition is new, with definitions in them."""
    known = {ast.dump(node.test) for node in ast.walk(ast.parse(old)) if isinstance(node, ast.If)}
    return [
        statement_entry("keep", Statement(node, "", False), None)
        for node in ast.parse(new).body
        if isinstance(node, ast.If) and ast.dump(node.test) not in known and isinstance(node.body[0], FUNCTIONS)
    ]


def is_overwritten(definition: Definition, old: list, new: list) -> bool:
    """Whether a statement that did not change binds its name after it."""
    for name in definition.owner:
        old, new = ([s for c in body if isinstance(c, ast.ClassDef) and c.name == name for s in c.body] for body in (old, new))
    former = {dump(statement) for statement in old}
    later = [s for s in new if isinstance(s, ast.Assign) and s.lineno > definition.node.lineno and dump(s) in former]
    return any(isinstance(t, ast.Name) and t.id == definition.node.name for s in later for t in s.targets)


def statement_entry(operation: str, now: Statement | None, was: Statement | None) -> dict:
    either = now or was
    return {
        "op": operation,
        "qualname": either.name,
        "name": either.name,
        "scope": either.scope,
        "conditional": either.conditional,
        "old": [was.node.lineno, was.node.end_lineno] if was else None,
        "new": [now.node.lineno, now.node.end_lineno] if now else None,
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


def around(path: str, module: str, source: bytes, changes: list[dict]) -> dict:
    """The statements of a file that did not change, as the product hands them to the twin; stands in for Surroundings."""
    touched = {(one["scope"], one["new"][0]) for one in changes if "scope" in one and one["new"]}
    found = {"path": path, "modules": [module], "statements": [], "stale": []}
    for one in changes:
        if one["op"] == "keep" and one.get("name"):
            found["stale"].append([[part for part in one["scope"].split(".") if part], one["name"]])
    for statement in statements(ast.parse(source).body):
        node = statement.node
        if isinstance(node, TOLD) and (statement.scope, node.lineno) not in touched:
            text = ast.get_source_segment(source.decode(), node).encode()
            found["statements"].append([node.lineno, [part for part in statement.scope.split(".") if part], text])
    loops = [node for node in ast.parse(source).body if isinstance(node, ast.For) and ("", node.lineno) not in touched]
    for node in loops:
        found["statements"].append([node.lineno, [], ast.get_source_segment(source.decode(), node).encode()])
    for either in definitions(ast.parse(source).body):
        if not any(part == "<locals>" for part in either.owner):
            text = header_text(either.node).encode()
            found["statements"].append([either.node.lineno, list(either.owner), text])
    return found


def header_text(node: ast.AST) -> str:
    """The definition without its body."""
    bare = copy.copy(node)
    bare.body = [ast.Pass()]
    return ast.unparse(bare)


TOLD = (ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
