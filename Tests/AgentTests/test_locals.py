"""The variables of every call: bounded, no code of the program runs for them, and every frame is as it was before."""

from __future__ import annotations

import time

import pytest
from lab import LOUD, Session
from test_bodies import LOOP
from test_observe import Looking

SHOP = '''
import gc, sys, threading, time, weakref

looked, stop, ready = [], threading.Event(), threading.Event()
turns = 0

LOUD
class Plain:
    pass

def halt(*rest):
    ready.set()
    stop.wait()

def total(price, options, password="hunter2"):
    api_token = "k-123"
    loud = object.__new__(Loud)
    huge = list(range(100_000))
    text = "x" * 5_000_000
    def inner():
        return huge
    halt(1)
    del loud
    return price

def many():
    a0 = 0
    exec_free = [1]
    SETS
    halt()

def own():
    first = 1
    mine = locals()
    second = 2
    halt()
    results.append(sorted(mine))

def dropped(value):
    "%(value)s" % locals()
    last = 3
    halt()
    results.append((value, last, sorted(locals())))

def no_names():
    halt()

def short():
    held = Plain()
    watched.append(weakref.ref(held))
    halt()

def numbers(limit):
    for number in range(limit):
        yield number
        halt()

def consume():
    for number in numbers(5):
        pass

def suspended():
    secret_place = 1
    yield

def deep(levels):
    if levels:
        deep(levels - 1)
    else:
        halt()

def spin():
    global turns
    count = [0]
    ready.set()
    while not stop.is_set():
        turns += 1
        mixed = {"turn": turns}
        step(mixed)

def step(value):
    return value

def late():
    one, two = 1, 2
    halt()
    sys.settrace(lambda *arguments: None)
    sys._getframe().f_trace = lambda *arguments: None
    three = 3
    sys.settrace(None)
    results.append((one, two, three))

def squares(values):
    total = 1
    seen = [(halt(), value) for value in values]
    return seen

def spared(values):
    seen = [value for value in values]
    halt()
    return seen

def by_c(values):
    kept_name = 5
    return sorted(values, key=lambda value: halt() or value)

def profiled_in_c(value):
    kept_name = [value]
    sys.setprofile(lambda frame, event, argument: halt() if event == "c_call" else None)
    len(kept_name)
    sys.setprofile(None)
    results.append((value, kept_name))

def compile_class():
    class Body:
        kind = 5
        halt()

results, watched, threads = [], [], []
kept = suspended()
next(kept)

def begin(function, *arguments):
    ready.clear()
    threads.append(threading.Thread(target=function, args=arguments, name="w-" + function.__name__, daemon=True))
    threads[-1].start()
    ready.wait()
    time.sleep(0.05)

def end():
    stop.set()
    for thread in threads:
        thread.join()
    threads.clear()
'''.replace("LOUD", LOUD).replace("SETS", "\n    ".join(f"a{number} = {number}" for number in range(1, 60)))


@pytest.fixture
def looking(start: object) -> Looking:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHOP})
    found = Looking(session)
    found.session = session
    yield found
    found.agent.close()


def look(looking: Looking, **options: object) -> dict:
    spec = {"verbose": False, "redact": True, **options}
    return looking.look("locals", spec)


def say(session: Session, text: str) -> None:
    assert session.say(text) == "None"


def call_of(answer: dict, name: str) -> list:
    found = [call for thread in answer["threads"] for call in thread["calls"] if call[0][1] == name]
    assert len(found) == 1, (name, answer)
    return found[0]


def values(answer: dict, name: str) -> dict:
    row, variables, _, reason = call_of(answer, name)
    assert reason == "", (row, reason)
    return {name: text for name, _, text in variables}


