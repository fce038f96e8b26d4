"""What the agent must leave as it was, whatever the program has set up."""

from __future__ import annotations

import pytest
from lab import Session, Twin
from test_bodies import LOOP

TEXT = "def f():\n    return 1\n\ndef g():\n    return 1\n"
STATE = (
    "sorted(sys.modules), len(__import__('_warnings').filters), gc.isenabled(), sorted(__import__('threading')._active)"
)


def test_a_patch_leaves_modules_filters_and_threads_as_they_were_and_no_object(start: Session) -> None:
    main = "import sys, gc, threading, warnings\nimport shop\ngc.disable()\ncounts = []\n" + LOOP
    session = start({"main.py": main, "shop.py": TEXT})
    before = session.say(STATE)
    session.say("gc.collect(), counts.append(len(gc.get_objects()))")
    for number in range(3):
        assert session.save({"shop.py": TEXT.replace("return 1", f"return {number + 2}")})["rejected"] is None
    assert session.say("shop.f(), shop.g()") == "(4, 4)"
    assert session.say(STATE) == before
    assert int(session.say("(gc.collect(), len(gc.get_objects()) - counts[0])[1]")) < 30


def test_a_program_without_a_collector_keeps_nothing_of_us(start: Session) -> None:
    main = "import sys, gc, threading, warnings\nimport shop\ngc.collect()\ngc.disable()\n" + LOOP
    session = start({"main.py": main, "shop.py": TEXT})
    for number in range(5):
        assert session.save({"shop.py": TEXT.replace("return 1", f"return {number + 2}")})["rejected"] is None
        session.inventory()
    assert session.say("shop.f()") == "6"
    assert session.say("gc.collect()") == "0"


def test_an_audit_hook_is_told_of_and_may_forbid_the_patch(start: Session) -> None:
    hook = (
        "import sys\nimport shop\nveto = []\n"
        "def hook(event, args):\n"
        "    if event == 'object.__setattr__' and veto and args[0].__name__ == 'g':\n"
        "        raise RuntimeError('no')\n"
        "sys.addaudithook(hook)\n"
    )
    session = start({"main.py": hook + LOOP, "shop.py": TEXT})
    reply = session.save({"shop.py": TEXT.replace("return 1", "return 2")})
    assert [note[1] for note in reply["notes"]] == ["not-atomic"]
    session.say("veto.append(1)")
    reply = session.save({"shop.py": TEXT.replace("return 1", "return 3")})
    assert reply["rejected"][0] == "verify-failed"
    assert session.say("shop.f(), shop.g()") == "(2, 2)"


LAZY = """
import functools
asked = []
class Lazy:
    __slots__ = ()
    def __getattribute__(self, name): return object.__getattribute__(self, name)
    __dict__ = property(lambda self: asked.append("__dict__") or {})
    __class__ = property(lambda self: asked.append("__class__") or int)
    __doc__ = property(lambda self: asked.append("__doc__"))
    __module__ = property(lambda self: asked.append("__module__"))
    def __getattr__(self, name):
        asked.append(name)
        raise AttributeError(name)
def say(name, answer):
    def method(self, *values):
        asked.append(name)
        return answer
    setattr(Lazy, name, method)
for name, answer in {"__eq__": False, "__hash__": 1, "__bool__": True, "__len__": 0, "__repr__": "", "__call__": 1}.items():
    say(name, answer)
class Deep(Lazy):
    __slots__ = ("__dict__", "own")
lazy = Lazy()
deep = Deep()
"""
STANDING = """
import functools
from lazy import Lazy, asked, deep, lazy
LIMIT = 3
other = lazy
table = {"a": lazy, "b": [deep]}
derived = LIMIT + 1
def f(x=lazy, *, y=deep):
    return 1
@functools.lru_cache(None)
def cached(n):
    return 1
def decorate(function):
    function.lazy = lazy
    return function
@decorate
def g():
    return lazy, 1
def around():
    held = lazy
    def inner():
        return held, 1
    return inner
inner = around()
class Shop:
    lazy, deep = lazy, deep
    size = LIMIT
    def total(self, rate=lazy):
        return 1
shop = Shop()
shop.lazy = lazy
asked.clear()
"""


