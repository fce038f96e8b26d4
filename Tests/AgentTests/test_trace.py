"""The tree of a call is what ran below it, nothing else; and no profile function is left, whatever ends the trace."""

from __future__ import annotations

import time

import pytest
from lab import Agent, program_source
from test_bodies import LOOP
from test_probe import Watching

SHOP = '''
import asyncio, json, sys, threading, time

def leaf(i):
    return i + 1

def quick(i):
    return leaf(i) + len("abc")

def slow():
    time.sleep(0.02)

def boom(key):
    raise KeyError(key)

def root(n):
    total = 0
    for i in range(n):
        total += quick(i)
    total += quick(n)
    slow()
    try:
        boom("x")
    except KeyError:
        leaf(0)
    try:
        int("x")
    except ValueError:
        leaf(0)
    return total

def failing():
    return boom("y")

def nested():
    try:
        boom("a")
    except KeyError:
        try:
            [].pop()
        except IndexError:
            pass
        leaf(1)
        try:
            {}["a"]
            {}.popitem()
        except KeyError:
            leaf(2)
        try:
            {}.popitem()
        except KeyError:
            leaf(3)
    return 1

def numbers(n):
    for i in range(n):
        yield leaf(i)

def consume():
    return [sum(numbers(3)), sum(numbers(2)), next(numbers(5))]

def spread(n):
    for i in range(n):
        yield leaf(i)

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

class Cart:
    rate = 5
    @property
    def tax(self):
        return leaf(self.rate)
    def __add__(self, other):
        return quick(1)
    def total(self):
        return self.tax + (self + 1) + sorted([3, 1], key=leaf)[0]

async def pause(n):
    quick(n)
    await asyncio.sleep(n)
    leaf(n)

async def fetch(n):
    await pause(n)
    quick(1)
    for number in numbers(2):
        pass
    await asyncio.sleep(n)
    return 5

async def busy(until):
    while not until():
        quick(2)
        await asyncio.sleep(0)

async def both(n):
    work = asyncio.ensure_future(fetch(n))
    await busy(work.done)
    return work.result()

async def cancelled():
    work = asyncio.ensure_future(fetch(5))
    await asyncio.sleep(0.01)
    work.cancel()
    try:
        await work
    except asyncio.CancelledError:
        return "cancelled"

def own_profile(frame, event, value):
    pass

def profiled(function, *values):
    sys.setprofile(own_profile)
    try:
        return function(*values), sys.getprofile() is own_profile
    finally:
        sys.setprofile(None)

def replacing():
    sys.setprofile(own_profile)
    leaf(1)
    return 1

def waits(event):
    leaf(1)
    event.wait(10)
    leaf(2)

def in_thread(function, *values):
    found = []
    def run():
        found.append(function(*values))
        found.append(sys.getprofile())
    thread = threading.Thread(target=run)
    thread.start()
    return thread, found

started = {}

def begin():
    event = threading.Event()
    started["last"] = (event, *in_thread(waits, event))

def many(event):
    while not event.is_set():
        assert quick(1) == 5

def begin_many():
    event = threading.Event()
    started["last"] = (event, *in_thread(many, event))

def end():
    event, thread, found = started["last"]
    event.set()
    thread.join()
    return found

def profile():
    return sys.getprofile()
'''


@pytest.fixture
def tracing(start: object) -> Watching:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHOP})
    found = Watching(session)
    # What the loader says of audit hooks: none.
    found.program = found.twin.ask(("program", program_source("observer") + b"\nH = 0\n"))[1]
    yield found
    found.agent.close()
    assert session.say("shop.profile()") == "None"
    assert session.say("shop.root.__code__.co_consts[-1:] != () and shop.root(3)") == "22"


def trace(tracing: Watching, function: str, **options: object) -> None:
    facts = {"depth": 0, "folds": True, "least": 0, "over": 0.0, **options}
    assert tracing.start(function, trace=facts, budget=1000.0)["installed"] == 1


def traces(tracing: Watching) -> list:
    return tracing.drain()["results"]


def told_in_the_end(tracing: Watching, call: str) -> dict:
    """The trace of a call that takes longer than the lease where the machine is busy."""
    tracing.say(call)
    for _ in range(600):
        found = traces(tracing)
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("the call has not ended")


def rows(result: dict) -> list:
    """(depth, name without the module, kind, count, exception) of each row."""
    texts = result["trace"]["texts"]
    return [
        (row[0], texts[row[1]].split(".", 1)[-1] if row[0] > 1 and texts[row[1]].startswith("shop.") else texts[row[1]],
         texts[row[5]], row[7], texts[row[8]])
        for row in result["trace"]["rows"]
    ]  # fmt: skip


