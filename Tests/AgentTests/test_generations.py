"""What a module had before it was loaded again with importlib.reload, in the same namespace."""

from __future__ import annotations

from lab import Session
from test_bodies import LOOP

FILE = """import functools
LIMIT = 1

def label(text="a"):
    return "v1", LIMIT, text

def counted(function):
    @functools.wraps(function)
    def inner():
        return "v1", function()
    return inner

@functools.lru_cache(maxsize=None)
def dear():
    return "v1"

class Channel:
    rate = 1

    def name(self):
        return "v1", self.rate

    def parent(self):
        return super().__repr__() and "v1"

    @property
    def size(self):
        return "v1"
"""
HOLD = """import importlib, shop
from shop import label
old, bound, cached = shop.Channel(), shop.Channel().name, shop.dear
job = shop.counted(lambda: 5)
"""
RELOAD = "importlib.reload(shop)\n"
ASK = "label()[0], shop.label()[0], old.name(), bound(), shop.Channel().name(), job(), old.size, old.parent()"


def start_with(start: object, main: str, file: str = FILE) -> Session:
    return start({"main.py": main + LOOP, "shop.py": file})


def test_what_is_held_from_before_a_reload_follows(start: object) -> None:
    session = start_with(start, HOLD + RELOAD)
    session.inventory()
    reply = session.save({"shop.py": FILE.replace("v1", "v2")})
    assert (reply["rejected"], reply["kept"], reply["failed"]) == (None, [], [])
    expected = "('v2', 'v2', ('v2', 1), ('v2', 1), ('v2', 1), ('v2', 5), 'v2', 'v2')"
    assert session.say(ASK) == expected
    session.say("cached()")
    reply = session.save({"shop.py": FILE.replace("v1", "v3").replace('text="a"', 'text="b"')})
    assert (reply["rejected"], reply["kept"], reply["failed"]) == (None, [], [])
    assert session.say(ASK) == expected.replace("v2", "v3")
    assert session.say("label(), cached()") == "(('v3', 1, 'b'), 'v3')"


def test_a_reload_after_the_attach_is_seen_at_the_next_save(start: object) -> None:
    session = start_with(start, HOLD)
    session.save({"shop.py": FILE.replace("v1", "v2")})
    session.say("importlib.reload(shop)")
    session.save({"shop.py": FILE.replace("v1", "v3")})
    assert session.say("label()[0], shop.label()[0], old.name()[0], bound()[0], job()") == (
        "('v3', 'v3', 'v3', 'v3', ('v3', 5))"
    )


def test_what_moved_before_the_reload_follows_too(start: object) -> None:
    session = start_with(start, HOLD)
    moved = FILE.replace("LIMIT = 1", "# one\n# two\nLIMIT = 1").replace('"v1", LIMIT', '"v0", LIMIT')
    session.target.write("shop.py", moved)
    session.say("importlib.reload(shop)")
    session.inventory()
    reply = session.save({"shop.py": moved.replace("v1", "v2").replace("v0", "v2")})
    assert reply["rejected"] is None
    assert session.say("label()[0], shop.label()[0], old.name()[0], bound()[0]") == "('v2', 'v2', 'v2', 'v2')"


def test_a_value_that_was_taken_before_the_reload_follows(start: object) -> None:
    file = FILE.replace("LIMIT = 1", "LIMIT = 1000.5")
    main = "import importlib, shop, other\n" + RELOAD
    session = start({"main.py": main + LOOP, "shop.py": file, "other.py": "from shop import LIMIT\n"})
    session.save({"shop.py": file.replace("1000.5", "2000.5")})
    assert session.say("other.LIMIT, shop.LIMIT") == "(2000.5, 2000.5)"


def test_former_classes_get_what_methods_need(start: object) -> None:
    session = start_with(start, HOLD + RELOAD + "again = shop.Channel()\nimportlib.reload(shop)\n")
    session.inventory()
    new = FILE.replace("rate = 1", "rate = 2").replace('"v1", self.rate', "self.more()")
    new += '\n    def more(self):\n        return "more", self.rate\n'
    reply = session.save({"shop.py": new})
    assert (reply["rejected"], reply["kept"], reply["failed"]) == (None, [], [])
    assert session.say("[one.name() for one in (old, again, shop.Channel())]") == "[('more', 2), ('more', 2), ('more', 2)]"


def test_what_cannot_follow_is_named(start: object) -> None:
    session = start_with(start, HOLD)
    session.target.write("shop.py", FILE.replace('text="a"', "text, more=1"))
    session.say("importlib.reload(shop)")
    session.inventory()
    reply = session.save({"shop.py": FILE.replace('text="a"', "text, more=1").replace("v1", "v2")})
    assert [kept[1] for kept in reply["kept"]] == ["other-copy"]
    assert "before it was loaded again" in reply["kept"][0][2]
    assert session.say("label()[0], shop.label(1)[0], old.name()[0]") == "('v1', 'v2', 'v2')"


def test_no_heap_is_searched_where_nothing_is_held(start: object) -> None:
    session = start_with(start, "import importlib, shop, gc\n" + RELOAD + "gc.collect()\n")
    session.inventory()
    save = [session.save({"shop.py": FILE.replace('"v1", LIMIT', f'"v{n}", LIMIT')}) for n in (2, 3)]
    assert [reply["searched"] for reply in save] == [False, False]
    session.say("importlib.reload(shop) and gc.collect()")
    save = [session.save({"shop.py": FILE.replace('"v1", LIMIT', f'"v{n}", LIMIT')}) for n in (4, 5)]
    assert [reply["searched"] for reply in save] == [True, False]  # it was loaded again
    assert session.say("shop.label()[0]") == "'v5'"


def test_a_second_reload_between_two_saves_is_seen(start: object) -> None:
    """The specification of the module may lie where the one before the last lay."""
    text = 'def label():\n    return "v1"\nclass Shop:\n    def name(self):\n        return "v1"\n'
    session = start_with(start, "import gc, importlib, shop\nimportlib.reload(shop)\nimportlib.reload(shop)\n", text)
    session.inventory()
    session.save({"shop.py": text.replace("v1", "v2")})
    session.say("globals().update(held=[shop.label, shop.Shop()])")
    for _ in range(2):
        session.say("importlib.reload(shop)")
    reply = session.save({"shop.py": text.replace("v1", "v3")})
    assert (reply["rejected"], reply["kept"], reply["failed"]) == (None, [], [])
    assert session.say("held[0](), held[1].name(), shop.label()") == "('v3', 'v3', 'v3')"
