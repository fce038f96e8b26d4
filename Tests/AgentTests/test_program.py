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


@pytest.mark.parametrize("path", sorted(RESOURCES.glob("*/*.py")), ids=lambda path: path.name)
def test_files_stay_small(path: object) -> None:
    assert len(path.read_text().splitlines()) <= 200


def test_the_page_of_what_reloads_is_made_of_the_scenarios() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "what-reloads"), "--check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "up to date\n"
