"""Members of a class that others have found by a mark, or by their type: one that comes later is not found by these."""


def tell_alike(step: Patch, owner: type, unit: dict, value: object) -> None:
    """Names who has found other members of the class that are like a new one."""
    if unit["kind"] != "define" or is_plain(value) or is_class(value):
        return
    finder = taken_like(owner, mangled(unit["bind"], unit["owner"]), value) or listed_by_object(owner, value)
    if finder:
        note(step, unit, "read-at-import", "others of its kind were taken before it came: by " + finder, 1)


def taken_like(owner: type, name: str, value: object) -> str:
    """Who has taken marked methods of this class, bound to an object of it; "" if nobody has.

    The heap is searched, so: only where the class has other methods with the same mark."""
    marks = marks_of(value)
    members = list(class_dict(owner).items()) if marks else []
    alike = [one for key, one in members if key != name and marks & marks_of(one)]
    if not alike:
        return ""
    methods = []
    holders(alike, {id(alike)}, methods)
    reading = readers_of_methods(methods)
    return short_name(type(reading[0])) if reading else ""


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
