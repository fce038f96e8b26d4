"""What random programs are made of: statements that refer to earlier ones."""

from __future__ import annotations

import dataclasses
import random
from typing import Callable, List

Lines = List[str]


@dataclasses.dataclass
class Unit:
    """One top-level statement, or a few that belong together. Its text follows from its fields alone.

    `sort`: what its name can be used as: number, value, function, class, decorator. `salt` decides its details, and so
    does that of each of its `members`, if it is a class. `uses`: earlier units by sort."""

    kind: str
    sort: str
    name: str
    salt: int
    uses: dict[str, Unit | None]
    members: list[tuple[str, str, int]] = dataclasses.field(default_factory=list)


class Scope:
    """How a unit of one module writes the names it uses, and what must be imported for that."""

    def __init__(self, module: str, home: dict[str, str], style: dict[str, int]) -> None:
        self.module, self.home, self.style = module, home, style
        self.imports: dict[str, None] = {}

    def name(self, unit: Unit) -> str:
        home = self.home[unit.name]
        if home == self.module:
            return unit.name
        style = self.style.get(home, 0) % 4
        if style == 0:
            self.imports[f"from .{home} import {unit.name}"] = None
            return unit.name
        if style == 1:
            self.imports[f"from . import {home}"] = None
            return f"{home}.{unit.name}"
        if style == 2:
            self.imports[f"from .{home} import *"] = None
            return unit.name
        self.imports[f"from .{home} import {unit.name} as its_{unit.name}"] = None
        return f"its_{unit.name}"


def number(r: random.Random) -> str:
    return str(r.randrange(2, 99))


def literal(r: random.Random) -> str:
    n = number(r)
    return r.choice(
        (
            n,
            f"'text {n}'",
            f"({n}, 'a')",
            f"[{n}, 2]",
            f"{{'key': {n}}}",
            f"{{{n}, 1}}",
            f"frozenset(({n},))",
            "None",
            "True",
            f"b'{n}'",
            f"{n}.5",
            f"re.compile('a{n}')",
            f"lambda: {n}",
            f"lambda x={n}: x",
            "object",
            "dict",
            "len",
        )
    )


def used(unit: Unit, scope: Scope, sort: str) -> str | None:
    other = unit.uses.get(sort)
    return scope.name(other) if other else None


def constant(u: Unit, s: Scope, r: random.Random) -> Lines:
    return (
        [f"{u.name} = {number(r)}"]
        if u.sort == "number"
        else [f"{u.name}{r.choice(('', '', ': object'))} = {literal(r)}"]
    )


def derived(u: Unit, s: Scope, r: random.Random) -> Lines:
    base = used(u, s, "number") or "7"
    n = number(r)
    if u.sort == "number":
        return [f"{u.name} = {base} {r.choice('+*-')} {n}"]
    f, c = used(u, s, "function") or "len", used(u, s, "class") or "list"
    return [
        r.choice(
            (
                f"{u.name} = [{base}, {n}]",
                f"{u.name} = {{'n': {base}, 'f': {f}}}",
                f"{u.name} = f'{{{base}}} {n}'",
                f"{u.name} = ({f}, {c}, {n})",
                f"{u.name} = functools.partial({f}, {n})",
                f"{u.name} = {f}",
                f"{u.name} = {{k: {base} for k in range({int(n) % 4})}}",
                f"{u.name} = {{{c}: {n}}}",
                f"{u.name} = {c}",
                f"{u.name} = sorted((3, {base}, {n}))",
                f"{u.name}, {u.name}_too = {n}, {base}",
                f"{u.name} = lambda: {base} + {n}",
                f"{u.name} = typing.Optional[{c}]",
                f"{u.name} = types.SimpleNamespace(n={base}, f={f})",
            )
        )
    ]


def body(u: Unit, s: Scope, r: random.Random, first: str = "") -> Lines:
    n, base, f = number(r), used(u, s, "number") or "3", used(u, s, "function")
    lines = [f'    """About {n}."""'] if r.random() < 0.3 else []
    lines += r.choice(
        (
            [f"    return {base} + {n}"],
            [f"    return [{n} for _ in range({base})]"],
            [f"    def inner(y={n}):", f"        return y + {base}", "    return inner"],
            ["    try:", f"        return int('{n}')", "    except ValueError:", f"        return {base}"],
            [f"    with_{n} = {f or 'len'}", f"    return with_{n}"],
            [f"    yield {n}", f"    yield {base}"],
            [f"    return (lambda: {n} * {base})()"],
            [f"    global changed_by_{u.name}", f"    changed_by_{u.name} = {n}"],
            [f"    return {first or repr(n)}, '{n}'"],
            [f"    return {{'a': {n}, **{{'b': {base}}}}}"],
        )
    )
    return lines


def parameters(u: Unit, s: Scope, r: random.Random) -> str:
    base, c = used(u, s, "number") or "1", used(u, s, "class")
    return r.choice(
        (
            "",
            "",
            "x=0",
            f"x={base}",
            f"*, key={base}",
            f"x: int = {number(r)}",
            "*args, **kw",
            f"x=[], y={number(r)}",
            f"x: {c or 'str'} = None",
            f"x=None, *, k: 'int' = {number(r)}",
        )
    )


