"""What objects that were made before the save have, or lack: they are not made again."""


def tell_lacking(patch: Patch, space: Space, unit: dict) -> None:
    """An `__init__` that sets more attributes: instances that were made before do not have them."""
    cls = owner_of(space, unit["owner"]) if unit["owner"] else None
    if not is_class(cls):
        return
    staged = space.class_staged.get(id(cls), {})
    lacking = [mangled(name, unit["owner"]) for name in unit.get("attributes", ())]
    lacking = [name for name in lacking if holder_of(cls, name) is None and name not in staged]
    if lacking:
        note(patch, unit, "instances-lack-field", "existing instances lack " + ", ".join(lacking), len(lacking))


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
            held = attributes_of(one) if type(one).__module__ != "builtins" and not is_class(one) else None
            if type(held) is dict and ModuleType not in type(one).__mro__:
                found.append((path, held))
                inside = list(held.items())[:NODES]
                following.extend([(path + "." + name, inner) for name, inner in inside if type(name) is str])
        level = following
    return found
