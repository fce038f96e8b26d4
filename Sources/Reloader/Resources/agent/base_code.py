"""Code objects: fingerprints, moved lines, which nested code becomes which. The compiler twin uses this file too."""

PARAMETER_FLAGS = 0x0C  # CO_VARARGS, CO_VARKEYWORDS
KIND_FLAGS = 0x2A0  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR


def is_class_code(code: CodeType) -> bool:
    """From 3.13 on a class body stores its first line as a constant."""
    return "__firstlineno__" in code.co_names


def constant_shape(value: object, code: CodeType, base: int, lines: bool) -> object:
    kind = type(value)
    if kind is CodeType:
        return ("code",) + code_shape(value, base, lines)
    if kind is tuple:
        return ("tuple",) + tuple([constant_shape(item, code, base, lines) for item in value])
    if kind is frozenset:  # iterates in the order of hashes, which differs between processes
        return ("set",) + tuple(sorted([marshal.dumps(constant_shape(v, code, base, lines), 2) for v in value]))
    if kind is slice:
        return ("slice", value.start, value.stop, value.step)
    if is_line(value, code):
        return ("line", value - base)
    if not any([kind is one for one in CONSTANTS]):  # what instruments code may put a live object into it
        return ("object", type.__dict__["__name__"].__get__(kind))
    return value


CONSTANTS = (str, int, type(None), bool, float, bytes, complex, type(...))


def code_shape(code: CodeType, base: int, lines: bool) -> tuple:
    """What makes two code objects equal, without file name and without absolute line numbers."""
    place = class_line_place(code)
    content, constants = (code.co_code, code.co_consts) if place < 0 else without_class_line(code, place)
    shape = (
        code.co_name,
        getattr(code, "co_qualname", ""),
        (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags, code.co_stacksize),
        content,  # from 3.11 on co_code is a copy without specialised instructions
        tuple([constant_shape(value, code, base, lines) for value in constants]),
        (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars),
        getattr(code, "co_exceptiontable", b""),
    )
    if not lines:
        return shape
    return (*shape, code.co_firstlineno - base, getattr(code, LINE_TABLE))


def fingerprint(code: CodeType, lines: bool = False) -> bytes:
    """Eight bytes that agree between processes of one interpreter; with `lines`, relative positions count too."""
    shape = marshal.dumps(code_shape(code, code.co_firstlineno, lines), 2)
    return _imp.source_hash(0, shape) + len(shape).to_bytes(4, "little")


def is_definition(code: CodeType) -> bool:
    """Whether code is that of a `def` which stands in no function."""
    return not is_nested(code) and code.co_name[:1] != "<" and code.co_name != "__annotate__"


def is_nested(code: CodeType) -> bool:
    """Whether it stands in a function; what has type parameters of its own, or of its class, has the flag too."""
    return "<locals>" in code.co_qualname if VERSION >= (3, 12) else code.co_flags & CO_NESTED != 0


CO_NESTED = 0x10


def has_generations(functions: list) -> bool:
    """Whether definitions of one file lie over each other: then it was run more than once, with another text maybe.

    A `def` in a loop makes functions of one code object; methods of one have classes of several generations."""
    known = {id(f if "." in f.__qualname__ else f.__code__): f.__code__ for f in functions if is_definition(f.__code__)}
    spans = sorted([(code.co_firstlineno, last_line(code)) for code in known.values()])
    return any([after[0] <= before[1] for before, after in zip(spans, spans[1:])])


def last_line(code: CodeType) -> int:
    """Of what is not in nested code."""
    if hasattr(code, "co_lines"):
        return max([line or 0 for _, _, line in code.co_lines()], default=code.co_firstlineno)
    line = last = code.co_firstlineno
    for step in code.co_lnotab[1::2]:
        line += step - 256 if step > 127 else step
        last = max(last, line)
    return last


def nested(code: CodeType) -> list:
    return [value for value in code.co_consts if type(value) is CodeType]


def shifted(code: CodeType, delta: int) -> CodeType:
    """The same code, `delta` lines further down."""
    if CodeType not in map(type, code.co_consts) and not is_class_code(code):
        return code.replace(co_firstlineno=code.co_firstlineno + delta)
    place = class_line_place(code)
    constants = []
    for index, value in enumerate(code.co_consts):
        if type(value) is CodeType:
            value = shifted(value, delta)
        elif place < 0 and is_line(value, code) and loads(code, index) == 1:
            value += delta
        constants.append(value)
    if place >= 0:
        return with_class_line(code, place, code.co_firstlineno + delta, constants)
    return code.replace(co_firstlineno=code.co_firstlineno + delta, co_consts=tuple(constants))


def is_line(value: object, code: CodeType) -> bool:
    """Whether a constant can be the first line that a class's code stores."""
    return type(value) is int and value == code.co_firstlineno and not HAS_SMALL_INT and is_class_code(code)


def loads(code: CodeType, constant: int) -> int:
    """How often code loads one of its first 256 constants: a number in a class body may be its line's number too."""
    content = code.co_code
    pair = bytes([LOAD_CONST, min(constant, 255)])
    return sum([content[index : index + 2] == pair for index in range(0, len(content), 2)])


def matched(olds: list, news: list) -> list:
    """Pairs of code objects with one name: equal ones first if their number changed, then by order."""
    if len(olds) == len(news):
        return list(zip(olds, news))
    pairs = []
    left = list(news)
    rest = []
    for old in olds:
        same = [new for new in left if fingerprint(new) == fingerprint(old)]
        if same:
            pairs.append((old, same[0]))
            left.remove(same[0])
        else:
            rest.append(old)
    return pairs + list(zip(rest, left))


def nested_pairs(old: CodeType, new: CodeType) -> list:
    """(old, new) for all code below `old` that has a counterpart below `new`."""
    by_name = {}
    for side, code in ((0, old), (1, new)):
        for inner in nested(code):
            by_name.setdefault(inner.co_name, ([], []))[side].append(inner)
    pairs = []
    for olds, news in by_name.values():
        for pair in matched(olds, news):
            pairs.append(pair)
            pairs.extend(nested_pairs(*pair))
    return pairs


def parameters(code: CodeType) -> tuple:
    """What a call and stored default values depend on."""
    count = code.co_argcount + code.co_kwonlyargcount
    extra = bool(code.co_flags & 4) + bool(code.co_flags & 8)
    return (
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_flags & PARAMETER_FLAGS,
        code.co_varnames[: count + extra],
    )


def doc_of(code: CodeType) -> object:
    """The doc string that the code gives a function which is made of it."""
    cells = tuple([CellType() for _ in code.co_freevars])
    return FunctionType(code, {}, None, None, cells or None).__doc__
