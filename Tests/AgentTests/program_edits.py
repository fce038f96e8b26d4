"""A module that is edited at random: functions, closures, decorators, defaults, constants, classes, repeated names."""

from __future__ import annotations

import random

HEAD = """
def tag(function):
    def inner(*args):
        return function(*args)
    return inner

class Left:
    def side(self):
        return "left"

class Right:
    def other(self):
        return "right"
"""
DEFAULTS = ("", "a=1", "a={}", "a=1, *, k={}", "a='x', b=({},)")
BODIES = (
    "    return {}\n",
    '    "doc {}"\n    return [x + {} for x in range(3)]\n',
    "    def inner(y=1):\n        return y, {}\n    return inner\n",
    "    v = {}\n    def inner():\n        return v, {}\n    return inner\n",
    "    v, w = 1, {}\n    def inner():\n        def deep():\n            return w, v\n        return deep\n    return inner\n",
    "    return (lambda z: z * {})(2)\n",
    "    yield {}\n    yield from range({} % 5)\n",
    "    try:\n        return {}\n    finally:\n        del {}\n".replace("del {}", "str(len)"),
    "    class Local:\n        n = {}\n        def m(self):\n            return self.n, {}\n    return Local().m()\n",
)
METHODS = (
    "return {}",
    "return __class__, {}",
    "return super().__repr__(), {}",
    "return [self for _ in range({} % 3)]",
    "return lambda: {}",
)


class Program:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.gap = 0
        self.functions = [self.function() for _ in range(5)]
        self.constants = {f"C{n}": self.number() for n in range(3)}
        self.classes = {f"K{n}": self.new_class() for n in range(2)}

    def number(self) -> int:
        self.count += 1
        return self.count

    def filled(self, text: str) -> str:
        while "{}" in text:
            text = text.replace("{}", str(self.number()), 1)
        return text

    def function(self, name: str | None = None) -> list[str]:
        """[name, decorator, header word, parameters, body]"""
        choose = self.random.choice
        header = choose(("def", "def", "def", "async def"))
        body = self.filled(choose(BODIES if header == "def" else BODIES[:6]))
        return [name or f"f{self.number()}", choose(("", "", "", "@tag\n")), header, self.filled(choose(DEFAULTS)), body]

    def method(self, name: str | None = None) -> list[str]:
        kind = self.random.choice(("", "", "", "@property\n", "@staticmethod\n", "@classmethod\n"))
        first = "" if "static" in kind else "self"
        body = self.filled(self.random.choice(METHODS if first else METHODS[:1]))
        return [name or f"{self.random.choice(('m', '__m'))}{self.number()}", kind, "def", first, f"    {body}\n"]

    def new_class(self) -> dict:
        return {"bases": "", "attributes": {"n": self.number()}, "methods": [self.method() for _ in range(3)]}

    def edit(self) -> None:
        edits = (self.add, self.delete, self.change, self.change, self.rename, self.reorder, self.move, self.decorate)
        more = (self.new_defaults, self.constant, self.class_attribute, self.change_method, self.add_method)
        last = (self.delete_method, self.bases, self.swap_class, self.repeat)
        self.random.choice(edits + more + last)()

    def some(self) -> list[str]:
        return self.random.choice(self.functions)

    def some_class(self) -> dict:
        return self.classes[self.random.choice(sorted(self.classes))]

    def add(self) -> None:
        if len(self.functions) < 12:
            self.functions.insert(self.random.randrange(len(self.functions)), self.function())

    def delete(self) -> None:
        if len(self.functions) > 3:
            self.functions.remove(self.some())

    def change(self) -> None:
        one = self.some()
        one[2:] = self.function()[2:]

    def rename(self) -> None:
        self.some()[0] = f"f{self.number()}"

    def reorder(self) -> None:
        self.random.shuffle(self.functions)

    def move(self) -> None:
        self.gap = self.random.randrange(4)

    def decorate(self) -> None:
        one = self.some()
        one[1] = "" if one[1] else "@tag\n"

    def new_defaults(self) -> None:
        self.some()[3] = self.filled(self.random.choice(DEFAULTS))

    def constant(self) -> None:
        self.constants[f"C{self.random.randrange(5)}"] = self.number()

    def class_attribute(self) -> None:
        self.some_class()["attributes"][self.random.choice("npq")] = self.number()

    def change_method(self) -> None:
        one = self.random.choice(self.some_class()["methods"])
        one[1:] = self.method()[1:]

    def add_method(self) -> None:
        methods = self.some_class()["methods"]
        if len(methods) < 6:
            methods.insert(0, self.method())

    def delete_method(self) -> None:
        methods = self.some_class()["methods"]
        if len(methods) > 1:
            del methods[self.random.randrange(len(methods))]

    def bases(self) -> None:
        one = self.some_class()
        if one["bases"]:
            one["bases"] = self.random.choice(("(Left)", "(Left, Right)", "(Right, Left)", "(Right)"))

    def swap_class(self) -> None:
        """A class goes, another comes; from then on with a base, for `object` cannot be replaced."""
        if len(self.classes) > 2:
            del self.classes[self.random.choice(sorted(self.classes))]
        self.classes[f"K{self.number()}"] = {**self.new_class(), "bases": "(Left)"}

    def repeat(self) -> None:
        """A second definition of a name, or one of the two goes."""
        names = [one[0] for one in self.functions]
        twice = [one for one in self.functions if names.count(one[0]) > 1]
        if twice:
            self.functions.remove(self.random.choice(twice))
        else:
            self.functions.append(self.function(self.some()[0]))

    def text(self) -> str:
        parts = [HEAD, "\n" * self.gap, *[f"{name} = {value}\n" for name, value in self.constants.items()]]
        parts += [definition(one, "") for one in self.functions]
        for name, one in self.classes.items():
            attributes = "".join(f"    {key} = {value}\n" for key, value in one["attributes"].items())
            methods = "".join(definition(method, "    ") for method in one["methods"])
            parts.append(f"class {name}{one['bases']}:\n{attributes}{methods}")
        return "\n".join(parts)


def definition(parts: list[str], indent: str) -> str:
    name, decorator, header, parameters, body = parts
    text = f"{decorator}{header} {name}({parameters}):\n{body}"
    return "".join(indent + line + "\n" for line in text.splitlines())
