"""Functions that others define, and lines of files: watched, told, and as they were when nobody looks any more."""

from __future__ import annotations

import time

import pytest
from test_bodies import LOOP
from test_probe import Watching

NESTED = '''
import gc, types

def make(n):
    def plain(x):
        return x
    def add(x):
        total = x + n
        return total
    class Box:
        def get(self):
            return n
    return add, Box, plain

def steps(count, secret_token="t"):
    """Doc.

    More."""
    total = 0
    for number in range(count):
        if number == 1:
            total += number
        elif number > 1:
            last = number * 2
            total += last
    return total

def ordered(count):
    other = count
    return sorted(locals())

early, _, plain = make(10)
late = None
codes = {f.__name__: f.__code__ for f in (make, steps)}
code_of_add = early.__code__

def changed():
    live = [f for f in gc.get_referrers(*gc.get_referents(make.__code__.co_consts)) if type(f) is types.FunctionType]
    made = [f.__qualname__ for f in live if ".midflight" in f.__code__.co_varnames]
    return made + [f.__qualname__ for f in (make, steps) if f.__code__ is not codes[f.__name__]]
'''


@pytest.fixture
def nesting(start: object) -> Watching:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": NESTED})
    found = Watching(session)
    yield found
    found.agent.close()
    assert session.say("shop.changed()") == "[]"


def line_of(text: str) -> int:
    return NESTED.splitlines().index(text) + 1


def test_a_nested_function_is_watched_in_all_its_instances(nesting: Watching) -> None:
    assert nesting.start("make.<locals>.add")["installed"] == 2  # the one that makes it, and the one that lives
    assert nesting.say("[shop.early(1), shop.make(20)[0](2), shop.plain(3)]") == "[11, 22, 3]"
    assert nesting.say("shop.make(1)[2].__code__ is shop.plain.__code__") == "True"
    nesting.say("setattr(shop, 'late', shop.make(5)[0])")
    told = [(row["name"], row["arguments"], row["result"]) for row in nesting.drain()["results"]]
    name = "shop.make.<locals>.add"
    assert told == [(name, [["x", "1"]], "11"), (name, [["x", "2"]], "22")]
    assert nesting.stop()["restored"]
    assert nesting.say("[shop.late(1), shop.late.__code__ is shop.code_of_add]") == "[6, True]"
    nesting.start("make.<locals>.Box.get")
    nesting.say("shop.make(4)[1]().get()")
    assert [row["result"] for row in nesting.drain()["results"]] == ["4"]
    nesting.start("make.<locals>.nothing", "steps")
    assert nesting.refused == [["make.<locals>.nothing", "no function nothing in make"]]


def test_functions_that_were_made_during_a_watch_heal_too(nesting: Watching) -> None:
    nesting.start("make.<locals>.add")
    nesting.say("setattr(shop, 'late', shop.make(5)[0])")
    time.sleep(3.2)
    assert nesting.say("shop.late(1)") == "6"
    assert nesting.say("[shop.changed(), shop.late.__code__ is shop.code_of_add]") == "[[], True]"


def test_a_statement_is_told_with_the_variables_that_have_a_value(nesting: Watching) -> None:
    line = line_of("            total += last")
    assert nesting.start(str(line))["installed"] == 1
    assert nesting.say("shop.steps(4)") == "11"
    answer = nesting.drain()
    rows = [["count", "4"], ["secret_token", "‹redacted›"], ["total", "1"], ["number", "2"], ["last", "4"]]
    assert [row["arguments"] for row in answer["results"]][:1] == [rows]
    first = answer["results"][0]
    assert (first["name"], first["line"], first["point"], first["file"][-7:]) == ("shop.steps", line, True, "shop.py")
    assert (answer["calls"], answer["failures"]) == (2, 0)
    nesting.start(str(line_of("        if number == 1:")), filter="number == 2", expressions=["total", "last"])
    assert nesting.say("shop.steps(3)") == "5"
    values = [row["values"] for row in nesting.drain()["results"]]
    assert values == [[["total", "<class 'int'>", "1"], ["last", "", "NameError: name 'last' is not defined"]]]
    nesting.start(str(line_of("        elif number > 1:")), limit=1)
    assert nesting.say("[shop.steps(3), shop.changed()]") == "[5, []]"
    nesting.start(str(line_of("        total = x + n")))
    assert nesting.say("shop.early(1)") == "11"
    assert [row["arguments"] for row in nesting.drain()["results"]] == [[["x", "1"], ["n", "10"]]]


