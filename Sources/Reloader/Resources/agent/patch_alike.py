"""Members of a class or module that others have found by a mark, or by their type: one that comes later is not found by
these."""


def tell_alikes(patch: Patch) -> None:
    """After the swap: the heap may have to be searched."""
    try:
        for step in patch.steps if not is_dry(patch) else ():
            unit = step.unit
            if unit["kind"] == "define" and step.failure is None and not is_kept_out(step):
                told = [one for one in patch.notes if one[0] == unit["id"] and one[1] == "read-at-import"]
                owner, value = owner_of(step.space, unit["owner"]), bound_to(step.space, unit["owner"], unit["bind"])
                if owner is not None and not told and not is_plain(value) and not is_class(value):
                    tell_alike(patch, step.space, owner, unit, value)
    except BaseException as error:
        note(patch, None, "read-at-import", "what was taken before could not be looked at: " + describe(error), 1)


def tell_alike(patch: Patch, space: Space, owner: object, unit: dict, value: object) -> None:
    """Names who has found other members of the class or module that are like a new one."""
    alike = marked_like(owner, mangled(unit["bind"], unit["owner"]), value)
    if is_class(owner):
        finder = taken_of_object(alike) or named_beside(owner, alike) or listed_by_object(owner, value)
    else:
        finder = taken_of_module(alike, sys.modules.get(space.name))
    if finder:
        note(patch, unit, "read-at-import", "others of its kind were taken before it came: by " + finder, 1)


def marked_like(owner: object, name: str, value: object) -> list:
    """Other functions of the class or module with a mark that this one has."""
    marks = marks_of(value)
    members = list((class_dict(owner) if is_class(owner) else owner).items()) if marks else []
    return [one for key, one in members if key != name and marks & marks_of(one)]


def taken_of_object(functions: list) -> str:
    """Who has taken one of the methods, bound to an object; "" if nobody has. The heap is searched."""
    methods = []
    holders(functions, {id(functions)}, methods)
    reading = readers_of_methods(methods)
    return short_name(type(reading[0])) if reading else ""


def named_beside(owner: type, functions: list) -> str:
    """What lists one of the methods by its name, of an object or function that has the class, as a view of REST
    framework its actions; "" if nothing does. The heap is searched."""
    names = {key for key, one in list(class_dict(owner).items()) if any([one is function for function in functions])}
    # Of its instances, which refer to it too, there may be a million.
    for holder in [one for one in gc.get_referrers(owner) if type(one) is not owner] if names else ():
        known = holder if type(holder) is dict and not is_namespace(holder) else own_attributes(holder)
        for key, listing in list(known.items()):
            if is_one_of(type(listing), (list, tuple, set, dict)) and type(key) is str:
                items = list(listing.values() if type(listing) is dict else listing)[:NODES]
                if any([type(item) is str and item in names for item in items]):
                    return key
    return ""


def taken_of_module(functions: list, module: object) -> str:
    """Who has taken one of the functions, and has the module too; "" if nobody has. The heap is searched."""
    for one in readers(holders(functions, {id(functions)})):
        if any([held is module for held in [*own_attributes(one).values(), *gc.get_referents(one)]]):
            return short_name(type(one))
    return ""


def marks_of(value: object) -> set:
    """Names of attributes that a decorator has given the function itself."""
    if type(value) is not FunctionType:
        return set()
    return set(own_attributes(value)) - {"__wrapped__", "__isabstractmethod__"}


def listed_by_object(owner: type, value: object) -> str:
    """An object among the members of a class that lists others of the type, but not this one; "" if none does."""
    kind = type(value)
    if kind is FunctionType or module_of_class(kind) in LISTED_BY_NOBODY:
        return ""
    for name, one in list(class_dict(owner).items()):
        for listing in () if one is value else list(own_attributes(one).values()):
            if is_one_of(type(listing), (list, tuple, dict)):
                items = list(listing.values() if type(listing) is dict else listing)[:NODES]
                if any([type(item) is kind for item in items]) and not any([item is value for item in items]):
                    return short_name(owner) + "." + name
    return ""


LISTED_BY_NOBODY = ("builtins", "functools")