def test_objects_that_stand_for_others_are_not_asked(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "lazy.py": LAZY, "shop.py": STANDING})
    changed = STANDING.replace("return 1", "return 2").replace(", 1\n", ", 2\n").replace("= 3", "= 4")
    assert session.save({"shop.py": changed})["rejected"] is None
    more = changed.replace("x=lazy,", "x=lazy, z=5,").replace("    size", "    more = lazy\n    size")
    more = more.replace("other = lazy", "other = lazy\nthird = deep").replace("function.lazy = ", "function.lazier = ")
    assert session.save({"shop.py": more})["rejected"] is None
    assert session.say("shop.f(), shop.cached(1), shop.inner()[1], shop.shop.total(), shop.LIMIT") == "(2, 2, 2, 2, 4)"
    assert session.say("sorted(set(shop.asked))") == "[]"


def test_a_frozen_heap_is_searched_by_names_only(start: Session) -> None:
    session = start({"main.py": "import gc\nimport shop\nheld = {'f': shop.f}\ngc.freeze()\n" + LOOP, "shop.py": TEXT})
    reply = session.save({"shop.py": TEXT.replace("return 1", "return 2")})
    assert reply["searched"] is False
    assert session.say("shop.f(), held['f'](), gc.get_freeze_count() > 0") == "(2, 2, True)"


META = """
class Meta(type):
    def __setattr__(cls, name, value):
        raise RuntimeError(name)
    def __getattribute__(cls, name):
        if name == "__dict__":
            raise RuntimeError(name)
        return type.__getattribute__(cls, name)

class Strict(metaclass=Meta):
    def m(self):
        return 1

strict = Strict()
"""


