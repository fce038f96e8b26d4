"""docs/protocols.md says what twin and agent send each other: the unit's keys, the requests, the kinds of frames."""

from __future__ import annotations

import ast
import json
import re
import subprocess

import edits
from lab import ANSWER, END, EVENT, HEADER, REQUEST, RESOURCES, ROOT, TAKEN, Twin, agent_source

PAGE = (ROOT / "docs" / "protocols.md").read_text()
KINDS = ["function", "define", "delete", "class", "import", "assign", "constant", "annotation", "doc", "block"]
OLD = """'Old.'
LEFT: int = 1
import os
from typing import List
LIMIT = 1
TABLE = {"a": 1}
key = lambda value: value + 1
def changed(a, b=1):
    "Doc."
    return a
def gone():
    return 1
class Kept:
    "Doc."
    size = 1
    def method(self):
        return 1
class Gone:
    pass
"""
NEW = """'New.'
import os
import sys
from typing import List
try:
    import json
except ImportError:
    json = None
LIMIT = 2
TABLE = {"a": 2}
ADDED: int = 3
key = lambda value: value + 2
def changed(a, b=2, *, c: int = 3):
    "Other doc."
    return a + len(sys.argv)
def new(a):
    return a
class Kept(dict):
    "Other doc."
    size = 2
    def method(self):
        return super().__len__()
class New:
    pass
"""
SHOW = """
import json, marshal, sys
_, burst = marshal.loads(sys.stdin.buffer.read())
units = [unit for file in burst["files"] for unit in file["units"]]
units += [inner for unit in units for inner in unit.get("lambdas") or ()]
print(json.dumps([[unit["kind"], {key: type(value).__name__ for key, value in unit.items()}] for unit in units]))
"""


def table(heading: str) -> list[list[str]]:
    """The first table below a heading, without its header."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def documented() -> dict[str, tuple[set, set]]:
    """Of each key of a unit: the kinds that carry it (with ? not always), the types that it may have."""
    rows = {}
    for key, kinds, types, *_ in table("Unit"):
        names = {"NoneType" if name == "None" else name for name in types.split(", ")}
        rows[key.strip("`")] = (set(KINDS) if kinds == "all" else set(kinds.split()), names)
    return rows


def test_the_twin_writes_the_keys_of_the_page(python: str, twin: Twin) -> None:
    changes = [change for change in edits.changes(OLD.encode(), NEW.encode()) if change["op"] != "keep"]
    for number, change in enumerate(changes):
        change["id"] = number
    file = {"path": "/shop.py", "paths": ["/shop.py"], "modules": ["shop"], "changes": changes}
    kind, request, _ = twin.ask(("patch", {"files": [{**file, "old": OLD.encode(), "new": NEW.encode()}]}))
    assert kind == "request"
    shown = subprocess.run([python, "-c", SHOW], input=request, stdout=subprocess.PIPE, check=True).stdout
    rows = documented()
    seen = set()
    for kind, keys in json.loads(shown):
        seen.add(kind)
        always = {key for key, (kinds, _) in rows.items() if kind in kinds}
        sometimes = {key for key, (kinds, _) in rows.items() if kind + "?" in kinds}
        assert (always - set(keys), set(keys) - always - sometimes) == (set(), set()), kind
        for key, found in keys.items():
            assert found in rows[key][1] or rows[key][1] == {"any"}, (kind, key, found)
    assert seen == set(KINDS)


def test_the_agent_reads_only_keys_of_the_page() -> None:
    read = set()
    for node in ast.walk(ast.parse(agent_source())):
        key = None
        if isinstance(node, ast.Subscript):
            key, owner = node.slice, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            key, owner = node.args[0], node.func.value
        if isinstance(key, ast.Constant) and isinstance(owner, ast.Name) and owner.id == "unit":
            read.add(key.value)
    assert "owner" in read
    assert read - set(documented()) == set()


def test_requests_and_kinds_are_those_of_the_page() -> None:
    serve = (RESOURCES / "agent" / "base_serve.py").read_text()
    served = re.findall(r'^    "(\w+)": \w+,$', serve.split("REQUESTS = {")[1].split("}")[0], re.M)
    assert [re.match(r'`\("(\w+)"', row[0]).group(1) for row in table("Agent")] == served
    work = (RESOURCES / "twin" / "twin_work.py").read_text()
    answered = re.findall(r'"(\w+)"', work.split("for name in (")[1].split(")")[0])
    answered += re.findall(r'"(\w+)": answer_', (RESOURCES / "twin" / "twin_observe.py").read_text())
    assert [match.group(1) for row in table("Twin") for match in [re.match(r'`\("(\w+)"', row[0])] if match] == answered
    kinds = re.findall(r"^\| `(\w+)` \| (\d) \|", PAGE, re.M)
    values = {"request": REQUEST, "taken": TAKEN, "answer": ANSWER, "event": EVENT, "end": END}
    assert {name: int(number) for name, number in kinds} == values
    assert f"| {HEADER}– | | content |" in PAGE
    swift = (ROOT / "Sources" / "Reloader" / "Protocol" / "Frame.swift").read_text()
    cases = ", ".join(re.findall(r"^        case ([\w, =]+)$", swift, re.M)).replace(" = 1", "")
    assert cases == ", ".join(values)
    assert f"headerSize = {HEADER}" in swift
    control = (ROOT / "Sources" / "midflight" / "Control" / "ControlWire.swift").read_text()
    known = re.findall(r'case "(\w+)":', control.split("func action(")[1].split("default:")[0])
    named = [name for row in table("Control") for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(known)
