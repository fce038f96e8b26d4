"""What a library keeps of a decorator or has run once, where the library is a stand-in that answers nobody."""

from __future__ import annotations

from lab import LOUD, Session
from test_bodies import LOOP

STATE = "import weakref\n_apps = weakref.WeakSet()\n"
BASE = LOUD.replace("class Loud:", "looked = []\nclass Loud:") + (
    "import sys\nfrom celery import _state\nfrom celery.app import task\n"
    "class Registry(dict):\n"
    "    __contains__, __getitem__, __iter__, __len__, items, get = map(loud, ('in', 'item', 'iter', 'len', 'items', 'get'))\n"
    "class Celery(Loud):\n"
    "    __hash__ = object.__hash__\n"
    "    __eq__ = object.__eq__\n"
    "    def __init__(self):\n"
    "        object.__setattr__(self, '_tasks', Registry())\n"
    "        _state._apps.add(self)\n"
    "    def task(self, name=None):\n"
    "        def keep(function):\n"
    "            made = type(function.__name__, (task.Task,), {'run': staticmethod(function), 'name': name})()\n"
    "            dict.setdefault(object.__getattribute__(self, '_tasks'), name, made)\n"
    "            return lambda *values: function(*values)\n"
    "        return keep\n"
)
TASK = LOUD.replace("class Loud:", "looked = []\nclass Loud:") + "class Task(Loud):\n    pass\n"
CELERY = {"celery/__init__.py": "", "celery/_state.py": STATE, "celery/app/__init__.py": ""}
CELERY.update({"celery/app/base.py": BASE, "celery/app/task.py": TASK})
SHOP = (
    "from celery.app.base import Celery, looked\nfrom celery.app import task\n"
    "app = Celery()\nshared = object.__getattribute__(app, 'task')\ntasks = object.__getattribute__(app, '_tasks')\n"
    "def plain(name):\n    return lambda function: function\n"
    "@shared(name='one')\ndef price(n):\n    return n\n"
    "@shared(name='two')\ndef more(n):\n    return n\n"
    "@plain('a')\ndef last(n):\n    return n\n"
)


def remarks(reply: dict) -> list:
    assert reply["rejected"] is None
    return [note[1:] for note in reply["notes"]]


def test_a_task_is_told_of_that_goes_on_under_its_former_name(start: Session) -> None:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHOP, **CELERY})
    text = SHOP.replace("'one'", "'other'").replace("'a'", "'b'")
    found = remarks(session.save({"shop.py": text}))
    assert found == [["decorator-held", "decorated once more; what the former decorator registered stays: task one", 1]]
    assert session.say("sorted(dict.keys(shop.tasks)), shop.looked, shop.task.looked") == "(['one', 'other', 'two'], [], [])"
    assert remarks(session.save({"shop.py": text.replace("return n", "return n * 2")})) == []


WEB = LOUD.replace("class Loud:", "looked = []\nclass Loud:") + (
    "class Signal(Loud):\n"
    "    __slots__ = ('_items',)\n"
    "class Application(Loud):\n"
    "    def __init__(self, *handlers):\n"
    "        made = Signal()\n"
    "        object.__setattr__(made, '_items', list(handlers))\n"
    "        object.__setattr__(self, '_on_startup', made)\n"
    "        object.__setattr__(self, '_frozen', False)\n"
    "def start(app):\n"
    "    object.__setattr__(app, '_frozen', True)\n"
    "    made = object.__getattribute__(app, '_on_startup')\n"
    "    for handler in list(object.__getattribute__(made, '_items')):\n"
    "        try:\n            handler(app).send(None)\n        except StopIteration:\n            pass\n"
)
PLACE = (
    "import functools\nfrom aiohttp.web_app import Application, looked, start\n"
    "from settings import RATE, SIZE\nimport settings\nseen = []\n"
    "class Bus:\n    _frozen = True\n    def __init__(self): self._on_startup, self._frozen = [busy], True\n"
    "def size():\n    return 1\n"
    "async def first(app):\n    seen.append(1)\n"
    "async def second(app, n=1):\n    seen.append((RATE, n))\n"
    "async def third(app):\n    seen.append([size(), settings.SIZE])\n"
    "async def busy(app):\n    seen.append(1)\n"
    "async def running(app):\n    yield 1\n"
    "class Steps:\n    async def last(self, app):\n        seen.append(1)\n"
    "steps, bus = Steps(), Bus()\n"
    "app = Application(first, functools.partial(second, n=2), third, steps.last)\n"
    "other = Application(busy)\nstart(app)\n"
)
SETTINGS = "RATE = 5\nSIZE = 1\n"
FIRST = "it ran when the application started, and does not run again"


def test_handlers_that_have_run_are_told_of(start: Session) -> None:
    files = {"shop.py": PLACE, "settings.py": SETTINGS, "aiohttp/__init__.py": "", "aiohttp/web_app.py": WEB}
    session = start({"main.py": "import shop\n" + LOOP, **files})
    text = PLACE.replace("    seen.append(1)", "    seen.append(2)")
    assert remarks(session.save({"shop.py": text})) == [["derived-value", FIRST, 1]] * 2
    text = text.replace("return 1", "return 2")
    found = [note[1:4] for note in remarks(session.save({"shop.py": text}))]
    called = [["ran when the application started, with size, which is another one now", 1, "shop.third"]]
    assert found == (called if session.twin.facts["version"] >= [3, 11] else [])  # before, a name may only be read
    found = remarks(session.save({"settings.py": SETTINGS.replace("5", "6")}))
    assert [note[3] for note in found if "application" in note[1]] == ["shop.second"]
    found = remarks(session.save({"settings.py": "RATE = 6\nSIZE = 3\n"}))
    assert [note[1].split()[6] for note in found if "application" in note[1]] == ["settings.SIZE,"]
    assert session.say("shop.looked, shop.seen") == "([], [1, (5, 2), [1, 1], 1])"


def test_a_library_of_another_layout_keeps_no_save_out(start: Session) -> None:
    for web in ("Application = 5\n", "class Application: _on_startup = 1; _frozen = True\n", WEB.replace("'_items'", "'_more'")):
        web += "def start(app): pass\nlooked = []\n" if "def start" not in web else ""
        main = "from aiohttp.web_app import Application\nimport shop\n"
        shop = "from aiohttp.web_app import Application\napp = Application() if type(Application) is type else 1\n"
        shop += "if app != 1: app.__dict__.update({'_frozen': True, '_on_startup': 7})\n" if "Loud" not in web else ""
        shop += "async def first(app):\n    return 1\n"
        files = {"shop.py": shop, "aiohttp/__init__.py": "", "aiohttp/web_app.py": web}
        session = start({"main.py": main + LOOP, **files})
        assert remarks(session.save({"shop.py": shop.replace("return 1", "return 2")})) == []