def test_the_line_of_a_def_is_its_function_and_others_are_refused_with_the_next(nesting: Watching) -> None:
    nesting.start(str(line_of("    def add(x):")))
    nesting.say("shop.early(1)")
    assert [row["result"] for row in nesting.drain()["results"]] == ["11"]
    doc = line_of('    """Doc.')
    for wanted, message in ((1, "line 1 is in no function"), (doc, f"no statement begins in line {doc}; the next is")):
        assert nesting.start(str(wanted))["installed"] == 0
        assert nesting.refused[0][1].startswith(message)


def test_a_line_of_a_function_that_looks_at_its_variables_is_refused(nesting: Watching) -> None:
    assert nesting.start(str(line_of("    other = count")))["installed"] == 0
    assert nesting.refused[0][1] == "ordered uses locals, which would see the recorder's names"
    assert nesting.say("shop.ordered(1)") == "['count', 'other']"


SHAPES = '''
def shapes(n, *rest, key=None, **more):
    """Doc."""
    global COUNT
    total = 0
    for number in range(n):
        if number % 2:
            total += number
            continue
        elif number == 4:
            break
        else:
            total -= 1
    else:
        total += 100
    while total > 5:
        total -= 3
    try:
        if n == 3:
            raise KeyError(n)
        total += 1
    except KeyError as error:
        total += len(error.args)
        try:
            raise ValueError from error
        except ValueError as other:
            total += other.__cause__ is error
    finally:
        total *= 2
    with open("/dev/null") as file, open("/dev/null"):
        total += file.fileno() > 0
    squares = [value * value for value in range(n)]
    del number
    def inner(x):
        nonlocal total
        total += x
        return total
    class Box:
        size = total
    import os.path as path, sys
    assert path and sys
    COUNT = n
    (one, *others), two = [squares, total]
    return inner(1), Box.size, one, others, two, rest, key, sorted(more)

def stepping(n):
    got = yield n
    yield from range(got or 1)
    return "end"

async def waiting(n):
    async def once():
        return n
    values = [await once() for _ in range(2)]
    return values

def drive():
    steps = stepping(1)
    found = [next(steps), steps.send(2), *steps]
    try:
        waiting(3).send(None)
    except StopIteration as stop:
        found.append(stop.value)
    return [shapes(5, 6, key=7, a=8), shapes(3), shapes(6), found]

codes = {f.__name__: f.__code__ for f in (shapes, stepping, waiting)}

def changed():
    return [f.__name__ for f in (shapes, stepping, waiting) if f.__code__ is not codes[f.__name__]]
'''


def test_a_point_in_every_line_changes_no_result(start: object) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHAPES})
    watching = Watching(session)
    plain = session.say("shop.drive()")
    seen = 0
    for line in range(2, SHAPES.splitlines().index("def drive():")):
        if not watching.start(str(line))["installed"]:
            told = watching.refused[0][1]
            assert told.startswith("no statement begins in line") or told.endswith("is in no function"), told
            continue
        assert session.say("shop.drive()") == plain, (line, SHAPES.splitlines()[line - 1])
        answer = watching.drain()
        assert answer["failures"] == 0, line
        seen += answer["calls"] > 0
        assert watching.stop()["restored"]
    assert seen > 40, seen
    watching.agent.close()
    assert session.say("shop.changed()") == "[]"
