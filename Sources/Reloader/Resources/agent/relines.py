"""Line numbers of functions that only moved; runs after the reply, when nobody waits."""


def reline(patch: Patch) -> int:
    """Moves the live functions of unchanged definitions; returns how many."""
    writes = Writes()
    swapped = {id(function) for function in patch.swapped}
    for file in patch.request["files"]:
        moved = {(unit["name"], unit["line"]): unit for unit in file["moved"]}
        for space in patch.spaces:
            if moved and space.name in file["modules"]:
                move_space(space, moved, swapped, writes)
    swap(writes)
    return len(writes.functions)


def move_space(space: Space, moved: dict, swapped: set, writes: Writes) -> None:
    functions = {}
    for unit in moved.values():
        value = space.bound(unit["owner"], unit["bind"])
        if value is not MISSING:
            functions.update([(id(f), f) for f in Reached(space, value).functions])
    holders = Holders(space, list(functions.values()))
    crowded = [group for group in same_code(list(functions.values())) if holders.others(group)]
    if space.memory is not None or crowded and not heap_is_frozen():
        functions.update([(id(f), f) for f in space.every_function()])
    codes = {}
    for key, function in functions.items():
        code = function.__code__
        unit = moved.get((code.co_name, code.co_firstlineno))
        if unit is None or key in swapped or fingerprint(code) != unit["old"]:
            continue
        new = unit["code"] if unit["code"] is not None else codes.setdefault(id(code), shifted(code, unit["delta"]))
        for old_inner, new_inner in nested_pairs(code, new):
            codes[id(old_inner)] = new_inner
        writes.function(function, "__code__", new)
    known = {id(function) for function, _, _ in writes.functions}
    for function in space.memory or ():
        if id(function) not in known and id(function) not in swapped and id(function.__code__) in codes:
            writes.function(function, "__code__", codes[id(function.__code__)])
