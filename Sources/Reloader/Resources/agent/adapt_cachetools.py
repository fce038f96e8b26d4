"""cachetools: results of the former code, where nothing says how the cache that has them is emptied.

Read of it, in 4.2, 5.5 and 8.0: a wrapper is a function of the library, or leads to one, that has the wrapped
function and `cache` in its closure: that is the cache, or of a method what gives the cache of an instance. A cache
has its results in `_Cache__data`, a dict.
"""


def tell_results(patch: Patch) -> None:
    """After caches were cleared. None of these is: the program may hold the cache, and count on what it has."""
    if "cachetools" not in sys.modules or patch.request.get("keep_caches"):
        return
    try:
        known = {}
        for step in patch.steps:
            is_told = any([key == step.unit["id"] and what in CACHE_REMARKS for key, _, what, *_ in patch.notes])
            if step.failure is None and step.unit["kind"] == "function" and step.swapped and not is_told:
                entries = sum([results_of(step, one, known) for one in caching(step)])
                if entries:
                    note(patch, step.unit, "decorator-held", FORMER_RESULTS, entries)
    except BaseException as error:
        note(patch, None, "decorator-held", "caches of cachetools could not be looked at: " + describe(error), 1)


FORMER_RESULTS = "results of the former code stay in its cache"
CACHE_REMARKS = (FORMER_RESULTS, "results of a cache dropped")


def is_of_cachetools(name: object) -> bool:
    return type(name) is str and name.partition(".")[0] == "cachetools"


def globals_name(function: object) -> object:
    return function.__globals__.get("__name__") if type(function) is FunctionType else None


def caching(step: Patch) -> list:
    """What functions of the library between the name and the step's functions call `cache`."""
    found = []
    ours = set(map(id, step.swapped))
    seen = set(ours)
    level = [bound_to(step.space, step.unit["owner"], step.unit["bind"])]
    for _ in range(DEPTH):
        following = []
        for item in level:
            if id(item) in seen or len(seen) > NODES:
                continue
            seen.add(id(item))
            kind = type(item)
            if kind is FunctionType:
                cells = zip(item.__code__.co_freevars, item.__closure__ or ())
                inside = {name: cell.cell_contents for name, cell in cells if is_full(cell)}
                is_between = any([id(one) in ours for one in inside.values()])
                if is_between and is_of_cachetools(globals_name(item)) and "cache" in inside:
                    found.append(inside["cache"])
                following += [*inside.values(), own_attributes(item).get("__wrapped__")]
            elif is_one_of(kind, (staticmethod, classmethod)):
                following.append(item.__func__)
            elif is_of_cachetools(module_of_class(kind)):
                following += own_attributes(item).values()
        level = following
    return found


def results_of(step: Patch, cache: object, known: dict) -> int:
    """How many results a cache has, or the caches that instances have under the name that `cache` asks them for; 1
    where instances cannot be listed."""
    name = attribute_asked(cache)
    cls = owner_of(step.space, step.unit["owner"]) if name and step.unit["owner"] else None
    if not is_class(cls):
        return size_of_cache(cache)
    instances = objects_of_classes(with_derived([cls]), known)
    if instances is None:
        return 1
    return sum([size_of_cache(own_attributes(one).get(name)) for one in instances])


def attribute_asked(getter: object) -> str:
    """The attribute of an instance that `operator.attrgetter`, or a function of one name, gives; "" for all else."""
    names = ()
    if type(getter) is FunctionType and getter.__code__.co_argcount == 1:
        names = getter.__code__.co_names
    elif type(getter) is module_dict(sys.modules.get("_operator")).get("attrgetter"):
        names = type(getter).__reduce__(getter)[1]
    return names[0] if len(names) == 1 and "." not in names[0] else ""


def size_of_cache(cache: object) -> int:
    if type(cache) is not dict:
        cache = own_attributes(cache).get("_Cache__data")
    return len(cache) if type(cache) is dict else 0
