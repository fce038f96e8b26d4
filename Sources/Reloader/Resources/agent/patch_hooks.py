"""`__on_reload__(event)` of modules and classes that were patched."""


def call_hooks(patch: Patch) -> None:
    """Classes first, then their modules. Exceptions are told of and change nothing: the patch is done."""
    for file in patch.request["files"]:
        units = [unit for unit in file["units"] if unit["id"] in patch.applied]
        for space in patch.spaces:
            if units and file in space.files:
                for owner, hook in hooks_of(space, units):
                    call_hook(patch, space, owner, hook, units)


def hooks_of(space: Space, units: list) -> list:
    """(qualified name of the class or "", hook), once each."""
    found = []
    for unit in units:
        names = [*unit["owner"], unit["bind"]] if unit["kind"] == "class" else unit["owner"]
        cls = owner_of(space, names) if names else None
        known = any([cls is seen for _, _, seen in found])
        if is_class(cls) and not known and any(["__on_reload__" in class_dict(base) for base in cls.__mro__]):
            found.append((".".join(names), cls.__on_reload__, cls))
    module_hook = space.names.get("__on_reload__")
    if module_hook is not None:
        found.append(("", module_hook, None))
    return [(name, hook) for name, hook, _ in found]


def call_hook(patch: Patch, space: Space, owner: str, hook: object, units: list) -> None:
    names = [unit["qualname"] for unit in units if not owner or ".".join([*unit["owner"], ""]).startswith(owner + ".")]
    kept = [unit["qualname"] for file in patch.request["files"] for unit in file["units"] if is_kept(patch, unit)]
    try:
        hook(Record(module=space.name, owner=owner, applied=names, kept=kept))
    except BaseException as error:
        place = owner + ".__on_reload__" if owner else "__on_reload__"
        note(patch, None, "hook-failed", space.name + "." + place + ": " + describe(error), 1)


def is_kept(patch: Patch, unit: dict) -> bool:
    return any([unit["id"] == key for key, *_ in [*patch.kept, *patch.failed]])
