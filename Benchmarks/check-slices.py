"""Compares the code object of every slice with the one that the whole file gives, position tables included.

    SourceDiffBenchmark slices DIRECTORY... | python3.X check-slices.py

The interpreter that runs this is the judge. Exit status 1 if a slice differs.
"""

import __future__

import collections
import json
import sys
import warnings
from types import CodeType
from typing import Any, Dict, List, Optional

Found = Dict[str, List[CodeType]]
# Views of other attributes, and what the specialising interpreter changes at run time.
DERIVED = {"co_consts", "co_lines", "co_positions", "co_branches", "co_lnotab", "co_code_adaptive", "_co_code_adaptive"}
ATTRIBUTES = [name for name in dir(CodeType) if name.startswith("co_") and name not in DERIVED]


def difference(left: CodeType, right: CodeType) -> Optional[str]:
    """The first attribute in which two code objects differ, nested ones included; None if they are equal."""
    for name in ATTRIBUTES:
        if getattr(left, name) != getattr(right, name):
            return name
    if len(left.co_consts) != len(right.co_consts):
        return "co_consts"
    for a, b in zip(left.co_consts, right.co_consts):
        if isinstance(a, CodeType) and isinstance(b, CodeType):
            nested = difference(a, b)
            if nested:
                return nested
        elif type(a) is not type(b) or (repr(a) != repr(b) and not (isinstance(a, frozenset) and a == b)):
            return "co_consts"
    return None


def collect(code: CodeType, found: Found) -> Found:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found.setdefault(constant.co_name, []).append(constant)
            collect(constant, found)
    return found


def select(found: Found, head: Dict[str, Any]) -> Optional[CodeType]:
    for code in found.get(head["name"], ()):
        is_there = head["firstLine"] <= code.co_firstlineno <= head["defLine"]
        if is_there and getattr(code, "co_qualname", head["qualname"]) == head["qualname"]:
            return code
    return None


def compiled(source: Any, flags: int = 0) -> Found:
    return collect(compile(source, "file", "exec", flags=flags, dont_inherit=True), {})


def verdict(head: Dict[str, Any], text: bytes, whole: Found) -> str:
    if head["isWholeFile"]:
        return "needs the whole file"
    expected = select(whole, head)
    if expected is None:
        return "not in the whole file's code"
    flags = 0
    for feature in head["features"]:
        flags |= getattr(__future__, feature).compiler_flag
    try:
        actual = select(compiled(text.decode(), flags), head)
    except SyntaxError as error:
        return f"WRONG: {error}"
    if actual is None:
        return "WRONG: no code"
    found = difference(expected, actual)
    return "WRONG: " + found if found else "equal"


def main() -> int:
    warnings.simplefilter("ignore")
    counts = collections.Counter()
    path, whole = None, None
    while True:
        line = sys.stdin.buffer.readline()
        if not line:
            break
        head = json.loads(line)
        text = sys.stdin.buffer.read(head["length"])
        if head["file"] != path:
            path = head["file"]
            try:
                with open(path, "rb") as file:
                    whole = compiled(file.read())
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                whole = None
        if whole is None:
            counts["in files that do not compile"] += 1
            continue
        result = verdict(head, text, whole)
        counts[result.split(":")[0]] += 1
        if result.startswith("WRONG"):
            print(path, head["qualname"], head["firstLine"], result)
    print(sys.version.split()[0], ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    return 1 if counts["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