def names(result: dict) -> list:
    return [(depth, name.split(".")[-1], count) for depth, name, _, count, _ in rows(result)]


def times(result: dict) -> dict:
    """Milliseconds of the row with this name."""
    texts = result["trace"]["texts"]
    return {texts[row[1]].split(".")[-1]: row[6] / 1e6 for row in result["trace"]["rows"]}


def test_equal_siblings_are_one_row(tracing: Watching) -> None:
    trace(tracing, "root")
    assert tracing.say("shop.root(100)") == str(sum(i + 4 for i in range(101)))
    (result,) = traces(tracing)
    assert rows(result) == [
        (1, "shop.root", "python", 1, ""),
        (2, "quick", "python", 101, ""),
        (3, "leaf", "python", 101, ""),
        (3, "len", "c", 101, ""),
        (2, "slow", "python", 1, ""),
        (3, "time.sleep", "c", 1, ""),
        (2, "boom", "python", 1, "KeyError"),
        (2, "leaf", "python", 2, ""),
    ]
    texts, packed = result["trace"]["texts"], result["trace"]["rows"]
    assert texts[packed[1][2]].endswith("shop.py") and texts[packed[5][2]] == ""
    lines = SHOP.splitlines()
    assert packed[4][3:5] == (lines.index("def slow():") + 1, lines.index("    slow()") + 1)
    assert packed[1][4] == 0  # from two lines
    found = times(result)
    assert 19 < found["sleep"] <= found["slow"] <= found["root"] < 30_000
    assert result["trace"]["cut"] == "" and result["trace"]["cpu"] < found["root"]


def test_rows_stay_single_and_have_a_depth(tracing: Watching) -> None:
    trace(tracing, "root", folds=False, depth=2)
    tracing.say("shop.root(3)")
    assert names(traces(tracing)[0]) == [
        (1, "root", 1), *[(2, "quick", 1)] * 4, (2, "slow", 1), (2, "boom", 1), (2, "leaf", 1), (2, "leaf", 1),
    ]  # fmt: skip
    found = []
    for _ in range(3):  # the scheduler may have stopped another call for as long as what waits, 20 ms
        trace(tracing, "root", folds=False, least=19_000_000)
        tracing.say("shop.root(3)")
        found.append(names(traces(tracing)[0]))
    assert [(1, "root", 1), (2, "slow", 1), (3, "sleep", 1)] in found
    trace(tracing, "root", over=1000.0)
    tracing.say("shop.root(3)")
    assert traces(tracing) == []


def test_generators_recursion_and_what_c_calls(tracing: Watching) -> None:
    trace(tracing, "consume")
    assert tracing.say("shop.consume()") == "[6, 3, 1]"
    got = names(traces(tracing)[0])
    inner = [row for row in got if row[1] in ("numbers", "sum", "next")]
    assert inner == [(2, "sum", 2), (3, "numbers", 2), (2, "next", 1), (3, "numbers", 1)]
    trace(tracing, "fib")
    assert tracing.say("shop.fib(4)") == "3"
    assert names(traces(tracing)[0]) == [(1, "fib", 1), (2, "fib", 2), (3, "fib", 4), (4, "fib", 2)]
    trace(tracing, "Cart.total")
    assert tracing.say("shop.Cart().total()") == "12"
    got = names(traces(tracing)[0])
    assert got == [
        (1, "total", 1), (2, "tax", 1), (3, "leaf", 1), (2, "__add__", 1), (3, "quick", 1), (4, "leaf", 1), (4, "len", 1),
        (2, "sorted", 1), (3, "leaf", 2),
    ]  # fmt: skip


def test_exceptions_end_rows_and_traces(tracing: Watching) -> None:
    trace(tracing, "failing")
    assert "KeyError" in tracing.say("shop.failing()")
    (result,) = traces(tracing)
    assert result["exception"][0] == "KeyError" and not result["ok"]
    assert [(depth, raised) for depth, _, _, _, raised in rows(result)] == [(1, ""), (2, "KeyError")]
    trace(tracing, "nested")
    assert tracing.say("shop.nested()") == "1"
    got = [(name, raised) for _, name, _, _, raised in rows(traces(tracing)[0])[1:]]
    assert got == [("boom", "KeyError"), ("list.pop", "?"), ("leaf", ""), ("dict.popitem", "KeyError")]
    assert tracing.say("shop.profile()") == "None"


