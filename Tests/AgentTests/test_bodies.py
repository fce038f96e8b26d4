"""Bodies, defaults, annotations and doc strings of functions, in place."""

from __future__ import annotations

import pytest
from lab import Session

LOOP = """
import sys
for line in sys.stdin:
    try:
        print(repr(eval(line)), flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


def test_a_function_that_was_kept_is_compared_with_what_runs_next_time(start: Session) -> None:
    text = "class Route:\n    def __init__(self, f):\n        self.f = f\ndef price(n):\n    return n\nROUTE = Route(price)\n"
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    reply = session.save({"shop.py": text.replace("price(n):", "price(n, m):")})
    assert [kept[1] for kept in reply["kept"]] == ["signature-captured"]
    assert [(failed[1], failed[-1]) for failed in reply["failed"]] == [("signature-captured", True)]  # told already


def test_the_body_of_a_function_changes_and_the_object_stays(start: Session) -> None:
    session = start({"main.py": "import shop\nheld = shop.price\n" + LOOP, "shop.py": "def price():\n    return 1\n"})
    assert session.say("held()") == "1"
    reply = session.save({"shop.py": "def price():\n    return 2\n"})
    assert reply["applied"] == [[0, 1, 0]]
    assert reply["rejected"] is None
    assert session.say("held(), shop.price is held") == "(2, True)"


SHOP = '''
import functools

class Cart:
    """A cart."""

    rate = 2

    def total(self):
        return 1

    @property
    def size(self):
        return 1

    @size.setter
    def size(self, value):
        self.seen = value

    @classmethod
    def make(cls):
        return cls, 1

    @staticmethod
    def free():
        return 1

    def __secret(self):
        return 1

    def secret(self):
        return self.__secret()

    async def later(self):
        return 1

    def parent(self):
        return super().__repr__() and 1

def wraps(function):
    @functools.wraps(function)
    def inner(*args):
        return "wrapped", function(*args)
    return inner

def hides(function):
    def inner(*args):
        return "hidden", function(*args)
    return inner

class Holder:
    def __init__(self, function):
        self.function = function
    def __call__(self, *args):
        return "held", self.function(*args)

@wraps
def one():
    return 1

@hides
@wraps
def two():
    return 1

@Holder
@hides
def three():
    return 1

@functools.lru_cache()
def cached(x):
    return 1, x

def numbers():
    yield 1

def outer(x):
    def inner(y):
        return x, y, 1
    return inner

handlers = {"three": outer(3)}

def _(): return 1
first = _
def _(): return "other"
'''


def test_every_kind_of_function_follows_its_body(start: Session) -> None:
    main = "import asyncio\nimport shop\ncart = shop.Cart()\nbound = cart.total\nshop.cached(1)\n" + LOOP
    session = start({"main.py": main, "shop.py": SHOP})
    edited = SHOP.replace("return 1", "return 7").replace("function(*args)", "function(*args), 8")
    edited = edited.replace("cls, 1", "cls, 7").replace("yield 1", "yield 7").replace("x, y, 1", "x, y, 7")
    edited = edited.replace("return 1, x", "return 7, x").replace("and 1", "and 7").replace("= value", "= [value]")
    reply = session.save({"shop.py": edited})
    assert reply["rejected"] is None
    assert reply["kept"] == []
    assert reply["notes"] == [[14, "caches-cleared", "lru_cache entries dropped", 1]]
    said = {
        "cart.total(), bound()": "(7, 7)",
        "cart.size, setattr(cart, 'size', 5), cart.seen": "(7, None, [5])",
        "cart.make()[1], cart.free(), cart.secret(), cart.parent()": "(7, 7, 7, 7)",
        "asyncio.run(cart.later())": "7",
        "shop.one()": "('wrapped', 7, 8)",
        "shop.two()": "('hidden', ('wrapped', 7, 8), 8)",
        "shop.three()": "('held', ('hidden', 7, 8), 8)",
        "shop.cached(1)": "(7, 1)",
        "list(shop.numbers())": "[7]",
        "shop.handlers['three'](4)": "(3, 4, 7)",
        "shop.first(), shop._()": "(7, 'other')",
    }
    assert {question: session.say(question) for question in said} == said


def test_only_changed_default_expressions_are_evaluated(start: Session) -> None:
    text = "def f(a, seen=[], *, n=1, log=[]):\n    seen.append(a); log.append(a)\n    return seen, n, log\n"
    session = start({"main.py": "import shop\nshop.f(1)\n" + LOOP, "shop.py": text})
    reply = session.save({"shop.py": text.replace("n=1", "n=2").replace("a, seen", "a: int, seen")})
    assert reply["rejected"] is None
    assert session.say("shop.f(2)") == "([1, 2], 2, [1, 2])"
    assert session.say("shop.f.__annotations__") == "{'a': <class 'int'>}"


@pytest.mark.parametrize("atomic", [False, True])
def test_a_default_that_cannot_be_evaluated_stays_out_alone_or_rejects_the_burst(start: Session, atomic: bool) -> None:
    text = "def f(a=1):\n    return a\n\ndef g():\n    return 1\n"
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    reply = session.save({"shop.py": text.replace("a=1", "a=nosuch").replace("return 1", "return 2")}, atomic=atomic)
    reason, path, line, message = reply["rejected"] if atomic else reply["failed"][0][1:5]
    assert (reason, path[-8:], line) == ("default-failed", "/shop.py", 1)
    assert "nosuch" in message
    assert session.say("shop.f(), shop.g()") == ("(1, 1)" if atomic else "(1, 2)")


def refusal(session: Session, source: bytes) -> dict:
    file = {"path": "/x.py", "paths": [], "modules": [], "old": b"", "new": source, "changes": []}
    kind, refused = session.twin.ask(("patch", {"files": [file]}))
    assert kind == "rejected"
    return refused[0]


def test_source_that_does_not_compile_is_placed_and_reaches_nobody(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": "def f():\n    return 1\n"})
    facts = refusal(session, b"def f():\n    return (1\n")
    assert (facts["reason"], facts["line"], facts["path"]) == ("syntax", 2, "/x.py")
    assert refusal(session, "# -*- coding: ascii -*-\nx = 'é'\n".encode())["reason"] == "encoding"
    assert refusal(session, b"x = 1\0")["reason"] == "syntax"


def test_functions_below_the_edit_move(start: Session) -> None:
    text = "def a():\n    return 1\n\ndef b():\n    def c():\n        return d\n    return c\n\n"
    text += "class K:\n    def m(self):\n        class Inner: pass\n        return Inner\n"
    main = "import inspect\nimport shop\nheld = shop.b()\n" + LOOP
    session = start({"main.py": main, "shop.py": text})
    reply = session.save({"shop.py": "import sys\n\n" + text.replace("return 1", "x = 1\n    return 2")})
    assert (reply["rejected"], reply["moved"]) == (None, 3)
    assert session.say("shop.a(), shop.b.__code__.co_firstlineno, shop.K.m.__code__.co_firstlineno") == "(2, 7, 13)"
    assert session.say("inspect.getsource(shop.K.m)") == repr(text[text.index("    def m") :])
    assert session.say("shop.b().__code__.co_firstlineno") == "8"


def test_a_live_closure_takes_less_when_the_defaults_around_it_change(start: Session) -> None:
    old = "def f(a=1):\n    v, w = a, 2\n    def inner():\n        return v, w\n    return inner\n"
    session = start({"main.py": "import shop\nheld = shop.f()\n" + LOOP, "shop.py": old})
    reply = session.save({"shop.py": old.replace("a=1", "a=5").replace("return v, w", "return v")})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("held(), shop.f()()") == "(1, 5)"
