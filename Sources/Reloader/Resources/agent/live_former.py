"""What a module had before it was loaded again: importlib.reload runs the file in the same namespace, and whoever holds
functions, bound methods or instances from before goes on with those.

It is a space of its own beside the module for each generation of its classes, with the functions that names no longer
lead to.
"""


def former_spaces(space: Space, file: dict) -> list:
    """The former generations of what the file's units are about."""
    space.has_formers = has_generations(every_function(space))
    if not space.has_formers:
        return []
    classes = former_classes(space, {tuple(names) for unit in file["units"] for names in class_names(unit)})
    space.caches = caches_around(space)
    functions = former_functions(space, file["units"])
    space.formers = {id(function) for function in functions}
    made = []
    for number in range(max([int(bool(functions)), *[len(some) for some in classes.values()]])):
        one = new_space(space.name, space.names, list(space.paths))
        one.classes = {name: some[number] for name, some in classes.items() if number < len(some)}
        one.memory = [] if number else functions
        one.generation, one.present, one.caches = number + 1, space, space.caches
        one.is_stray = one.is_copy = one.is_partial = one.has_formers = True
        made.append(one)
    return made


def class_names(unit: dict) -> list:
    """The classes that a unit is about, by their names."""
    owner = unit["owner"]
    return [owner] * bool(owner) + [[*owner, unit["bind"]]] * (unit.get("kind") == "class")


def former_classes(space: Space, wanted: set) -> dict:
    """Classes that the names `wanted` no longer lead to, by their qualified names."""
    found = {}
    named = {".".join(names): owner_of(space, list(names)) for names in wanted}
    for cls in all_classes() if wanted else ():
        name = name_of_class(cls)
        if name in named and cls is not named[name] and has_class(space, cls):
            found.setdefault(name, []).append(cls)
    return found


def former_functions(space: Space, units: list) -> list:
    """Functions of these definitions that their names no longer lead to. Of a name that the file has several times only
    what equals a definition is known to be of it."""
    found = {}
    for unit in units:
        if unit.get("kind", "function") != "function" or unit.get("repeated"):
            continue
        value = bound_to(space, unit["owner"], unit["bind"])
        present = look_behind(space, value).functions if value is not MISSING else []
        codes = {id(function.__code__) for function in present}
        for function in every_function(space):
            if is_named(function, unit) and id(function.__code__) not in codes and is_definition(function.__code__):
                found[id(function)] = function
    return list(found.values())


def is_named(function: FunctionType, unit: dict) -> bool:
    return function.__code__.co_name == unit["name"] and function.__qualname__ == unit["qualname"]


def equal_codes(space: Space, pairs: list) -> dict:
    """New code for closures of former generations whose code is what the present one makes them of, by its id."""
    found = {}
    for function in space.memory:
        code = function.__code__
        for old, new in pairs if is_nested(code) else ():
            is_there = (code.co_name, code.co_firstlineno) == (old.co_name, old.co_firstlineno)
            if is_there and fingerprint(code) == fingerprint(old):
                found[id(code)] = new
    return found


def caches_around(space: Space) -> list:
    """Caches that no name leads to: they hold a function, or are held by what wraps one."""
    holders = gc.get_referrers(*every_function(space))
    holders += gc.get_referrers(*[one for one in holders if type(one) is dict and "__wrapped__" in one])
    return [holder for holder in holders if is_lru_wrapper(holder) or clears_cache(holder)]


def caches_over(functions: list, space: Space) -> list:
    known = {id(function) for function in functions}
    return [cache for cache in space.caches if any([id(f) in known for f in look_behind(space, cache).functions])]


def settle_row(paths: list, spaces: list) -> None:
    """The search has found nothing beside the modules: the next save needs none."""
    if spaces and searched(spaces[0].search).is_whole and not any([space.has_formers for space in spaces]):
        for path in paths:
            if low(path) in HEAP.rows:
                HEAP.rows[low(path)] = mark([space.names for space in spaces])
                HEAP.is_news = True


def is_former_behind(space: Space, file: dict) -> bool:
    """Whether a save has left a function of it as it was."""
    for unit in file["units"]:
        named = [f for f in space.memory if is_named(f, unit)] if unit["kind"] == "function" else []
        if any([fingerprint(function.__code__, True) != unit["new"] for function in named]):
            return True
    return False
