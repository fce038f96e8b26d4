"""Changes of what a module had before it was loaded again."""


def concerns_former(space: Space, unit: dict) -> bool:
    """Names of the module are those of all generations."""
    return unit["kind"] == "function" or any([".".join(names) in space.classes for names in class_names(unit)])


def keep_former(patch: Patch, space: Space, unit: dict, located: Located) -> bool:
    """Keeps what cannot be told to be of the definition, or is called in another way."""
    if unit["make"] is not None and "defaults" in unit["parts"] and unit["called"]:
        keep(patch, unit, "other-copy", "its defaults are not made a second time " + described(space))
        return True
    present = [function.__code__ for function in live_functions(space.present, unit)]
    for code in [function.__code__ for function in located.functions]:
        if present and parameters(code) != parameters(present[0]):
            keep(patch, unit, "other-copy", "it has other parameters " + described(space))
        elif is_instrumented(code) or (code.co_flags ^ unit["code"].co_flags) & KIND_FLAGS:
            keep(patch, unit, "other-copy", "it is of another kind " + described(space))
        else:
            continue
        return True
    return False


def keep_former_closures(patch: Patch, space: Space, unit: dict) -> None:
    """Names closures whose code is neither that of the present generation nor equal to it."""
    if not space.has_formers or space.generation:
        return
    changed = {id(function) for function, name, _ in patch.writes.functions.values() if name == "__code__"}
    nested_in_former = []
    for function in space.memory:
        if id(function) in space.formers:
            with_nested(function.__code__, nested_in_former)
    known = {id(code) for code in nested_in_former}
    start = unit["qualname"] + ".<locals>."
    for function in space.memory:
        code = function.__code__
        is_inside = getattr(code, "co_qualname", function.__qualname__).startswith(start)
        if is_inside and is_nested(code) and id(function) not in changed and id(code) not in known:
            message = function.__name__ + ", which " + space.name + " made before it was loaded again, keeps its code"
            keep(patch, unit, "other-copy", message)
            return


def define_former(step: Patch, space: Space, unit: dict) -> None:
    """A plain function for a former class. A decorator, or the body of a class, is not run a second time."""
    if unit["is_class"] or set(unit["called"]) - {"property", "classmethod", "staticmethod"}:
        keep(step, unit, "other-copy", "its class does not get it " + described(space))
    else:
        define(step, space, unit)


def assign_former(step: Patch, space: Space, unit: dict) -> None:
    """What its expression does was done once, for the present class."""
    if unit["active"]:
        keep(step, unit, "other-copy", "its value is not made a second time " + described(space))
    else:
        (assign if unit["kind"] == "assign" else constant)(step, space, unit)


def keep_for_former(step: Patch, space: Space, unit: dict) -> None:
    keep(step, unit, "other-copy", "the class stays as it was " + described(space))


FORMER_OPERATIONS = {
    "function": change_function,
    "define": define_former,
    "delete": delete,
    "class": keep_for_former,
    "import": keep_for_former,
    "assign": assign_former,
    "constant": assign_former,
    "annotation": count_annotation,
    "doc": keep_for_former,
    "block": keep_for_former,
}
