"""Interpreters to test under: those that scripts/interpreters finds."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from lab import ROOT, Session, Target, Twin


def interpreters() -> list[str]:
    """Without one this raises: no test would run, and nothing would fail."""
    search = str(ROOT / "scripts" / "interpreters")
    found = subprocess.run([sys.executable, search], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split(" ", 1)[1] for line in found.splitlines()]


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
