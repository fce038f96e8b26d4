"""What a process lacks of a file that was edited before anybody attached."""

from __future__ import annotations

import edits
import pytest
from lab import Session
from test_bodies import LOOP

OLD = """
import math
RATE = 2
NAMES = ["a"]
TABLE = {"a": 1}
CACHE = {}
seen = 0
LIMIT: int = 3
flag = None

class Base:
    pass

class Other:
    pass

class Cart(Base):
    size = 3
    tags = ("x",)

    def total(self, count=1):
        return count

def price(n=1, *, more=2):
    return n * RATE + more

def note(entry, log=[]):
    log.append(entry)

def count():
    global seen
    seen += 1
"""


def comparison(session: Session, source: str, name: str = "shop.py") -> dict:
    path = session.path(name)
    file = {"path": path, "paths": [path], "modules": [name[:-3].replace("/", ".")]}
    _, request, refused = session.twin.ask(("compare", [{**file, "source": source.encode()}]))
    assert refused == []
    return session.talk(request)[0][1][0]


def differing(session: Session, source: str) -> list:
    found = comparison(session, source)
    return [name for _, name, _ in found["facts"]] + [name for name, _ in found["differ"]]


def differing_in(session: Session, name: str, source: str) -> list:
    return [fact for _, fact, _ in comparison(session, source, name)["facts"]]


@pytest.fixture
def session(start: object) -> Session:
    return start({"main.py": "import shop\n" + LOOP, "shop.py": OLD})


def test_every_kind_of_edit_is_seen(session: Session) -> None:
    edits = {
        "RATE": ("RATE = 2", "RATE = 5"),
        "NAMES": ('["a"]', '["b"]'),
        "TABLE": ('{"a": 1}', '{"a": 7}'),
        "LIMIT": ("LIMIT: int = 3", "LIMIT: int = 4"),
        "Cart.size": ("size = 3", "size = 4"),
        "Cart.tags": ('("x",)', '("x", "y")'),
        "Cart.total": ("count=1", "count=2"),
        "price": ("more=2", "more=3"),
        "Cart": ("Cart(Base)", "Cart(Other)"),
        "os": ("import math", "import math, os"),
        "fresh": ("flag = None", "flag = None\nfresh = len('a')"),
    }
    assert differing(session, OLD) == []
    for name, (old, new) in edits.items():
        assert OLD.count(old) == 1
        assert differing(session, OLD.replace(old, new)) == [name]


def test_what_the_program_did_itself_is_no_edit(session: Session) -> None:
    session.say("[shop.count(), shop.NAMES.append('z'), shop.TABLE.update(b=2), shop.CACHE.update(x=1), shop.note(1)]")
    session.say("[setattr(shop, 'flag', object()), setattr(shop.Cart, 'size', property(len))]")
    assert differing(session, OLD) == []


def test_a_statement_inside_of_another_one_says_nothing(session: Session) -> None:
    more = "if RATE > 5:\n    HIGH = 1\ntry:\n    import nowhere\nexcept ImportError:\n    nowhere = None\nGONE = 1\ndel GONE\n"
    assert differing(session, OLD + more) == []


def test_generated_classes_are_no_difference(start: object) -> None:
    text = (
        "import dataclasses, enum, typing\n"
        "class Color(enum.Enum):\n    RED = 1\n"
        "class Pair(typing.NamedTuple):\n    a: int = 1\n    b: int = 2\n"
        "@dataclasses.dataclass\nclass Point:\n    x: int = 0\n    y: list = dataclasses.field(default_factory=list)\n"
        "T = typing.TypeVar('T')\nclass Box(typing.Generic[T]):\n    __slots__ = ('x',)\n"
        "class Hidden:\n    __secret = 4\n"
    )
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    assert differing(session, text) == []
    assert differing(session, text.replace("__secret = 4", "__secret = 5")) == ["Hidden.__secret"]


def test_defaults_of_overloads_say_nothing(start: object) -> None:
    text = (
        "import typing\n"
        "@typing.overload\ndef f(a: int, b: str = ...) -> int: ...\n"
        "@typing.overload\ndef f(a: str, b: int = 4) -> str: ...\n"
        "def f(a, b=None):\n    return a\n"
        "class A:\n    def g(self, a=1):\n        return a\n    def g(self):\n        return 2\n"
    )
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    assert differing(session, text) == []
    assert differing(session, text.replace("b=None", "b=1")) == ["f"]


def test_a_definition_that_the_class_statement_takes_is_not_new(start: object) -> None:
    text = (
        "class Text(str):\n    def __get__(self, instance, owner=None):\n        return str(self)\n"
        "def named(f):\n    return Text('Proxy')\n"
        "class Proxy:\n    @named\n    def __qualname__(self):\n        return 'x'\n    def size(self):\n        return 1\n"
    )
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    found = comparison(session, text)
    assert (found["differ"], [row[2] for row in found["missing"]]) == ([], [False])


def test_code_that_a_tool_has_rewritten_is_counted_apart(session: Session) -> None:
    assert comparison(session, OLD)["rewritten"] == 0
    code = "shop.note.__code__.replace(co_consts=(*shop.note.__code__.co_consts, object()))"
    session.say(f"setattr(shop.note, '__code__', {code})")
    found = comparison(session, OLD.replace("return count", "return 2"))
    assert (found["rewritten"], [name for name, _ in found["differ"]]) == (1, ["Cart.total"])


def test_an_empty_file_is_an_empty_module(start: object) -> None:
    files = {"main.py": "import pack.mod, shop\n" + LOOP, "pack/__init__.py": "", "pack/mod.py": "x = 1\n"}
    session = start({**files, "shop.py": "x = 1\n"})
    for name, count in (("pack/__init__.py", 0), ("shop.py", 1)):
        path = session.path(name)
        module = name.split("/")[0].replace(".py", "")
        file = {"path": path, "paths": [path], "modules": [module], "source": b"# empty\n"}
        _, request, _ = session.twin.ask(("compare", [file]))
        assert session.talk(request)[0][1][0]["names"] == count


