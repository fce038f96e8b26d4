"""The files of agent and twin as the one module that each is."""

from __future__ import annotations

import ast
import collections
import subprocess
import sys

import pytest
from lab import RESOURCES, ROOT, agent_source, program_source, twin_source

PROGRAMS = {
    "agent": agent_source(),
    "agent and observer": agent_source() + b"\n" + program_source("observer"),
    "twin": twin_source(),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_two_files_define_the_same_name(program: str) -> None:
    names = []
    for node in ast.parse(PROGRAMS[program]).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    assert [name for name, count in collections.Counter(names).items() if count > 1] == []


def test_the_observer_imports_nothing() -> None:
    nodes = list(ast.walk(ast.parse(program_source("observer"))))
    assert not any(isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)) for node in nodes)
    assert not any(isinstance(node, ast.Name) and node.id == "print" for node in nodes)


def test_the_agent_imports_only_what_is_always_loaded() -> None:
    tree = ast.parse(agent_source())
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert names == {"_imp", "_thread", "marshal", "posix", "sys"}
    assert not any(isinstance(node, ast.ImportFrom) for node in imports)
    assert not any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree))


SYNTAX = """
import _ast, sys
from twin_syntax import ast as ours, dump
assert not {"ast", "re", "enum"} & set(sys.modules), sys.modules.keys()
import ast as theirs
assert ours.literal_eval("[1]") == [1]
for name in ("ast", "dataclasses", "typing", "enum"):
    text = open(theirs.__file__.replace("ast.py", name + ".py")).read()
    one, other = ours.parse(text), theirs.parse(text)
    pairs = list(zip(ours.walk(one), theirs.walk(other)))
    assert len(pairs) == sum(1 for node in theirs.walk(other)) > 1000
    assert all(type(a) is type(b) and dump(a) == dump(b) for a, b in pairs[1::50])
    assert len({dump(a) for a in one.body}) == len({theirs.dump(b) for b in other.body})
    for a, b in pairs:
        if isinstance(a, (_ast.Module, _ast.ClassDef, _ast.FunctionDef)):
            assert ours.get_docstring(a, False) == theirs.get_docstring(b, False)
        for part in a._attributes if getattr(a, "lineno", 1) % 3 else ():
            delattr(a, part), delattr(b, part)
    ours.fix_missing_locations(one), theirs.fix_missing_locations(other)
    places = [theirs.dump(tree, include_attributes=True) for tree in (one, other)]
    assert places[0] == places[1]
    first, last = one.body[0], one.body[-1]
    assert ours.copy_location(ours.Pass(), last).lineno == theirs.copy_location(theirs.Pass(), last).lineno
assert dump(ours.parse("f(1)")) != dump(ours.parse("f(1.0)")) != dump(ours.parse("f(True)"))
print("same")
"""


def test_the_syntax_of_the_twin_is_that_of_ast_and_imports_nothing(python: str, tmp_path: object) -> None:
    text = (RESOURCES / "twin" / "twin_syntax.py").read_text()
    (tmp_path / "twin_syntax.py").write_text("from __future__ import annotations\nimport _ast\n" + text)
    command = [python, "-S", "-s", "-B", "-c", "import sys; sys.path.insert(0, '.')\n" + SYNTAX]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (answer.stdout, answer.stderr) == ("same\n", "")


@pytest.mark.parametrize("path", sorted(RESOURCES.glob("*/*.py")), ids=lambda path: path.name)
def test_files_stay_small(path: object) -> None:
    assert len(path.read_text().splitlines()) <= 200


def test_the_page_of_what_reloads_is_made_of_the_scenarios() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "what-reloads"), "--check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "up to date\n"
