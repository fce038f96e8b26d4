"""New and deleted definitions, imports, constants, decorators, class headers."""

from __future__ import annotations

import pytest
from lab import Session
from test_bodies import LOOP

MAIN = "import sys\nimport shop\n" + LOOP
CART = """
import functools
LIMIT = 50
TABLE = {}
COUNT = 0

def tag(function):
    @functools.wraps(function)
    def inner(*args):
        return "tagged", function(*args)
    return inner

class Base:
    def label(self):
        return "base"

class Other:
    def mixed(self):
        return "mixed"

class Cart(Base):
    size = 3
    def total(self):
        return 1
    def label(self):
        return "cart"

def price():
    return 1

def gone():
    return 1

cart = Cart()
held = gone
"""


def saved(session: Session, edited: str) -> dict:
    reply = session.save({"shop.py": edited})
    assert reply["rejected"] is None
    return reply


@pytest.mark.parametrize(
    ("old", "new", "question", "answer"),
    [
        (
            "def price():\n    return 1",
            "def extra():\n    return 5\n\ndef price():\n    return extra()",
            "shop.price()",
            "5",
        ),
        (
            "    size = 3\n",
            "    size = 3\n    def __secret(self):\n        return super().label()\n    def open(self):\n        return self.__secret()\n",
            "shop.cart.open()",
            "'base'",
        ),
        ('    def label(self):\n        return "cart"\n', "", "shop.cart.label()", "'base'"),
        ("def gone():\n    return 1\n", "", "hasattr(shop, 'gone'), 7", "(False, 7)"),
        (
            "def price():\n    return 1",
            "class Item:\n    n = 4\n\ndef price():\n    return Item.n",
            "shop.price()",
            "4",
        ),
        (
            "def price():\n    return 1",
            "import string\nfrom string import digits as d\n\ndef price():\n    return string.digits is d",
            "shop.price()",
            "True",
        ),
        ("LIMIT = 50", "LIMIT = 60", "shop.LIMIT", "60"),
        ("COUNT = 0", "COUNT = 0\nFRESH = [1]", "shop.FRESH", "[1]"),
        ("    size = 3", "    size = 4\n    depth = 2", "shop.cart.size, shop.cart.depth", "(4, 2)"),
        ("def price():", "@tag\ndef price():", "shop.price()", "('tagged', 1)"),
        (
            "class Cart(Base):",
            "class Cart(Other, Base):",
            "shop.cart.mixed(), isinstance(shop.cart, shop.Cart)",
            "('mixed', True)",
        ),
        (
            "    def total(self):\n        return 1",
            "    @property\n    def total(self):\n        return 2",
            "shop.cart.total",
            "2",
        ),
        (
            "    def total(self):\n        return 1",
            "    def total(self):\n        return super().label()",
            "shop.cart.total()",
            "'base'",
        ),
    ],
)
def test_an_edit_goes_in(start: Session, old: str, new: str, question: str, answer: str) -> None:
    session = start({"main.py": MAIN, "shop.py": CART})
    assert old in CART
    reply = saved(session, CART.replace(old, new))
    assert reply["kept"] == []
    assert session.say(question) == answer
    assert session.say("type(shop.cart) is shop.Cart") == "True"


