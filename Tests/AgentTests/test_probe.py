"""Watched functions behave as they did, what they do is told, and every way out of a watch gives the first code back."""

from __future__ import annotations

import marshal
import time

import pytest
from lab import Agent, Session, program_source
from test_bodies import LOOP

SHOP = '''
import os, sys, threading

def plain(a, b=2, *rest, c=3, **more):
    """Doc."""
    if a == 0:
        return
    if a < 0:
        raise ValueError("no %d" % a)
    for n in range(3):
        try:
            if n == 1:
                return a + b + c
        finally:
            rest += (n,)

def generate(count):
    for number in range(count):
        got = yield number
        if got:
            return got

async def wait(n):
    return n * 2

def outer(x):
    def inner(y):
        return x + y
    return inner(1)

def deep(n):
    return n if n == 0 else deep(n - 1) + 1

def careful():
    return sorted(locals())

def handled():
    try:
        raise KeyError("inside")
    except KeyError:
        return "handled"

class Base:
    def name(self):
        return "base"

class Cart(Base):
    rate = 5
    def __init__(self, total):
        self.total = total
        self.__secret = 1
    def name(self):
        return "cart of " + super().name()
    @property
    def tax(self):
        return self.total * self.rate
    @classmethod
    def make(cls, total):
        return cls(total)
    @staticmethod
    def add(a, b):
        return a + b

def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value

def caught(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, error.args, error.__traceback__.tb_next.tb_lineno

codes = {f.__qualname__: f.__code__ for f in (plain, generate, wait, outer, deep, handled, Cart.name, Cart.add)}

def changed():
    live = (plain, generate, wait, outer, deep, handled, Cart.name, Cart.add)
    return [f.__qualname__ for f in live if f.__code__ is not codes[f.__qualname__]]

def forked():
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        import time
        time.sleep(3.2)
        deep(1)
        os.write(writer, repr(changed()).encode())
        os._exit(0)
    os.close(writer)
    text = os.read(reader, 1000).decode()
    os.close(reader)
    return text, os.waitpid(pid, 0)[1]
'''


class Watching:
    """An agent with the observer, and one probe."""

    def __init__(self, session: Session) -> None:
        self.session, self.twin = session, session.twin
        self.program = self.twin.ask(("program", program_source("observer")))[1]
        self.agent = Agent(session.target.folder, session.twin)
        self.refused = []

    def look(self, kind: str, facts: object) -> dict:
        name, answer = self.agent.ask(marshal.dumps(("look", self.program, kind, facts), 2))
        assert (name, self.agent.end()) == ("look", None), answer
        return answer

    def start(self, *functions: str, **options: object) -> dict:
        facts = {
            "id": 1, "filter": None, "late": False, "expressions": [], "only_errors": False, "before": False,
            "callers": 0, "limit": -1, "budget": 1.0, "depth": 1, "verbose": False, "redact": True, "raw": False,
            "allow_calls": False, "trace": None, "counts": False, **options,
        }  # fmt: skip
        path = self.session.path("shop.py")
        source = self.session.target.files["shop.py"]
        file = {"path": path, "paths": [path], "modules": ["shop"], "source": source, "functions": list(functions)}
        kind, content, self.refused, *rest = self.twin.ask(("probe", [file], facts))
        if kind == "refused":
            return {"refused": [content, self.refused, *rest]}
        assert kind == "probe", content
        return self.look("probe", content)

    def drain(self) -> dict:
        return self.look("drain", {"id": 1})

    def stop(self) -> dict:
        return self.look("unprobe", {"id": 1})

    def say(self, text: str) -> str:
        return self.session.say(text)


@pytest.fixture
def watching(start: object) -> Watching:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHOP})
    found = Watching(session)
    yield found
    found.agent.close()
    assert session.say("shop.changed()") == "[]"


CALLS = (
    "shop.plain(1)", "shop.plain(1, 5, 6, 7, c=8, d=9)", "shop.plain(0)", "shop.caught(shop.plain, -1)",
    "list(shop.generate(3))", "next(shop.generate(3))", "shop.run(shop.wait(4))", "shop.outer(3)", "shop.deep(40)",
    "shop.handled()", "shop.Cart(7).name()", "shop.Cart(7).tax", "shop.Cart.make(3).total", "shop.Cart.add(1, 2)",
    "shop.Cart(1)._Cart__secret", "shop.plain.__doc__", "shop.caught(shop.plain)", "shop.deep.__code__.co_firstlineno",
    "shop.generate.__code__.co_flags & 32", "shop.plain.__code__.co_varnames[:5]",
)  # fmt: skip
FUNCTIONS = (
    "plain", "generate", "wait", "outer", "deep", "handled", "Cart.name", "Cart.make", "Cart.add", "Cart.__init__",
)  # fmt: skip


