"""Whether live functions are what the files on disk compile to."""


def compare(request: tuple) -> list:
    """Per file and module: definitions that differ, that have no live function, and that equal but lie elsewhere."""
    search = new_search(request[1])
    if not HEAP.is_fresh:
        look_over_heap(True)
    return [
        {"path": file["path"], "module": space.name, **compare_module(space, file)}
        for file in request[1]
        for space in places_of(file, search)
        if not space.generation
    ]


def compare_module(space: Space, file: dict) -> dict:
    """`missing` also says whether the name is free: then the definition was never in the process; surely so if nothing
    but its statement decides about names of its owner: a metaclass may have taken it away.

    A name that several definitions share (branches, overloads) differs only if its live code equals none of them."""
    units = file["units"]
    differ = []
    missing = []
    moved = rewritten = 0
    shared = {}
    for unit in units:
        shared.setdefault((tuple(unit["owner"]), unit["bind"], unit["name"]), []).append(unit)
    for group in shared.values():
        known = {unit["old"] for unit in group}
        live = live_functions(space, group[0])
        prints = [fingerprint(function.__code__) for function in live]
        unknown = [(function, mark) for function, mark in zip(live, prints) if mark not in known]
        tools = [function for function, _ in unknown if group[0]["old"] and is_instrumented(function.__code__)]
        strange = [mark for function, mark in unknown if function not in tools]
        rewritten += len(tools)
        for unit in group:
            equal = [function for function, mark in zip(live, prints) if mark == unit["old"]]
            if equal:
                moved += all([function.__code__.co_firstlineno != unit["line"] for function in equal])
            elif strange:
                differ.append([unit["qualname"], unit["line"]])
            elif not tools and not space.is_partial:
                owner = owner_of(space, unit["owner"])
                is_new = owner is not None and bound_to(space, unit["owner"], unit["bind"]) is MISSING
                is_new = is_new and (type(owner) is dict or unit["bind"] not in TAKEN_BY_CLASSES)
                is_sure = is_new and is_one_of(type(owner), (dict, type))
                missing.append([unit["qualname"], unit["line"], is_new, is_sure])
    facts = [fact for fact in file.get("facts", ()) if fact["kind"] == "value" or not space.is_partial]
    facts = differing_facts(space, facts)
    counts = {"moved": moved, "definitions": len(units), "names": own_names(space), "rewritten": rewritten}
    return {"differ": differ, "missing": missing, "facts": facts, **counts}


TAKEN_BY_CLASSES = ("__qualname__", "__classcell__")  # a class statement takes these out of its names


def live_functions(space: Space, unit: dict) -> list:
    if space.is_stray:
        named = [f for f in space.memory if f.__code__.co_name == unit["name"]]
        return [f for f in named if f.__qualname__ == unit["qualname"]] or named
    value = bound_to(space, unit["owner"], unit["bind"])
    live = look_behind(space, value).functions if value is not MISSING else []
    return [function for function in live if function.__code__.co_name == unit["name"]]
