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
        patch.new_bases.append((unit, cls))
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


def change_bases(patch: Patch, unit: dict, cls: type, written: tuple) -> None:
    """Tried and put back in one C call: only CPython knows whether the layouts agree."""
    bases = resolved_bases(written)
    obstacle = made_otherwise(cls, bases, unit["metaclass"])
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
    write_parameters(patch, cls, written, bases)
    patch.new_bases.append((unit, cls))
    count(patch, unit, 1, 0)


def resolved_bases(written: tuple) -> tuple:
    """The classes that a class statement takes for its bases: `Generic` for `Generic[T]`."""
    found = []
    for base in written:
        entries = None if is_class(base) else getattr(base, "__mro_entries__", None)
        found.extend([base] if entries is None else entries(written))
    return tuple(found)


def write_parameters(step: Patch, cls: type, written: tuple, bases: tuple) -> None:
    """What a class remembers of bases that are no classes, and of their type variables, as `typing` has it."""
    generic = module_dict(sys.modules.get("typing")).get("Generic", MISSING)
    made = {}
    if len(bases) != len(written) or any([one is not base for one, base in zip(written, bases)]):
        made["__orig_bases__"] = written
    if is_class(generic) and any([is_below(base, generic) for base in filter(is_class, bases)]):
        listed = [base for base in written if not is_class(base) and getattr(base, "__origin__", None) is generic]
        variables = [getattr(base, "__parameters__", ()) for base in listed or written if not is_class(base)]
        made["__parameters__"] = tuple(dict.fromkeys([one for some in variables for one in some]))
    for name in ("__orig_bases__", "__parameters__"):
        if name in made:
            write_name(step.writes, cls, name, made[name])
        elif name in class_dict(cls):
            write_deletion(step.writes, cls, name)


def made_otherwise(cls: type, bases: tuple, is_named: bool) -> str:
    """Why a class with these bases would be another kind of class, which CPython does not ask; "" if it would not.

    One that looks like an abstract class and was not made as one shares what its base remembers of `isinstance`."""
    if is_below(cls, type):
        return "the classes that this metaclass has made were made with its old bases"
    protocols = [base for base in filter(is_class, bases) if "_is_protocol" in class_dict(base)]
    is_protocol = any([short_name(base) == "Protocol" for base in protocols])
    if is_protocol != bool(class_dict(cls).get("_is_protocol")):
        return "a protocol is made when its class is"
    kinds = [type(base) for base in bases if is_class(base) and not is_below(type(cls), type(base))]
    if not kinds and not is_named and took_metaclass(cls) and not any([type(base) is type(cls) for base in bases]):
        kinds = [kind for kind in map(type, bases) if all([is_below(kind, type(base)) for base in bases])]
    return "with its new bases its metaclass is " + short_name(kinds[0]) if kinds else ""


def took_metaclass(cls: type) -> bool:
    """Whether its metaclass is one that a base has brought."""
    return type(cls) is not type and any([type(base) is type(cls) for base in type.__dict__["__bases__"].__get__(cls)])


def keep_bases(patch: Patch, unit: dict, cls: type, message: str) -> None:
    keep(patch, unit, "bases-or-metaclass", message)
    patch.same_bases.append((unit, cls))


def tell_subclasses(patch: Patch) -> None:
    """Names the classes that have a base, or a metaclass, which kept its own bases, and what zope.interface has derived
    from the bases that a class had: one remark for each module."""
    for unit, cls in patch.same_bases:
        tell_classes(patch, unit, heirs(cls), "", "has " + name_of_class(cls) + " above it, which keeps its bases")
    for unit, cls in patch.new_bases:
        deriving = [one for one in [cls, *heirs(cls)] if "__implemented__" in class_dict(one)]
        message = "made by zope.interface of what " + name_of_class(cls) + " was when that was made"
        tell_classes(patch, unit, deriving, ".__implemented__", message)


def tell_classes(patch: Patch, unit: dict, classes: list, part: str, message: str) -> None:
    modules = {}
    for cls in classes:
        modules.setdefault(module_of_class(cls), []).append(name_of_class(cls) + part)
    for module, names in modules.items():
        name = module + "." + ", ".join(names)
        patch.notes.append([-1, "derived-value", message, len(names), name, unit["path"], unit["at"]])


def heirs(cls: type) -> list:
    """Subclasses, and what a metaclass has made, below the class."""
    if is_below(cls, type):
        return [one for one in all_classes() if is_below(type(one), cls)]
    found = []
    for heir in type.__subclasses__(cls):
        found += [one for one in [heir, *heirs(heir)] if not any([one is known for known in found])]
    return found
