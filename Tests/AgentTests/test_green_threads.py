"""Programs whose `_thread` was replaced by a library of greenlets."""

from __future__ import annotations

import pytest
from lab import Session
from test_bodies import LOOP

# Like gevent's and eventlet's: get_ident tells greenlets apart, locks switch between them, a new thread is a greenlet.
PATCHED = """
import _thread, sys
import shop
names = ("allocate_lock", "get_ident", "start_new_thread")
saved = {name: getattr(_thread, name) for name in names}
main = _thread.get_ident()
strange = []

def green(name):
    def call(*args):
        if saved["get_ident"]() != main:
            strange.append(name)
        return 1 if name == "get_ident" else saved[name](*args)
    return call

for name in names:
    setattr(_thread, name, green(name))
Module = type(sys)
"""
KEPT = {
    "gevent": "sys.modules['gevent.monkey'] = Module('m')\nsys.modules['gevent.monkey'].saved = {'_thread': saved}\n",
    "eventlet": "sys.modules['__original_module__thread'] = Module('m')\n"
    "vars(sys.modules['__original_module__thread']).update(saved)\n",
}
TEXT = "def f():\n    return 1\n\ndef g():\n    return 2\n"


@pytest.mark.parametrize("library", sorted(KEPT))
def test_the_functions_that_the_library_keeps_are_called(start: Session, library: str) -> None:
    session = start({"main.py": PATCHED + KEPT[library] + LOOP, "shop.py": TEXT})
    reply = session.save({"shop.py": "import sys\n\n" + TEXT.replace("return 1", "return sys.maxsize > 1")})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("shop.f(), shop.g.__code__.co_firstlineno, strange") == "(True, 6, [])"
