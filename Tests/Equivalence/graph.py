"""Describes everything that is reachable from a program's modules, so that two processes can be compared.

Runs in the process that is described, and knows nothing of midflight. `dump(roots)` gives {path: text}: a path is a
module, a colon and a qualified name (`shop.cart:Cart.total`); the text is equal in two processes exactly if what the
path leads to is. A function or class is described once, at the place that its own name says, and is `-> place`
everywhere else; one that its name no longer leads to is described wherever it is held, as a detached copy.
"""

from __future__ import annotations

import hashlib
import sys
import types
from typing import Any

LEFT_OUT_OF_MODULES = {
    "__builtins__", "__cached__", "__file__", "__loader__", "__path__", "__spec__", "__warningregistry__",
    "__conditional_annotations__",
}  # fmt: skip
LEFT_OUT_OF_CLASSES = {
    "__dict__", "__weakref__", "__module__", "__qualname__", "_abc_impl", "__firstlineno__", "__static_attributes__",
    "__classdictcell__", "__annotations_cache__",
}  # fmt: skip
PLAIN = (int, float, complex, str, bytes, bytearray, bool, type(None), type(...), type(NotImplemented), range, slice)
DEEPEST = 6
MOST_ELEMENTS = 4000
KIND_FLAGS = 0x2AF


