"""Deleted definitions."""


def delete(patch: Patch, space: Space, unit: dict) -> None:
    """Deletes the name if it is still bound to what the definition made."""
    owner = owner_of(space, unit["owner"])
    value = bound_to(space, unit["owner"], unit["bind"])
    name = mangled(unit["bind"], unit["owner"])
    if owner is None or value is MISSING:
        count(patch, unit, 0, 0)
        return
    ours = made_by(space, unit, value)
    tell_registrations(patch, space, unit, value, ours)
    if unit["still"]:
        if ours and type(value) is property:
            value = staged_value(space, owner, name, value)
            kept = [None if part in ours else part for part in (value.fget, value.fset, value.fdel)]
            bind(patch, space, owner, name, property(*kept))
        elif ours and unit["revived"] is not None and not revive(patch, space, unit["revived"], owner):
            message = "its name stays with it: the other definition of that name is decorated, and not decorated again"
            keep(patch, unit, "ambiguous-definition", message)
            return
        count(patch, unit, 1 if ours else 0, 0)
    elif not ours:
        keep(patch, unit, "live-value-kept", "the name is bound to something else by now")
    elif keep_collected(patch, owner, unit, value):
        return
    elif is_class(owner) and writes_methods(owner, name):
        keep(patch, unit, "generated-method", "without it the class would have been made with one of its own")
    elif unit["elsewhere"] and name not in space.staged:
        message = "its name stays with it: another statement gives the name something else, and is not run again"
        keep(patch, unit, "ambiguous-definition", message)
    else:
        tell_gathered(patch, owner, unit, value)
        brought = brought_by_star(patch, space, unit, value) if not unit["elsewhere"] else MISSING
        if brought is not MISSING:
            bind(patch, space, owner, name, brought)
        else:
            delete_name(patch, space, owner, name)
        count(patch, unit, 1, 0)


def delete_name(step: Patch, space: Space, owner: object, name: str) -> None:
    value = (class_dict(owner) if is_class(owner) else owner).get(name, MISSING)
    for place in [owner, *mirrors_with(space, owner, name, value)] if value is not MISSING else ():
        write_deletion(step.writes, place, name)


def brought_by_star(step: Patch, space: Space, unit: dict, value: object) -> object:
    """What a star import of the module gives the name of a definition that goes, which made `value`; else MISSING."""
    found = MISSING
    for place in unit["stars"]:
        module = absolute(space, place)
        other, names = step.open.get(module), names_of_module(module)
        offered = {**names, **other.staged} if other is not None else names
        listed = offered.get("__all__")
        is_listed = type(listed) in (list, tuple) and any([type(one) is str and one == unit["bind"] for one in listed])
        if is_listed or type(listed) not in (list, tuple) and unit["bind"][:1] != "_":
            is_gone = other is not None and (unit["bind"],) in other.leaving and unit["bind"] not in other.staged
            found = found if is_gone else offered.get(unit["bind"], found)
    return MISSING if found is value else found


def staged_value(space: Space, owner: object, name: str, value: object) -> object:
    """What the swap will bind the name to; `value` if nothing, or something of another type."""
    staged = space.class_staged.get(id(owner), {}) if is_class(owner) else space.staged
    found = staged.get(name, value)
    return found if type(found) is type(value) else value


def tell_registrations(patch: Patch, space: Space, unit: dict, value: object, made: object) -> None:
    """What a decorator registered a deleted function with goes on calling it."""
    if unit["is_class"] or not unit["decorated"] or heap_is_frozen():
        return
    reached = look_behind(space, value)
    alive = made or [
        f
        for f in every_function(space)
        if f.__code__.co_name == unit["name"]
        and f.__code__.co_firstlineno == unit["line"]
        and fingerprint(f.__code__) == unit["old"]
    ]
    ours = (made, alive, reached.functions, *lists_of_search(space))
    bound = []
    held = holders(alive, reached.passed | {id(one) for one in ours}, bound)
    held += readers_of_methods(bound)
    if held:
        message = "the deleted function is still registered: " + kinds_of(held)
        note(patch, unit, "decorator-held", message, len(held))


def made_by(space: Space, unit: dict, value: object) -> object:
    """For a class whether the definition made it, for a function those behind the value that it made."""
    if unit["is_class"]:
        known = is_class(value) and module_of_class(value) == space.name
        return known and name_of_class(value) == unit["qualname"]
    return [
        function
        for function in look_behind(space, value).functions
        if function.__code__.co_name == unit["name"]
        and (function.__code__.co_firstlineno == unit["line"] or fingerprint(function.__code__) == unit["old"])
    ]


def revive(patch: Patch, space: Space, unit: dict, owner: object) -> bool:
    """Another definition of a deleted one's name stays in the source: the name leads to what it made, or False."""
    if unit["make"] is None:
        return False
    alive = [f for f in every_function(space) if fingerprint(f.__code__) == unit["old"]] if not heap_is_frozen() else []
    alive = [f for f in alive if f.__qualname__ == unit["qualname"] and f.__code__.co_firstlineno == unit["line"]]
    if alive:
        bind(patch, space, owner, mangled(unit["bind"], unit["owner"]), alive[0])
    else:
        define(patch, space, unit)
    return True


def writes_methods(cls: type, name: str) -> bool:
    """Whether attrs or pydantic would have written a method of this name; dataclasses are made again."""
    names = class_dict(cls)
    return name in WRITTEN and ("__attrs_attrs__" in names or "__pydantic_validator__" in names)
