"""CPython 3.12 gives functions of assigned code numbers that other functions have (see agent/base_function_versions.py)."""

from __future__ import annotations

import pytest
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


SPEED = """
import dis
import shop

def calls(n, cart=shop.Cart()):
    for i in range(n):
        shop.price(i)

def methods(n, cart=shop.Cart()):
    for i in range(n):
        cart.total(i)

def moved(n, cart=shop.Cart()):
    for i in range(n):
        shop.moved(i)

def closures(n):
    for i in range(n):
        shop.closure(i)

def properties(n, cart=shop.Cart()):
    for i in range(n):
        cart.size

LOOPS = (calls, methods, moved, closures, properties)
NAMES = ("CALL_PY_EXACT_ARGS", "LOAD_ATTR_PROPERTY")

def specialised():
    for loop in LOOPS:
        loop(2000)
    return [any(i.opname in NAMES for i in dis.get_instructions(loop, adaptive=True)) for loop in LOOPS]
"""
SHOP = """
def price(n):
    return n

def around(k):
    def closure(n):
        return n + k
    return closure

closure = around(1)

class Cart:
    def total(self, n):
        return n

    @property
    def size(self):
        return 1

def moved(n):
    return n
"""


def test_calls_of_patched_and_moved_functions_are_specialised_as_before(start: Session) -> None:
    session = start({"main.py": SPEED + LOOP, "shop.py": SHOP})
    if session.twin.facts["version"] < [3, 13]:
        pytest.skip("they need nothing for it")
    assert session.say("specialised()") == "[True, True, True, True, True]"
    source = SHOP
    for step in range(3):  # a body above, and everything below has moved; then the others' bodies
        source = source.replace("(n):\n", f"(n):\n    n += {step}\n", 1)
        source = source.replace("return 1", "return 1 + 1").replace("n + k", "n + k + 1")
        reply = session.save({"shop.py": source})
        assert (reply["rejected"], reply["kept"]) == (None, [])
        assert session.say("specialised()") == "[True, True, True, True, True]"


def test_a_function_that_moved_has_the_code_object_that_it_had(start: Session) -> None:
    main = "import inspect\nimport shop\nheld = shop.moved.__code__\nwas = shop.moved, id(shop.Cart.total.__code__)\n" + LOOP
    session = start({"main.py": main, "shop.py": SHOP})
    reply = session.save({"shop.py": SHOP.replace("    return n\n", "    n += 0\n    return n\n", 1)})
    assert (reply["rejected"], reply["moved"]) == (None, 5)
    lines = "[f.__code__.co_firstlineno for f in (shop.moved, shop.Cart.total, shop.Cart.size.fget, shop.closure)]"
    assert session.say(lines) == "[21, 14, 17, 7]"
    assert session.say("inspect.getsource(shop.Cart.total).split()[1]") == repr("total(self,")
    # held has a hash that depends on its line: what may be a key of a dict is left alone
    kept = session.say("held is not shop.moved.__code__, held.co_firstlineno, was[1] == id(shop.Cart.total.__code__)")
    assert kept == f"(True, 20, {session.twin.facts['version'] >= [3, 13]})"