def test_watched_functions_do_what_they_did(watching: Watching) -> None:
    plain = [watching.say(call) for call in CALLS]
    assert watching.start(*FUNCTIONS)["installed"] == len(FUNCTIONS)
    assert [watching.say(call) for call in CALLS] == plain
    assert watching.stop()["restored"]
    assert [watching.say(call) for call in CALLS] == plain


def test_calls_are_told(watching: Watching) -> None:
    watching.start("plain", "Cart.name", "Cart.add", "wait", "generate")
    for call in ("shop.plain(1, 4)", "shop.caught(shop.plain, -5)", "shop.Cart(7).name()", "shop.Cart.add('a', 'b')",
                 "shop.run(shop.wait(4))", "list(shop.generate(2))", "next(shop.generate(2))", "shop.plain(0)"):  # fmt: skip
        watching.say(call)
    answer = watching.drain()
    told = [(r["name"], r["arguments"], r["ok"], r["result"]) for r in answer["results"]]
    rest = [["rest", "()"], ["c", "3"], ["more", "{}"]]
    assert told == [
        ("shop.plain", [["a", "1"], ["b", "4"], *rest], True, "8"),
        ("shop.plain", [["a", "-5"], ["b", "2"], *rest], False, ""),
        ("shop.Cart.name", [["self", "<Cart>"]], True, '"cart of base"'),
        ("shop.Cart.add", [["a", '"a"'], ["b", '"b"']], True, '"ab"'),
        ("shop.wait", [["n", "4"]], True, "8"),
        ("shop.generate", [["count", "2"]], True, "None"),
        ("shop.plain", [["a", "0"], ["b", "2"], *rest], True, "None"),
    ]
    assert [r["yielded"] for r in answer["results"]] == [0, 0, 0, 0, 0, 2, 0]
    name, text, path, line = answer["results"][1]["exception"]
    assert (name, text, line) == (
        "ValueError",
        "no -5",
        SHOP.splitlines().index('        raise ValueError("no %d" % a)') + 1,
    )
    assert all(r["ms"] >= 0 and r["thread"] == "MainThread" for r in answer["results"])
    assert (answer["calls"], answer["passed"], answer["dropped"], answer["failures"]) == (8, 7, 0, 0)


def test_filters_and_expressions(watching: Watching) -> None:
    watching.start("plain", filter="a > 2", expressions=["return_obj * 2", "args[9]"])
    watching.say("[shop.plain(n) for n in range(5)]")
    answer = watching.drain()
    assert [r["values"][0] for r in answer["results"]] == [
        ["return_obj * 2", "<class 'int'>", "16"], ["return_obj * 2", "<class 'int'>", "18"],
    ]  # fmt: skip
    assert answer["results"][0]["values"][1][1:] == ["", "IndexError: tuple index out of range"]
    assert (answer["calls"], answer["passed"]) == (5, 2)
    watching.start("plain", filter="return_obj == 7")
    watching.say("[shop.plain(n) for n in range(5)]")
    assert [r["arguments"][0] for r in watching.drain()["results"]] == [["a", "2"]]
    watching.start("plain", filter="a.missing")
    assert watching.say("shop.plain(1)") == "6"
    assert "AttributeError" in watching.drain()["results"][0]["filter_failed"]
    refused = watching.start("plain", filter="run(a)")["refused"]
    assert refused == ["expression-refused", "run(a) calls code of the program; add --allow-calls", "run(a)"]
    assert watching.start("plain", expressions=["args["])["refused"][0] == "expression-failed"
    watching.start("plain", only_errors=True)
    watching.say("[shop.caught(shop.plain, n) for n in (1, -1, 2)]")
    assert [r["ok"] for r in watching.drain()["results"]] == [False]


def test_a_limit_ends_the_watch_in_the_process_itself(watching: Watching) -> None:
    watching.start("plain", limit=2)
    watching.say("[shop.plain(n) for n in range(5)]")
    assert watching.say("shop.changed()") == "[]"
    assert len(watching.drain()["results"]) == 2
    assert watching.say("shop.changed()") == "[]"


def test_only_the_times_of_calls_are_kept_where_nothing_else_is_wanted(watching: Watching) -> None:
    watching.start("plain", "deep", counts=True, filter="target is None", expressions=["a"])
    watching.say("[shop.caught(shop.plain, n) for n in (1, -1, 2)]")
    answer = watching.drain()
    assert (answer["results"], answer["passed"]) == ([], 3)
    [(name, returned, raised)] = answer["costs"]
    assert (name, len(returned), len(raised)) == ("shop.plain", 2, 1)
    assert all(type(cost) is float and 0 < cost < 1000 for cost in returned + raised)
    assert watching.drain()["costs"] == []
    watching.start("deep", counts=True, budget=1000.0)
    watching.say("[shop.deep(0) for n in range(20500)] and 1")
    answer = watching.stop()
    assert (len(answer["costs"][0][1]), answer["dropped"]) == (20000, 500)


