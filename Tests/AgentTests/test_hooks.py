"""`__on_reload__`, imports that do not end, and saves that are only asked about."""

from __future__ import annotations

from lab import Session
from test_bodies import LOOP

HOOKS = """
seen = []

def __on_reload__(event):
    seen.append((event.module, event.owner, event.applied))
    if len(seen) > 2:
        raise ValueError("no")

class Cart:
    @classmethod
    def __on_reload__(cls, event):
        seen.append((cls.__name__, event.owner, event.applied))

    def total(self):
        return 1

class Order(Cart):
    def total(self):
        return 1

def price():
    return 1
"""


def test_a_module_and_its_classes_are_told_of_a_patch(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": HOOKS})
    edited = HOOKS.replace("return 1\n\nclass", "return 2\n\nclass", 1)
    assert session.save({"shop.py": edited})["notes"] == []
    assert session.say("shop.seen") == "[('Cart', 'Cart', ['Cart.total']), ('shop', '', ['Cart.total'])]"
    reply = session.save({"shop.py": edited.replace("def price():\n    return 1", "def price():\n    return 2")})
    assert reply["notes"] == [[-1, "hook-failed", "shop.__on_reload__: ValueError: no", 1]]
    assert session.say("shop.seen[2:], shop.price()") == "([('shop', '', ['price'])], 2)"


def test_an_import_that_does_not_end_stays_out_with_what_needs_it(start: Session) -> None:
    files = {
        "main.py": "import shop\n" + LOOP,
        "shop.py": "def price():\n    return 1\n",
        "server.py": "import time\nwhile not __import__('shop').__dict__.get('stop'):\n    time.sleep(0.01)\nready = 5\n",
    }
    session = start(files)
    edited = "import server\n\ndef price():\n    return server.ready\n"
    reply = session.save({"shop.py": edited}, import_seconds=0.2)
    assert [failure[1] for failure in reply["failed"]] == ["import-failed", "needs-kept"]
    assert "not ended in time" in reply["failed"][0][4]
    assert session.say("shop.price()") == "1"
    session.say("setattr(shop, 'stop', 1)")
    session.target.files["shop.py"] = files["shop.py"].encode()
    assert session.save({"shop.py": edited})["rejected"] is None
    assert session.say("shop.price()") == "5"


def test_threading_imported_by_a_patch_has_the_right_main_thread(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": "def price():\n    return 1\n"})
    edited = "import threading\n\ndef price():\n    return threading.current_thread()\n"
    assert session.save({"shop.py": edited})["rejected"] is None
    assert session.say("shop.price() is shop.threading.main_thread()") == "True"
    assert session.say("shop.threading.enumerate() == [shop.price()]") == "True"


DRY = """
import sys
RUNS = []

def noted(value):
    RUNS.append(value)
    return value

class Base:
    pass

class Cart(Base):
    size = 1
    def total(self, n=1):
        return n

def price(n=1):
    return n
"""


def test_a_dry_run_names_what_would_be_done_and_does_nothing(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": DRY})
    before = session.say("sorted(vars(shop)), sorted(vars(shop.Cart)), sorted(sys.modules)")
    edited = DRY.replace("import sys\n", "import sys\nimport string\nfrom nosuch import x\nNEW = noted(1)\n")
    edited = edited.replace("size = 1", "size = noted(2)\n    def more(self, m=noted(3)):\n        return string, x, NEW")
    edited = edited.replace("def total(self, n=1)", "def total(self, n=noted(4))")
    edited = edited.replace("def price(n=1):\n    return n", "@noted\ndef price(n=noted(5)):\n    return n, missing")
    edited = edited.replace("class Cart(Base)", "class Other(noted(Base)):\n    pass\n\nclass Cart(Other, Base)")
    reply = session.save({"shop.py": edited}, dry_run=True)
    assert (reply["rejected"], reply["kept"], reply["moved"]) == (None, [], 0)
    assert len(reply["applied"]) == 9
    assert [note[1:3] for note in reply["notes"]] == [["name-missing", "no global name missing"]]
    assert session.say("sorted(vars(shop)), sorted(vars(shop.Cart)), sorted(sys.modules)") == before
    assert session.say("shop.RUNS, shop.price(), shop.Cart().total(), shop.Cart.__mro__[1].__name__") == "([], 1, 1, 'Base')"
