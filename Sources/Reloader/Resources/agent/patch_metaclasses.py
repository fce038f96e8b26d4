"""Classes that were made by what a save changes: nothing makes a class of a metaclass again."""


def tell_made_classes(patch: Patch, stale: dict, functions: dict) -> None:
    """Names the classes of each metaclass that would have made them in another way: one remark for each module."""
    for kind in metaclasses() if stale or functions else ():
        changes = Record(stale=stale, names=None, at=0, seen=set())
        cause = name_read(changes, kind, DEPTH, False)
        if cause:
            cause += " (in " + kind.__qualname__ + ")"
        elif runs_changed(kind, functions, DEPTH, set()):
            cause = kind.__qualname__
        else:
            continue
        unit = patch.steps[0].unit
        modules = {}
        for cls in heirs(kind):
            modules.setdefault(getattr_module(cls), []).append(cls.__qualname__)
        for module, names in modules.items():
            message = "made at import with " + cause + ", which is another one now; it is not made again"
            name = str(module) + "." + ", ".join(names)
            patch.notes.append([-1, "derived-value", message, len(names), name, unit["path"], unit["at"]])


def metaclasses() -> list:
    """All classes below `type`."""
    found = []
    pending = [type]
    while pending:
        for cls in type.__subclasses__(pending.pop()):
            if not any([cls is known for known in found]):
                found.append(cls)
                pending.append(cls)
    return found
