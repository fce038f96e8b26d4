"""What tracebacks, inspect, debuggers, coverage and profilers see after a patch, of changed and of moved functions."""

from __future__ import annotations

import marshal

import pytest
from lab import Session
from test_bodies import LOOP

OLD = """
def changed(n):
    return n + 1

def moved(n):
    if n:
        return n
    raise ValueError("zero")

class Cart:
    def total(self):
        return moved(2)
"""
NEW = OLD.replace("    return n + 1", "    n += 1\n\n    n += 1\n    return n").replace("\ndef changed", "\n\n\ndef changed", 1)
TOOLS = """
import bdb, inspect, linecache, sys, traceback
import shop
linecache.getlines(shop.__file__)

def fault():
    try:
        shop.moved(0)
    except ValueError:
        return traceback.format_exc().splitlines()[-2].strip(), sys.exc_info()[2].tb_next.tb_lineno

def traced(call):
    seen = []
    def trace(frame, event, argument):
        if frame.f_code.co_filename == shop.__file__:
            seen.append((event, frame.f_code.co_name, frame.f_lineno))
            return trace
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return [(name, line) for event, name, line in seen if event == "line"]

def profiled(call):
    seen = []
    def profile(frame, event, argument):
        if event == "call" and frame.f_code.co_filename == shop.__file__:
            seen.append((frame.f_code.co_name, frame.f_code.co_firstlineno))
    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(None)
    return seen

class Debugger(bdb.Bdb):
    stops = []
    def user_line(self, frame):
        if frame.f_code.co_filename == shop.__file__:
            self.stops.append((frame.f_code.co_name, frame.f_lineno))
        self.set_continue()

def stopped(line, call):
    debugger = Debugger()
    Debugger.stops = []
    problem = debugger.set_break(shop.__file__, line)
    debugger.runcall(call)
    return problem or Debugger.stops
"""
MONITOR = """
lines = []
monitoring = sys.monitoring
monitoring.use_tool_id(monitoring.COVERAGE_ID, "lines")
monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)
def on_line(code, line):
    if code.co_filename == shop.__file__:
        lines.append((code.co_name, line))
monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, on_line)
shop.changed(1), shop.Cart().total()
lines.clear()
"""


def test_tracebacks_and_sources_are_those_of_the_file(start: Session) -> None:
    session = start({"main.py": TOOLS + LOOP, "shop.py": OLD})
    assert session.say("fault()") == "('raise ValueError(\"zero\")', 8)"
    assert session.save({"shop.py": NEW})["rejected"] is None
    assert session.say("fault()") == "('raise ValueError(\"zero\")', 13)"
    for name in ("changed", "moved", "Cart.total", "Cart"):
        first = NEW.index("class Cart" if name == "Cart" else "def " + name.split(".")[-1])
        source = NEW[first:].split("\n\n" + ("def" if name == "moved" else "def moved"))[0]
        said = eval(session.say(f"inspect.getsource(shop.{name})")).strip()
        assert source.startswith(said) and said.count("\n") >= 1, (name, said)


def test_a_debugger_stops_where_the_file_says(start: Session) -> None:
    session = start({"main.py": TOOLS + LOOP, "shop.py": OLD})
    assert session.say("stopped(6, lambda: shop.moved(1)), stopped(3, lambda: shop.changed(1))") == (
        "([('moved', 6)], [('changed', 3)])"
    )
    assert session.save({"shop.py": NEW})["rejected"] is None
    assert session.say("stopped(11, lambda: shop.moved(1)), stopped(7, lambda: shop.changed(1))") == (
        "([('moved', 11)], [('changed', 7)])"
    )


def test_line_tracing_and_profiling_see_the_new_lines(start: Session) -> None:
    session = start({"main.py": TOOLS + LOOP, "shop.py": OLD})
    session.say("traced(shop.Cart().total), profiled(shop.Cart().total)")
    assert session.save({"shop.py": NEW})["rejected"] is None
    assert session.say("traced(shop.Cart().total)") == "[('total', 17), ('moved', 11), ('moved', 12)]"
    assert session.say("traced(lambda: shop.changed(1))") == "[('changed', 5), ('changed', 7), ('changed', 8)]"
    assert session.say("profiled(shop.Cart().total)") == "[('total', 16), ('moved', 10)]"


