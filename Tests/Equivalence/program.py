"""The program whose release is changed under it: imports what it is told, sleeps, and describes itself when asked.

program.py SITE DEPENDENCIES FD: requests on standard input, one JSON array a line; answers on the descriptor FD.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))


def load(names: list[str]) -> list[str]:
    """Imports these modules; returns those that came, in the order of the list."""
    for name in names:
        try:
            importlib.import_module(name)
        except BaseException:  # optional parts of a package need what is not here, some end the process
            continue
    return [name for name in names if name in sys.modules]


def answer(request: list[Any]) -> Any:
    if request[0] == "load":
        return load(request[1])
    if request[0] == "modules":
        return sorted(n for n in list(sys.modules) if n.split(".")[0] in request[1])
    sys.path.insert(0, HERE)
    import graph

    sys.path.remove(HERE)
    return graph.dump(request[1], request[2])


def main() -> None:
    sys.path[:1] = sys.argv[1:3]
    sys.setrecursionlimit(20_000)
    sys.argv[1:] = []
    out = os.fdopen(int(os.environ.pop("EQUIVALENCE_FD")), "w")
    for line in iter(sys.stdin.readline, ""):
        out.write(json.dumps(answer(json.loads(line))) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