def function(u: Unit, s: Scope, r: random.Random) -> Lines:
    lines = []
    d = used(u, s, "decorator")
    if d and r.random() < 0.8:
        lines.append(f"@{d}")
    elif r.random() < 0.15:
        lines.append(
            r.choice(("@functools.lru_cache(maxsize=4)", "@functools.lru_cache", "@contextlib.contextmanager"))
        )
    returns = r.choice(("", "", " -> int", " -> 'object'"))
    is_async = "async " if r.random() < 0.1 else ""
    lines += [f"{is_async}def {u.name}({parameters(u, s, r)}){returns}:", *body(u, s, r)]
    if r.random() < 0.15:
        lines.append(f"{u.name}.mark = {number(r)}")
    return lines


def decorator(u: Unit, s: Scope, r: random.Random) -> Lines:
    n = number(r)
    return r.choice(
        (
            [
                f"def {u.name}(f):",
                "    @functools.wraps(f)",
                "    def wrapper(*a, **k):",
                f"        return f(*a, **k), {n}",
                "    return wrapper",
            ],
            [f"def {u.name}(f):", f"    f.mark_{u.name} = {n}", "    return f"],
            [f"known_{u.name} = []", "", f"def {u.name}(f):", f"    known_{u.name}.append(f)", "    return f"],
            [
                f"by_{u.name} = {{}}",
                "",
                f"def {u.name}(f):",
                f"    by_{u.name}[f.__name__ + '{n}'] = f",
                "    return f",
            ],
            [
                f"def {u.name}(f, extra={n}):",
                "    def wrapper(*a, **k):",
                "        return f(*a, **k), extra",
                "    return wrapper",
            ],
            [
                f"class {u.name}:",
                "    def __init__(self, f):",
                f"        self.f, self.n = f, {n}",
                "    def __call__(self, *a):",
                f"        return self.f(*a), {n}",
            ],
        )
    )


MEMBERS = (
    "value",
    "method",
    "property",
    "setter",
    "static",
    "class",
    "derived",
    "alias",
    "init",
    "nested",
    "lambda",
    "special",
    "cached",
    "annotated",
    "descriptor",
    "super",
)


def member(u: Unit, s: Scope, one: tuple[str, str, int], before: Lines) -> Lines:
    kind, name, salt = one
    r = random.Random(f"{kind} {name} {salt}")
    n, base = number(r), used(u, s, "number") or "4"
    lines = {
        "value": lambda: [f"{name} = {literal(r)}"],
        "method": lambda: [
            f"def {name}(self{', ' if salt % 2 else ''}{parameters(u, s, r) if salt % 2 else ''}):",
            *body(u, s, r, "self"),
        ],
        "property": lambda: ["@property", f"def {name}(self):", f"    return {n}"],
        "setter": lambda: [
            "@property",
            f"def {name}(self):",
            f"    return {n}",
            f"@{name}.setter",
            f"def {name}(self, to):",
            f"    self._{name} = to, {n}",
        ],
        "static": lambda: ["@staticmethod", f"def {name}(x={base}):", f"    return x, {n}"],
        "class": lambda: ["@classmethod", f"def {name}(cls):", f"    return cls, {n}"],
        "derived": lambda: [f"{name} = {base} + {n}"],
        "alias": lambda: [f"{name} = {before[-1]}" if before else f"{name} = {n}"],
        "init": lambda: [f"def __init__(self, x={n}):", "    self.x = x", f"    self.made_{name} = {base}"],
        "nested": lambda: [
            f"class {name}:",
            f"    inside = {n}",
            "    def method(self):",
            f"        return {base}, {n}",
        ],
        "lambda": lambda: [f"{name} = lambda self: {n} + {base}"],
        "special": lambda: [f"def __{r.choice(('repr', 'str'))}__(self):", f"    return '{n}'"],
        "cached": lambda: ["@functools.cached_property", f"def {name}(self):", f"    return {n}, {base}"],
        "annotated": lambda: [f"{name}: int" + r.choice(("", f" = {n}"))],
        "descriptor": lambda: [f"{name} = operator.attrgetter('a{n}')"],
        "super": lambda: [f"def {name}(self):", f"    return super().__hash__() + {n}, __class__"],
    }[kind]()
    return ["    " + line for line in lines]


def class_(u: Unit, s: Scope, r: random.Random) -> Lines:
    base = used(u, s, "class")
    d = used(u, s, "decorator") if r.random() < 0.2 else None
    lines = [f"@{d}"] if d else []
    others = ("", "", "", "abc.ABC", "Exception", "typing.Generic[T]", "dict")
    bases = base if base and r.random() < 0.7 else r.choice(others)
    lines.append(f"class {u.name}({bases}):" if bases else f"class {u.name}:")
    if r.random() < 0.3:
        lines.append(f'    """Class {number(r)}."""')
    names: Lines = []
    for one in u.members:
        lines += member(u, s, one, names)
        if one[0] not in ("init", "special", "annotated"):
            names.append(one[1])
    return lines if len(lines) > (2 if d else 1) else [*lines, "    pass"]


