"""Random edits of a program whose threads call it, each held against what a fresh import of the file gives.

MIDFLIGHT_RANDOM_EDITS (default 30) and MIDFLIGHT_RANDOM_SEED choose how many and which.
"""

from __future__ import annotations

import os

import pytest
from lab import Session
from program_edits import Program
from test_bodies import LOOP

EDITS = int(os.environ.get("MIDFLIGHT_RANDOM_EDITS", "30"))
SEED = int(os.environ.get("MIDFLIGHT_RANDOM_SEED", "7"))
GROWTH = 2048  # bytes an edit, after the first 1,000

CHECK = """
import gc, importlib.util, random, sys, threading, types, warnings
import shop
warnings.simplefilter("ignore")
sys.setswitchinterval(1e-4)

def fresh():
    spec = importlib.util.spec_from_file_location("fresh", shop.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

def shape(code):
    table = code.co_linetable if hasattr(code, "co_linetable") else code.co_lnotab
    inner = [shape(c) if isinstance(c, types.CodeType) else (type(c), c) for c in code.co_consts]
    return (code.co_name, code.co_firstlineno, code.co_code, inner, code.co_names, code.co_varnames, code.co_freevars, table)

HIDDEN = ("__dict__", "__weakref__", "__module__", "__static_attributes__", "__firstlineno__")

def facts(value, depth=0):
    if isinstance(value, types.FunctionType):
        cells = [facts(c.cell_contents, depth + 1) for c in value.__closure__ or () if depth < 3]
        return shape(value.__code__), value.__defaults__, value.__kwdefaults__, value.__doc__, value.__qualname__, cells
    if isinstance(value, (classmethod, staticmethod)):
        return type(value), facts(value.__func__, depth)
    if isinstance(value, property):
        return facts(value.fget, depth)
    if isinstance(value, type) and depth < 3:
        bases = [base.__name__ for base in value.__bases__]
        return bases, {n: facts(v, depth + 1) for n, v in vars(value).items() if n not in HIDDEN}
    return repr(value) if isinstance(value, (int, str, list, dict)) else type(value)

def differences():
    one = {n: facts(v) for n, v in vars(shop).items() if not n.startswith("__")}
    two = {n: facts(v) for n, v in vars(fresh()).items() if not n.startswith("__")}
    return [n for n in sorted(set(one) | set(two)) if one.get(n) != two.get(n)]

def details(name):
    return list(apart(facts(vars(shop).get(name)), facts(vars(fresh()).get(name)), name))

def apart(one, two, place):
    if type(one) is type(two) is dict:
        for key in {**one, **two}:
            yield from apart(one.get(key), two.get(key), place + "." + key)
    elif type(one) is type(two) and isinstance(one, (tuple, list)) and len(one) == len(two):
        for index, (a, b) in enumerate(zip(one, two)):
            yield from apart(a, b, place + "." + str(index))
    elif one != two:
        yield place, one, two

stop = []
calls = [0, 0, 0]

def call(value):
    if isinstance(value, type):
        made = value()
        for name in dir(made):
            if name.startswith(("m", "_")) and "__m" in name or name.startswith("m"):
                call(getattr(made, name))
        return
    result = value()
    if hasattr(result, "close"):
        result.close()
    elif isinstance(result, types.FunctionType):
        call(result)

def work(number):
    dice = random.Random(number)
    while not stop:
        names = [n for n in list(vars(shop)) if n.startswith(("f", "K"))]
        try:
            call(vars(shop)[dice.choice(names)])
        except (TypeError, KeyError, NameError, AttributeError):
            pass
        calls[number] += 1

threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for thread in threads:
    thread.start()

def end():
    stop.append(1)
    for thread in threads:
        thread.join()
    return min(calls) > 20

def memory():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
"""


def test_after_every_edit_the_live_module_equals_a_fresh_one(start: Session) -> None:
    program = Program(SEED)
    session = start({"main.py": CHECK + LOOP + "stop.append(1)\n", "shop.py": program.text()})
    sizes = []
    told: set[str] = set()
    for number in range(EDITS):
        before = program.text()
        for _ in range(program.random.randrange(1, 4)):
            program.edit()
        reply = session.save({"shop.py": program.text()})
        if reply["rejected"]:
            pytest.fail(f"edit {number}, seed {SEED}: {reply['rejected']}\n{before}\n=== after:\n{program.text()}")
        told |= {session.names[remark[0]] for remark in reply["kept"]} | set(session.unplanned_names)
        different = set(eval(session.say("differences()")))
        unreported = different - told
        told &= different  # what was kept stays different until it is changed again
        if unreported:
            details = [session.say(f"details({name!r})") for name in sorted(unreported)]
            pytest.fail(f"edit {number}, seed {SEED}: {details}\n{before}\n=== after:\n{program.text()}")
        if number % 500 == 0:
            sizes.append(int(session.say("memory()")))
    assert session.say("end()") == "True"
    if len(sizes) > 3:
        growth = (sizes[-1] - sizes[2]) / (500 * (len(sizes) - 3))
        print("memory after every 500 edits, in kB:", [size // 1024 for size in sizes], "bytes an edit:", growth)
        assert growth <= GROWTH