def test_a_value_that_the_program_changed_is_kept(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": CART})
    session.say("setattr(shop, 'LIMIT', 7), shop.TABLE.update(a=1)")
    reply = saved(session, CART.replace("LIMIT = 50", "LIMIT = 60").replace("TABLE = {}", "TABLE = {'x': 1}"))
    assert [kept[1] for kept in reply["kept"]] == ["live-value-kept", "live-value-kept"]
    assert session.say("shop.LIMIT, shop.TABLE") == "(7, {'a': 1})"


def test_a_deleted_function_that_returns_is_the_same_object(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": CART})
    saved(session, CART.replace("def gone():\n    return 1\n", ""))
    saved(session, CART.replace("def gone():\n    return 1\n", "def gone():\n    return 2\n"))
    assert session.say("shop.gone is shop.held, shop.held()") == "(True, 2)"


def test_files_of_a_burst_need_each_other_in_any_order(start: Session) -> None:
    files = {"main.py": "import a, b\n" + LOOP, "a.py": "def f():\n    return 1\n", "b.py": "def g():\n    return 1\n"}
    session = start(files)
    saves = {
        "a.py": "from b import h\n\ndef f():\n    return h()\n",
        "b.py": "def h():\n    return 9\n\ndef g():\n    return 1\n",
    }
    assert session.save(saves)["rejected"] is None
    assert session.say("a.f()") == "9"


def test_a_star_takes_a_module_that_a_new_import_has_made_a_name_of_its_package(start: Session) -> None:
    package = "def f():\n    return 1\n"
    files = {"main.py": "import pack.other\n" + LOOP, "pack/__init__.py": package}
    session = start({**files, "pack/other.py": "from pack import *\n", "pack/inner/late.py": "def g():\n    return 2\n"})
    assert session.save({"pack/__init__.py": "from .inner.late import g\n" + package})["rejected"] is None
    assert session.say("pack.other.inner.late.g(), pack.other.g()") == "(2, 2)"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("def price():", "import nosuch\n\ndef price():", "import-failed"),
        ("def price():", "@nosuch\ndef price():", "decorator-failed"),
        ("def price():", "@int\ndef price():", "decorator-failed"),
        ("COUNT = 0", "COUNT = 0\nNEW = nosuch", "default-failed"),
        ("def price():", "class New(nosuch): pass\n\ndef price():", "decorator-failed"),
    ],
)
def test_what_cannot_be_evaluated_rejects_the_burst_and_leaves_nothing(
    start: Session, old: str, new: str, reason: str
) -> None:
    session = start({"main.py": MAIN, "shop.py": CART})
    before = session.say("sorted(vars(shop)), sorted(sys.modules)")
    edited = CART.replace("return 1", "return 2").replace(old, "import string\nX = 1\n" + new)
    reply = session.save({"shop.py": edited}, atomic=True)
    assert reply["rejected"][0] == reason
    assert reply["rejected"][1].endswith("/shop.py")
    assert reply["rejected"][2] > 0
    assert session.say("shop.price(), shop.cart.total()") == "(1, 1)"
    assert session.say("sorted(vars(shop))") == before[1 : before.index("]") + 1]


@pytest.mark.parametrize(
    ("old", "new", "answer", "failed"),
    [
        ("def price():", "import nosuch\n\ndef price():", (2, 2), ["import-failed"]),
        ("def price():", "@nosuch\ndef price():", (1, 2), ["decorator-failed"]),
        ("COUNT = 0", "COUNT = 0\nNEW = nosuch", (2, 2), ["default-failed"]),
        ("def price():\n    return 2", "NEW = nosuch\ndef price():\n    return NEW", (1, 2), ["default-failed", "needs-kept"]),
    ],
)
def test_what_cannot_be_evaluated_stays_out_with_what_needs_it(
    start: Session, old: str, new: str, answer: tuple, failed: list
) -> None:
    session = start({"main.py": MAIN, "shop.py": CART})
    reply = saved(session, CART.replace("return 1", "return 2").replace(old, "import string\nX = 1\n" + new))
    assert sorted(failure[1] for failure in reply["failed"]) == failed
    assert session.say("shop.price(), shop.cart.total()") == str(answer)
    assert session.say("hasattr(shop, 'NEW'), shop.X, hasattr(shop, 'string')") == "(False, 1, True)"


DATA = """
from dataclasses import dataclass

@dataclass
class A:
    n: int = 3

    def m(self):
        return self.n

@dataclass(frozen=True)
class F:
    n: int = 3

a = A()
"""


