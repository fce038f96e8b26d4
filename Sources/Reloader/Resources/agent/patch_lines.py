"""Line numbers of functions that only moved; runs after the reply, when nobody waits."""


def reline(patch: Patch, memory: int) -> tuple:
    """Moves the live functions of unchanged definitions; returns how many, and those whose code was assigned."""
    writes = no_writes()
    in_place = 0
    swapped = {id(function) for function in patch.swapped}
    for file in patch.request["files"]:
        moved = file["moved"]
        for space in patch.spaces:
            if space.generation:  # its functions are among those of the module
                continue
            if file in space.files and (moved["ranges"] or moved["exact"]):
                step_aside()
                in_place += move_space(space, moved, swapped | patch.fresh, writes, memory)
            if file in space.files:
                move_classes(space, moved["classes"], writes)
    swap(writes)
    return in_place + len(writes.functions), [function for function, _, _ in writes.functions.values()]


def move_space(space: Space, moved: dict, swapped: set, writes: Writes, memory: int) -> int:
    """`swapped`: ids of functions and of code objects that have their new lines already. Returns how many functions
    moved at once, with their code where it is; the others do with `writes`."""
    in_place = 0
    exact = {(unit["name"], unit["line"]): unit for unit in moved["exact"]}
    plain, rest = apart(space)
    for index, function in enumerate(plain):
        if index % TURN == TURN - 1:
            step_aside()
        code = function.__code__
        if id(code) in swapped:
            continue
        delta = distance(code, moved["ranges"]) if (code.co_name, code.co_firstlineno) not in exact else 0
        if delta and memory >= 0 and move_code(memory, code, delta):
            in_place += 1
            continue
        new = moved_code(code, exact, moved["ranges"])
        if new is not None:
            write_function(writes, function, "__code__", new)
    code = None  # who else holds it is counted below
    plain_ids = {id(function) for function in plain}
    functions = functions_to_move(space, rest, plain, swapped)
    codes = {}
    for key, function in functions.items():
        code = function.__code__
        if key in swapped or key in plain_ids or id(code) in swapped:
            continue
        new = codes.get(id(code))
        if new is None:
            new = moved_code(code, exact, moved["ranges"])
            if new is None:
                continue
            codes[id(code)] = new
            for old_inner, new_inner in nested_pairs(code, new):
                codes[id(old_inner)] = new_inner
        write_function(writes, function, "__code__", new)
    known = {id(function) for function, _, _ in writes.functions.values()}
    for function in space.memory or ():
        if id(function) not in known and id(function) not in swapped and id(function.__code__) in codes:
            write_function(writes, function, "__code__", codes[id(function.__code__)])
    return in_place


TURN = 50  # functions, some 0.3 ms


def step_aside() -> None:
    """Lets a thread of the program run that would wait for the GIL for up to sys.getswitchinterval() (5 ms).

    Two tenths of a millisecond: it has to wake up first. A wait for a lock makes no system call that the GIL does not
    make (a sandbox may forbid others) and, unlike time.sleep, raises no audit event.
    """
    lock = allocate_lock()
    lock.acquire()
    lock.acquire(True, 0.0002)


def apart(space: Space) -> tuple:
    """(functions of the file that lead to nothing else, other values) of what the module and its classes hold.

    Most of a module's functions are of the first kind: without closure, attributes or code inside of their own, and the
    only one who holds their code. Nothing has to be looked for behind them."""
    plain = {}
    rest = []
    for value in values_of(space):
        if type(value) is FunctionType and is_alone(value) and owns(space, value):
            plain[id(value)] = value
        else:
            rest.append(value)
    return list(plain.values()), rest


def is_alone(function: FunctionType) -> bool:
    return (
        function.__closure__ is None
        and sys.getrefcount(function.__code__) == REFERENCES + 1
        and CodeType not in map(type, function.__code__.co_consts)
        and list(map(type, gc.get_referents(function))).count(dict) == DICTIONARIES
    )


# Globals and, from 3.10 on, builtins: a function with more of them has attributes, or what looks like them.
DICTIONARIES = list(map(type, gc.get_referents(FunctionType((lambda: None).__code__, {})))).count(dict)


def move_classes(space: Space, moved: list, writes: Writes) -> None:
    for names, old, new in moved:
        cls = owner_of(space, names)
        if is_class(cls) and class_dict(cls).get("__firstlineno__") == old:
            write_name(writes, cls, "__firstlineno__", new)


def functions_to_move(space: Space, values: list, plain: list, swapped: set) -> dict:
    """The functions behind `values`, by id; all of the module if someone else than these and `plain` holds one.

    The code that was just swapped in is held by the request, which says nothing."""
    functions = {}
    for value in values:
        functions.update([(id(f), f) for f in look_behind(space, value).functions])
    groups = same_code([f for f in functions.values() if id(f) not in swapped and id(f.__code__) not in swapped])
    holders = find_holders(space, list(functions.values()))
    hidden = [group for group in groups if others(holders, group) or holds_closures(holders, group[0].__code__)]
    known = {**functions, **{id(function): function for function in plain}}
    if space.memory is not None or (hidden or has_hidden_functions(space, known)) and may_search():
        functions.update([(id(f), f) for f in every_function(space)])
    return functions


def values_of(space: Space) -> list:
    """What the module and its classes hold, but for classes."""
    around = [space.names, *map(class_dict, classes_of(space))]
    return [value for names in around for value in list(names.values()) if not is_class(value)]


def classes_of(space: Space) -> list:
    """The classes of the module that names lead to."""
    found = {}
    pending = [space.names]
    while pending:
        for value in list(pending.pop().values()):
            if is_class(value) and id(value) not in found and class_dict(value).get("__module__") == space.name:
                found[id(value)] = value
                pending.append(class_dict(value))
    return list(found.values())


def has_hidden_functions(space: Space, functions: dict) -> bool:
    """Every function holds its module's dict; so do the module, frames before 3.11, and this call."""
    known = len([f for f in functions.values() if f.__globals__ is space.names]) + annotating(space, functions)
    frames = [frame for frame in thread_frames() if frame.f_globals is space.names]
    return sys.getrefcount(space.names) > known + len(frames) + NAMES_REFERENCES


def annotating(space: Space, functions: dict) -> int:
    """How many functions compute annotations of these functions, of the module or of its classes. To look runs none."""
    if not ANNOTATES_LATE:
        return 0
    found = [function.__annotate__ for function in functions.values()]
    found += [space.names.get("__annotate__"), *map(annotate_of, classes_of(space))]
    return len({id(f) for f in found if type(f) is FunctionType and f.__globals__ is space.names})


NAMES_REFERENCES = 3  # the module, `space`, and the argument


def may_search() -> bool:
    """A larger heap is not searched for the sake of line numbers."""
    return not heap_is_frozen() and sys.getallocatedblocks() < FEW_BLOCKS


def moved_code(code: CodeType, exact: dict, ranges: list) -> object:
    """The code at its new place; None if it has not moved."""
    unit = exact.get((code.co_name, code.co_firstlineno))
    if unit is not None:
        return unit["code"] if fingerprint(code) == unit["old"] else None
    delta = distance(code, ranges)
    return shifted(code, delta) if delta else None


def distance(code: CodeType, ranges: list) -> int:
    """By how many lines it has moved."""
    for first, last, delta in ranges:
        if first <= code.co_firstlineno <= last:
            return delta
    return 0
