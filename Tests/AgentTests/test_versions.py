"""CPython 3.12 gives functions of assigned code numbers that other functions have (see agent/base_function_versions.py)."""

from __future__ import annotations

from lab import Session
from test_bodies import LOOP

MAIN = """
import shop

def star(*rest):
    return rest

def site():
    space = {}
    exec("def call(f):\\n    return f()", space)
    return space["call"]

def mix_up():
    code = (lambda: 1).__code__
    results = set()
    for _ in range(20_000):
        call = site()
        function = type(site)(code, {})
        for _ in range(4):
            call(function)
        results.add(call(star))
    return results
"""


def test_a_call_never_takes_one_function_for_another(start: Session) -> None:
    """Every number below that of `star`, which has few, is given to a function without parameters: crashes without care."""
    session = start({"main.py": MAIN + LOOP, "shop.py": "def f():\n    return 1\n"})
    assert session.save({"shop.py": "def f():\n    return 2\n"})["rejected"] is None
    assert session.say("shop.f(), mix_up()") == "(2, {()})"
