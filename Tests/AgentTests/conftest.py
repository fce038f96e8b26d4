"""Interpreters to test under: those that MIDFLIGHT_PYTHONS names, else every CPython 3.8+ that is found."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess

import pytest
from lab import Session, Target, Twin


def interpreters() -> list[str]:
    named = os.environ.get("MIDFLIGHT_PYTHONS", "").split()
    if named:
        return named
    found = {}
    homes = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for path in ["/usr/bin/python3", *sorted(glob.glob(homes + "/versions/*/bin/python3"))]:
        if os.path.exists(path):
            question = "import sys; print(sys.implementation.name, sys.version_info >= (3, 8), sys.version.split()[0])"
            answer = subprocess.run([path, "-c", question], capture_output=True, text=True, check=False).stdout.split()
            if answer[:2] == ["cpython", "True"]:
                found[path] = answer[2]
    return list(found)


@pytest.fixture(scope="session", params=interpreters())
def python(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def twin(python: str) -> Twin:
    twin = Twin(python)
    yield twin
    twin.close()


@pytest.fixture
def start(python: str, twin: Twin) -> Session:
    sessions = []

    def start(files: dict[str, str], arguments: tuple = ("main.py",)) -> Session:
        sessions.append(Session(Target(python, files, arguments), twin))
        assert sessions[-1].say("0") == "0"  # everything is imported
        return sessions[-1]

    yield start
    for session in sessions:
        code, errors = session.target.close()
        shutil.rmtree(session.target.folder)
        assert (code, errors) == (0, session.expected_errors)
