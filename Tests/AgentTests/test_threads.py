"""Threads that call two functions while saves change both, with their defaults."""

from __future__ import annotations

from lab import Session
from test_bodies import LOOP

MAIN = """
import sys, threading
import shop
sys.setswitchinterval(1e-6)
stop = []
faults = []
calls = [0]

def work():
    while not stop:
        body, default = shop.f()
        later, other = shop.g()
        calls[0] += 1
        if body != default or later != other or later < body:
            faults.append((body, default, later, other))

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
    session = start({"main.py": MAIN + LOOP, "shop.py": source(0)})
    for version in range(1, 31):
        reply = session.save({"shop.py": source(version)})
        assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("shop.f(), shop.g()") == "((30, 30), (30, 30))"
    assert session.say("end()") == "([], True)"