def data_class(u: Unit, s: Scope, r: random.Random) -> Lines:
    how = r.choice(
        ("@dataclasses.dataclass", "@dataclasses.dataclass(frozen=True)", "@dataclasses.dataclass(order=True)")
    )
    lines = [how, f"class {u.name}:"]
    for _, name, salt in u.members:
        m = random.Random(f"{name} {salt}")
        default = m.choice(
            (f"int = {number(m)}", "list = dataclasses.field(default_factory=list)", f"str = 'a{number(m)}'")
        )
        lines.append(f"    {name}: {default}")
    if r.random() < 0.3:
        lines += ["    def total(self):", f"        return {number(r)}"]
    return lines if len(lines) > 2 else [*lines, f"    x: int = {number(r)}"]


def collected(u: Unit, s: Scope, r: random.Random) -> Lines:
    """Classes of which something is made of their bodies."""
    n = number(r)
    names = [name for _, name, _ in u.members] or ["only"]
    kind = u.salt % 3 if u.kind == "collected" else 0
    if kind == 0:
        return [f"class {u.name}(enum.Enum):", *[f"    {name} = {index + int(n)}" for index, name in enumerate(names)]]
    if kind == 1:
        return [f"class {u.name}(typing.NamedTuple):", *[f"    {name}: int = {n}" for name in names]]
    return [f"{u.name} = collections.namedtuple('{u.name}', {names!r})"]


def instance(u: Unit, s: Scope, r: random.Random) -> Lines:
    c = used(u, s, "class")
    if not c:
        return [f"{u.name} = object()"]
    return [
        r.choice(
            (
                f"{u.name} = {c}()",
                f"{u.name} = [{c}() for _ in range(2)]",
                f"{u.name} = {{'it': {c}()}}",
                f"{u.name} = {c}().__class__",
            )
        )
    ]


def conditional(u: Unit, s: Scope, r: random.Random) -> Lines:
    base, n = used(u, s, "number") or "5", number(r)
    return r.choice(
        (
            [
                f"if {base} > {n}:",
                f"    def {u.name}():",
                f"        return {n}",
                "else:",
                f"    def {u.name}():",
                f"        return -{n}",
            ],
            ["try:", f"    import not_there_{n}", "except ImportError:", f"    {u.name} = {n}"],
            ["if typing.TYPE_CHECKING:", f"    {u.name} = 0", "else:", f"    {u.name} = {base} + {n}"],
            [f"{u.name} = {{}}", f"for _i in range({int(n) % 3 + 1}):", f"    {u.name}[_i] = {base}"],
            [f"_tmp = {n}", f"{u.name} = _tmp * 2", "del _tmp"],
            ["with contextlib.suppress(KeyError):", f"    {u.name} = {n}"],
            [f"{u.name} = []", f"{u.name}.append({base})", f"{u.name} += [{n}]"],
            [f"def {u.name}():", f"    return {n}", f"{u.name} = {u.name}()"],
        )
    )


def dispatched(u: Unit, s: Scope, r: random.Random) -> Lines:
    n = number(r)
    lines = ["@functools.singledispatch", f"def {u.name}(x):", f"    return {n}"]
    for kind in r.sample(("int", "str", "list", "dict"), r.randrange(0, 4)):
        lines += [f"@{u.name}.register({kind})", "def _(x):", f"    return '{kind}', {r.randrange(9)}"]
    return lines


def attached(u: Unit, s: Scope, r: random.Random) -> Lines:
    """Something put into what is there already."""
    c, f = used(u, s, "class"), used(u, s, "function") or "len"
    if not c:
        return [f"{u.name} = [{f}]"]
    return r.choice(
        (
            [f"{c}.added_{u.name} = {number(r)}", f"{u.name} = None"],
            [f"{c}.with_{u.name} = {f}", f"{u.name} = None"],
            [f"def {u.name}(self):", f"    return {number(r)}", f"{c}.as_{u.name} = {u.name}"],
        )
    )


Render = Callable[[Unit, Scope, random.Random], Lines]
KINDS: dict[str, tuple[Render, tuple[str, ...], int]] = {
    "constant": (constant, ("number", "value"), 4),
    "derived": (derived, ("number", "value"), 4),
    "function": (function, ("function",), 6),
    "decorator": (decorator, ("decorator",), 2),
    "class": (class_, ("class",), 6),
    "data_class": (data_class, ("class",), 1),
    "collected": (collected, ("value",), 1),
    "instance": (instance, ("value",), 2),
    "conditional": (conditional, ("value",), 2),
    "dispatched": (dispatched, ("function",), 1),
    "attached": (attached, ("value",), 1),
}
HEAD = "import abc, collections, contextlib, dataclasses, enum, functools, operator, re, types, typing\n"