def test_one_module_with_two_names_is_patched_once(start: object) -> None:
    text = "made = []\ndef keep(n):\n    def inner(function):\n        made.append(n)\n        return function\n    return inner\n"
    main = "import sys\nfrom shop import keep, made\nsys.modules['again'] = sys.modules['__main__']\n@keep(1)\ndef f():\n    return 1\n"
    session = start({"main.py": main + LOOP, "shop.py": text})
    path = session.path("main.py")
    found = {module["name"]: module["other_name"] for module in session.inventory()["modules"]}
    assert (found["__main__"], found["again"]) == (None, "__main__")
    old, new = [(main + LOOP).replace("@keep(1)", f"@keep({number})").encode() for number in (1, 2)]
    changes = [{**change, "id": 0} for change in edits.changes(old, new)]
    file = {"path": path, "paths": [path], "modules": ["__main__", "again"], "old": old, "new": new, "changes": changes}
    kind, content, _ = session.twin.ask(("patch", {"files": [file]}))
    assert kind == "request"
    assert session.talk(content)[0][1]["rejected"] is None
    assert session.say("made") == "[1, 2]"


def save_without_an_old_source(session: Session, new: str, aspects: list) -> None:
    """Saves a new text of shop.py of which nobody knows what it was."""
    changes = edits.changes(session.target.files["shop.py"], new.encode())
    session.target.write("shop.py", new)
    changes = [change for change in changes if change["op"] == "function"]
    for number, change in enumerate(changes):
        change.update(id=number, old=change["new"], aspects=aspects)
    path = session.path("shop.py")
    file = {"path": path, "paths": [path], "modules": ["shop"], "changes": changes}
    _, content, _ = session.twin.ask(("patch", {"files": [{**file, "old": new.encode(), "new": new.encode()}]}))
    assert session.talk(content)[0][1]["rejected"] is None


def test_the_doc_string_of_an_unknown_source_is_replaced_unless_the_program_made_it(start: object) -> None:
    text = "def f():\n    'one'\n    return 1\ndef g():\n    'one'\n    return 1\ng.__doc__ = 'made'\n"
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    new = text.replace("return 1", "return 2").replace("    'one'", "    'two'")
    save_without_an_old_source(session, new, ["body", "doc"])
    assert session.say("[shop.f(), shop.f.__doc__, shop.g(), shop.g.__doc__]") == "[2, 'two', 2, 'made']"


def test_annotations_that_become_text_do_so_without_an_old_source(start: object) -> None:
    text = "def f(a: int = 1):\n    return 1\ndef g(a: int):\n    return 1\n"
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    new = "from __future__ import annotations\n" + text.replace("return 1", "return 2", 1)
    save_without_an_old_source(session, new, ["body", "doc", "annotations"])
    wanted = "[2, {'a': 'int'}, (1,), 1, {'a': 'int'}]"
    assert session.say("[shop.f(), shop.f.__annotations__, shop.f.__defaults__, shop.g(1), shop.g.__annotations__]") == wanted


TAKES = """
import json as codec
import os.path
from math import floor as down
from other import LIMIT, Cart, made, late
from . import beside
import sys
"""


def test_an_import_of_something_else_is_seen(start: object) -> None:
    other = "LIMIT = 1\nlate = None\nclass Cart:\n    pass\ndef made():\n    return 1\n"
    more = other.replace("LIMIT = 1", "LIMIT = 2").replace("late = None", "late = 3")
    files = {"main.py": "import pack.shop, more\n" + LOOP, "other.py": other, "more.py": more, "pack/__init__.py": ""}
    session = start({**files, "pack/shop.py": TAKES, "pack/beside.py": "", "pack/below.py": ""})
    edits = {
        "codec": ("json as codec", "marshal as codec"),
        "down": ("math import floor", "math import ceil"),
        "LIMIT": ("from other import LIMIT, ", "from more import LIMIT\nfrom other import "),
        "Cart": ("LIMIT, Cart,", "LIMIT,", "\nfrom more import Cart"),
        "made": ("made, late", "late", "\nimport unheard_of as made"),
        "beside": ("from . import beside", "from . import below as beside"),
        "os": ("import os.path", "import os.path, sys"),
    }
    assert differing_in(session, "pack/shop.py", TAKES) == []
    for name, (old, new, *rest) in edits.items():
        expected = [] if name == "os" else [name]
        assert differing_in(session, "pack/shop.py", TAKES.replace(old, new) + "".join(rest)) == expected


def test_what_was_made_anew_or_put_there_is_no_other_import(start: object) -> None:
    other = "LIMIT = 1\nlate = None\nclass Cart:\n    pass\ndef made():\n    return 1\n"
    files = {"main.py": "import pack.shop, other, sys, importlib\n" + LOOP, "other.py": other, "pack/__init__.py": ""}
    session = start({**files, "pack/shop.py": TAKES, "pack/beside.py": ""})
    session.say("importlib.reload(other)")
    session.say("[sys.modules.pop('json'), __import__('json'), setattr(other, 'late', object())]")
    session.say("setattr(sys.modules['pack.shop'], 'sys', object())")
    assert differing_in(session, "pack/shop.py", TAKES) == []


def test_names_that_a_class_hides_are_compared_as_it_has_them(start: object) -> None:
    text = "class C:\n    def f(self, a, *, __x=1, y=2):\n        return __x\n"
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": text})
    assert differing(session, text) == []
    assert differing(session, text.replace("__x=1", "__x=5")) == ["C.f"]
