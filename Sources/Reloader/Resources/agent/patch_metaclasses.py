"""Classes that were made by what a save changes: nothing makes a class of a metaclass again."""


def tell_made_classes(patch: Patch, stale: dict, functions: dict) -> None:
    """Names the classes of each metaclass that would have made them in another way: one remark for each module."""
    for kind in metaclasses() if stale or functions else ():
        changes = Record(stale=stale, names=None, at=0, seen=set(), waiting=WAITING)
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


def tell_made_members(patch: Patch, classes: list, stale: dict, functions: dict) -> None:
    """Names enumerations and derived classes that a method has made which would do something else now."""
    for cls in classes:
        if type(cls) is not type or "__init_subclass__" in class_dict(cls):  # an enumeration has a metaclass
            tell_members_of(patch, cls, stale, functions)


def classes_made_in(names: dict) -> list:
    """Of a module, those that it has made and named."""
    kinds = [kind for kind in set(map(type, list(names.values()))) if type in bases_of(kind)]
    found = [one for one in list(names.values()) if type(one) in kinds] if kinds else []
    return [one for one in found if class_dict(one).get("__module__") == names.get("__name__")]


def tell_members_of(patch: Patch, cls: type, stale: dict, functions: dict) -> None:
    is_of_enum = any(map(is_enum, bases_of(cls)))
    for name in ENUM_MAKERS if is_of_enum else ("__init_subclass__",):
        value = class_dict(cls).get(name)
        function = getattr(value, "__func__", value) if type(value) in (staticmethod, classmethod) else value
        if type(function) is not FunctionType:
            continue
        is_other = id(function) in functions
        cause = function.__qualname__ if is_other else used_by(function, stale, functions, WAITING)
        made = [one for one in with_derived([cls]) if not is_of_enum or class_dict(one).get("_member_names_")]
        made = [one for one in made if is_of_enum or one is not cls]
        if cause and made:
            what = "its members were made" if is_of_enum else "made"
            message = what + " at import with " + cause + ", which is another one now; not made again"
            place = ", ".join([str(class_dict(one).get("__module__")) + "." + name_of_class(one) for one in made[:3]])
            code = function.__code__
            patch.notes.append(
                [-1, "derived-value", message, len(made), place, code.co_filename, code.co_firstlineno]
            )


ENUM_MAKERS = ("__new__", "__init__", "_generate_next_value_")


def tell_class_decorators(patch: Patch) -> None:
    """Names decorators of a class that went through its names, where it has got one, or lost one, since."""
    headers = {}
    for space, one in patch.around:
        if one["role"] == "header":
            headers.setdefault((id(space), *one["owner"], *one["binds"]), []).append(one)
    for step in [one for one in patch.steps if one.failure is None and not is_kept_out(one)] if headers else ():
        unit = step.unit
        cls = owner_of(step.space, unit["owner"]) if unit["kind"] in ("define", "delete", "assign") else None
        is_told = any([remark[1] == "read-at-import" for remark in step.notes])
        if not unit["owner"] or not is_class(cls) or is_told or reads_fields(cls):
            continue
        is_plain_one = is_plain_member(bound_to(step.space, unit["owner"], unit["bind"]))
        for header in headers.get((id(step.space), *unit["owner"]), ()):
            path = gathering_decorator(step.space, header, {"setattr"} if is_plain_one else {"setattr", *CLASS_WORDS})
            if path:
                message = path + " has gathered names of the class when it was made, and goes on with those"
                note(patch, unit, "read-at-import", message, 1)


def gathering_decorator(space: Space, header: dict, words: set) -> str:
    """The path of what decorates the class and uses one of these words beside one for going through it."""
    owner = owner_of(space, header["owner"])
    for path in header["called"] if owner is not None else ():
        value = led_to(space, owner, path)
        if type(value) is FunctionType and not is_of_library(value):
            found = words_at_call(value, path in header["makers"], READ_DEPTH, set())
            if found & CLASS_WORDS and found & words:
                return path
    return ""


def maker_changed(kind: type, functions: dict) -> str:
    """What changed of what the metaclass runs to make a class; "" if nothing did. What it only stores is not run."""
    made = [class_dict(cls).get(name) for name in ("__new__", "__init__") for cls in [holder_of(kind, name)] if cls]
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
