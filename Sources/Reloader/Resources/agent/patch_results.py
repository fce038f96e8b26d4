"""Results of the former code that something keeps, and that nobody can empty but the program: wrappers with a dict,
cached properties, caches of cachetools."""


def tell_results(patch: Patch) -> None:
    """After caches were cleared. None of these is: the program may hold the cache, and count on what it has."""
    try:
        known = {}
        for step in patch.steps if not patch.request.get("keep_caches") else ():
            if step.failure is None and step.unit["kind"] == "function" and step.swapped:
                entries = results_over(step, known)
                told = [remark for remark in patch.notes if remark[0] == step.unit["id"] and tells_of_results(remark)]
                if entries and not told:
                    note(patch, step.unit, "decorator-held", FORMER_RESULTS, entries)
    except BaseException as error:
        note(patch, None, "decorator-held", "caches could not be looked at: " + describe(error), 1)


FORMER_RESULTS = "results of the former code stay in its cache"


def tells_of_results(remark: list) -> bool:
    is_of_code = remark[1] in ("wrapped-compiled", "recompiles-at-next-call")
    return is_of_code or remark[2] in (FORMER_RESULTS, "results of a cache dropped")


def results_over(step: Patch, known: dict) -> int:
    """How many results of the step's functions are kept."""
    value = bound_to(step.space, step.unit["owner"], step.unit["bind"])
    if value is MISSING or any([value is function for function in step.swapped]):
        return 0
    entries = results_in_instances(step, value, known)
    for wrapper, names in wrappers_over(step, value):
        if is_of_cachetools(globals_name(wrapper)):
            entries += results_of(step, names.get("cache"), known)
        else:
            entries += results_by_hand(wrapper, names)
    return entries


def wrappers_over(step: Patch, value: object) -> list:
    """(wrapper, what it holds by name) for what lies between a name and the functions, and holds one of these."""
    found = []
    ours = set(map(id, step.swapped))
    seen = set(ours)
    level = [value]
    for _ in range(DEPTH):
        following = []
        for item in level:
            if id(item) in seen or len(seen) > NODES:
                continue
            seen.add(id(item))
            inside = held_by_wrapper(item)
            if any([id(one) in ours for one in list(inside.values())]):
                found.append((item, inside))
            following += list(inside.values())
        level = following
    return found


def held_by_wrapper(item: object) -> dict:
    kind = type(item)
    if kind is FunctionType:
        cells = zip(item.__code__.co_freevars, item.__closure__ or ())
        return {**own_attributes(item), **{name: cell.cell_contents for name, cell in cells if is_full(cell)}}
    if is_one_of(kind, (staticmethod, classmethod)):
        return {"__func__": item.__func__}
    if is_below(kind, ModuleType) or kind is type(len):
        return {}
    return own_attributes(item)


def results_by_hand(wrapper: object, names: dict) -> int:
    """How many a dict has that the wrapper fills, and gives the items of: `kept[n] = function(n)`, `return kept[n]`."""
    function = wrapper if type(wrapper) is FunctionType else class_dict(type(wrapper)).get("__call__")
    if type(function) is not FunctionType:
        return 0
    code = function.__code__
    if RETURNED_ITEM not in code.co_code or STORE_SUBSCR not in code.co_code[::2]:
        return 0
    used = (*code.co_freevars, *code.co_names)
    return sum([len(one) for name, one in names.items() if name in used and type(one) is dict])


def results_in_instances(step: Patch, value: object, known: dict) -> int:
    """How many instances have the result under the very name of the property; 1 where they cannot be listed."""
    cls = owner_of(step.space, step.unit["owner"]) if step.unit["owner"] else None
    kind = type(value)
    inside = own_attributes(value).values() if is_class(cls) and gives_itself(kind) else ()
    if not any([one is function for one in inside for function in step.swapped]):
        return 0
    name = mangled(step.unit["bind"], step.unit["owner"])
    instances = objects_of_classes(with_derived([cls]), known)
    return 1 if instances is None else len([one for one in instances if name in own_attributes(one)])


def gives_itself(kind: type) -> bool:
    """Whether objects of this class put what they give into the instance, as `functools.cached_property` does."""
    holder = holder_of(kind, "__get__")
    getter = class_dict(holder)["__get__"] if holder is not None else None
    return type(getter) is FunctionType and "__dict__" in getter.__code__.co_names


def globals_name(function: object) -> object:
    return function.__globals__.get("__name__") if type(function) is FunctionType else None
