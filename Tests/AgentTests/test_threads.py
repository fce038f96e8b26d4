"""Threads that call two functions while saves change both, with their defaults.

MIDFLIGHT_SAVES (default 60) chooses how many saves.
"""

from __future__ import annotations

import os

from lab import Session
from test_bodies import LOOP

SAVES = int(os.environ.get("MIDFLIGHT_SAVES", "60"))
MAIN = """
import sys, threading
import shop
sys.setswitchinterval(1e-6)
stop = []
faults = []
calls = [0]

def work():
    last = 0
    while not stop:
        body, default = shop.f()
        later, other = shop.g()
        calls[0] += 1
        if body != default or later != other or not last <= body <= later:
            faults.append((last, body, default, later, other))
        last = later

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()

def end():
    stop.append(1)
    for thread in threads:
        thread.join()
    return faults, calls[0] > 100
"""


def source(version: int) -> str:
    return f"def f(v={version}):\n    return {version}, v\n\ndef g(*, v={version}):\n    return {version}, v\n"


def test_no_call_sees_new_code_with_old_defaults_and_versions_only_rise(start: Session) -> None:
    session = start({"main.py": MAIN + LOOP + "stop.append(1)\n", "shop.py": source(0)})
    for version in range(1, SAVES + 1):
        reply = session.save({"shop.py": source(version)})
        assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("shop.f(), shop.g()") == f"({(SAVES, SAVES)}, {(SAVES, SAVES)})"
    assert session.say("end()") == "([], True)"


WAITING = """
import sys, threading, time
import shop
sys.setswitchinterval(60)
seen = []

def work():
    while shop.f() == 0:
        time.sleep(0.0001)
    seen.append(shop.f999.__code__.co_firstlineno)

threading.Thread(target=work, daemon=True).start()
"""


def many(value: int) -> str:
    """The functions below the first one move by `value` lines."""
    body = "".join(f"    x = {index}\n" for index in range(value))
    return f"def f():\n{body}    return {value}\n\n" + "".join(f"def f{i}():\n    return {i}\n\n" for i in range(1000))


def test_threads_that_wait_run_while_lines_move(start: Session) -> None:
    session = start({"main.py": WAITING + LOOP, "shop.py": many(0)})
    before = int(session.say("shop.f999.__code__.co_firstlineno"))
    reply = session.save({"shop.py": many(1)})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("shop.f999.__code__.co_firstlineno") == str(before + 1)
    assert session.say("seen") == str([before])