def test_variables_are_shown_with_bounds_and_without_secrets(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.total, 12, {'a': 1})")
    answer = look(looking)
    found = values(answer, "total")
    assert (found["price"], found["options"]) == ("12", '{"a": 1}')
    assert (found["password"], found["api_token"]) == ("‹redacted›", "‹redacted›")
    assert found["loud"] == "Loud({})" and found["inner"].startswith("<function ")
    assert found["huge"].startswith("[0, 1, ") and found["huge"].endswith("] 100,000 items") and len(found["huge"]) < 200
    assert found["text"].endswith(" 5,000,000 characters") and len(found["text"]) < 400
    assert values(answer, "halt") == {"rest": "(1)"}
    types = {name: kind for name, kind, _ in call_of(answer, "total")[1]}
    assert types["price"] == "<class 'int'>" and types["loud"] == "<class 'shop.Loud'>"
    assert looking.session.say("shop.looked") == "[]"
    assert values(look(looking, redact=False), "total")["password"] == '"hunter2"'
    main = [thread for thread in answer["threads"] if thread["name"] == "MainThread"][0]
    assert [call[3] for call in main["calls"]][0] == "module" and answer["threads"][0] is main
    assert all(thread["id"] > 0 for thread in answer["threads"])
    names = [call[0][1] for thread in answer["threads"] for call in thread["calls"]]
    assert "local_variables" not in names and "suspended" not in names and "serve" not in names
    say(looking.session, "shop.end()")


def test_a_second_look_says_the_same_and_new_values(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.total, 12, {'a': 1})")
    assert values(look(looking), "total") == values(look(looking), "total")
    say(looking.session, "shop.begin(shop.no_names)")
    assert values(look(looking), "no_names") == values(look(looking), "no_names") == {}
    say(looking.session, "shop.end()")


def test_a_program_whose_threads_change_all_the_time_is_left_alone(looking: Looking) -> None:
    """Its own `locals()` could come between two of our steps where a frame's dict is filled."""
    say(looking.session, "shop.begin(shop.total, 12, {'a': 1})")
    say(looking.session, "shop.sys.setswitchinterval(1e-6)")
    reason = call_of(look(looking), "total")[3]
    say(looking.session, "shop.sys.setswitchinterval(0.005)")
    assert reason == ("changing" if looking.session.say("shop.sys.version_info < (3, 13)") == "True" else "")
    assert call_of(look(looking), "total")[3] == ""
    say(looking.session, "shop.end()")


def test_the_bounds_of_calls_and_names(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.many)")
    say(looking.session, "shop.begin(shop.deep, 400)")
    answer = look(looking)
    deep = [thread for thread in answer["threads"] if thread["name"] == "w-deep"][0]
    assert (len(deep["calls"]), deep["cut"] > 200) == (200, True)
    _, variables, count, reason = call_of(answer, "many")
    assert (len(variables), count) == ((50, 61) if not reason else (0, 0))
    say(looking.session, "shop.end()")


def test_what_the_program_holds_itself_is_as_it_was(looking: Looking, python: str) -> None:
    """A dict from `locals()` gets nothing, and loses nothing, at a look."""
    version = looking.twin.facts["version"]
    for name in ("own", "dropped"):
        say(looking.session, f"shop.begin(shop.{name}{', 7' if name == 'dropped' else ''})")
    for _ in range(3):
        answer = look(looking)
    if version >= [3, 13]:
        assert values(answer, "own")["second"] == "2" and values(answer, "dropped") == {"value": "7", "last": "3"}
    else:
        assert call_of(answer, "own")[3] == "held" and call_of(answer, "dropped")[3] == "held"
    say(looking.session, "shop.end()")
    results = looking.session.say("sorted(shop.results, key=str)")
    assert results == "[(7, 3, ['last', 'value']), ['first']]", results


def test_nothing_lives_longer_than_the_answer(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.short)")
    say(looking.session, "shop.gc.disable()")
    assert "held" in values(look(looking), "short")
    say(looking.session, "shop.end()")
    assert looking.session.say("shop.watched[0]()") == "None"
    assert looking.session.say("shop.gc.isenabled()") == "False"
    say(looking.session, "shop.gc.enable()")
    look(looking)
    assert looking.session.say("shop.gc.isenabled()") == "True"


def test_nothing_stays(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.total, 12, {'a': 1})")
    look(looking)
    settled = "(shop.time.sleep(0.05), shop.gc.collect(), len(shop.gc.get_objects()))[2]"  # the agent waits again
    before = int(looking.session.say(settled))
    for _ in range(5):
        look(looking)
    assert int(looking.session.say(settled)) - before < 30
    assert looking.session.say("shop.gc.collect()") == "0"
    count = "len(__import__('os').listdir('/proc/self/fd'))"
    before = looking.session.say(count)
    look(looking)
    assert looking.session.say(count) == before
    say(looking.session, "shop.end()")


