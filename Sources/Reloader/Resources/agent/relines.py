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
    swap(writes)
    return len(writes.functions)


def move_space(space: Space, moved: dict, swapped: set, writes: Writes) -> None:
    """`swapped`: ids of functions and of code objects that have their new lines already."""
    functions = functions_to_move(space, moved)
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
    known = {id(function) for function, _, _ in writes.functions}
    for function in space.memory or ():
        if id(function) not in known and id(function) not in swapped and id(function.__code__) in codes:
            write_function(writes, function, "__code__", codes[id(function.__code__)])


def functions_to_move(space: Space, moved: dict) -> dict:
    """The functions behind the names of moved definitions, by id; all of the module if someone else holds one."""
    functions = {}
    names = [name.split(".") for name in moved["names"]]
    names += [[*unit["owner"], unit["bind"]] for unit in moved["exact"]]
    for *owner, name in names:
        value = bound_to(space, owner, name)
        if type(value) is FunctionType and not value.__closure__ and not value.__dict__:
            if owns(space, value):
                functions[id(value)] = value
        elif value is not MISSING:
            functions.update([(id(f), f) for f in look_behind(space, value).functions])
    holders = find_holders(space, list(functions.values()))
    crowded = any([others(holders, group) for group in same_code(list(functions.values()))])
    if space.memory is not None or crowded and not heap_is_frozen():
        functions.update([(id(f), f) for f in every_function(space) if "<locals>" not in f.__qualname__])
    return functions


def moved_code(code: CodeType, exact: dict, ranges: list) -> object:
    """The code at its new place; None if it has not moved."""
    unit = exact.get((code.co_name, code.co_firstlineno))
    if unit is not None:
        return unit["code"] if fingerprint(code) == unit["old"] else None
    for first, last, delta in ranges:
        if first <= code.co_firstlineno <= last:
            return shifted(code, delta)
    return None
