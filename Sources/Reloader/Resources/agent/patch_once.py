"""What runs once, when a class is made, and is another one now: `__init_subclass__`, `__set_name__`, and the methods
that make the members of an enumeration."""


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
            name, kind = step.unit.get("name"), step.unit["kind"]
            is_in = step.failure is None and not is_kept_out(step) and (step.swapped or kind != "function")
            if not is_in or not step.unit["owner"] or name not in RUN_ONCE or kind not in ONCE_MESSAGES:
                continue
            cls = owner_of(step.space, step.unit["owner"])
            functions = step.swapped if kind == "function" else None
            made = made_with(cls, name, functions) if is_class(cls) else []
            if made:
                message, ending = ONCE_MESSAGES[kind]
                message += ", ".join(made[:3]) + (" …" if len(made) > 3 else "") + ending
                note(patch, step.unit, "derived-value", message, len(made))
    except BaseException as error:
        note(patch, None, "derived-value", "what ran for classes could not be told: " + describe(error), 1)


# By kind of change, what stands before the names and behind them.
ONCE_MESSAGES = {
    "function": ("it has run for ", ", and does not run again"),
    "define": ("it is new, and does not run for what was made before: ", ""),
    "delete": ("it has run for ", ", and what it did there stays"),
}

# Where an enumeration keeps them: what stands under `__new__` itself only looks members up.
RUN_ONCE = {
    "__init_subclass__": "__init_subclass__",
    "__set_name__": "__set_name__",
    "__init__": "__init__",
    "__new__": "__new_member__",
    "_generate_next_value_": "_generate_next_value_",
}


def made_with(cls: type, name: str, functions: list | None) -> list:
    """Names of the classes and members that the method of a class has worked on, or would have: one of `functions`, or
    any if that is None."""
    heirs = with_derived([cls])
    if name == "__init_subclass__":
        return [name_of_class(one) for one in heirs if one is not cls and passes_to(bases_of(one)[1:], cls, name)]
    if name == "__set_name__":
        return named_attributes({id(one) for one in heirs if passes_to(bases_of(one), cls, name)})
    found = []
    for heir in heirs:
        members = class_dict(heir).get("_member_map_")
        is_any = functions is None and name != "__init__"  # nothing tells whose the others are
        if type(members) is dict and (is_any or makes_members(heir, cls, name, functions or [])):
            found += [name_of_class(heir) + "." + key for key in members if type(key) is str]
    return found


def named_attributes(kinds: set) -> list:
    """Names of the attributes of all classes whose values are of one of these classes, by their ids."""
    found = []
    for cls in all_classes():
        held = [key for key, value in list(class_dict(cls).items()) if id(type(value)) in kinds]
        found += [name_of_class(cls) + "." + key for key in held if type(key) is str]
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