def test_a_dataclass_takes_a_new_field_in_place(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": DATA})
    reply = saved(session, DATA.replace("    n: int = 3\n\n    def", "    n: int = 3\n    k: int = 10\n\n    def"))
    assert reply["kept"] == []
    assert [note[1] for note in reply["notes"]] == ["instances-lack-field"]
    assert (
        session.say("shop.A(1, 2), shop.A(), shop.a.k, shop.A() == shop.A(3, 10)")
        == "(A(n=1, k=2), A(n=3, k=10), 10, True)"
    )
    reply = saved(session, DATA.replace("class F:\n    n: int = 3", "class F:\n    n: int = 3\n    k: int = 1"))
    assert [kept[1] for kept in reply["kept"]] == ["module-statement"]  # the one that is gone
    assert session.say("shop.F()") == "F(n=3, k=1)"


ENUM = "import enum\n\nclass E(enum.Enum):\n    A = 1\n\nclass S:\n    __slots__ = ('a',)\n\nclass P(int):\n    pass\n"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("A = 1", "A = 1\n    B = 2", "enum-members"),
        ("('a',)", "('a', 'b')", "class-layout"),
        ("class P(int)", "class P(str)", "bases-or-metaclass"),
    ],
)
def test_what_a_class_cannot_take_is_kept_with_its_reason(start: Session, old: str, new: str, reason: str) -> None:
    session = start({"main.py": MAIN, "shop.py": ENUM})
    reply = saved(session, ENUM.replace(old, new))
    assert [kept[1] for kept in reply["kept"]] == [reason]


CLOSURES = """
def make(n, k):
    def inner(x):
        return x + n + k
    return inner

async def amake(n):
    async def inner(x):
        return x
    return inner

one = make(1, 2)
"""


