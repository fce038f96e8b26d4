"""Dataclasses: changed fields, and the methods that their decorator writes.

A field is evaluated as a step. When it is known which steps go in, the generated methods are made again, on a stand-in
that is decorated as the class was: for every class with a changed field, for those with another hook of the decorator
(`__post_init__`, an own `__eq__`), and for those derived from either.
"""


def change_field(step: Patch, cls: type, unit: dict) -> None:
    """A field is new or has another default or annotation."""
    live = class_dict(cls)
    if "__pydantic_validator__" in live or "__dataclass_params__" not in live:
        keep(step, unit, "class-layout", "the class was made from its fields by more than dataclasses")
        return
    had = unit["bind"] in live["__dataclass_fields__"]
    if not had and "__slots__" in live:
        keep(step, unit, "class-layout", "a class with slots cannot get another one")
        return
    if not had:
        note(step, unit, "instances-lack-field", "existing instances lack " + unit["bind"], 1)
    if not is_dry(step):
        names = run(unit["make"], step, step.space, cls, "default-failed")
        made = {"annotations": {**names.get("__annotations__", {}), **late_annotations(step, step.space, cls, unit)}}
        step.fields.append((cls, unit, {**made, "value": names[unit["bind"]] if unit["has_value"] else MISSING}))
    count(step, unit, 1, 0)


def late_annotations(step: Patch, space: Space, cls: type, unit: dict) -> dict:
    """From 3.14 on: what is known by now of the annotations of all fields, as the decorator of a dataclass asks."""
    if unit["fields_make"] is None:
        return {}
    names = run(unit["fields_make"], step, space, cls, "default-failed")
    compute = names.get("__annotate_func__")
    if compute is None:
        return names["__annotations__"]
    library = module_dict(sys.modules.get("annotationlib"))
    return library["call_annotate_function"](compute, library["Format"].FORWARDREF, owner=cls)


def remake_dataclass(patch: Patch, cls: type, changed: list, fields: dict) -> None:
    """Writes what the decorator would have made of the class as it is going to be. Raises what the decorator raises.

    `changed`: its changed fields as steps have noted them. `fields`: those of classes that are made again, by id.
    """
    body, names = stand_in_body(patch, cls, changed)
    made = type.__new__(type, short_name(cls), (stand_in_base(patch, cls, fields),), body)
    made = module_dict(sys.modules.get("dataclasses"))["dataclass"](made, **chosen_options(cls))
    fields[id(cls)] = class_dict(made)["__dataclass_fields__"]
    write_name(patch.writes, cls, "__dataclass_fields__", fields[id(cls)])
    for name in (*WRITTEN, *names):
        value = class_dict(made).get(name, MISSING)
        if name in WRITTEN and name in body:
            continue  # its own
        if value is not MISSING:
            move_home(value, made, cls)
            write_name(patch.writes, cls, name, value)
        elif class_dict(cls).get(name, MISSING) is not MISSING and (name in names or is_generated(cls, name)):
            write_deletion(patch.writes, cls, name)
    if "__doc__" not in body:
        write_name(patch.writes, cls, "__doc__", class_dict(made)["__doc__"])  # 3.15 works it out when it is asked for


def stand_in_body(patch: Patch, cls: type, changed: list) -> tuple:
    """The body that the decorator reads; and names of changed fields that are attributes of the class too."""
    live = class_dict(cls)
    own = own_fields(cls)
    new = {unit["bind"]: made for _, unit, made in changed}
    annotations = markers(live, changed)
    annotations.update({name: field.type for name, field in own.items()})
    annotations.update({name: made["annotations"][name] for name, made in new.items()})
    order = changed[-1][1]["fields"] if changed else list(own)
    body = {"__module__": live.get("__module__"), "__qualname__": name_of_class(cls)}
    body["__annotations__"] = {name: annotations[name] for name in order if name in annotations}
    for name in body["__annotations__"]:
        value = new[name]["value"] if name in new else own.get(name, MISSING)
        if value is not MISSING:
            body[name] = value
    for name in DECIDING:
        value = going_to_be(patch, cls, name)
        if value is not MISSING and not is_generated(cls, name, value):
            body[name] = value
    doc = live.get("__doc__")
    if type(doc) is str and not doc.startswith(short_name(cls) + "("):
        body["__doc__"] = doc
    return body, [name for name in new if "__slots__" not in live and name in annotations]


