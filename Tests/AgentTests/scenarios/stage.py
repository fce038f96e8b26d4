"""The program in which scenarios run: imports their files, and answers questions about them."""

import importlib


class Names(dict):
    """What a question sees: names that the preparation made, the files as modules, and the names of shop.py."""

    def __missing__(self, name):
        return vars(self["shop"])[name]


scenes = {}


def prepare(package, modules, lines):
    names = Names((name, importlib.import_module(package + name)) for name in modules)
    scenes[package] = names
    for line in lines:
        exec(line, names)


def see(package, question):
    return eval(question, scenes[package])