def test_a_live_closure_takes_code_with_fewer_names_and_keeps_its_cells(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": CLOSURES})
    saved(session, CLOSURES.replace("x + n + k", "(x, k)"))
    assert session.say("shop.one(5), shop.make(3, 4)(5)") == "((5, 2), (5, 4))"
    again = CLOSURES.replace("x + n + k", "(x, k, missing)").replace(
        "    def inner(x)", "    missing = 0\n    def inner(x)", 1
    )
    reply = saved(session, again)
    assert [kept[1] for kept in reply["kept"]] == ["closure-changed"]
    assert session.say("shop.one(5), shop.make(3, 4)(5)") == "((5, 2), (5, 4, 0))"


def test_a_missing_global_name_is_told_or_with_strict_refused(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": CART})
    edited = CART.replace("def price():\n    return 1", "def price():\n    return len(str(nosuch)) + LIMIT")
    reply = session.save({"shop.py": edited}, strict=True)
    assert [failure[1] for failure in reply["failed"]] == ["name-missing"]
    session.target.files["shop.py"] = CART.encode()
    reply = saved(session, edited)
    assert [(note[1], note[2]) for note in reply["notes"]] == [("name-missing", "no global name nosuch")]
    assert session.say("shop.price()") == "NameError name 'nosuch' is not defined"


WRAPPED = """
def tag(function):
    def inner(*args):
        return "tagged", function(*args)
    return inner
"""
TAGGED = "@tag\ndef price():\n    return 1\nkept = price\n"
PLAIN = "def price(a=1):\n    return 2\n"


def test_a_wrapped_definition_that_comes_to_stand_last_is_not_bound_without_its_wrapper(start: Session) -> None:
    session = start({"main.py": MAIN, "shop.py": WRAPPED + TAGGED + PLAIN})
    reply = session.save({"shop.py": WRAPPED + PLAIN + TAGGED})
    assert [remark[1] for remark in reply["kept"]] == ["ambiguous-definition"]
    assert session.say("shop.price(), shop.kept()") == "(2, ('tagged', 1))"


def test_a_value_that_was_read_of_a_module_by_its_name_is_told(start: Session) -> None:
    other = "import importlib, sys, shop\nA = sys.modules['shop'].LIMIT\nB = importlib.import_module('shop').LIMIT\n"
    session = start({"main.py": "import other\n" + LOOP, "other.py": other, "shop.py": "LIMIT = 1\n"})
    reply = session.save({"shop.py": "LIMIT = 2\n"})
    assert [(note[1], note[4]) for note in reply["notes"]] == [("derived-value", "other.A"), ("derived-value", "other.B")]


def test_what_calls_have_written_at_import_is_told_by_its_names(start: Session) -> None:
    other = (
        "import logging, shop\nclass Table: pass\ntable, seen, last = Table(), {}, 0\n"
        "def fill():\n    global last\n    last = shop.LIMIT\n    setattr(table, 'limit', last)\n"
        "fill()\nseen.update(limit=shop.LIMIT)\nlogging.addLevelName(shop.LIMIT, 'SHOP')\n"
    )
    session = start({"main.py": "import other\n" + LOOP, "other.py": other, "shop.py": "LIMIT = 1\n"})
    reply = session.save({"shop.py": "LIMIT = 2\n"})
    told = sorted(note[4] for note in reply["notes"])
    assert told == ["other.fill, last, table", "other.seen, logging.addLevelName"]


TABLES = """
known, by, pairs = [], {}, []
def listed(f):
    known.append(f)
    return f
def named(name):
    def keep(f):
        by[name] = f
        return f
    return keep
def paired(f):
    pairs.append((f.__name__, f))
    return f
"""


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("@listed\ndef a(): pass\n", "def a(): pass\n", ["tables.known"]),
        ("@paired\ndef a(): pass\n", "", ["tables.pairs"]),
        ("@listed\nclass A: pass\n", "class A: pass\n", ["tables.known"]),
        ("class A: pass\n", "@listed\nclass A: pass\n", ["tables.known"]),
        ("@listed\nclass A: pass\n", "", ["tables.known"]),
        ("@named('a')\ndef a(): pass\n", "@named('b')\ndef a(): pass\n", ["tables.by"]),
        ("@named('a')\ndef a(): pass\n", "@named('a')\n@staticmethod\ndef a(): pass\n", []),
        ("@listed\nclass A: pass\n", "@listed\n@total\nclass A: pass\n", []),
        ("@listed\ndef a(): pass\n", "@listed\ndef a(): return 1\n", []),
        ("def a(): pass\n", "@listed\ndef a(): pass\n", []),
    ],
)
def test_tables_that_decorators_would_have_filled_otherwise_are_told(
    start: Session, before: str, after: str, told: list[str]
) -> None:
    head = "from functools import total_ordering as total\nfrom tables import *\ndef b(): pass\n"
    session = start({"main.py": "import shop\n" + LOOP, "tables.py": TABLES, "shop.py": head + before})
    reply = session.save({"shop.py": head + after})
    assert [note[4] for note in reply["notes"] if note[1] == "derived-value"] == told


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("    known.append(f)", "    known.append(f.__name__)", ["shop.a, C", "tables.known"]),
        ("    known.append(f)\n", "", ["shop.a, C", "tables.known"]),
        ("        by[name] = f\n", "        by[name] = f, 1\n", ["shop.b", "tables.by"]),
        ("    known.append(f)\n    return f", "    known.append(f)\n    return (f)", []),
    ],
)
def test_tables_that_a_changed_decorator_has_filled_are_told(
    start: Session, before: str, after: str, told: list[str]
) -> None:
    shop = "from tables import *\n@listed\ndef a(): pass\n@named('b')\ndef b(): pass\n@listed\nclass C: pass\n"
    session = start({"main.py": "import shop\n" + LOOP, "tables.py": TABLES, "shop.py": shop})
    reply = session.save({"tables.py": TABLES.replace(before, after, 1)})
    assert sorted(note[4] for note in reply["notes"] if note[1] == "derived-value") == told


def test_a_value_for_which_a_block_defines_a_function_stays_and_is_told(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": "get = int('1')\n"})
    reply = session.save({"shop.py": "if 5 > 3:\n    def get():\n        return 2\n"})
    assert ["live-value-kept", "get is bound already"] in [remark[1:] for remark in reply["kept"]]
    assert session.say("shop.get") == "1"