def test_coverage_by_sys_monitoring_goes_on(start: Session) -> None:
    session = start({"main.py": TOOLS + LOOP, "shop.py": OLD})
    if session.twin.facts["version"] < [3, 12]:
        pytest.skip("sys.monitoring came with 3.12")
    session.say(f"exec({MONITOR!r}, globals())")
    assert session.save({"shop.py": NEW})["rejected"] is None
    assert session.say("(shop.changed(1), shop.Cart().total(), lines)[2]") == (
        "[('changed', 5), ('changed', 7), ('changed', 8), ('total', 17), ('moved', 11), ('moved', 12)]"
    )


def test_a_number_that_is_also_the_line_of_its_class_does_not_move_with_it(start: Session) -> None:
    old = "def f():\n    class Local:\n        n = 2\n        m = 3\n    return Local\n"
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": old})
    kind, content, *_ = session.request({"shop.py": "\n\n" + old})
    assert kind == "request", content
    request = marshal.loads(content)
    # As SourceDiff tells it where the rest of the file is equal byte for byte.
    request[1]["files"][0]["moved"] = {"ranges": [[1, 1 << 30, 2]], "exact": [], "classes": []}
    assert session.talk(marshal.dumps(request, 2))[1] == ("done", {"moved": 1})
    assert session.say("shop.f().n, shop.f().m, shop.f.__code__.co_firstlineno") == "(2, 3, 3)"


LOCAL = """
def top():
    return 1

def made(n=2):
    class Local:
        limit = 300
        other = 255
        def lines(self):
            return self.limit, self.other, n
    return Local

class Outer:
    class Inner:
        pass
"""


@pytest.mark.parametrize("blank", [[100, 120], [240, 260], [300, 320], [300, 100, 310, 90], [248, 249, 250, 251, 252]])
def test_the_class_of_a_function_knows_its_line_on_both_sides_of_256(start: Session, blank: list) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": "\n" * blank[0] + LOCAL})
    if session.twin.facts["version"] < [3, 14]:
        pytest.skip("the line is a constant, or there is none")
    for step, count in enumerate(blank):
        source = "\n" * count + LOCAL.replace("return 1", f"return {step}")
        reply = session.save({"shop.py": source})
        assert (reply["rejected"], reply["kept"]) == (None, [])
        expected = [1 + source[: source.index(name)].count("\n") for name in ("class Local", "class Outer", "class Inner")]
        classes = "[c.__firstlineno__ for c in (shop.made(), shop.Outer, shop.Outer.Inner)]"
        assert session.say(classes) == repr(expected)
        assert session.say("shop.made()().lines(), shop.top()") == f"((300, 255, 2), {step})"
        path = session.path("shop.py")
        one = {"path": path, "paths": [path], "modules": ["shop"], "source": source.encode()}
        answer = session.talk(session.twin.ask(("compare", [one]))[1])[0][1]
        assert [(module["differ"], module["moved"]) for module in answer] == [([], 0)]


TYPED = """
LIMIT: int = 3

def price(n: int) -> int:
    return n

class Cart:
    size: int = 1
    def total(self, n: int) -> int:
        return n
    class Row:
        name: str = ""
"""


def test_an_edit_of_a_module_with_annotations_is_no_reason_to_search_the_heap(start: Session) -> None:
    main = "import gc, sys\nimport shop\nevents = []\n"
    main += "sys.addaudithook(lambda name, rest: name == 'gc.get_referrers' and events.append(name))\n" + LOOP
    session = start({"main.py": main, "shop.py": TYPED})
    reply = session.save({"shop.py": TYPED.replace("    return n", "    n += 1\n    return n", 1)})
    assert (reply["rejected"], reply["moved"]) == (None, 1)
    assert session.say("shop.price(1), shop.Cart.total.__code__.co_firstlineno, events") == "(2, 10, [])"
