"""Live functions, found without running code of the program: names first, the heap only if someone else holds them."""

NODES = 400  # objects looked at behind one name
DEPTH = 5


def is_fixed(cls: type) -> bool:
    """Whether it is compiled: a name may lead from a class of the file to one that stands for it, and takes nothing."""
    flags = TYPE_FLAGS(cls)
    return not flags & HEAP_TYPE or flags & IMMUTABLE_TYPE != 0


HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class made by a class statement
IMMUTABLE_TYPE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE, from 3.10 on; no version before gives the bit a meaning


def is_lru_wrapper(value: object) -> bool:
    kind = type(value)
    return short_name(kind) == "_lru_cache_wrapper" and module_of_class(kind) == "functools"


def clears_cache(value: object) -> bool:
    """A wrapper with results that can be dropped, by the name that functools has given this."""
    kind = type(value)
    is_builtin = kind is not FunctionType and module_of_class(kind) == "builtins"
    if is_builtin or is_class(value) or is_below(kind, ModuleType):
        return False
    names = attributes_of(value)
    if type(names) is not dict or "__wrapped__" not in names:
        return False
    return "cache_clear" in names or any(["cache_clear" in class_dict(one) for one in bases_of(kind)])


def mangled(name: str, owner: list) -> str:
    """The key that the compiler binds in a class body for `name`."""
    if not owner or not name.startswith("__") or name.endswith("__"):
        return name
    stripped = owner[-1].lstrip("_")
    return "_" + stripped + name if stripped else name


def behind(value: object) -> list:
    """What an object leads to on the way to a wrapped function."""
    kind = type(value)
    if kind is FunctionType:
        attributes = FunctionType.__dict__["__dict__"].__get__(value)
        return list(value.__closure__ or ()) + list(attributes.values())
    if is_lru_wrapper(value):  # never its results
        return [value.__wrapped__]
    if id(kind) in LEADING_NOWHERE or is_class(value) or is_below(kind, ModuleType):
        return []
    return gc.get_referents(value)


LEADING_NOWHERE = {id(kind) for kind in (str, bytes, int, float, bool, complex, CodeType, type(None))}


def look_behind(space: Space, value: object) -> Reached:
    """The functions of one file behind a value, the caches passed on the way, and the ids of all that was passed."""
    seen = set()
    reached = Reached(functions=[], caches=[], passed=seen)
    level = [value]
    for _ in range(DEPTH):
        following = []
        for item in level:
            if id(item) in seen or item is space.names or len(seen) > NODES:
                continue
            seen.add(id(item))
            if type(item) is FunctionType and owns(space, item):
                reached.functions.append(item)
            if is_lru_wrapper(item) or clears_cache(item):
                reached.caches.append(item)
            following.extend(behind(item))
        level = following
    return reached


def every_function(space: Space) -> list:
    """All functions of the file whose globals are this module's: one look over the heap, remembered."""
    if space.memory is None:
        space.memory = [function for function in searched(space.search).functions if owns(space, function)]
    return space.memory


def heap_is_frozen() -> bool:
    """After gc.freeze() referrers are invisible."""
    return gc.get_freeze_count() > FROZEN_AT_START


def find_holders(space: Space, functions: list) -> Holders:
    """What may hold code beside functions: frames, and the constants of live code around it, counted by id."""
    frames = [frame for frame in thread_frames() if frame.f_code.co_filename in space.paths]
    holders = Holders(frames=frames, constants={})
    seen = set()
    for code in [frame.f_code for frame in frames] + [f.__code__ for f in functions]:
        count_constants(holders.constants, code, seen)
    return holders


def count_constants(constants: dict, code: CodeType, seen: set) -> None:
    if id(code) in seen:
        return
    seen.add(id(code))
    for inner in nested(code):
        constants[id(inner)] = constants.get(id(inner), 0) + 1
        count_constants(constants, inner, seen)


def frames_on(holders: Holders, code: CodeType) -> int:
    return len([frame for frame in holders.frames if frame.f_code is code])


def others(holders: Holders, group: list) -> int:
    """For functions that share one code object: how many references to it are not accounted for."""
    known = len(group) + holders.constants.get(id(group[0].__code__), 0) + frames_on(holders, group[0].__code__)
    return sys.getrefcount(group[0].__code__) - REFERENCES - known


def holds_closures(holders: Holders, code: CodeType) -> bool:
    """Whether nested code of `code` is held by more than its constants: closures, generators."""
    for index, value in enumerate(code.co_consts):
        if type(value) is not CodeType:
            continue
        known = holders.constants.get(id(value), 1) + frames_on(holders, value)
        value = None
        if sys.getrefcount(code.co_consts[index]) - REFERENCES > known:
            return True
        if holds_closures(holders, code.co_consts[index]):
            return True
    return False


def same_code(functions: list) -> list:
    """The functions in groups that share one code object."""
    groups = {}
    for function in functions:
        groups.setdefault(id(function.__code__), []).append(function)
    return list(groups.values())


def references_of_one() -> int:
    """What sys.getrefcount reports beyond the one function that holds a code object."""
    function = FunctionType((lambda: None).__code__.replace(co_name="probe"), {})
    return sys.getrefcount(function.__code__) - 1


REFERENCES = references_of_one()
