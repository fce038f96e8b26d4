"""Headers of classes that stay, and dataclass fields."""


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


def change_field(patch: Patch, cls: type, unit: dict) -> None:
    """A dataclass field is new or has another default: the generated methods are made again, on a stand-in class."""
    dataclasses = module_dict(sys.modules.get("dataclasses"))
    options = class_dict(cls).get("__dataclass_params__")
    space = [s for s in patch.spaces if s.name == class_dict(cls).get("__module__")][0]
    if options is None or options.frozen or "__slots__" in class_dict(cls):
        keep(patch, unit, "class-layout", "fields of a dataclass with slots or frozen=True are fixed")
        return
    had = unit["bind"] in class_dict(cls)["__dataclass_fields__"]
    if not had:
        note(patch, unit, "instances-lack-field", "existing instances lack " + unit["bind"], 1)
    if is_dry(patch):
        count(patch, unit, 1, 0)
        return
    names = run(unit["make"], patch, space, cls, "default-failed")
    try:
        made = stand_in(cls, unit, {**names, **late_annotations(patch, space, cls, unit)}, dataclasses, options)
    except BaseException as error:
        raise rejection("default-failed", unit["path"], unit["at"], describe(error)) from None
    live = class_dict(cls)
    for name in ("__init__", "__repr__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__match_args__"):
        value = class_dict(made).get(name, MISSING)
        own = live.get(name, MISSING)
        written = type(own) is FunctionType and own.__code__.co_filename == unit["path"]
        if value is not MISSING and not written:
            write_name(patch.writes, cls, name, value)
    write_name(patch.writes, cls, "__dataclass_fields__", class_dict(made)["__dataclass_fields__"])
    if unit["bind"] in class_dict(made):
        write_name(patch.writes, cls, unit["bind"], class_dict(made)[unit["bind"]])
    count(patch, unit, 1, 0)


def late_annotations(patch: Patch, space: Space, cls: type, unit: dict) -> dict:
    """From 3.14 on: the function that computes the annotations of all fields, and what is known of them by now, as the
    decorator of a dataclass asks for them."""
    if unit["fields_make"] is None:
        return {}
    names = run(unit["fields_make"], patch, space, cls, "default-failed")
    compute = names.get("__annotate_func__")
    if compute is None:
        return {"__annotations__": names["__annotations__"]}
    library = module_dict(sys.modules.get("annotationlib"))
    found = library["call_annotate_function"](compute, library["Format"].FORWARDREF, owner=cls)
    return {"__annotate_func__": compute, "__annotations__": found}


def stand_in(cls: type, unit: dict, names: dict, dataclasses: dict, options: object) -> type:
    """A class with the same fields, the changed one included, decorated as `cls` was; shares nothing that changes."""
    live = class_dict(cls)
    fields = live["__dataclass_fields__"]
    annotations = {**live.get("__annotations__", {}), **names.get("__annotations__", {})}
    order = [n for n in unit["fields"] if n in annotations and (n in fields or n == unit["bind"])]
    body = {"__module__": live.get("__module__"), "__qualname__": cls.__qualname__}
    body["__annotations__"] = {name: annotations[name] for name in order}
    inherited = {}
    for base in reversed(cls.__mro__[1:]):
        inherited.update(class_dict(base).get("__dataclass_fields__", {}))
    bases = {"__dataclass_fields__": inherited, "__dataclass_params__": options} if inherited else {}
    for name in order:
        if name == unit["bind"]:
            if unit["has_value"]:
                body[name] = names[name]
        elif name in fields and fields[name]._field_type is dataclasses["_FIELD"]:
            body[name] = fields[name]
        elif name in live:
            body[name] = live[name]
    made = type.__new__(type, cls.__name__, (type("Base", (), bases),), body)
    chosen = {name: getattr(options, name) for name in ("init", "repr", "eq", "order", "unsafe_hash")}
    for name in ("match_args", "kw_only"):
        if hasattr(options, name):
            chosen[name] = getattr(options, name)
    made = dataclasses["dataclass"](made, **chosen)
    if names.get("__annotate_func__") is not None:  # annotations of its __init__ are computed by that of the class
        type.__delattr__(made, "__annotations__")
        type.__setattr__(made, "__annotate__", names["__annotate_func__"])
    return made
