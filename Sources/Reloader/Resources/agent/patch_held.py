"""What objects that were made before the save have, or lack: they are not made again."""


def keep_without_place(step: Patch, space: Space, unit: dict) -> bool:
    """Keeps a method that sets an attribute which instances of a class with `__slots__` cannot have."""
    lacking = lacking_places(space, unit)
    if lacking:
        message = "instances of the class, which has slots, cannot have " + ", ".join(lacking)
        keep(step, unit, "class-layout", message)
    return bool(lacking)


def lacking_places(space: Space, unit: dict) -> list:
    """Attributes that a method newly sets on its instance, and that an instance has no place for."""
    cls = owner_of(space, unit["owner"]) if unit["owner"] and unit.get("attributes") else None
    if not is_class(cls):
        return []
    staged = space.class_staged.get(id(cls), {})
    names = [mangled(name, unit["owner"]) for name in unit["attributes"]]
    return [name for name in names if name not in staged and not has_place(cls, name)]


def has_place(cls: type, name: str) -> bool:
    """Whether instances may have the attribute; those of derived classes count where the class has no slot itself."""
    is_free = holder_of(cls, "__dict__") is not None or holder_of(cls, "__setattr__") is not object
    if is_free or holder_of(cls, name) is not None:
        return True
    return class_dict(cls).get("__slots__") == () and any([has_place(one, name) for one in type.__subclasses__(cls)])


def lacking_slots(step: Patch) -> list:
    """Attributes that instances have with the new `__slots__` only; [] where they can have any."""
    owner = step.unit["owner"]
    cls = owner_of(step.space, owner)
    if not is_class(cls) or step.unit["make"] is None:
        return []
    names = {mangled(name, owner) for name in texts(step.unit["make"].co_consts)}
    return [name for name in names if not has_place(cls, name) and name not in front(step.space)]


def texts(constants: tuple) -> list:
    """Strings among constants, and in what is nested in them."""
    found = [value for value in constants if type(value) is str]
    for value in constants:
        if is_one_of(type(value), (tuple, frozenset)):
            found.extend(texts(value))
    return found


def tell_lacking(patch: Patch, space: Space, unit: dict) -> None:
    """An `__init__` that sets more attributes: instances that were made before do not have them."""
    cls = owner_of(space, unit["owner"]) if unit["owner"] and unit["name"] == "__init__" else None
    if not is_class(cls):
        return
    staged = space.class_staged.get(id(cls), {})
    lacking = [mangled(name, unit["owner"]) for name in unit.get("attributes", ())]
    lacking = [name for name in lacking if holder_of(cls, name) is None and name not in staged]
    if lacking:
        note(patch, unit, "instances-lack-field", "existing instances lack " + ", ".join(lacking), len(lacking))


def tell_hidden(step: Patch, owner: object, unit: dict, name: str, value: object) -> None:
    """A property in front of an attribute that instances which were made before have: it does not look there."""
    if not is_class(owner) or holder_of(owner, name) is not None or holder_of(type(value), "__set__") is None:
        return
    members = [member for cls in [*bases_of(owner), *heirs(owner)] for member in list(class_dict(cls).values())]
    if any([type(one) is FunctionType and sets_attribute(one.__code__, name) for one in members]):
        instances = objects_of_classes(with_derived([owner]), {})  # a method may set it in another object
        if instances is not None and not any([name in own_attributes(one) for one in instances]):
            return
        note(step, unit, "instances-lack-field", "it hides what existing instances have as " + name, 1)


def sets_attribute(code: CodeType, name: str) -> bool:
    places = [index for index, one in enumerate(code.co_names) if one == name]
    content = code.co_code if places else b""
    return any([content[at] == STORE_ATTR and content[at + 1] in places for at in range(0, len(content), 2)])


def tell_copies(patch: Patch) -> None:
    """Objects of the program that have taken the former value of a module's name as an attribute of that name."""
    try:
        changed = [one for one in patch.renewed.values() if one[0].failure is None and is_taken_by_name(one)]
        if changed and not is_dry(patch):
            look_for_copies(patch, changed)
    except BaseException as error:
        note(patch, None, "read-at-import", "what has a copy of the value could not be told: " + describe(error), 1)


def is_taken_by_name(change: tuple) -> bool:
    """A constant of a module: by other names too many things are called."""
    step, owner, name, old, new = change
    return owner is step.space.names and name.isupper() and old is not MISSING and new is not MISSING and is_plain(old)


def look_for_copies(patch: Patch, changed: list) -> None:
    """Behind the names of modules, two objects deep."""
    seen = set()
    for module in list(sys.modules.values()):
        names = module_dict(module)
        for key, value in list(names.items()):
            for where, held in attributes_behind(key, value):
                if id(held) in seen:
                    continue
                seen.add(id(held))
                for step, _, name, old, new in changed:
                    if name in held and held[name] is not new and same_value(held[name], old):
                        place = ".".join([plain(names.get("__name__")) or "", where])
                        message = place + " has the former value, which it took when it was made"
                        note(patch, step.unit, "read-at-import", message, 1)


def attributes_behind(key: str, value: object) -> list:
    """(path, attributes) of an object that is no module, class or function, and of the objects in its attributes."""
    found = []
    level = [(key, value)]
    for _ in range(2):
        following = []
        for path, one in level:
            held = attributes_of(one) if module_of_class(type(one)) != "builtins" and not is_class(one) else None
            if type(held) is dict and not is_below(type(one), ModuleType):
                found.append((path, held))
                inside = list(held.items())[:NODES]
                following.extend([(path + "." + name, inner) for name, inner in inside if type(name) is str])
        level = following
    return found


def tell_attributes(patch: Patch, unit: dict, function: FunctionType, decorators: tuple) -> None:
    """What decorators that went all together may have set on the function."""
    names = [name for name in list(own_attributes(function)) if type(name) is str and name != "__isabstractmethod__"]
    if names and not decorators:
        note(patch, unit, "decorator-held", "attributes that its decorators may have set stay: " + ", ".join(names), 1)
