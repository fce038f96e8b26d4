"""Describes everything that is reachable from a program's modules, so that two processes can be compared.

Runs in the process that is described, and knows nothing of midflight. `dump(roots)` gives {path: text}: a path is a
module, a colon and a qualified name (`shop.cart:Cart.total`); the text is equal in two processes exactly if what the
path leads to is. A function or class is described once, at the place that its own name says, and is `-> place`
everywhere else; one that its name no longer leads to is described wherever it is held, as a detached copy. An object is
described once too, at the first of the shortest paths that lead to it: `shop.cart:carts[0].owner`.
"""

from __future__ import annotations

import dis
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
    "__classdictcell__", "__annotations_cache__", "__annotate_func__", "__slotnames__",
}  # fmt: skip
EVALUATES_ANNOTATIONS = sys.version_info >= (3, 14)
PLAIN = (int, float, complex, str, bytes, bytearray, bool, type(None), type(...), type(NotImplemented), range, slice)
NO_STATE = {"_frozen_importlib_external"}  # what is remembered of folders
INLINE = {"builtins", "dataclasses", "functools", "re", "types", "typing", "weakref"}
DEEPEST = 6
MOST_ELEMENTS = 4000
KIND_FLAGS = 0x2AF
# What a class counts its instances by as they are made: those of before a save have lower numbers.
COUNTERS = {"creation_counter", "_creation_counter"}
OF_THE_INTERPRETER = ("modules", "path", "path_hooks", "path_importer_cache", "meta_path")
# Whom an interface of zope tells of changes: deleted classes stay there until they are collected.
LISTENERS = {"_dependents"}


