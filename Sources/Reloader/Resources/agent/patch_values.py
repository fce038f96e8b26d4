"""New definitions and assignments."""


def define(step: Patch, space: Space, unit: dict) -> None:
    """A new function, method or class, in the real globals or class."""
    owner = owner_of(space, unit["owner"])
    name = mangled(unit["bind"], unit["owner"])
    if owner is None or is_taken_away(space, unit):
        keep_without_class(step, space, unit)
        return
    if keep_without_place(step, space, unit):
        return
    if unit["unknown"] and bound_to(space, unit["owner"], unit["bind"]) is not MISSING:
        keep(step, unit, "live-value-kept", "the name is bound already")
        return
    if name == "__new__" and is_class(owner) and any(map(is_enum, bases_of(owner))):
        # Here it would stand for `E(value)`.
        keep(step, unit, "enum-members", "members are made when the class is made")
        return
    if is_dry(step):
        stage(step, space, owner, name, None)
        count(step, unit, 1, 0)
        return
    names = run(unit["make"], step, space, owner, "decorator-failed" if unit["is_class"] else "default-failed")
    value = names[name]
    if not unit["is_class"]:
        step.wanted.append((space, unit))
        value = settle(step, space, unit, value, owner)
        value = decorated(value, names["__midflight_decorators__"], owner, name, unit)
        tell_table(step, space, unit, names["__midflight_decorators__"])
        value = as_in_class(value, owner, name)
    if keep_collected(step, owner, unit, value):
        return
    if not unit["shadowed"] or unit.get("chained") or is_taken_up(space, unit):
        tell_gathered(step, owner, unit, value)
        if not unit["shadowed"]:
            tell_hidden(step, owner, unit, name, value)
        bind(step, space, owner, name, value)
        tell_hook(step, owner, unit, name)
    count(step, unit, 1, 0)


def as_in_class(value: object, owner: object, name: str) -> object:
    """A class statement makes static and class methods of functions with these names."""
    if is_class(owner) and type(value) is FunctionType:
        if name == "__new__":
            return staticmethod(value)
        if name in ("__init_subclass__", "__class_getitem__"):
            return classmethod(value)
    return value


def is_taken_up(space: Space, unit: dict) -> bool:
    """Whether a definition of the same name that is still to come is made of this one, as a property's setter is."""
    place = (unit["owner"], unit["bind"])
    return any([(u["owner"], u["bind"]) == place and u.get("chained") for u in space.units[space.position :]])


def settle(patch: Patch, space: Space, unit: dict, made: FunctionType, owner: object) -> FunctionType:
    """The function with the whole file's code and the class's own cells; an old object if the definition returns."""
    cells = cells_for(unit["code"].co_freevars, owner, made)
    if is_class(owner) and "__class__" in made.__code__.co_freevars:
        made.__closure__[made.__code__.co_freevars.index("__class__")].cell_contents = owner
    if cells is not None and made.__code__.co_freevars == unit["code"].co_freevars:
        made.__code__ = unit["code"]
        expect(patch, unit["code"], unit["new"])
    old = returning(space, unit, made)
    if old is None or old.__code__.co_freevars != made.__code__.co_freevars:
        return made
    for name in ("__code__", "__defaults__", "__kwdefaults__", "__doc__", annotations_name(made)):
        write_function(patch.writes, old, name, getattr(made, name))
    patch.swapped.append(old)
    return old


def returning(space: Space, unit: dict, made: FunctionType) -> object:
    """A function of a deleted definition of this name, if something still holds it."""
    if heap_is_frozen() or unit["qualname"] not in space.returning:
        return None
    for function in every_function(space):
        if function is not made and (function.__qualname__, function.__name__) == (unit["qualname"], unit["name"]):
            return function
    return None


def assign(patch: Patch, space: Space, unit: dict) -> None:
    """An assignment that the old source did not have: executed if the name is unbound."""
    owner = owner_of(space, unit["owner"])
    if not assign_or_keep(patch, owner, unit):
        return
    leaves = (*unit["owner"], unit["bind"]) in space.leaving
    if not leaves and bound_to(space, unit["owner"], unit["bind"]) is not MISSING and not is_staged(space, unit):
        keep(patch, unit, "live-value-kept", "the name is bound already")
        return
    set_value(patch, space, owner, unit)


def is_staged(space: Space, unit: dict) -> bool:
    """Whether an earlier step of the burst binds the name."""
    owner = owner_of(space, unit["owner"])
    staged = space.staged if owner is space.names else space.class_staged.get(id(owner), {})
    return mangled(unit["bind"], unit["owner"]) in staged


