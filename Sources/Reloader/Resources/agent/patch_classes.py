"""Headers of classes that stay."""


def change_class(patch: Patch, space: Space, unit: dict) -> None:
    cls = owner_of(space, [*unit["owner"], unit["bind"]])
    if not is_class(cls):
        keep(patch, unit, "not-loaded", "no live class was made from this definition")
        return
    parts = unit["parts"]
    if "keywords" in parts:
        keep(patch, unit, "bases-or-metaclass", "the keywords of the class statement changed")
    if "decorator_list" in parts:
        keep(patch, unit, "class-layout", "its decorators changed; a class is decorated only when it is made")
    if "type_params" in parts:
        keep(patch, unit, "class-layout", "the type parameters of the class changed")
    if "doc" in parts:
        write_name(patch.writes, cls, "__doc__", unit["doc"])
        count(patch, unit, 1, 0)
    if "bases" in parts and is_dry(patch):
        count(patch, unit, 1, 0)
    elif "bases" in parts:
        names = run(unit["make"], patch, space, owner_of(space, unit["owner"]), "default-failed")
        change_bases(patch, unit, cls, names["__midflight_bases__"] or (object,))


def change_bases(patch: Patch, unit: dict, cls: type, bases: tuple) -> None:
    """Tried and put back in one C call: only CPython knows whether the layouts agree."""
    old = type.__dict__["__bases__"].__get__(cls)
    try:
        list(map(type.__setattr__, (cls, cls), ("__bases__", "__bases__"), (bases, old)))
    except BaseException as error:
        keep(patch, unit, "bases-or-metaclass", describe(error))
        return
    write_bases(patch.writes, cls, bases)
    count(patch, unit, 1, 0)
