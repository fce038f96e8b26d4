"""Headers of classes that stay."""


def change_class(patch: Patch, space: Space, unit: dict) -> None:
    cls = owner_of(space, [*unit["owner"], unit["bind"]])
    if not is_class(cls):
        keep(patch, unit, "not-loaded", "no live class was made from this definition")
        return
    parts = unit["parts"]
    if "keywords" in parts:
        keep_bases(patch, unit, cls, "the keywords of the class statement changed")
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
    obstacle = made_otherwise(cls, bases)
    if obstacle:
        keep_bases(patch, unit, cls, obstacle)
        return
    old = type.__dict__["__bases__"].__get__(cls)
    try:
        list(map(type.__setattr__, (cls, cls), ("__bases__", "__bases__"), (bases, old)))
    except BaseException as error:
        keep_bases(patch, unit, cls, describe(error))
        return
    write_bases(patch.writes, cls, bases)
    count(patch, unit, 1, 0)


def made_otherwise(cls: type, bases: tuple) -> str:
    """Why a class with these bases would be another kind of class, which CPython does not ask; "" if it would not.

    One that looks like an abstract class and was not made as one shares what its base remembers of `isinstance`."""
    if type in bases_of(cls):
        return "the classes that this metaclass has made were made with its old bases"
    kinds = [type(base) for base in bases if is_class(base) and type(base) not in bases_of(type(cls))]
    return "with its new bases its metaclass is " + kinds[0].__name__ if kinds else ""


def keep_bases(patch: Patch, unit: dict, cls: type, message: str) -> None:
    keep(patch, unit, "bases-or-metaclass", message)
    patch.same_bases.append((unit, cls))


def tell_subclasses(patch: Patch) -> None:
    """Names the classes that have a base, or a metaclass, which kept its own bases: one remark for each module."""
    for unit, cls in patch.same_bases:
        modules = {}
        for heir in heirs(cls):
            modules.setdefault(class_dict(heir).get("__module__"), []).append(heir.__qualname__)
        for module, names in modules.items():
            message = "has " + cls.__qualname__ + " above it, which keeps its bases"
            name = str(module) + "." + ", ".join(names)
            patch.notes.append([-1, "derived-value", message, len(names), name, unit["path"], unit["at"]])


def heirs(cls: type) -> list:
    """Subclasses, and what a metaclass has made, below the class."""
    if type in bases_of(cls):
        return [one for one in all_classes() if any([kind is cls for kind in bases_of(type(one))])]
    found = []
    for heir in type.__subclasses__(cls):
        found += [one for one in [heir, *heirs(heir)] if not any([one is known for known in found])]
    return found
