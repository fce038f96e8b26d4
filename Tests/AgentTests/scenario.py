"""Edit scenarios as text: sources with marked lines, what to ask the program, which reasons the reply names.

    # Topic
    Prose for docs/what-reloads.md.

    == A sentence that says what the edit is
    % python 3.10              only from that version on; `% python <3.12` below; `% strict`, `% force`, `% keep-caches`:
                               options; `% alone`: needs a process of its own; `% example`: shown in the docs
      line of every version
    - line of version 1
    + line of versions 2 and 3
    ~ line of version 2        with `~`, `^` or `*` there are two saves
    ^ line of versions 1 and 3
    * line of version 3
    @ other.py                 a further file; the first is shop.py; they import each other as `from . import other`
    : held = price             run in the program before the first save; names of shop.py are visible
    ? price(2) => 2 => 3       an expression and its repr before, after the first save (and after the second)
    ! live-value-kept          reason ids of the last reply, or `rejected` and an id; the first one's after `!1`
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "scenarios"
FRAMEWORKS = Path(__file__).parent / "frameworks"  # run by the end-to-end tests only: they have the packages
VERSIONS = {"  ": (1, 2, 3), "- ": (1,), "+ ": (2, 3), "~ ": (2,), "^ ": (1, 3), "* ": (3,)}


class Scenario:
    def __init__(self, topic: str, title: str) -> None:
        self.topic = topic
        self.title = title
        self.lines: dict[str, list[tuple[str, str]]] = {"shop.py": []}
        self.file = "shop.py"
        self.flags: dict[str, str] = {}
        self.preparation: list[str] = []
        self.questions: list[list[str]] = []
        self.reasons: dict[int, list[str]] = {}

    def read(self, line: str) -> None:
        mark, rest = line.ljust(2)[:2], line[2:]
        if mark == "% ":
            name, _, value = rest.partition(" ")
            self.flags[name] = value
        elif mark == "@ ":
            self.file = rest
            self.lines[rest] = []
        elif mark == ": ":
            self.preparation.append(rest)
        elif mark == "? ":
            self.questions.append(rest.split(" => "))
        elif mark[0] == "!":
            step = 1 if mark == "!1" else self.saves
            self.reasons[step] = line[2:].split()
        else:
            assert mark in VERSIONS, line
            self.lines[self.file].append((mark, rest))

    @property
    def saves(self) -> int:
        marks = {mark for lines in self.lines.values() for mark, _ in lines}
        return 2 if marks & {"~ ", "^ ", "* "} else 1

    def source(self, file: str, version: int) -> str:
        lines = [text for mark, text in self.lines[file] if version in VERSIONS[mark]]
        while lines and not lines[-1]:
            lines.pop()
        return "".join(line + "\n" for line in lines)

    def changed(self, version: int) -> dict[str, str]:
        """The files that the save to `version` writes."""
        files = {file: self.source(file, version) for file in self.lines}
        return {file: text for file, text in files.items() if text != self.source(file, version - 1)}

    def runs_on(self, version: tuple[int, ...]) -> bool:
        wanted = self.flags.get("python", "3.8")
        bound = tuple(int(part) for part in wanted.strip("<").split("."))
        return version < bound if wanted.startswith("<") else version >= bound

    def expected(self, save: int) -> list[str]:
        return self.reasons.get(save, [])


def read(path: Path) -> tuple[str, list[Scenario]]:
    """A topic's prose and its scenarios."""
    topic = ""
    prose: list[str] = []
    found: list[Scenario] = []
    for line in path.read_text().splitlines():
        if line.startswith("# "):
            topic = line[2:]
        elif line.startswith("== "):
            found.append(Scenario(topic, line[3:]))
        elif found:
            found[-1].read(line if line else "  ")
        else:
            prose.append(line)
    return "\n".join(prose).strip(), found


def all_scenarios() -> list[Scenario]:
    return [scenario for path in sorted(FOLDER.glob("*.txt")) for scenario in read(path)[1]]


def slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
