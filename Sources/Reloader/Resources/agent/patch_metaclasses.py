"""Classes that were made by what a save changes: nothing makes a class of a metaclass again."""


def tell_made_classes(patch: Patch, stale: dict, functions: dict) -> None:
    """Names the classes of each metaclass that would have made them in another way: one remark for each module."""
    for kind in metaclasses() if stale or functions else ():
        changes = Record(stale=stale, names=None, at=0, seen=set())
        cause = name_read(changes, kind, DEPTH, False)
        if cause:
            cause += " (in " + name_of_class(kind) + ")"
        else:
            cause = maker_changed(kind, functions)
        if not cause:
            continue
        unit = patch.steps[0].unit
        modules = {}
        for cls in heirs(kind):
            modules.setdefault(getattr_module(cls), []).append(name_of_class(cls))
        for module, names in modules.items():
            message = "made at import with " + cause + ", which is another one now; it is not made again"
            name = str(module) + "." + ", ".join(names)
            patch.notes.append([-1, "derived-value", message, len(names), name, unit["path"], unit["at"]])


def maker_changed(kind: type, functions: dict) -> str:
    """What changed of what the metaclass runs to make a class; "" if nothing did. What it only stores is not run."""
    makers = [(holder_of(kind, name), name) for name in ("__new__", "__init__")]
    made = [class_dict(cls)[name] for cls, name in makers if cls is not None]
    pending = [one.__func__ if type(one) is staticmethod else one for one in made]
    for function in pending:
        if type(function) is not FunctionType or len(pending) > MOST_FUNCTIONS:
            continue
        if id(function) in functions:
            return function.__qualname__
        read = globals_read(function.__code__)
        named = [function.__globals__.get(name) for name, is_called in read.items() if is_called]
        pending += [one for one in named if type(one) is FunctionType and not any([one is known for known in pending])]
    return ""


MOST_FUNCTIONS = 50  # that are followed from a metaclass


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