def place_of(value: Any) -> str:
    """`module:qualname` if that leads to this very function or class, else ""."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return ""
    found: Any = sys.modules.get(module)
    names = vars(found) if isinstance(found, types.ModuleType) else {}  # or what stands for a module
    for part in name.split("."):
        found = names.get(part)
        while is_a(found, (staticmethod, classmethod)):
            found = found.__func__
        names = vars(found) if is_a(found, type) else {}
    return f"{module}:{name}" if found is value else ""


def short(text: str) -> str:
    return text if len(text) <= 300 else text[:120] + " #" + hashlib.sha1(text.encode("utf8", "replace")).hexdigest()


def code_text(code: types.CodeType) -> str:
    """Everything of a code object but its lines and its file."""
    constants = [code_text(c) if isinstance(c, types.CodeType) else constant_text(c) for c in code.co_consts]
    parts = (instructions(code), sorted(code.co_names), code.co_varnames, code.co_freevars, code.co_cellvars)
    rest = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & KIND_FLAGS, code.co_name)
    return hashlib.sha1(repr((parts, rest, constants)).encode("utf8", "surrogatepass")).hexdigest()[:16]


def instructions(code: types.CodeType) -> Any:
    """What code does. From 3.11 on, how a method is called depends on what else its file imports: no difference."""
    if sys.version_info < (3, 11):
        return code.co_code, code.co_names
    found, place, jumps = [], {}, []
    for one in dis.get_instructions(code):
        place[one.offset] = len(found)
        if one.opname in ("CACHE", "EXTENDED_ARG", "NOP", "PRECALL", "PUSH_NULL"):
            continue
        if one.opcode in dis.hasjrel or one.opcode in dis.hasjabs:
            jumps.append((len(found), one.argval))
            found.append([one.opname, None])
        elif one.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            found.append(["LOAD_ATTR", one.argval])
        elif one.opname == "LOAD_GLOBAL":
            found.append([one.opname, one.argval])
        elif one.opcode in dis.hasconst:
            found.append([one.opname, type(one.argval).__name__])
            found[-1].append("" if isinstance(one.argval, types.CodeType) else constant_text(one.argval))
        else:
            found.append([one.opname, one.argval if isinstance(one.argval, (int, str)) else one.argrepr])
    for index, target in jumps:
        found[index][1] = place.get(target, -1)
    entries = dis._parse_exception_table(code)
    table = [(place.get(e.start), place.get(e.end), place.get(e.target), e.depth, e.lasti) for e in entries]
    return found, table


def constant_text(value: Any) -> str:
    if isinstance(value, frozenset):
        return "frozenset" + repr(sorted(constant_text(v) for v in value))
    if isinstance(value, tuple):
        return "(" + ",".join(constant_text(v) for v in value) + ")"
    return type(value).__name__ + repr(value)


class Dump:
    """One description of a process; `texts` grows while it is made.

    `deep`: objects that no name of a module or class leads to itself. `places`: where objects are described, by their
    ids; `waiting`: those that are still to be. `names`: the names of an object beside its place, those of a container
    beside each of them. `containers`: the first name of each.
    """

    def __init__(self, roots: list[str]) -> None:
        self.roots = tuple(roots)
        self.texts: dict[str, str] = {}
        self.deep: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.names: dict[str, list[str]] = {}
        self.places: dict[int, str] = {}
        self.waiting: list[tuple[str, Any, int]] = []
        self.held: list[Any] = []
        self.containers: dict[int, str] = {}
        self.known: set[str] = set()
        self.path = ""
        # A module is called by its own name also where it has another one in sys.modules.
        self.modules = {id(module): name for name, module in list(sys.modules.items())}
        for name, module in list(sys.modules.items()):
            if is_a(module, types.ModuleType) and vars(module).get("__name__") == name:
                self.modules[id(module)] = name
        owned = [module for module in list(sys.modules.values()) if is_a(module, types.ModuleType)]
        self.namespaces = {id(vars(module)): self.modules[id(module)] for module in owned}
        self.sentinels = self.named_elsewhere()

    def named_elsewhere(self) -> dict[int, str]:
        """Objects without state that other packages have a name for, by their ids: they need no place here."""
        found: dict[int, str] = {}
        for name, module in sorted(sys.modules.items(), key=lambda pair: pair[0]):
            if not is_a(module, types.ModuleType) or self.is_ours(name):
                continue
            for key, value in names_in(vars(module)):
                if has_place(value) and not any(True for _ in stored(value, type(value))):
                    found.setdefault(id(value), f"{name}:{key}")
        return found

    def name_objects(self, modules: dict[str, types.ModuleType]) -> None:
        """Settles where objects are described that names of modules and classes lead to: the order of names in a
        process tells nothing."""
        level = []
        for name in sorted(modules):
            level += [(f"{name}:{key}", value, 2) for key, value in names_in(vars(modules[name]))]
        while level:
            following = []
            for path, value, deeper in level:
                if has_place(value) and id(value) not in self.modules:
                    self.path = path
                    # An attribute is a better name than a place in a container, which moves with what stands before it.
                    if self.place(value, 0) == path and deeper:
                        inside = names_in(dict(stored(value, type(value))))
                        following += [(f"{path}.{key}", inner, deeper - 1) for key, inner in inside if has_place(inner)]
                elif is_a(value, type) and place_of(value) == path:
                    following += [(f"{path}.{key}", inner, 2) for key, inner in names_in(vars(value))]
            level = following

    def is_ours(self, place: str) -> bool:
        return place.split(":")[0].split(".")[0] in self.roots

    def module(self, name: str, module: types.ModuleType) -> None:
        for key, value in list(vars(module).items()):
            if key not in LEFT_OUT_OF_MODULES:
                self.entry(f"{name}:{key}", value)

    def entry(self, path: str, value: Any) -> None:
        self.path = path
        place = place_of(value) if issubclass(type(value), (types.FunctionType, type)) else ""
        if place == path and is_a(value, types.FunctionType):
            self.texts[path] = self.function(value, 0, ())
            self.lines[path] = value.__code__.co_firstlineno
        elif place == path and is_a(value, type):
            self.class_(path, value)
        else:
            self.texts[path] = self.text(value, 0, ())
            if self.texts[path].startswith("=> "):
                self.names.setdefault(self.texts[path][3:], []).append(path)
            elif type(value) in (dict, list, set):
                first = self.containers.setdefault(id(value), path)
                if first != path:
                    self.names.setdefault(path, []).append(first)
                    self.names.setdefault(first, []).append(path)

    def class_(self, path: str, cls: type) -> None:
        bases = [self.text(base, 1, ()) for base in cls.__bases__]
        self.texts[path] = f"class of {self.text(type(cls), 1, ())} bases {bases} flags {cls.__flags__ & (1 << 20)}"
        for key, value in list(vars(cls).items()):
            if key in LEFT_OUT_OF_CLASSES or type(value) in (types.MemberDescriptorType, types.GetSetDescriptorType):
                continue
            if key in COUNTERS and type(value) is int:
                continue
            if key == "__annotations__" and EVALUATES_ANNOTATIONS:
                continue
            inner = value.__func__ if is_a(value, (staticmethod, classmethod)) else value
            if is_a(inner, (types.FunctionType, type)) and place_of(inner) == f"{path}.{key}":
                self.entry(f"{path}.{key}", inner)
                if inner is not value:
                    self.texts[f"{path}.{key}"] = type(value).__name__ + " " + self.texts[f"{path}.{key}"]
            else:
                self.entry(f"{path}.{key}", value)
        if EVALUATES_ANNOTATIONS:
            self.annotations(f"{path}.__annotations__", cls)

    def annotations(self, path: str, cls: type) -> None:
        """As a program sees them: where they are kept depends on who has asked before."""
        try:
            found = type.__dict__["__annotations__"].__get__(cls)
        except Exception as error:
            found = f"raises {type(error).__name__}"
        if found:
            self.entry(path, found)

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
        for name in OF_THE_INTERPRETER:
            if value is getattr(sys, name):
                return f"<sys.{name}>"
        if id(value) in around or depth > DEEPEST:
            return f"<{kind.__name__}>"
        if is_a(value, types.ModuleType) or id(value) in self.modules:
            return f"<module {self.modules.get(id(value)) or value.__name__}>"
        if id(value) in self.namespaces:  # `globals()`: each of its names has a text of its own
            return f"<names of {self.namespaces[id(value)]}>"
        if is_a(value, (types.FunctionType, type)):
            return self.reference(value, depth, around)
        if is_a(value, types.CodeType):
            return "code " + code_text(value)
        within = (*around, id(value))
        if kind in CONTAINERS:
            return short(self.container(value, kind, depth, within))
        if is_a(value, BUILT_IN):
            return f"<built-in {getattr(value, '__qualname__', '')}>"
        if kind.__module__ in INLINE:
            return short(self.instance(value, kind, depth, within))
        if id(value) in self.sentinels:
            return f"<{self.sentinels[id(value)]}>"
        return "=> " + self.place(value, depth)

    def place(self, value: Any, depth: int) -> str:
        """Where an object is described, or will be."""
        if id(value) not in self.places:
            path, count = self.path, 1
            while path in self.known or path in self.texts and path != self.path:
                path, count = f"{self.path}/{count}", count + 1
            self.known.add(path)
            self.places[id(value)] = path
            self.waiting.append((path, value, depth))
            self.held.append(value)
        return self.places[id(value)]

    def finish(self) -> None:
        """Describes the objects, those near to a name first."""
        for path, value, depth in self.waiting:
            self.path = path
            text = self.instance(value, type(value), depth, (id(value),)) if depth <= DEEPEST else ""
            self.deep[path] = short(text)

    def reference(self, value: Any, depth: int, around: tuple) -> str:
        place = place_of(value)
        if place:
            return "-> " + place
        if is_a(value, types.FunctionType):
            return "detached " + short(self.function(value, depth, around))
        return f"detached class {value.__module__}.{value.__qualname__}"

    def container(self, value: Any, kind: type, depth: int, within: tuple) -> str:
        if len(value) > MOST_ELEMENTS:
            return f"{kind.__name__} of {len(value)}"
        if is_a(value, (dict, types.MappingProxyType)):
            around, pairs = self.path, []
            for k, v in list(value.items()):
                key = self.text(k, depth + 1, within)
                self.path = f"{around}.{k}" if isinstance(k, str) else f"{around}[{key[:40]}]"
                pairs.append(key + ": " + self.text(v, depth + 1, within))
                self.path = around
            return "{" + ", ".join(sorted(pairs)) + "}"  # equal as Python compares: in whatever order
        if kind in (set, frozenset):
            value = sorted(value, key=rank)
        items = [self.text(item, depth + 1, within) for item in value]
        return kind.__name__ + "(" + ", ".join(sorted(items) if kind in (set, frozenset) else items) + ")"

    def instance(self, value: Any, kind: type, depth: int, within: tuple) -> str:
        label = self.text(kind, depth + 1, within)
        if is_a(value, property):
            parts = {n: getattr(value, n) for n in ("fget", "fset", "fdel", "__doc__")}
        elif is_a(value, (staticmethod, classmethod, types.MethodType)):
            parts = {"__func__": value.__func__}
        elif kind.__module__ == "re" and hasattr(value, "pattern"):
            parts = {"pattern": value.pattern, "flags": value.flags}
        elif kind.__module__ == "functools" and hasattr(value, "func") and hasattr(value, "keywords"):
            parts = {"func": value.func, "args": value.args, "keywords": value.keywords}
        elif kind.__module__ in NO_STATE:
            parts = {}
        elif kind.__module__ == "weakref" and hasattr(value, "data"):  # the rest is how it is kept up
            parts = {"data": value.data}
        else:
            is_logger = kind.__module__ == "logging"  # it remembers which levels were asked for
            left_out = COUNTERS | LISTENERS | ({"_cache"} if is_logger else set())
            parts = {name: one for name, one in stored(value, kind) if name not in left_out}
        return f"{label} {self.container(parts, dict, depth, within)}"


CONTAINERS = (list, tuple, set, frozenset, dict, types.MappingProxyType)
BUILT_IN = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)


def is_a(value: Any, kinds: Any) -> bool:
    """As the type says: `isinstance` would ask the object, and a proxy would begin to work."""
    return issubclass(type(value), kinds)


def has_place(value: Any) -> bool:
    """Whether it is an object that is described at a place of its own."""
    kind = type(value)
    if kind in PLAIN or kind in CONTAINERS or kind.__module__ in INLINE:
        return False
    return not is_a(value, (types.ModuleType, types.FunctionType, type, types.CodeType, *BUILT_IN))


def names_in(names: Any) -> list[tuple[str, Any]]:
    left_out = LEFT_OUT_OF_MODULES | LEFT_OUT_OF_CLASSES
    return sorted(((key, value) for key, value in list(names.items()) if key not in left_out), key=lambda pair: pair[0])


def rank(value: Any) -> str:
    """An order for the elements of a set that is the same in each process."""
    kind = type(value)
    if kind in PLAIN:
        return repr(value)
    if issubclass(kind, (type, types.FunctionType)):
        return f"{kind.__name__} {value.__module__}.{value.__qualname__}"
    if kind is tuple:
        return f"tuple {list(map(rank, value))}"
    return f"{kind.__module__}.{kind.__qualname__} {sorted(v for _, v in stored(value, kind) if type(v) is str)}"


def stored(value: Any, kind: type) -> Any:
    """The attributes that an instance stores itself; no code of its class runs."""
    for cls in kind.__mro__:
        for name, member in list(vars(cls).items()):
            if type(member) is types.MemberDescriptorType and name != "__dict__":
                try:
                    yield name, member.__get__(value)
                except (AttributeError, TypeError):
                    continue
    for cls in kind.__mro__:
        slot = vars(cls).get("__dict__")  # a proxy has a property of that name in front of it
        if type(slot) is types.GetSetDescriptorType:
            yield from slot.__get__(value).items()
            return


def dump(roots: list[str], names: list[str]) -> dict[str, Any]:
    """Texts and first lines of the named modules of these top-level packages."""
    found = Dump(roots)
    modules = {name: sys.modules[name] for name in names if isinstance(sys.modules.get(name), types.ModuleType)}
    found.name_objects(modules)
    for name, module in modules.items():
        found.module(name, module)
    found.finish()
    return {"texts": found.texts, "deep": found.deep, "lines": found.lines, "names": found.names}
