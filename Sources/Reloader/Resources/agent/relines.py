"""Line numbers of functions that only moved; runs after the reply, when nobody waits."""


def reline(patch: Patch) -> int:
    """Moves the live functions of unchanged definitions; returns how many."""
    writes = no_writes()
    swapped = {id(function) for function in patch.swapped}
    for file in patch.request["files"]:
        moved = file["moved"]
        for space in patch.spaces:
            if space.name in file["modules"] and (moved["ranges"] or moved["exact"]):
                move_space(space, moved, swapped | patch.fresh, writes)
            if space.name in file["modules"]:
                move_classes(space, moved["classes"], writes)
    swap(writes)
    return len(writes.functions)


def move_space(space: Space, moved: dict, swapped: set, writes: Writes) -> None:
    """`swapped`: ids of functions and of code objects that have their new lines already."""
    functions = functions_to_move(space)
    exact = {(unit["name"], unit["line"]): unit for unit in moved["exact"]}
    codes = {}
    for key, function in functions.items():
        code = function.__code__
        if key in swapped or id(code) in swapped:
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


def move_classes(space: Space, moved: list, writes: Writes) -> None:
    for names, old, new in moved:
        cls = owner_of(space, names)
        if is_class(cls) and class_dict(cls).get("__firstlineno__") == old:
            write_name(writes, cls, "__firstlineno__", new)


def functions_to_move(space: Space) -> dict:
    """The module's functions that its names lead to, by id; all of them if someone else holds one."""
    functions = {}
    for value in values_of(space):
        functions.update([(id(f), f) for f in look_behind(space, value).functions])
    groups = same_code(list(functions.values()))
    holders = find_holders(space, list(functions.values()))
    hidden = [group for group in groups if others(holders, group) or holds_closures(holders, group[0].__code__)]
    if space.memory is not None or (hidden or has_hidden_functions(space, functions)) and may_search():
        functions.update([(id(f), f) for f in every_function(space)])
    return functions


def values_of(space: Space) -> list:
    """What the module and its classes hold."""
    found = []
    classes = []
    pending = [space.names]
    while pending:
        for value in list(pending.pop().values()):
            if not is_class(value):
                found.append(value)
            elif class_dict(value).get("__module__") == space.name and not any([value is known for known in classes]):
                classes.append(value)
                pending.append(class_dict(value))
    return found


def has_hidden_functions(space: Space, functions: dict) -> bool:
    """Every function holds its module's dict; so do the module, frames before 3.11, and this call."""
    known = len([f for f in functions.values() if f.__globals__ is space.names])
    frames = [frame for frame in thread_frames() if frame.f_globals is space.names]
    return sys.getrefcount(space.names) > known + len(frames) + NAMES_REFERENCES


NAMES_REFERENCES = 3  # the module, `space`, and the argument
SLOW_SEARCH = 20_000_000  # nanoseconds: a heap that takes longer is not searched for the sake of line numbers
searches = []


def may_search() -> bool:
    return not heap_is_frozen() and max(searches, default=0) < SLOW_SEARCH


def moved_code(code: CodeType, exact: dict, ranges: list) -> object:
    """The code at its new place; None if it has not moved."""
    unit = exact.get((code.co_name, code.co_firstlineno))
    if unit is not None:
        return unit["code"] if fingerprint(code) == unit["old"] else None
    for first, last, delta in ranges:
        if first <= code.co_firstlineno <= last:
            return shifted(code, delta) if delta else None
    return None
