"""Results of former code that something keeps: wrappers of the program that remember what they were given, values of
cached properties in instances, caches of functions that use what changed. None of them is dropped: the program may
count on what it has got."""


def tell_results(patch: Patch, unit: dict, located: Located) -> None:
    """After a function was given its new code."""
    is_compiled = is_dispatcher(located.value) or is_jitted(located.value)
    if is_dry(patch) or located.caches or located.value is MISSING or is_compiled:
        return
    kept = [where for places, code in remembering(patch, located) for where in results_in(places, code, unit, located)]
    if kept:
        note(patch, unit, "decorator-held", "results of the former code stay in " + kept[0], len(kept))
    cls = owner_of(located.space, unit["owner"]) if unit["owner"] else None
    if is_class(cls) and may_be_in_instances(located.value):
        patch.given.append((unit, cls))


def remembering(patch: Patch, located: Located) -> list:
    """(places, code) of what is called in the function's place and keeps results. `places`: what it can reach, by its
    names for them."""
    found = []
    for function in wrappers(located):
        found.append(({**dict(behind_function(function)), **own_attributes(function)}, function.__code__))
    kind = type(located.value)
    holder = holder_of(kind, "__call__") if kind is not FunctionType and not is_class(located.value) else None
    method = class_dict(holder)["__call__"] if holder is not None else None
    if type(method) is FunctionType:
        found.append((dict(own_attributes(located.value)), method.__code__))
    return [one for one in found if keeps_results(patch, one[1])]


def keeps_results(patch: Patch, code: CodeType) -> bool:
    """Whether it puts something under a key, and asks before whether it is there; what has much more to do does that
    for another reason."""
    store, contains = patch.request["remembering"]
    used = set(code.co_code[::2]) if len(code.co_code) < MOST_CODE else set()
    return store in used and (contains in used or bool({"get", "KeyError"} & set(code.co_names)))


MOST_CODE = 800  # bytes: one with a lock has some 300


def results_in(places: dict, code: CodeType, unit: dict, located: Located) -> list:
    """Names of the places that have results; not of what counts calls by the function's name, or remembers times. Of a
    method the place may be in its instances."""
    ours = {name for one in located.functions for name in (one.__name__, one.__qualname__)}
    is_timed = bool(TIMES & set(code.co_names))
    used = {*code.co_names, *code.co_freevars}
    places = {key: place for key, place in places.items() if key in used and dict in bases_of(type(place))}
    if not places and unit["owner"] and any([is_result_word(name) for name in (*used, *code.co_varnames)]):
        return ["caches of instances"]
    found = []
    for key, place in places.items():
        keys = [one for _, one in zip(range(NODES), dict.keys(place))]
        is_counting = all([type(one) is str and one in ours for one in keys])
        if not is_counting and (is_result_word(key) or not is_timed):
            found.append(key)
    return found


TIMES = {"time", "monotonic", "perf_counter", "time_ns", "perf_counter_ns", "now"}


def is_result_word(name: str) -> bool:
    return any([word in name.lower() for word in ("cache", "memo", "result", "computed")])


def may_be_in_instances(value: object) -> bool:
    """Whether a class gives the value to its instances by a descriptor that their own attribute of its name hides, as
    cached properties do; or by one that keeps results in them."""
    kind = type(value)
    if kind in (FunctionType, staticmethod, classmethod, property) or holder_of(kind, "__get__") is None:
        return False
    return holder_of(kind, "__set__") is None and not is_lru_wrapper(value)


def tell_instances(patch: Patch) -> None:
    """After the swap: instances that keep what the former code gave them."""
    try:
        for unit, cls in patch.given:
            name = mangled(unit["bind"], unit["owner"])
            value = class_dict(cls).get(name)
            if module_of_class(type(value)).partition(".")[0] == "cachetools":
                note(patch, unit, "decorator-held", "results of the former code stay in caches of instances", 1)
            elif is_in_instances(cls, name):
                note(patch, unit, "decorator-held", "instances keep the value that the former code has given them", 1)
    except BaseException as error:
        note(patch, None, "decorator-held", "what instances keep could not be told: " + describe(error), 1)


def is_in_instances(cls: type, name: str) -> bool:
    """In a large heap they are not looked for: there may be some."""
    if heap_is_frozen() or sys.getallocatedblocks() > FEW_BLOCKS:
        return True
    classes = with_derived([cls])
    if INSTANCES_REFER_TO_CLASS:
        found = gc.get_referrers(*classes)
    else:
        found = [one for one in gc.get_objects() if any([type(one) is one_of for one_of in classes])]
    for one in found:
        held = attributes_of(one) if any([type(one) is kind for kind in classes]) else None
        if type(held) is dict and name in held:
            return True
    return False


def tell_cached(patch: Patch, names: dict, classes: list, stale: dict, functions: dict) -> None:
    """Caches over functions that use what a save has changed, of a module and its classes."""
    cleared = [cache for _, cache in patch.caches]
    found = possible_caches(names)
    for cls in classes:
        found += [(name_of_class(cls) + "." + key, value) for key, value in possible_caches(class_dict(cls))]
    for name, one in found:
        if (is_lru_wrapper(one) or clears_cache(one)) and not any([one is cache for cache in cleared]):
            tell_cache(patch, names, name, one, stale, functions)


def possible_caches(names: dict) -> list:
    """(name, value), without what is none for sure. Cheap: a save asks it for each name and member of the program."""
    found = [(key, value) for key, value in list(names.items()) if type(value) not in NO_CACHES]
    return [(key, value) for key, value in found if type(value) is not FunctionType or value.__closure__ is not None]


NO_CACHES = {int, str, bytes, float, bool, tuple, list, dict, set, frozenset, type(None), ModuleType, *SLOTS}
NO_CACHES |= {type, property, staticmethod, classmethod, type(len)}


def tell_cache(patch: Patch, names: dict, name: str, cache: object, stale: dict, functions: dict) -> None:
    function = cache.__wrapped__ if is_lru_wrapper(cache) else attributes_of(cache)["__wrapped__"]
    if type(function) is not FunctionType or plain(function.__module__) != names.get("__name__"):
        return
    code = function.__code__
    if is_lru_wrapper(cache) and not entries_of(cache):
        return
    cause = used_by(function, stale, functions, WAITING)
    try:
        entries = entries_of(cache) if cause else 0
    except BaseException:  # code of the program that only looks like a cache's
        return
    if entries:
        message = "its cached results were made with " + cause + ", which is another one now; they stay"
        place = names["__name__"] + "." + name
        patch.notes.append([-1, "derived-value", message, entries, place, code.co_filename, code.co_firstlineno])


def used_by(function: FunctionType, stale: dict, functions: dict, waiting: int) -> str:
    """The changed name that a function has read, or the changed function that it has called; "" if there is none."""
    changes = Record(stale=stale, names=None, at=0, seen=set(), waiting=waiting)
    found = name_read(changes, function, DEPTH, False) if stale else ""
    if not found and functions and id(function) not in functions:
        called = [function.__globals__.get(name) for code in run_with(function.__code__) for name in called_in(code)]
        hit = [one for one in called if runs_changed(one, functions, DEPTH, set(), waiting)]
        found = getattr(hit[0], "__qualname__", "") if hit else ""
    return found


def called_in(code: CodeType) -> list:
    return [name for name, is_called in globals_read(code).items() if is_called or consumes(code)]
