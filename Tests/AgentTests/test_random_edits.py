"""Random edits, each held against what a fresh import of the file gives."""

from __future__ import annotations

import random

from lab import Session
from test_bodies import LOOP

CHECK = """
import importlib.util, inspect, sys, types
import shop

def fresh():
    spec = importlib.util.spec_from_file_location("fresh", shop.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

def shape(code):
    table = code.co_linetable if hasattr(code, "co_linetable") else code.co_lnotab
    inner = [shape(c) if isinstance(c, types.CodeType) else (type(c), c) for c in code.co_consts]
    return (code.co_name, code.co_firstlineno, code.co_code, inner, code.co_names, code.co_varnames, code.co_freevars, table)

def facts(value, depth=0):
    if isinstance(value, types.FunctionType):
        cells = [facts(c.cell_contents, depth + 1) for c in value.__closure__ or () if depth < 3]
        return shape(value.__code__), value.__defaults__, value.__kwdefaults__, value.__doc__, value.__qualname__, cells
    if isinstance(value, (classmethod, staticmethod)):
        return type(value), facts(value.__func__, depth)
    if isinstance(value, property):
        return facts(value.fget, depth)
    if isinstance(value, type) and depth < 3:
        return {n: facts(v, depth + 1) for n, v in vars(value).items() if n not in ("__dict__", "__weakref__", "__module__", "__static_attributes__", "__firstlineno__")}
    return repr(value) if isinstance(value, (int, str, list, dict)) else type(value)

def differences():
    one = {n: facts(v) for n, v in vars(shop).items() if not n.startswith("__")}
    two = {n: facts(v) for n, v in vars(fresh()).items() if not n.startswith("__")}
    return [n for n in sorted(set(one) | set(two)) if one.get(n) != two.get(n)]
"""


class Program:
    """A module as a list of blocks, edited at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.functions = [self.function() for _ in range(4)]
        self.classes = {f"K{number}": [self.method() for _ in range(3)] for number in range(2)}
        self.gap = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def function(self, name: str | None = None) -> str:
        name = name or f"f{self.number()}"
        value = self.number()
        default = self.random.choice(["", "a=1", f"a={value}", f"a=1, *, k={value}"])
        body = self.random.choice(
            [
                f"    return {value}\n",
                f'    "doc {value}"\n    return [x + {value} for x in range(3)]\n',
                f"    def inner(y):\n        return y, {value}\n    return inner\n",
                f"    return (lambda z: z * {value})(2)\n",
                f"    yield {value}\n",
            ]
        )
        decorator = self.random.choice(["", "", "", "@tag\n"])
        header = self.random.choice(["def", "def", "async def"])
        return f"{decorator}{header} {name}({default}):\n{body}"

    def method(self) -> str:
        value = self.number()
        kind = self.random.choice(["", "", "@property\n", "@staticmethod\n", "@classmethod\n"])
        first = "" if "static" in kind else "self"
        body = self.random.choice(
            [f"return {value}", f"return __class__, {value}", f"return super().__repr__(), {value}"]
        )
        lines = f"{kind}def m{self.number()}({first}):\n    {body}\n"
        return "".join("    " + line + "\n" for line in lines.splitlines())

    def edit(self) -> None:
        choice = self.random.randrange(7)
        functions = self.functions
        methods = self.classes[self.random.choice(list(self.classes))]
        place = self.random.randrange(len(functions))
        if choice == 0:
            functions.insert(place, self.function())
        elif choice == 1 and len(functions) > 2:
            del functions[place]
        elif choice == 2:
            name = functions[place].split("def ")[1].split("(")[0]
            functions[place] = self.function(name)
        elif choice == 3:
            methods.insert(0, self.method())
        elif choice == 4 and len(methods) > 1:
            del methods[0]
        elif choice == 5:
            self.random.shuffle(functions)
        else:
            self.gap = self.random.randrange(4)

    def text(self) -> str:
        parts = ["def tag(function):\n    def inner(*args):\n        return function(*args)\n    return inner\n"]
        parts += ["\n" * self.gap, *self.functions]
        parts += [f"class {name}:\n" + "".join(methods) for name, methods in self.classes.items()]
        return "\n".join(parts)


def test_after_every_edit_the_live_module_equals_a_fresh_one(start: Session) -> None:
    program = Program(seed=7)
    session = start({"main.py": CHECK + LOOP, "shop.py": program.text()})
    for number in range(40):
        for _ in range(program.random.randrange(1, 3)):
            program.edit()
        reply = session.save({"shop.py": program.text()})
        assert (number, reply["rejected"], reply["kept"]) == (number, None, [])
        assert (number, session.say("differences()")) == (number, "[]"), program.text()