def test_generators_that_run_and_class_bodies(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.consume)")
    say(looking.session, "shop.begin(shop.compile_class)")
    answer = look(looking)
    assert values(answer, "numbers") == {"limit": "5", "number": "0"}
    assert call_of(answer, "Body")[3] == "body"
    assert looking.session.say("shop.kept.gi_frame.f_locals") == "{'secret_place': 1}"
    say(looking.session, "shop.end()")


def test_what_c_code_called_is_read_and_what_a_profile_function_interrupts_is_not(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.by_c, [3, 1])")
    answer = look(looking)
    assert values(answer, "by_c") == {"values": "[3, 1]", "kept_name": "5"}
    assert values(answer, "<lambda>") == {"value": "3"}
    say(looking.session, "shop.end()")
    say(looking.session, "shop.stop.clear()")
    say(looking.session, "shop.begin(shop.profiled_in_c, 4)")
    for _ in range(3):
        assert call_of(look(looking), "profiled_in_c")[3] in ("", "held", "traced")
    say(looking.session, "shop.end()")
    assert looking.session.say("shop.results") == "[(4, [4])]"


def test_comprehensions_keep_their_names(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.squares, [7])")
    say(looking.session, "shop.begin(shop.spared, [7])")
    answer = look(looking)
    version = looking.twin.facts["version"][:2]
    reason = call_of(answer, "squares")[3]
    assert reason == ("comprehension" if version == [3, 12] else "")
    assert values(answer, "spared")["seen"] == "[7]"
    say(looking.session, "shop.end()")


def test_a_thread_that_runs_is_never_disturbed(looking: Looking) -> None:
    """Its calls change all the time: what is shown is true, or it is said that nothing could be read."""
    say(looking.session, "shop.begin(shop.spin)")
    seen = set()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        thread = [thread for thread in look(looking)["threads"] if thread["name"] == "w-spin"][0]
        for row, variables, _, reason in thread["calls"]:
            seen.add((row[1], reason))
            assert reason in ("", "changing", "module"), reason
            found = {name: text for name, _, text in variables}
            if row[1] == "spin" and reason == "":
                assert found["count"] == "[0]" and set(found) <= {"count", "mixed"}
    assert ("spin", "") in seen, seen
    assert looking.session.say("shop.threads[0].is_alive()") == "True"
    say(looking.session, "shop.end()")


PROFILED = SHOP + '''
def profiled_body(value):
    total = value
    for number in range(5):
        time.sleep(0)
        total += number
    return total

def profiler(frame, event, argument):
    time.sleep(0)

def run_profiled():
    sys.setprofile(profiler)
    ready.set()
    while not stop.is_set():
        results.append(profiled_body(3) == 13)
    sys.setprofile(None)
'''
TRACED = SHOP + '''
def traced_body(value, other):
    total = value
    for number in range(other):
        total += number
        name = "n%d" % number
    return total, name

def tracer(frame, event, argument):
    if frame.f_code.co_name != "traced_body":
        return None
    time.sleep(0)
    return tracer

def run_traced():
    sys.settrace(tracer)
    ready.set()
    while not stop.is_set():
        results.append(traced_body(3, 5) == (13, "n4"))
    sys.settrace(None)
'''


@pytest.mark.parametrize(("source", "name"), ((TRACED, "run_traced"), (PROFILED, "run_profiled")))
def test_what_is_traced_keeps_its_variables(start: object, source: str, name: str) -> None:
    """Up to 3.12 what is in a frame's dict when a trace function returns becomes its variables."""
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": source})
    found = Looking(session)
    say(session, f"shop.begin(shop.{name})")
    for _ in range(100):
        look(found)
    say(session, "shop.end()")
    assert session.say("(len(shop.results) > 0, all(shop.results))") == "(True, True)"
    found.agent.close()


def test_what_was_looked_at_can_be_traced_later(looking: Looking) -> None:
    say(looking.session, "shop.begin(shop.late)")
    look(looking)
    say(looking.session, "shop.end()")
    assert looking.session.say("shop.results") == "[(1, 2, 3)]"


def test_a_program_that_listens_hears_nothing(start: object) -> None:
    listen = "shop.sys.addaudithook(lambda event, arguments: shop.looked.append(event))\n"
    session = start({"main.py": "import shop\n" + listen + LOOP, "shop.py": SHOP})
    found = Looking(session)
    say(session, "shop.looked.clear()")
    answer = look(found)
    heard = session.say("shop.looked")
    assert (answer["audited"], answer["threads"]) == (True, [])
    assert "sys._" not in heard
    found.agent.close()