def constant(patch: Patch, space: Space, unit: dict) -> None:
    """A changed expression: its value goes in if the live one is still what the old source says."""
    owner = owner_of(space, unit["owner"])
    if unit["lambdas"] is not None:
        for inner in unit["lambdas"]:
            change_function(patch, space, inner)
        return
    names = unit.get("chain") or [unit["bind"]]
    if names == [""]:
        keep(patch, unit, "module-statement", "a changed statement; it is not run again")
        return
    if not all([assign_or_keep(patch, owner, {**unit, "bind": name}) for name in names]):
        return
    live = [bound_to(space, unit["owner"], name) for name in names]
    if unit["value_changed"] and not unit["literal"]:
        keep(patch, unit, "module-statement", "its old value is not written as a literal, so it is not evaluated again")
    elif unit["value_changed"] and not all([same_value(one, unit["was"]) for one in live]):
        keep(patch, unit, "live-value-kept", "the process has another value than the source had before")
    elif unit["value_changed"]:
        set_value(patch, space, owner, unit)
    else:  # only its annotation, which is a step of its own
        count(patch, unit, 1, 0)


def is_enum(cls: type) -> bool:
    return short_name(cls) == "Enum" and module_of_class(cls) == "enum"


def assign_or_keep(patch: Patch, owner: object, unit: dict) -> bool:
    """Whether the name is to be assigned. If not, what is in the way is reported, or the dataclass gets its field."""
    reader = option_reader(patch.space, unit)
    if owner is None or unit["make"] is None or is_taken_away(patch.space, unit):
        keep_without_class(patch, patch.space, unit)
    elif reader and unit["bind"] in OPTION_NAMES:
        keep(patch, unit, "class-layout", "the class was made with its options: " + reader)
    elif unit["conditional"]:
        keep(patch, unit, "module-statement", "it stands inside of another statement, which is not run again")
    elif is_class(owner) and unit["bind"] in ("__slots__", "__match_args__"):
        keep(patch, unit, "class-layout", unit["bind"] + " changed; live instances keep the old layout")
    elif is_class(owner) and any(map(is_enum, bases_of(owner))):
        keep(patch, unit, "enum-members", "members are made when the class is made")
    elif is_class(owner) and unit["annotated"] and "__dataclass_fields__" in class_dict(owner):
        change_field(patch, owner, unit)
    elif is_class(owner) and (unit["annotated"] or not unit["plain"]) and reads_fields(owner):
        keep(patch, unit, "class-layout", "the class was made from its fields: " + reads_fields(owner))
    else:
        if reader:
            note(patch, unit, "read-at-import", "its class may have read it when it was made: " + reader, 1)
        return True
    return False


def set_value(patch: Patch, space: Space, owner: object, unit: dict) -> None:
    bound = unit.get("chain") or [unit["bind"]]
    if not unit["has_value"] and unit.get("elsewhere"):
        keep(patch, unit, "module-statement", "its value goes, and another statement gives the name one")
        return
    if is_dry(patch):
        for name in bound:
            stage(patch, space, owner, name, None)
        count(patch, unit, 1, 0)
        return
    has_value = unit["has_value"]
    names = run(unit["make"], patch, space, owner, "default-failed")
    for name in bound:
        key = mangled(name, unit["owner"])
        if key in names and has_value:
            value = names[key]
            if is_class(owner) and holder_of(type(value), "__set_name__") is not None:
                decorated(value, (), owner, key, unit)
            tell_gathered(patch, owner, {**unit, "bind": name}, value)
            bind(patch, space, owner, key, value)
        elif unit["kind"] == "constant" and not has_value:  # what is only annotated now
            delete_name(patch, space, owner, key)
    count(patch, unit, 1, 0)


def same_value(live: object, was: object) -> bool:
    """Equality of plain values, types included, without calling anything of the program."""
    if type(live) is not type(was):
        return False
    if is_one_of(type(was), (tuple, list)):
        return len(live) == len(was) and all([same_value(a, b) for a, b in zip(live, was)])
    if type(was) is dict:
        pairs = zip(live.items(), was.items())
        return len(live) == len(was) and all([same_value(a, b) for a, b in pairs])
    if is_one_of(type(was), (set, frozenset)):
        return len(live) == len(was) and marshalled(live) == marshalled(was)
    return is_one_of(type(was), PLAIN_TYPES) and (live is was or live == was)


def marshalled(values: object) -> list:
    return sorted([marshal.dumps(value, 2) for value in values if is_one_of(type(value), PLAIN_TYPES)])


PLAIN_TYPES = (str, bytes, int, float, complex, bool, type(None), type(...))