def test_results_have_bounds(watching: Watching) -> None:
    watching.start("deep", budget=1000.0)
    watching.say("[shop.deep(0) for n in range(1500)] and 1")
    answer = watching.drain()
    assert (len(answer["results"]), answer["dropped"]) == (1000, 500)


def test_a_budget_is_kept(watching: Watching) -> None:
    watching.start("deep", budget=0.0001)
    # On a busy machine little of a second may be the calls' own.
    answers = (watching.say("[shop.deep(100) for n in range(300)] and 1") and watching.drain() for _ in range(10))
    assert any(answer["over"] for answer in answers)
    assert watching.say("shop.changed()") == "[]"


def test_a_lease_that_nobody_renews_heals_itself(watching: Watching) -> None:
    watching.start("deep", "plain")
    assert watching.say("shop.changed()") == "['plain', 'deep']"
    time.sleep(3.2)
    assert watching.say("shop.deep(3)") == "3"
    assert watching.say("shop.changed()") == "[]"
    watching.drain()
    assert watching.say("shop.changed()") == "['plain', 'deep']"


def test_children_of_a_fork_heal_themselves(watching: Watching) -> None:
    watching.start("deep")
    assert watching.say("shop.forked()") == "('[]', 0)"


def test_a_save_finds_the_first_code_and_ends_the_watch(watching: Watching) -> None:
    watching.start("plain", "deep")
    edited = SHOP.replace("return a + b + c", "return a + b + c + 100")
    kind, content, *_ = watching.session.request({"shop.py": edited})
    reply = watching.agent.ask(content)
    assert (reply[0], reply[1]["rejected"], watching.agent.end()[0]) == ("patch", None, "done")
    assert watching.say("shop.plain(1)") == "106"
    assert watching.drain() == {"gone": True}
    watching.start("plain")
    watching.say("shop.plain(1)")
    assert [r["result"] for r in watching.drain()["results"]] == ["106"]
    watching.stop()
    watching.say("shop.codes.update(plain=shop.plain.__code__)")


def test_what_cannot_be_watched_is_named(watching: Watching) -> None:
    answer = watching.start("careful", "nothing", "Base", "plain")
    assert answer["installed"] == 1
    assert [name for name, _ in watching.refused] == ["careful", "nothing", "Base"]
    assert "locals" in watching.refused[0][1]
    watching.say("setattr(shop.deep, '__code__', shop.plain.__code__)")
    assert watching.start("deep") == {"failed": [["shop.deep", "drifted"]], "installed": 0}
    watching.say("setattr(shop.deep, '__code__', shop.codes['deep'])")


def test_callers_and_values_before_the_body(watching: Watching) -> None:
    watching.start("deep", callers=2, limit=1)
    watching.say("shop.outer and shop.deep(0)")
    assert watching.drain()["results"][0]["callers"][0][0] == "<module>"
    watching.start("plain", before=True)
    watching.say("shop.plain(1)")
    assert watching.drain()["results"][0]["arguments"][2] == ["rest", "()"]


def test_fifty_functions_at_once(start: object) -> None:
    names = [f"f{number}" for number in range(50)]
    source = "".join(f"def {name}(value, other=2):\n    return value * other + {name[1:]}\n\n" for name in names)
    # Most of the time is for the file, which is compiled once, not for its functions.
    source += "".join(f"def other{number}(value):\n    return [value, {number}]\n\n" for number in range(1000))
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": source})
    watching = Watching(session)
    calls = "[getattr(shop, 'f%d' % n)(n) for n in range(50)]"
    codes = "[getattr(shop, 'f%d' % n).__code__ for n in range(50)]"
    plain = watching.say(calls)
    watching.say(f"setattr(shop, 'first', {codes})")
    took = []
    for functions in (names[:1], names[:1], names, names[:1], names):  # the first one brings the observer
        began = time.monotonic()
        assert watching.start(*functions)["installed"] == len(functions)
        took.append(time.monotonic() - began)
        assert watching.say(calls) == plain
        answer = watching.drain()
        told = {row["name"] for row in answer["results"]}
        assert answer["calls"] == len(functions) and told == {"shop." + name for name in functions}
        assert watching.stop()["restored"]
    assert watching.say(f"all([a is b for a, b in zip(shop.first, {codes})])") == "True"
    watching.agent.close()
    assert min(took[2], took[4]) < 10 * max(took[1], took[3]), took