def test_waiting_is_a_row_and_other_tasks_stay_out(tracing: Watching) -> None:
    trace(tracing, "fetch")
    assert tracing.say("shop.asyncio.run(shop.both(0.05))") == "5"
    (result,) = traces(tracing)
    got = names(result)
    assert [row for row in got if row[0] == 2] == [
        (2, "pause", 1), (2, "quick", 1), (2, "numbers", 1), (2, "sleep", 1),
    ]  # fmt: skip
    assert [row for row in got if row[1] == "await"] == [(4, "await", 1), (3, "await", 1)]
    assert (3, "quick", 1) in got and (3, "leaf", 1) in got
    texts, found = result["trace"]["texts"], {}
    for row in result["trace"]["rows"]:
        found.setdefault(texts[row[1]].split(".")[-1], []).append(row[6] / 1e6)
    assert 98 <= found["fetch"][0] < 30_000 and 49 <= found["pause"][0] <= found["fetch"][0] - 49
    assert all(5 <= ms <= found["fetch"][0] for ms in found["await"])  # where the machine is busy it begins late


def test_a_cancelled_call_is_traced_to_its_end(tracing: Watching) -> None:
    trace(tracing, "fetch")
    assert tracing.say("shop.asyncio.run(shop.cancelled())") == "'cancelled'"
    (result,) = traces(tracing)
    assert result["exception"][0] == "CancelledError"
    assert (2, "pause", 1) in names(result)


def test_generators_wait_for_who_asks_them(tracing: Watching) -> None:
    trace(tracing, "spread")
    assert tracing.say("[shop.quick(n) for n in shop.spread(3)]") == "[5, 6, 7]"
    (result,) = traces(tracing)
    assert names(result) == [(1, "spread", 1), (2, "leaf", 3), (2, "yield", 3)]


def test_a_profile_function_of_the_program_stays(tracing: Watching) -> None:
    trace(tracing, "root")
    assert tracing.say("shop.profiled(shop.root, 3)") == "(22, True)"
    (result,) = traces(tracing)
    assert (names(result), result["trace"]["cut"]) == ([(1, "root", 1)], "profiled")
    trace(tracing, "replacing")
    assert tracing.say("shop.replacing() and shop.profile() is shop.own_profile") == "True"
    assert tracing.say("shop.sys.setprofile(None)") == "None"
    assert traces(tracing)[0]["trace"]["cut"] == "lost"


def test_the_end_of_the_tool_ends_a_trace_under_way(tracing: Watching) -> None:
    trace(tracing, "waits")
    tracing.say("shop.begin()")
    time.sleep(3.3)  # nobody asks: the lease is over
    assert tracing.say("shop.end()") == "[None, None]"
    assert tracing.say("shop.leaf(1)") == "2"
    trace(tracing, "waits")
    tracing.say("shop.begin()")
    assert tracing.stop()["restored"]
    assert tracing.say("shop.end()") == "[None, None]"


def test_a_call_under_way_ends_in_peace_when_the_agent_has_left(tracing: Watching) -> None:
    for function, call in (("waits", "shop.begin()"), ("quick", "shop.begin_many()")):
        trace(tracing, function)
        tracing.say(call)
        time.sleep(0.2)
        tracing.agent.close()
        time.sleep(0.2)
        assert tracing.say("shop.end()") == "[None, None]"
        tracing.agent = Agent(tracing.session.target.folder, tracing.twin)


def test_rows_and_events_have_bounds(tracing: Watching) -> None:
    trace(tracing, "root", folds=False)
    result = told_in_the_end(tracing, "shop.in_thread(shop.root, 4000) and 1")
    assert (len(result["trace"]["rows"]), result["trace"]["cut"]) == (10_000, "rows")
    trace(tracing, "root")
    result = told_in_the_end(tracing, "shop.in_thread(shop.root, 100_000) and 1")
    assert result["trace"]["cut"] == "events"
    assert result["ok"] and times(result)["quick"] < result["ms"]


def test_where_all_code_changes_traces_are_rare(tracing: Watching) -> None:
    trace(tracing, "fib")
    tracing.say("[shop.fib(1) for _ in range(20)] and 1")
    answer = tracing.drain()
    is_rare = tracing.say("shop.sys.version_info >= (3, 12)") == "True"
    assert (answer["calls"], len(answer["results"])) == (20, 1 if is_rare else 20)
