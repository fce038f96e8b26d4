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
