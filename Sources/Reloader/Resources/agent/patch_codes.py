"""Code objects that a decorator has stored: a save gives the function another one, and the stored one stays."""


def note_codes(step: Patch, path: str, value: object, is_maker: bool, located: Located) -> None:
    """For the time after the swap: the code that the functions have now, and where those keep their things that read
    it when they decorated them."""
    places = places_of_readers(value, is_maker, READ_DEPTH, set())
    step.stored.append((path, places, [function.__code__ for function in located.functions]))


def places_of_readers(value: object, is_maker: bool, depth: int, seen: set) -> list:
    """The modules' names of the functions that read `__code__` when the value is called; `is_maker`: what that gives is
    called too."""
    found = []
    if id(value) in seen or not depth:
        return found
    seen.add(id(value))
    for function in run_by_call(value) if value is not MISSING else ():
        if type(function) is FunctionType:
            for code in run_at_call(function.__code__, is_maker):
                if "__code__" in code.co_names:
                    found.append(function.__globals__)
                for name in [name for name, is_called in globals_read(code).items() if is_called]:
                    inner = function.__globals__.get(name, MISSING)
                    found.extend(places_of_readers(inner, False, depth - 1, seen))
    return found


def tell_codes(patch: Patch) -> None:
    """Names the containers that still hold the former code of a function that has got another one."""
    try:
        for step in [] if is_dry(patch) else patch.steps:
            if step.failure is None and not is_kept_out(step):
                tell_stored(patch, step)
    except BaseException as error:
        note(patch, None, "derived-value", "what holds former code could not be told: " + describe(error), 1)


def tell_stored(patch: Patch, step: Patch) -> None:
    told = set()
    for path, places, codes in step.stored:
        for names in {id(one): one for one in places}.values():
            for key, held in containers_in(names):
                if (id(names), key) not in told and has_one(held, codes):
                    told.add((id(names), key))
                    message = path + " has put code of " + step.unit["qualname"] + " there; that is the former one now"
                    unit = step.unit
                    name = ".".join([plain(names.get("__name__")) or "", key])
                    patch.notes.append([-1, "derived-value", message, 1, name, unit["path"], unit["at"]])


def containers_in(names: dict) -> list:
    """(dotted name, container) of a module: its own, and those of its classes and of its objects."""
    found = []
    for key, value in list(names.items()):
        is_passed = type(value) is FunctionType or is_below(type(value), ModuleType)
        members = class_dict(value) if is_class(value) else {} if is_passed else own_attributes(value)
        inside = [(key + "." + name, one) for name, one in list(members.items())[:NODES] if type(name) is str]
        found.extend([pair for pair in [(key, value), *inside] if is_one_of(type(pair[1]), CODE_CONTAINERS)])
    return found


CODE_CONTAINERS = (list, tuple, dict, set, frozenset)


def has_one(container: object, codes: list) -> bool:
    """Whether it holds one of the code objects, as it is or in a tuple or list; code that is only equal is another."""
    known = {id(code) for code in codes}
    items = list(container) + (list(container.values()) if type(container) is dict else [])
    parts = [part for item in items if is_one_of(type(item), (tuple, list)) for part in item[:NODES]]
    return any([id(one) in known for one in [*items, *parts]])
