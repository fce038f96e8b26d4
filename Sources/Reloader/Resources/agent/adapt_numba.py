"""numba: machine code of a changed function, and of compiled functions that call it, is dropped and made anew."""


def keep_compiled(patch: Patch, unit: dict, located: Located) -> bool:
    """Keeps what a compiler has taken and cannot take again."""
    kind = type(located.value)
    if module_of_class(kind).split(".")[0] not in ("numba", "jax", "jaxlib"):
        return False
    what = module_of_class(kind) + "." + short_name(kind)
    if not is_dispatcher(located.value) and not is_jitted(located.value):
        keep(patch, unit, "wrapped-compiled", "the name is bound to a " + what)
    elif any([parameters(function.__code__) != parameters(unit["code"]) for function in located.functions]):
        keep(patch, unit, "wrapped-compiled", "a " + what + " has read its parameters")
    elif set(unit["parts"]) & {"defaults", "decorators"}:
        keep(patch, unit, "wrapped-compiled", "a " + what + " has read its header")
    else:
        return False
    return True


def is_dispatcher(value: object) -> bool:
    """A compiled function that numba can compile once more."""
    kinds = [(module_of_class(kind), short_name(kind)) for kind in bases_of(type(value))]
    return ("numba.core.dispatcher", "Dispatcher") in kinds


def drop_compiled(patch: Patch) -> None:
    """After the swap: for compiled functions that were changed, or that use what was changed."""
    try:
        if module_dict(sys.modules.get("numba.core.dispatcher")).get("Dispatcher") is not None:
            drop_machine_code(patch)
    except BaseException as error:
        note(patch, None, "wrapped-compiled", "what numba has compiled could not be looked at: " + describe(error), 1)


def drop_machine_code(patch: Patch) -> None:
    causes = [(step, function) for step in patch.steps if step.failure is None for function in step.swapped]
    names = {(id(owner), name): step for step in patch.steps for owner, name, _ in step.writes.items.values()}
    left = all_dispatchers()
    found = []
    while left:
        hit = [(one, cause_of(one, causes, names, found)) for one in left]
        hit = [(one, step) for one, step in hit if step is not None]
        if not hit:
            break
        found.extend(hit)
        left = [one for one in left if all([one is not other for other, _ in hit])]
    for dispatcher, step in found:
        entries = len(dispatcher.overloads)
        if entries:
            forget(patch, step, dispatcher, entries)


def forget(patch: Patch, step: Patch, dispatcher: object, entries: int) -> None:
    name = dispatcher.py_func.__qualname__
    try:
        if dispatcher._can_compile:
            dispatcher._reset_overloads()
            dispatcher._cache.flush()
        else:  # its signatures were given: nothing compiles them at a call
            dispatcher.recompile()
        note(patch, step.unit, "recompiles-at-next-call", "machine code of " + name + " was dropped", entries)
    except BaseException as error:
        note(patch, step.unit, "wrapped-compiled", name + " goes on with its machine code: " + describe(error), entries)


def all_dispatchers() -> list:
    """Those that modules and their classes have under a name."""
    found = {}
    for module in list(sys.modules.values()):
        for value in list(module_dict(module).values()):
            inside = list(class_dict(value).values()) if is_class(value) else [value]
            found.update({id(one): one for one in inside if is_dispatcher(one)})
    return list(found.values())


def cause_of(dispatcher: object, causes: list, names: dict, found: list) -> object:
    """The step because of which its machine code is old, or None."""
    function = dispatcher.py_func
    used = names_of([function.__code__])
    values = [function.__globals__.get(name) for name in used]
    values += [cell.cell_contents for cell in function.__closure__ or () if is_full(cell)]
    values += [module_dict(value).get(name) for value in values if is_below(type(value), ModuleType) for name in used]
    for step, changed in causes:
        if changed is function or any([value is changed for value in values]):
            return step
    for name in used:
        if (id(function.__globals__), name) in names:
            return names[id(function.__globals__), name]
    return next((step for other, step in found if any([value is other for value in values])), None)
