"""What ran once when a class was made, and has other code now: `__init_subclass__`, and the methods that make the
members of an enumeration."""


def tell_what_stays(patch: Patch) -> None:
    """After the swap, each in a guard of its own: what the program has made, kept or run, and does not anew."""
    tell_derived(patch)
    tell_copies(patch)
    tell_ran_once(patch)
    tell_tasks(patch)
    tell_started(patch)
    tell_controllers(patch)
    tell_alikes(patch)


def tell_ran_once(patch: Patch) -> None:
    """Names the classes and members that are not made again."""
    try:
        for step in patch.steps if not is_dry(patch) else ():
            name = step.unit.get("name")
            is_made = step.failure is None and step.swapped and step.unit["kind"] == "function"
            if not is_made or not step.unit["owner"] or name not in RUN_ONCE:
                continue
            cls = owner_of(step.space, step.unit["owner"])
            made = made_with(cls, name, step.swapped) if is_class(cls) else []
            if made:
                message = "it has run for " + ", ".join(made[:3]) + (" …" if len(made) > 3 else "")
                note(patch, step.unit, "derived-value", message + ", and does not run again", len(made))
    except BaseException as error:
        note(patch, None, "derived-value", "what ran for classes could not be told: " + describe(error), 1)


# Where an enumeration keeps them: what stands under `__new__` itself only looks members up.
RUN_ONCE = {
    "__init_subclass__": "__init_subclass__",
    "__init__": "__init__",
    "__new__": "__new_member__",
    "_generate_next_value_": "_generate_next_value_",
}


def made_with(cls: type, name: str, functions: list) -> list:
    """Names of the classes and members that the method of a class, which is one of `functions`, has worked on."""
    if name == "__init_subclass__":
        heirs = [one for one in with_derived([cls]) if one is not cls]
        return [name_of_class(one) for one in heirs if passes_to(bases_of(one)[1:], cls, name)]
    found = []
    for heir in with_derived([cls]):
        members = class_dict(heir).get("_member_map_")
        if type(members) is dict and makes_members(heir, cls, name, functions):
            found += [name_of_class(heir) + "." + key for key in members if type(key) is str]
    return found


def makes_members(heir: type, cls: type, name: str, functions: list) -> bool:
    """Whether an enumeration makes its members by the method of the class."""
    kept = RUN_ONCE[name]
    if kept == "__init__":
        return passes_to(bases_of(heir), cls, kept)
    holder = holder_of(heir, kept)
    value = class_dict(holder).get(kept) if holder is not None else None
    function = value.__func__ if is_one_of(type(value), (staticmethod, classmethod)) else value
    return any([one is function for one in functions])


def passes_to(classes: tuple, cls: type, name: str) -> bool:
    """Whether a call of the method runs that of the class: others may stand before it, and pass on."""
    for base in classes:
        if base is cls:
            return True
        found = class_dict(base).get(name, MISSING)
        function = found.__func__ if is_one_of(type(found), (staticmethod, classmethod)) else found
        if found is not MISSING and not (type(function) is FunctionType and "super" in function.__code__.co_names):
            return False
    return False
