"""The program in which scenarios run: imports their files, and answers questions about them."""

import importlib


class Names(dict):
    """What a question sees: names that the preparation made, the files as modules, and the names of shop.py."""

    def __missing__(self, name: str) -> object:
        return vars(self["shop"])[name]


scenes = {}


def prepare(package: str, modules: list, lines: list) -> None:
    names = Names((name, importlib.import_module(package + name)) for name in modules)
    scenes[package] = names
    for line in lines:
        exec(line, names)


def see(package: str, question: str) -> object:
    return eval(question, scenes[package])