def place_of(value: Any) -> str:
    """`module:qualname` if that leads to this very function or class, else ""."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return ""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        names = vars(found) if isinstance(found, (types.ModuleType, type)) else {}
        found = names.get(part)
        while isinstance(found, (staticmethod, classmethod)):
            found = found.__func__
    return f"{module}:{name}" if found is value else ""


def short(text: str) -> str:
    return text if len(text) <= 300 else text[:120] + " #" + hashlib.sha1(text.encode("utf8", "replace")).hexdigest()


def code_text(code: types.CodeType) -> str:
    """Everything of a code object but its lines and its file."""
    constants = [code_text(c) if isinstance(c, types.CodeType) else constant_text(c) for c in code.co_consts]
    parts = (code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_argcount)
    rest = (code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & KIND_FLAGS, code.co_name)
    table = getattr(code, "co_exceptiontable", b"")
    return hashlib.sha1(repr((parts, rest, table, constants)).encode("utf8", "surrogatepass")).hexdigest()[:16]


def constant_text(value: Any) -> str:
    if isinstance(value, frozenset):
        return "frozenset" + repr(sorted(constant_text(v) for v in value))
    if isinstance(value, tuple):
        return "(" + ",".join(constant_text(v) for v in value) + ")"
    return type(value).__name__ + repr(value)


class Dump:
    """One description of a process; `texts` grows while it is made."""

    def __init__(self, roots: list[str]) -> None:
        self.roots = tuple(roots)
        self.texts: dict[str, str] = {}
        self.lines: dict[str, int] = {}

    def is_ours(self, place: str) -> bool:
        return place.split(":")[0].split(".")[0] in self.roots

    def module(self, name: str, module: types.ModuleType) -> None:
        for key, value in list(vars(module).items()):
            if key not in LEFT_OUT_OF_MODULES:
                self.entry(f"{name}:{key}", value)

    def entry(self, path: str, value: Any) -> None:
        place = place_of(value) if isinstance(value, (types.FunctionType, type)) else ""
        if place == path and isinstance(value, types.FunctionType):
            self.texts[path] = self.function(value, 0, ())
            self.lines[path] = value.__code__.co_firstlineno
        elif place == path and isinstance(value, type):
            self.class_(path, value)
        else:
            self.texts[path] = self.text(value, 0, ())

    def class_(self, path: str, cls: type) -> None:
        bases = [self.text(base, 1, ()) for base in cls.__bases__]
        self.texts[path] = f"class of {self.text(type(cls), 1, ())} bases {bases} flags {cls.__flags__ & (1 << 20)}"
        for key, value in list(vars(cls).items()):
            if key in LEFT_OUT_OF_CLASSES or type(value) in (types.MemberDescriptorType, types.GetSetDescriptorType):
                continue
            inner = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
            if isinstance(inner, (types.FunctionType, type)) and place_of(inner) == f"{path}.{key}":
                self.entry(f"{path}.{key}", inner)
                if inner is not value:
                    self.texts[f"{path}.{key}"] = type(value).__name__ + " " + self.texts[f"{path}.{key}"]
            else:
                self.texts[f"{path}.{key}"] = self.text(value, 0, ())

    def function(self, f: types.FunctionType, depth: int, around: tuple) -> str:
        cells = []
        for cell in f.__closure__ or ():
            try:
                cells.append(self.text(cell.cell_contents, depth + 1, (*around, id(f))))
            except ValueError:
                cells.append("<empty>")
        parts = [f"code {code_text(f.__code__)}", f"name {f.__name__} {f.__qualname__} {f.__module__}"]
        for name in ("__defaults__", "__kwdefaults__", "__doc__", "__annotations__", "__dict__"):
            try:
                held = getattr(f, name)
            except Exception as error:  # annotations of 3.14 are evaluated now
                held = type(error).__name__
            if held:
                parts.append(f"{name} {self.text(held, depth + 1, (*around, id(f)))}")
        if cells:
            parts.append(f"cells {cells}")
        return "function " + "; ".join(parts)

    def text(self, value: Any, depth: int, around: tuple) -> str:
        """What a value is; `around`: ids of what contains it, so that cycles end."""
        kind = type(value)
        if kind in PLAIN:
            return short(repr(value))
        if id(value) in around or depth > DEEPEST:
            return f"<{kind.__name__}>"
        if isinstance(value, types.ModuleType):
            return f"<module {value.__name__}>"
        if isinstance(value, (types.FunctionType, type)):
            return self.reference(value, depth, around)
        if isinstance(value, types.CodeType):
            return "code " + code_text(value)
        within = (*around, id(value))
        if kind in (list, tuple, set, frozenset, dict, types.MappingProxyType):
            return short(self.container(value, kind, depth, within))
        if isinstance(value, (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)):
            return f"<built-in {getattr(value, '__qualname__', '')}>"
        return short(self.instance(value, kind, depth, within))

    def reference(self, value: Any, depth: int, around: tuple) -> str:
        place = place_of(value)
        if place:
            return "-> " + place
        if isinstance(value, types.FunctionType):
            return "detached " + short(self.function(value, depth, around))
        return f"detached class {value.__module__}.{value.__qualname__}"

    def container(self, value: Any, kind: type, depth: int, within: tuple) -> str:
        if len(value) > MOST_ELEMENTS:
            return f"{kind.__name__} of {len(value)}"
        if isinstance(value, (dict, types.MappingProxyType)):
            pairs = [self.text(k, depth + 1, within) + ": " + self.text(v, depth + 1, within) for k, v in value.items()]
            return "{" + ", ".join(pairs) + "}"
        items = [self.text(item, depth + 1, within) for item in value]
        return kind.__name__ + "(" + ", ".join(sorted(items) if kind in (set, frozenset) else items) + ")"

    def instance(self, value: Any, kind: type, depth: int, within: tuple) -> str:
        label = self.text(kind, depth + 1, within)
        if isinstance(value, property):
            parts = {n: getattr(value, n) for n in ("fget", "fset", "fdel", "__doc__")}
        elif isinstance(value, (staticmethod, classmethod, types.MethodType)):
            parts = {"__func__": value.__func__}
        elif kind.__module__ == "re" and hasattr(value, "pattern"):
            parts = {"pattern": value.pattern, "flags": value.flags}
        elif kind.__module__ == "functools" and hasattr(value, "func") and hasattr(value, "keywords"):
            parts = {"func": value.func, "args": value.args, "keywords": value.keywords}
        else:
            parts = dict(stored(value, kind))
        return f"{label} {self.container(parts, dict, depth, within)}"


def stored(value: Any, kind: type) -> Any:
    """The attributes that an instance stores itself; no code of its class runs."""
    for cls in kind.__mro__:
        for name, member in list(vars(cls).items()):
            if type(member) is types.MemberDescriptorType and name != "__dict__":
                try:
                    yield name, member.__get__(value)
                except (AttributeError, TypeError):
                    continue
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return
    if type(held) is dict:
        yield from held.items()


def dump(roots: list[str], names: list[str]) -> dict[str, Any]:
    """Texts and first lines of the named modules of these top-level packages."""
    found = Dump(roots)
    for name in names:
        module = sys.modules.get(name)
        if isinstance(module, types.ModuleType):
            found.module(name, module)
    return {"texts": found.texts, "lines": found.lines}
