"""Frames between midflight and the agent: docs/protocols.md."""

from __future__ import annotations

import marshal
import os
import time
import zipfile

import pytest
from lab import ANSWER, END, EVENT, HEADER, TAKEN, Agent, Session, frame, read_exactly

LOOP = "import sys\nfor line in sys.stdin:\n    print(repr(eval(line)), flush=True)\n"
TEXT = "def f():\n    return 1\n"
COUNTER = """
def count(turn, request):
    for number in range(request[1]):
        event(turn, ("count", number))
    complete(turn, ("count", request[1]))
REQUESTS["count"] = count
"""


def packed(*request: object) -> bytes:
    return marshal.dumps(request, 2)


def test_a_request_is_acknowledged_answered_and_ended_under_its_number(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": TEXT})
    agent = Agent(session.target.folder, session.twin)
    for number in (1, 2, 3):
        agent.send(packed("inventory"))
        assert agent.number == number
        assert agent.next() == (TAKEN, None)
        kind, value = agent.next()
        assert (kind, value[0]) == (ANSWER, "inventory")
        assert agent.next() == (END, None)
    agent.close()


def test_a_type_that_nobody_has_used_yet_is_no_obstacle(start: Session) -> None:
    """Up to 3.11 `_socket.socket` has no namespace before its first use: a program may just be importing `socket`."""
    session = start({"main.py": "import _socket\nKIND = _socket.SocketType\nimport shop\n" + LOOP, "shop.py": TEXT})
    assert {module["name"] for module in session.inventory()["modules"]} >= {"__main__", "shop"}


def test_what_is_no_request_is_answered_and_the_next_is_served(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": TEXT})
    agent = Agent(session.target.folder, session.twin)
    assert agent.ask(packed("inventions")) == ("failed", "unknown request inventions")
    assert agent.end() is None
    assert agent.ask(b"?")[0] == "failed"
    assert agent.end() is None
    assert agent.ask(packed("inventory"))[0] == "inventory"
    agent.close()


@pytest.mark.parametrize("end", ["in", "out"])
def test_a_request_that_cannot_be_acknowledged_is_not_run(start: Session, end: str) -> None:
    """The program closes descriptors that it has not opened: daemons do that. midflight attaches anew and asks again."""
    main = "import os, shop\ndef close(end):\n"
    main += "    numbers = {os.path.realpath('/proc/self/fd/%d' % n): n for n in range(3, 50)}\n"
    main += "    os.close([n for path, n in numbers.items() if path.endswith('/' + end)][0])\n"
    session = start({"main.py": main + LOOP, "shop.py": TEXT})
    agent = Agent(session.target.folder, session.twin)
    assert agent.ask(packed("inventory"))[0] == "inventory"
    assert agent.end() is None
    session.say(f"close({end!r})")
    kind, request, _ = session.request({"shop.py": TEXT.replace("1", "2")})
    assert kind == "request"
    try:
        agent.send(request)
    except BrokenPipeError:
        assert end == "in"
    agent.close()
    assert session.say("shop.f()") == "1"
    assert session.talk(request)[0][1]["rejected"] is None
    assert session.say("shop.f()") == "2"


@pytest.mark.parametrize("is_given_up", [False, True])
def test_a_burst_that_nobody_waits_for_any_more_does_not_go_in(start: Session, is_given_up: bool) -> None:
    """A decorator takes its time. midflight gives up meanwhile, and compares what runs before it tries again."""
    main = "import threading\nBEGUN, GO = threading.Event(), threading.Event()\nimport shop\n" + LOOP
    slow = "def slow(function):\n    import __main__\n    __main__.BEGUN.set()\n    __main__.GO.wait(20)\n"
    text = slow + "    return function\n" + TEXT
    session = start({"main.py": main, "shop.py": text})
    new = text.replace("return 1", "return 2") + "@slow\ndef g():\n    return f()\n"
    kind, request, *_ = session.request({"shop.py": new})
    assert kind == "request"
    agent = Agent(session.target.folder, session.twin)
    agent.send(request)
    assert agent.next() == (TAKEN, None)
    assert session.say("BEGUN.wait(20)") == "True"
    if is_given_up:
        os.close(agent.to_agent)
        os.close(agent.from_agent)
    assert session.say("GO.set()") == "None"
    if not is_given_up:
        assert agent.next()[1][1]["rejected"] is None
        agent.close()
    session.inventory()  # of another agent, which begins when the first one has left
    assert session.say("shop.f(), hasattr(shop, 'g')") == ("(1, False)" if is_given_up else "(2, True)")


def test_a_loaded_program_serves_requests_with_events(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": TEXT})
    agent = Agent(session.target.folder, session.twin)
    code = f"__import__('marshal').dumps(compile({COUNTER!r}, '<midflight>', 'exec'))"
    program = eval(session.say(code))
    assert "count" in agent.ask(packed("load", program))[1]
    assert agent.end() is None
    agent.send(packed("count", 3))
    frames = [agent.next() for _ in range(6)]
    events = [(EVENT, ("count", number)) for number in range(3)]
    assert frames == [(TAKEN, None), *events, (ANSWER, ("count", 3)), (END, None)]
    agent.close()


def test_a_frame_that_is_no_request_ends_the_conversation(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": TEXT})
    agent = Agent(session.target.folder, session.twin)
    wrong = bytearray(frame(1, packed("inventory")))
    wrong[HEADER - 1] = ANSWER
    os.write(agent.to_agent, wrong)
    with pytest.raises(EOFError):
        read_exactly(agent.from_agent, 1, 20)
    agent.close()


def test_a_module_whose_import_has_not_ended_is_told(start: Session) -> None:
    main = "import threading\nEVENT = threading.Event()\nimport shop\n" + LOOP
    session = start({"main.py": main, "shop.py": "", "slow.py": "import __main__\n__main__.EVENT.wait()\n"})
    begin = "__import__('threading').Thread(target=__import__, args=('slow',)).start()"
    assert session.say(begin) == "None"
    until = time.monotonic() + 20
    while "slow" not in importing(session) and time.monotonic() < until:
        time.sleep(0.02)
    assert importing(session) == ["slow"]
    assert session.say("EVENT.set()") == "None"
    while importing(session) and time.monotonic() < until:
        time.sleep(0.02)
    assert importing(session) == []


def importing(session: Session) -> list[str]:
    return [module["name"] for module in session.inventory()["modules"] if module.get("is_importing")]


def test_extensions_and_files_of_archives_are_told(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": ""})
    archive = session.path("all.zip")
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("inside.py", "")
    assert session.say(f"sys.path.insert(0, {archive!r})") == "None"
    assert session.say("__import__('inside').__name__") == "'inside'"
    compiled = session.inventory()["compiled"]
    assert [file for file in compiled if file.endswith("/all.zip/inside.py")]
    assert [file for file in compiled if file.endswith(".so")]