def test_a_metaclass_is_not_asked(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": META})
    reply = session.save({"shop.py": META.replace("return 1", "return self.n()\n    def n(self):\n        return 2")})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("shop.strict.m()") == "2"


def test_lazy_and_odd_modules_are_not_woken(start: Session) -> None:
    main = (
        "import sys, types\nimport shop\nwoken = []\n"
        "class Odd(types.ModuleType):\n"
        "    def __getattribute__(self, name):\n"
        "        woken.append(name)\n"
        "        return types.ModuleType.__getattribute__(self, name)\n"
        "sys.modules['odd'] = Odd('odd')\n"
        "sys.modules['none'] = None\n"
        "sys.modules['number'] = 5\n"
        "woken.clear()\n"
    )
    session = start({"main.py": main + LOOP, "shop.py": TEXT})
    inventory = session.inventory()
    assert {"__main__", "shop"} <= {module["name"] for module in inventory["modules"]}
    assert session.say("woken") == "[]"


def test_running_frames_and_generators_finish_on_old_code(start: Session) -> None:
    text = "def numbers():\n    yield 1\n    yield 1\n"
    session = start({"main.py": "import shop\nlive = shop.numbers()\n" + LOOP, "shop.py": text})
    assert session.say("next(live)") == "1"
    assert session.save({"shop.py": text.replace("yield 1", "yield 2")})["rejected"] is None
    assert session.say("next(live), list(shop.numbers())") == "(1, [2, 2])"


def test_live_code_is_compared_with_the_file(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": TEXT})
    file = {"path": session.path("shop.py"), "paths": [session.path("shop.py")], "modules": ["shop"]}
    changed = "\n" + TEXT.replace("return 1", "return 2", 1) + "\ndef h():\n    pass\n"
    for source, expected in ((TEXT, ([], [], 0)), (changed, ([["f", 2]], [["h", 8, True, True]], 1))):
        _, request, refused = session.twin.ask(("compare", [{**file, "source": source.encode()}]))
        found = session.talk(request)[0][1][0]
        assert refused == []
        assert (found["differ"], found["missing"], found["moved"]) == expected


INTERPRETERS = """
import _interpreters as interpreters
import shop
made = []
"""


def test_other_interpreters_are_counted(start: Session, twin: Twin) -> None:
    if twin.facts["version"] < [3, 13]:
        pytest.skip("they would run the thread that plays the attach, too")
    session = start({"main.py": INTERPRETERS + LOOP, "shop.py": TEXT})
    assert session.save({"shop.py": TEXT.replace("return 1", "return 2")})["notes"] == []
    session.say("made.extend([interpreters.create(), interpreters.create()])")
    notes = session.save({"shop.py": TEXT.replace("return 1", "return 3")})["notes"]
    assert [(reason, count) for _, reason, _, count in notes] == [("other-interpreters", 2)]
    assert session.say("shop.f(), [interpreters.destroy(one) for one in made]") == "(3, [None, None])"


def test_metaclasses_are_asked_for_nothing(start: object) -> None:
    text = (
        "asked = []\n"
        "class Meta(type):\n"
        "    def __getattribute__(cls, name):\n"
        "        asked.append((name, sys._getframe(1).f_code.co_name))\n"
        "        return type.__getattribute__(cls, name)\n"
        "    def __init__(cls, name, bases, names):\n        cls.mark = LIMIT\n"
        "import sys\nLIMIT = 1\n"
        "def noted(cls):\n    return cls\n"
        "@noted\nclass Base(metaclass=Meta):\n    rate = 1\n    def f(self, a=LIMIT):\n        return super().__repr__()\n"
        "class Shop(Base):\n    @property\n    def size(self):\n        return 1\n"
        "SHOP = Shop()\nTABLE = {'a': Shop}\nheld = SHOP.f\n"
    )
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    session.say("shop.asked.clear()")
    session.inventory()
    for old, new in (("LIMIT = 1", "LIMIT = 2"), ("return 1", "return 2"), ("rate = 1", "rate = 2"), ("mark = ", "mk = ")):
        text = text.replace(old, new)
        session.save({"shop.py": text})
    assert session.say("sorted(set(shop.asked))") == "[]"


def test_a_class_without_a_module_hides_nothing(start: object) -> None:
    text = "LIMIT = [1]\nODD = eval(\"type('Odd', (), {})()\", {'__builtins__': {'type': type}})\ndef f():\n    return LIMIT\n"
    session = start({"main.py": "import shop\nheld = shop.LIMIT\n" + LOOP, "shop.py": text})
    session.inventory()
    reply = session.save({"shop.py": text.replace("[1]", "[2]")})
    assert (session.say("shop.f()"), reply["failed"], [n[2] for n in reply["notes"] if "could not" in n[2]]) == ("[2]", [], [])


HOSTILE = """
import dataclasses, functools, sys, types
asked = []
def say(name):
    def method(cls, *values):
        if noting:
            asked.append((name, sys._getframe(1).f_code.co_name))
        return getattr(type, name)(cls, *values)
    return method
def refuse(name):
    def method(cls, *values):
        if noting:
            asked.append((name, sys._getframe(1).f_code.co_name))
            raise ValueError(name)
        return {"__len__": 1}.get(name, True)
    return method
noting = []
MetaMeta = type("MetaMeta", (type,), {name: refuse(name) for name in ("__bool__", "__len__")})
names = {name: say(name) for name in ("__eq__", "__ne__", "__hash__", "__getattribute__", "__repr__", "__call__")}
names.update({name: say(name) for name in ("__instancecheck__", "__subclasscheck__", "__setattr__", "__dir__")})
names.update({name: refuse(name) for name in ("__bool__", "__len__", "__iter__", "__contains__")})
def describe(cls):
    asked.append(("__class__", sys._getframe(1).f_code.co_name)) if noting else None
    return type
for name in ("__name__", "__module__", "__mro__", "__bases__", "__dict__", "__doc__", "__class__"):
    names[name] = property(describe)
Hostile = MetaMeta("Hostile", (type,), names)
"""
STRANGE = """
import functools, sys, types
from hostile import Hostile, asked, noting
LIMIT = 3
class Base(metaclass=Hostile):
    rate = LIMIT
    def f(self, a=LIMIT):
        return super().__init__(), 1
class Mixin:
    pass
class Shop(Base):
    tags = [Base]
    @property
    def size(self):
        return 1
    @staticmethod
    def made():
        return 1
    class Inner(metaclass=Hostile):
        def g(self):
            return 1
    def old(self):
        return 1
class Cache(metaclass=Hostile):
    def __init__(self, function):
        self.__wrapped__ = function
        self.owner = Shop
    def __call__(self, *values):
        return self.__wrapped__(*values)
    def __set_name__(self, owner, name):
        pass
class Module(types.ModuleType, metaclass=Hostile):
    pass
class Table(dict, metaclass=Hostile):
    pass
sys.modules["odd"] = Module("odd")
odd = sys.modules["odd"]
SHOP = Shop()
KINDS = {"a": Shop, "b": [Base, SHOP], "c": (Table([("x", Shop)]), Cache)}
KNOWN = [Shop, Base, LIMIT]
held = SHOP.f
@Cache
def counted(n, kind=Shop, *, other=SHOP):
    return 1
@functools.lru_cache(None)
def cached(n):
    return Shop and 1
def mark(function):
    function.kind = Shop
    function.shop = SHOP
    return function
@mark
def g(n=Base):
    return 1
def around(kind=Shop):
    def inner():
        return kind is None, 1
    return inner
inner = around()
"""


def test_classes_of_a_hostile_metaclass_are_asked_for_nothing(start: Session) -> None:
    main = "import shop\n" + LOOP
    session = start({"main.py": main, "hostile.py": HOSTILE, "shop.py": STRANGE})
    session.inventory()
    text = STRANGE
    session.say("shop.noting.append(1)")
    for old, new in (
        ("LIMIT = 3", "LIMIT = 4"),
        ("return 1", "return 2"),
        (", 1\n", ", 2\n"),
        ("rate = LIMIT", "rate = LIMIT + 1"),
        ("(Base)", "(Mixin, Base)"),
        ("    def old(self):\n        return 2\n", "    def new(self):\n        return 2\n"),
        ("n, kind=", "n, more=LIMIT, kind="),
        ("n=Base", "n=SHOP"),
        ("function.kind", "function.sort"),
        ("@mark\n", "@mark\n@mark\n"),
        ("@Cache\ndef", "def"),
        ("KNOWN = ", "ADDED = Shop\nKNOWN = "),
        ("    tags", "    more = Base\n    tags"),
        ("(n):\n    return Shop", "(n: Shop):\n    return Shop"),
        ("def mark", "@Cache\ndef late(n): return n\nclass Last(Base):\n    pass\ndef mark"),
        ("class Last(Base):\n    pass\n", ""),
        ("KINDS = ", "KINDS: dict = "),
    ):
        assert old in text
        text = text.replace(old, new)
        reply = session.save({"shop.py": text}, is_last=True)
        assert reply["rejected"] is None
        assert [note for note in [*reply["notes"], *reply["kept"]] if "could not" in note[2]] == []
    session.inventory()
    file = {"path": session.path("shop.py"), "paths": [session.path("shop.py")], "modules": ["shop"]}
    _, request, _ = session.twin.ask(("compare", [{**file, "source": text.encode()}]))
    session.talk(request)
    session.say("shop.noting.clear()")
    # What the program's own statements ask when they run: a decorator, an instance, a class of that metaclass.
    ours = ("<module>", "mark", "cached", "inner")
    asked = session.say(f"sorted({{one for one in shop.asked if one[1] not in {ours!r}}})")
    assert asked == "[('__call__', 'decorated')]"
