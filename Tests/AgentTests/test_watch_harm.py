"""What a watch must never do to the program: calls under way, hostile values, the recursion limit, modules not loaded."""

from __future__ import annotations

import time

import pytest
from lab import LOUD, Agent
from test_bodies import LOOP
from test_probe import Watching

SHOP = '''
import signal, sys, threading

looked, results, go, waits = [], [], threading.Event(), threading.Event()
reached = 0

LOUD
class LoudError(Exception):
    __repr__, __str__ = map(loud, ("error repr", "error str"))

held = object.__new__(Loud)

def take(value, password="hunter2", options=()):
    return value

def refuse(value):
    raise LoudError(value)

def try_refuse():
    try:
        refuse(held)
    except LoudError:
        return "refused"

def down(n):
    if n == 0:
        waits.set()
        go.wait()
        return 0
    return down(n - 1) + 1

def count(limit):
    for number in range(limit):
        yield number

def dive(n):
    global reached
    reached = n
    dive(n + 1)

def depth():
    try:
        dive(0)
    except RecursionError:
        return reached

class Alarm(Exception):
    pass

def take_until_it_rings(count):
    """Apart from the try: a 3.13 has none around the jump at the end of a loop."""
    before = count[0]
    while count[0] == before:
        take([1, 2, {"a": 3}])

def alarms(rounds):
    """How often a handler raised, and how often that came out of what it interrupted."""
    count = [0, 0]

    def ring(*arguments):
        count[0] += 1
        raise Alarm

    signal.signal(signal.SIGALRM, ring)
    for number in range(rounds):
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0001 + number * 1e-6)
            take_until_it_rings(count)
        except Alarm:
            count[1] += 1
    return count

def begin():
    thread = threading.Thread(target=lambda: results.append(down(20)))
    thread.start()
    waits.wait()
    generator = count(3)
    results.append(next(generator))
    results.append((thread, generator))

def end():
    thread, generator = results.pop()
    go.set()
    thread.join()
    return results + list(generator)

codes = {f.__name__: f.__code__ for f in (take, refuse, down, count, dive)}

def changed():
    return [name for name, code in codes.items() if globals()[name].__code__ is not code]
'''.replace("LOUD", LOUD)
OTHER = "raise SystemExit('imported a second time')\nnumber = 1\n"


@pytest.fixture
def watching(start: object) -> Watching:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHOP, "other.py": OTHER})
    found = Watching(session)
    yield found
    found.agent.close()
    assert session.say("shop.changed()") == "[]"


def test_calls_under_way_end_as_they_would_when_the_lease_is_over(watching: Watching) -> None:
    watching.start("down", "count")
    watching.say("shop.begin()")
    time.sleep(3.2)
    assert watching.say("list(shop.count(2))") == "[0, 1]"
    assert watching.say("shop.changed()") == "[]"
    assert watching.say("shop.end()") == "[0, 20, 1, 2]"


def test_calls_under_way_end_as_they_would_when_the_agent_has_left(watching: Watching) -> None:
    watching.start("down", "count")
    watching.say("shop.begin()")
    watching.agent.close()
    assert watching.say("shop.changed()") == "[]"
    assert watching.say("shop.end()") == "[0, 20, 1, 2]"
    watching.agent = Agent(watching.session.target.folder, watching.twin)


def test_values_are_not_asked_and_secrets_stay(watching: Watching) -> None:
    watching.start("take", "refuse", before=True)
    assert watching.say("shop.take(shop.held, options={'api_key': 'k-123'}) is shop.held") == "True"
    assert watching.say("shop.try_refuse()") == "'refused'"
    first, second = watching.drain()["results"]
    assert first["arguments"][1] == ["password", "‹redacted›"]
    assert "k-123" not in first["arguments"][2][1]
    assert (second["ok"], second["exception"][0]) == (False, "LoudError")
    watching.start("take", filter="value == 1 or len(value) > 2", expressions=["value.name", "options", "str(value)"])
    assert watching.say("shop.take(shop.held) is shop.held") == "True"
    assert "filter_failed" in watching.drain()["results"][0]
    assert watching.say("shop.looked") == "[]"


def test_the_recursion_limit_is_where_it_was(watching: Watching) -> None:
    plain = int(watching.say("shop.depth()"))
    watching.start("dive", budget=1000.0)
    watched = int(watching.say("shop.depth()"))
    assert plain - 5 <= watched <= plain
    watching.stop()
    assert int(watching.say("shop.depth()")) == plain


def test_what_a_signal_handler_raises_reaches_the_program(watching: Watching) -> None:
    for options in ({}, {"filter": "value[2]", "expressions": ["value[0] + 1", "len(value)"]}):
        watching.start("take", budget=1000.0, **options)
        assert watching.say("shop.alarms(300)") == "[300, 300]"
        assert watching.stop()["failures"] == 0


def test_nothing_is_imported(watching: Watching) -> None:
    watching.start("take")
    loaded = watching.say("shop.take(sorted(shop.sys.modules))")
    value = {"module": "other", "class": "", "field": "number"}
    assert watching.look("value", value) == {"absent": "module"}
    assert watching.look("instances", {"module": "other", "class": "Loud"}) == {"absent": "module"}
    watching.drain()
    watching.stop()
    assert watching.say("sorted(shop.sys.modules)") == loaded


def test_a_second_probe_of_a_function_leaves_the_first_in_force(watching: Watching) -> None:
    watching.start("take")
    answer = watching.start("take", id=2)
    assert answer["installed"] == 0 and answer["failed"][0][0] == "shop.take"
    watching.say("shop.take(1)")
    assert [result["result"] for result in watching.drain()["results"]] == ["1"]
    assert watching.stop()["restored"]


def test_a_megabyte_of_results_waits_and_the_rest_is_counted(watching: Watching) -> None:
    watching.start("take", expressions=["value"], verbose=True, budget=1000.0)
    watching.say("globals().update(words=['x' * 200 + str(n) for n in range(300)])")
    watching.say("[shop.take(words) for _ in range(60)].clear()")
    answer = watching.drain()
    sizes = [len(result["values"][0][2]) for result in answer["results"]]
    assert 40_000 < sizes[0] < 64_000 and 1 << 20 <= sum(sizes) < (1 << 20) + 64_000
    assert len(sizes) + answer["dropped"] == answer["passed"] == 60
    watching.say("shop.take(words) and None")
    assert len(watching.drain()["results"]) == 1


def test_no_socket_is_opened(watching: Watching) -> None:
    watching.say("globals().update(os=__import__('os'))")
    sockets = "[name for fd in os.listdir('/proc/self/fd') for name in [os.readlink('/proc/self/fd/' + fd)]"
    sockets += " if name.startswith('socket:')] if os.path.exists('/proc/self/fd') else None"
    sockets = sockets.replace("os.listdir('/proc/self/fd')", "os.listdir('/proc/self/fd')[:-1]")
    watching.start("take")
    watching.say("shop.take(1)")
    watching.look("value", {"module": "other", "class": "", "field": "number"})
    assert watching.say(sockets) == "[]"
    watching.stop()
