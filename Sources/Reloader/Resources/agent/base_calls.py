"""What code calls by name, as far as its instructions tell. They are read from code that has them: the opcode module is
not in the target."""


def _an_import() -> None:
    import sys  # it is never called

    return sys


def _a_store() -> None:
    value = len
    len()
    return value


def _a_store_and_load() -> object:
    value = len
    return value  # noqa: RET504


def _a_shared_store() -> object:
    value = len
    return lambda: value


def used_instructions(code: CodeType) -> list:
    """[(instruction, its argument)] without caches. Beyond 255 an argument has another part before it."""
    content = code.co_code
    return [(content[at], content[at + 1]) for at in range(0, len(content), 2) if content[at]]


def _used(function: FunctionType) -> list:
    return [opcode for opcode, _ in used_instructions(function.__code__)]


# From 3.11 on what is called is marked: in the arguments of LOAD_GLOBAL and of what loads a method, and for local names
# by an instruction before them, or behind them from 3.13 on.
MARKS_CALLS = GLOBAL_SHIFT == 1
NULL_IS_FIRST = VERSION < (3, 13)
PUSH_NULL = _used(lambda called: called())[1 if NULL_IS_FIRST else 2] if MARKS_CALLS else 0
# What comes next behind what is called without arguments.
CALLS = {_used(lambda: len())[2 if MARKS_CALLS else 1], _used(lambda: len.a())[3 if MARKS_CALLS else 2]}  # type: ignore
MAKE_FUNCTION = _used(lambda: lambda: None)[-2]
LOAD_LOCAL = {_used(lambda value: value)[1 if MARKS_CALLS else 0]}
LOAD_LOCAL |= {code.co_code[-4] for code in (lambda value: lambda: value).__code__.co_consts if type(code) is CodeType}
LOAD_ATTR, LOAD_METHOD = _used(lambda: len.a)[-2], _used(lambda: len.a())[2 if MARKS_CALLS else 1]
RETURN_VALUE = _used(lambda value: value)[-1]
# What gives a local name a value, the second and third from some version on also what loads it again or shares it; what
# has just called something.
STORE_LOCAL = {
    [two for one, two in zip(_used(some), _used(some)[1:]) if one == LOAD_GLOBAL][0]
    for some in (_a_store, _a_store_and_load, _a_shared_store)
}
CALLED = {_used(one)[-2] for one in (lambda: len(), lambda: len.a(), lambda: len(a=1))}  # type: ignore
# What has taken the value behind which it stands, if its argument is not 0.
USE_UP = CALLS | {_used(one)[-2] for one in (lambda: {len: len}, lambda: [len], lambda: (len, len), lambda: {len})}
IMPORT_NAME = _used(_an_import)[3 if MARKS_CALLS else 2]
IMPORT_SHIFT = 2 if VERSION >= (3, 15) else 0  # the lowest bits say whether it is lazy


def is_called_here(content: list, place: int) -> bool:
    """Whether the value that the instruction loads is called, as far as that can be told: not only passed on, stored or
    returned."""
    behind, count = content[place + 1] if place + 1 < len(content) else (0, 0)
    if not MARKS_CALLS:
        is_used = behind in (RETURN_VALUE, LOAD_ATTR, LOAD_METHOD, STORE_ATTR, STORE_SUBSCR)
        return not is_used and not (behind in USE_UP and count)
    opcode, argument = content[place]
    if opcode != LOAD_GLOBAL and (argument & ATTRIBUTE_SHIFT or opcode == LOAD_METHOD != LOAD_ATTR):
        return True
    if behind in LOAD_ATTRIBUTE:
        return False
    is_null_behind = behind == PUSH_NULL and not NULL_IS_FIRST
    return is_null_behind or is_marked_before(content, place) or decorates(content, place)


def is_marked_before(content: list, place: int) -> bool:
    """Whether a path that ends here begins with a marked name: of `a.b()` with an imported `a` that is marked."""
    while place and content[place][0] in LOAD_ATTRIBUTE:
        place -= 1
    opcode, argument = content[place]
    return opcode == LOAD_GLOBAL and argument & 1 == 1


def decorates(content: list, place: int) -> bool:
    """Whether the value is waiting for a function that is made next: nothing is called before."""
    for opcode, _ in content[place + 1 : place + 9]:
        if opcode == MAKE_FUNCTION:
            return True
        if opcode in CALLS or opcode == RETURN_VALUE:
            return False
    return False


def called_locals(code: CodeType, content: list) -> set:
    """Names of the function's own that its code calls."""
    names = [*code.co_varnames, *[name for name in code.co_cellvars if name not in code.co_varnames], *code.co_freevars]
    cells = [*code.co_cellvars, *code.co_freevars]
    found = set()
    for place, (opcode, argument) in enumerate(content):
        if MARKS_CALLS and opcode == PUSH_NULL:
            beside = content[place + 1 if NULL_IS_FIRST else place - 1][1]
            found.update([names[index] for index in (beside, beside & 15) if index < len(names)])
        elif not MARKS_CALLS and opcode in LOAD_LOCAL and is_called_here(content, place):
            found.update([some[argument] for some in (code.co_varnames, cells) if argument < len(some)])
    return found