def own_fields(cls: type) -> dict:
    """The fields that the class did not take from its bases: those it has as their own objects."""
    inherited = inherited_fields(cls, {})
    return {n: field for n, field in class_dict(cls)["__dataclass_fields__"].items() if inherited.get(n) is not field}


def markers(live: dict, changed: list) -> dict:
    """Annotations that mark the fields below them as keywords."""
    known = {} if ANNOTATES_LATE or not changed else dict(live.get("__annotations__", {}))
    for _, _, made in changed:
        known.update(made["annotations"])
    return {name: kind for name, kind in known.items() if is_marker(kind)}


def inherited_fields(cls: type, fields: dict) -> dict:
    """Fields of the bases, as the decorator gathers them."""
    found = {}
    for base in reversed(bases_of(cls)[1:]):
        found.update(fields.get(id(base)) or class_dict(base).get("__dataclass_fields__", {}))
    return found


def stand_in_base(patch: Patch, cls: type, fields: dict) -> type:
    """Has what the decorator asks all bases for."""
    names = {}
    if any(["__dataclass_fields__" in class_dict(base) for base in bases_of(cls)[1:]]):
        names["__dataclass_fields__"] = inherited_fields(cls, fields)
        names["__dataclass_params__"] = class_dict(cls)["__dataclass_params__"]
    if any([going_to_be(patch, base, "__post_init__") is not MISSING for base in bases_of(cls)[1:]]):
        names["__post_init__"] = None
    return type("Base", (), names)


def chosen_options(cls: type) -> dict:
    """How the class was decorated; before 3.12 two of the options are told by what they have made."""
    options = class_dict(cls)["__dataclass_params__"]
    chosen = {name: getattr(options, name) for name in ("init", "repr", "eq", "order", "unsafe_hash", "frozen")}
    if VERSION >= (3, 10):
        own = list(own_fields(cls).values())
        marked = any(map(is_marker, class_dict(cls).get("__annotations__", {}).values()))
        kw_only = bool(own) and not marked and all([field.kw_only is True for field in own])
        chosen["kw_only"] = getattr(options, "kw_only", kw_only)
        chosen["match_args"] = getattr(options, "match_args", "__match_args__" in class_dict(cls))
    return chosen


def is_marker(annotation: object) -> bool:
    """`KW_ONLY`, as it is or as text."""
    if type(annotation) is str:
        return annotation.rpartition(".")[2] == "KW_ONLY"
    return annotation is module_dict(sys.modules.get("dataclasses")).get("KW_ONLY", MISSING)


def is_generated(cls: type, name: str, *values: object) -> bool:
    """Whether the class has this name from its decorator, not from its body."""
    value = values[0] if values else class_dict(cls).get(name, MISSING)
    options = class_dict(cls)["__dataclass_params__"]
    if name == "__hash__" and value is None:
        return not (options.frozen and options.eq)
    if name == "__match_args__":
        fields = [field for field in class_dict(cls)["__dataclass_fields__"].values() if field.init]
        names = [f.name for f in fields if not f.kw_only and f._field_type.name != "_FIELD_CLASSVAR"]
        return same_value(value, tuple(names))
    wrapped = own_attributes(value).get("__wrapped__", value)  # by `recursive_repr`
    return type(wrapped) is FunctionType and (
        wrapped.__code__.co_filename == "<string>" or wrapped.__globals__.get("__name__") == "dataclasses"
    )


def is_wrapped_again(cls: type) -> bool:
    """Whether the program has put a wrapper in front of a method that the decorator wrote."""
    for name in ("__init__", "__eq__", "__hash__", "__setattr__"):
        inner = own_attributes(class_dict(cls).get(name)).get("__wrapped__", MISSING)
        if inner is not MISSING and is_generated(cls, name, inner):
            return True
    return False


def move_home(value: object, made: type, cls: type) -> None:
    """Generated methods ask for their class, and from 3.14 on for its annotations: not the stand-in's."""
    if type(value) is not FunctionType:
        return
    for cell in value.__closure__ or ():
        if is_full(cell) and cell.cell_contents is made:
            cell.cell_contents = cls
        elif is_full(cell) and type(cell.cell_contents) is FunctionType and cell.cell_contents is not value:
            move_home(cell.cell_contents, made, cls)
    if ANNOTATES_LATE and getattr(value, "__annotate__", None) is not None:
        move_home(value.__annotate__, made, cls)


# What the decorator writes unless the body has it, and what of the body decides about that.
WRITTEN = (
    *("__init__", "__repr__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__setattr__"),
    *("__delattr__", "__match_args__"),
)
DECIDING = (*WRITTEN, "__post_init__")
