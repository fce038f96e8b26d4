"""What wraps a changed function has copies of its doc string and annotations: functools.wraps, property and others.

A copy follows if it is still the very object that the function had.
"""


def change_copies(patch: Patch, unit: dict, start: object, function: FunctionType, donor: object) -> None:
    """Writes the new doc string and annotations of `function` into what `start` leads to."""
    if not {"doc", "annotations"} & set(unit["parts"]):
        return
    owner = owner_of(patch.space, unit["owner"])
    for value in copies_behind(start, function) + copies_beside(patch.space, owner, function):
        if "doc" in unit["parts"]:
            copy_doc(patch.writes, value, function.__doc__, unit["doc"])
        if "annotations" in unit["parts"]:
            copy_annotations_into(patch.writes, value, function, donor)


def copies_behind(start: object, function: FunctionType) -> list:
    """Objects on the way from a value to the function that it wraps, which say so themselves."""
    found = []
    seen = set()
    level = [start]
    for _ in range(DEPTH):
        following = []
        for value in level:
            if id(value) in seen or value is function or len(seen) > NODES:
                continue
            seen.add(id(value))
            if leads_to(value, function) or has_doc_of(value, function):
                found.append(value)
            following.extend(behind(value))
        level = following
    return found


def has_doc_of(value: object, function: FunctionType) -> bool:
    """Whether a closure around the function was given the very doc string that this has, as by hand."""
    if type(value) is not FunctionType or function.__doc__ is None or value.__doc__ is not function.__doc__:
        return False
    cells = [cell.cell_contents for cell in value.__closure__ or () if is_full(cell)]
    return value.__doc__ is not doc_of(value.__code__) and any([one is function for one in cells])


def copies_beside(space: Space, owner: object, function: FunctionType) -> list:
    """What other names of the module, or of the class, lead to and says that it wraps the function: that was only given
    to it."""
    if space.wrappers is None:
        space.wrappers = [one for one in list(space.names.values()) if "__wrapped__" in own_attributes(one)]
    members = list(class_dict(owner).values()) if is_class(owner) else []
    around = [one for one in members if type(one) is not FunctionType or own_attributes(one)]
    inside = [copy for one in around if leads_to(one, function) for copy in copies_behind(one, function)]
    return inside + [one for one in space.wrappers if leads_to(one, function)]


def follow_getters(patch: Patch) -> None:
    """A property that evaluation has made of a live getter, as a new setter does, has that one's former doc string."""
    for _, _, value in patch.writes.classes.values():
        if type(value) is property and type(value.fget) is FunctionType and value.__doc__ is value.fget.__doc__:
            change = patch.writes.functions.get((id(value.fget), "__doc__"))
            if change is not None:
                patch.writes.docs[id(value), "__doc__"] = (value, "__doc__", change[2])


def leads_to(value: object, function: FunctionType) -> bool:
    for _ in range(DEPTH):
        kind = type(value)
        if is_below(kind, property):
            value = property.__dict__["fget"].__get__(value)
        elif is_one_of(kind, (staticmethod, classmethod)):
            value = value.__func__
        else:
            names = own_attributes(value)
            value = names.get("__wrapped__", names.get("func") if short_name(kind) == "cached_property" else None)
        if value is function:
            return True
    return False


def own_attributes(value: object) -> dict:
    found = None if is_class(value) or type(value) is dict else attributes_of(value)
    return found if type(found) is dict else {}


def copy_doc(writes: Writes, value: object, was: object, now: object) -> None:
    names = own_attributes(value)
    if type(value) is FunctionType:
        if value.__doc__ is was:
            write_function(writes, value, "__doc__", now)
    elif type(value) is property:
        if value.__doc__ is was:
            writes.docs[id(value), "__doc__"] = (value, "__doc__", now)
    elif names.get("__doc__", MISSING) is was:
        write_name(writes, names, "__doc__", now)


def copy_annotations_into(writes: Writes, value: object, function: FunctionType, donor: FunctionType) -> None:
    """A function has them as such; a wrapper of another type, as that of `lru_cache`, among its attributes."""
    if type(value) is FunctionType:
        if have_same_annotations(value, function):
            write_annotations(writes, value, donor)
        return
    names, name = own_attributes(value), "__annotate__" if ANNOTATES_LATE else "__annotations__"
    if name in names and names[name] is getattr(function, name):
        write_name(writes, names, name, getattr(donor, name))


def have_same_annotations(copy: FunctionType, function: FunctionType) -> bool:
    """From 3.14 on the copy is that of what computes them, and there is none of no annotations."""
    name = annotations_name(function)
    if annotations_name(copy) != name:
        return False
    one, two = getattr(copy, name), getattr(function, name)
    return one is two or ANNOTATES_LATE and not one and not two


def wrapped_again(value: object, function: FunctionType, made: FunctionType) -> object:
    """`made` in place of `function`, for what the language itself wraps methods in; else the value as it is."""
    if value is function:
        return made
    if is_one_of(type(value), (staticmethod, classmethod)) and value.__func__ is function:
        return type(value)(made)
    parts = (value.fget, value.fset, value.fdel) if type(value) is property else ()
    if any([part is function for part in parts]):
        return property(*[made if part is function else part for part in parts])
    return value
