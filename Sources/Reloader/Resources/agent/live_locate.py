"""From a definition of the old source to the live functions that were made from it."""


def locate(space: Space, unit: dict) -> Located:
    """All live functions of one definition in one module, and what was passed on the way to them.

    `unreachable`: how many holders of its code could not be looked for. `suspended`: generators and coroutines that go
    on with it. `doubtful`: only its place was found again, with several codes.
    """
    value = bound_to(space, unit["owner"], unit["bind"])
    reached = look_behind(space, value) if value is not MISSING else Reached(functions=[], caches=[], passed=set())
    by_name = matching(unit, reached.functions, drift=True)
    located = Located(space=space, value=value, caches=reached.caches, by_name=by_name, unreachable=0, suspended=0)
    located.passed = reached.passed
    located.functions = list(by_name)
    located.bound = []
    marks = {fingerprint(function.__code__) for function in by_name}
    located.doubtful = len(marks) > 1 and unit["old"] not in marks
    located.holders = find_holders(space, by_name)
    search_heap_if_needed(located, unit)
    return located


def search_heap_if_needed(located: Located, unit: dict) -> None:
    groups = same_code(located.functions)
    unknown = sum([others(located.holders, group) for group in groups])
    closures = any([holds_closures(located.holders, group[0].__code__) for group in groups])
    if groups and not unknown and not closures and not located.space.has_formers:
        return
    known = {id(function) for function in located.functions} | located.space.formers
    found = [function for function in matching_in_heap(unit, located.space) if id(function) not in known]
    located.functions.extend(found)
    if located.space.has_formers:
        located.caches.extend(caches_over(found, located.space))
    if not searched(located.space.search).is_whole:
        located.unreachable = unaccounted(located)
    if groups:
        located.suspended = suspended([group[0].__code__ for group in same_code(located.functions)], located.space)


def matching_in_heap(unit: dict, space: Space) -> list:
    if space.generation:
        return [function for function in space.memory if is_named(function, unit)]
    return matching(unit, every_function(space), drift=space.is_stray)


def unaccounted(located: Located) -> int:
    """How many holders of its code, or of code nested in it, are none of the functions that were found."""
    space = located.space
    holders = find_holders(space, space.memory)
    wanted = []
    for group in same_code(located.functions):
        with_nested(group[0].__code__, wanted)
    using = {}
    for function in space.memory + [f for f in located.functions if not any([f is known for known in space.memory])]:
        using[id(function.__code__)] = using.get(id(function.__code__), 0) + 1
    found = 0
    function = group = None  # they hold code too
    for index in range(len(wanted)):
        key = id(wanted[index])
        known = using.get(key, 0) + holders.constants.get(key, 0) + frames_on(holders, wanted[index])
        found += max(0, sys.getrefcount(wanted[index]) - REFERENCES - known - 1)  # the list
    return found


def suspended(codes: list, space: Space) -> int:
    """How many generators and coroutines have begun or wait to begin with this code or with code nested in it."""
    wanted = []
    for code in codes:
        with_nested(code, wanted)
    known = {id(code) for code in wanted}
    found = 0
    for holder in searched(space.search).suspended:
        names = GENERATORS.get(short_name(type(holder)))
        if names is None or module_of_class(type(holder)) != "builtins":
            continue
        code, frame, is_running = [getattr(holder, name) for name in names]
        found += id(code) in known and frame is not None and not is_running
    return found


def with_nested(code: CodeType, found: list) -> None:
    found.append(code)
    for inner in nested(code):
        with_nested(inner, found)


GENERATORS = {
    "generator": ("gi_code", "gi_frame", "gi_running"),
    "coroutine": ("cr_code", "cr_frame", "cr_running"),
    "async_generator": ("ag_code", "ag_frame", "ag_running"),
}


def matching(unit: dict, functions: list, drift: bool) -> list:
    """Those with the old source's name and line; else those equal to its code; else, by name only, its qualname."""
    named = [f for f in functions if f.__code__.co_name == unit["name"]]
    at_line = [f for f in named if f.__code__.co_firstlineno == unit["line"]]
    equal = [f for f in at_line or named if fingerprint(f.__code__) == unit["old"]]
    if at_line:
        return equal or at_line
    if equal or not drift or unit["repeated"]:
        return equal
    return [f for f in named if f.__qualname__ == unit["qualname"]]


def rewritten(unit: dict, functions: list) -> list:
    """Those whose code is not what the old source compiles to: an import hook, a decorator or a tool has changed it.

    Where the old source is not known, those that show it themselves."""
    if unit["unknown"]:
        return [function for function in functions if is_instrumented(function.__code__)]
    return [function for function in functions if fingerprint(function.__code__) != unit["old"]]


def is_instrumented(code: CodeType) -> bool:
    """Whether code has what no compiler makes of a source: names that cannot be written, live objects as constants, or
    calls of a library that rewrites functions."""
    for name in (*code.co_varnames, *code.co_names, *code.co_cellvars):
        if name.startswith(("@py_", "__beartype")) or name in INSTRUMENTS:
            return True
    return any([not is_one_of(type(value), KNOWN_CONSTANTS) for value in code.co_consts])


INSTRUMENTS = ("TypeCheckMemo", "check_argument_types", "check_return_type")  # typeguard 2 to 4
KNOWN_CONSTANTS = (*CONSTANTS, tuple, frozenset, slice, CodeType)


def live_closures(space: Space, pairs: list) -> list:
    """(function, new code) for the live functions that were made by nested code; `pairs` as nested_pairs gives."""
    if space.memory is None:
        return []
    by_code = {id(old): new for old, new in pairs}
    if space.has_formers:
        by_code.update(equal_codes(space, pairs))
    return [(function, by_code[id(function.__code__)]) for function in space.memory if id(function.__code__) in by_code]


def running(located: Located, code: CodeType) -> int:
    """Frames that are on this code or on code nested in it, in any thread."""
    return frames_on(located.holders, code) + sum([running(located, inner) for inner in nested(code)])
