"""Whether what the process has under the names of a file is what the file says: values, defaults, bases, imports."""


def differing_facts(space: Space, facts: list) -> list:
    """[kind, qualified name, line] of each fact that does not hold; "bound": the name is free."""
    found = []
    for fact in facts:
        value = bound_to(space, fact["owner"], fact["bind"])
        owner = owner_of(space, fact["owner"])
        if owner is None or fact["kind"] == "other":
            continue
        qualname = ".".join([*fact["owner"], fact["bind"]])
        if value is MISSING:
            if fact.get("sure") and is_one_of(type(owner), (dict, type)):
                found.append(["bound", qualname, fact["line"]])
        elif not FACTS[fact["kind"]](space, fact, value):
            found.append([fact["kind"], qualname, fact["line"]])
    return found


def has_value(space: Space, fact: dict, value: object) -> bool:
    """True also where it cannot be told: the program has put an object there, or has added to a container."""
    wanted = fact["value"]
    if not is_plain(value) or same_value(value, wanted):
        return True
    if type(value) is not type(wanted) or not is_one_of(type(wanted), (list, dict, set)):
        return False
    if type(wanted) is list:
        return same_value(value[: len(wanted)], wanted)
    if type(wanted) is dict:
        return all([key in value and same_value(value[key], wanted[key]) for key in wanted])
    return all([item in value for item in wanted])


def is_plain(value: object) -> bool:
    return is_one_of(type(value), PLAIN_TYPES) or is_one_of(type(value), (tuple, list, dict, set, frozenset))


def has_defaults(space: Space, fact: dict, value: object) -> bool:
    named = [f for f in look_behind(space, value).functions if f.__code__.co_name == fact["bind"]]
    here = [f for f in named if f.__code__.co_firstlineno == fact["first"]] or named
    wanted = {mangled(name, fact["owner"]): default for name, default in fact["value"].items()}
    return not here or any([same_defaults(default_values(f), wanted) for f in here])


def same_defaults(live: dict, wanted: dict) -> bool:
    return len(live) == len(wanted) and all([same_value(live.get(name, MISSING), wanted[name]) for name in wanted])


def has_bases(space: Space, fact: dict, value: object) -> bool:
    """Names that lead to no class now say nothing, and neither does a class that was made in another way."""
    if type(value) is not type or "__orig_bases__" in class_dict(value) or "_fields" in class_dict(value):
        return True
    wanted = []
    for names in fact["value"]:
        base = space.names.get(names[0], module_dict(sys.modules.get("builtins")).get(names[0], MISSING))
        for name in names[1:]:
            base = (class_dict(base) if is_class(base) else module_dict(base)).get(name, MISSING)
        if not is_class(base):
            return True
        wanted.append(base)
    bases = type.__dict__["__bases__"].__get__(value)
    wanted = wanted or [object]
    is_same = len(bases) == len(wanted) and all([one is base for one, base in zip(bases, wanted)])
    return is_same or bool(class_dict(value).get("__slots__"))


def is_taken(space: Space, fact: dict, value: object) -> bool:
    """Whether an import would give what the name leads to, as far as can be told without running it.

    What was made anew since (a module or class of the same name) is the same; None may have been something else then.
    """
    level, place, name = fact["value"]
    if value is None or short_name(type(value)) == "lazy_import":
        return True
    place = absolute(space, [level, place])
    module = sys.modules.get(place)
    names = module_dict(module)
    if name is None and not is_below(type(value), ModuleType):
        return module is not None  # the program has put it there
    if name is None:
        return value is module or module_dict(value).get("__name__") in (place, names.get("__name__"))
    wanted = names.get(name, sys.modules.get(place + "." + name, MISSING))
    if wanted is MISSING:  # its `__getattr__` has made it, or an object stands for the module
        return "__getattr__" in names or module is not None and type(module) is not ModuleType
    is_same = value is wanted or wanted is None or same_value(value, wanted)
    return is_same or origin(value) == origin(wanted) != (None, None)


def origin(value: object) -> tuple:
    """Names of the module and of the class or function itself, or of a module."""
    if is_below(type(value), ModuleType):
        return module_dict(value).get("__name__"), None
    return getattr_module(value), own_qualname(value)


def own_qualname(value: object) -> object:
    """Of a function or class."""
    if is_class(value):
        return name_of_class(value)
    return value.__qualname__ if type(value) is FunctionType else None


def always(space: Space, fact: dict, value: object) -> bool:
    return True


FACTS = {"value": has_value, "defaults": has_defaults, "bases": has_bases, "taken": is_taken, "bound": always}


def own_names(space: Space) -> int:
    """How many names a module has that an empty file does not give it; modules below a package are no such names."""
    prefix = str(space.names.get("__name__")) + "."
    names = [name for name in list(space.names) if type(name) is str]
    own = [name for name in names if not (name.startswith("__") and name.endswith("__"))]
    return len([name for name in own if module_dict(space.names.get(name)).get("__name__") != prefix + name])
