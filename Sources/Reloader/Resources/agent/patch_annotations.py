"""Annotations of functions, and of the names of modules and classes.

From 3.14 on they are computed when somebody asks: `__annotate__` is a function that the compiler makes. Nothing here
asks for computed ones, which would run code that may fail.
"""


def annotations_name(function: FunctionType) -> str:
    """The attribute that says what a function's annotations are: to write it drops what was computed from the other."""
    return "__annotate__" if getattr(function, "__annotate__", None) is not None else "__annotations__"


def copy_annotations(source: FunctionType, target: FunctionType) -> None:
    name = annotations_name(source)
    setattr(target, name, getattr(source, name))


def write_annotations(writes: Writes, function: FunctionType, donor: FunctionType) -> None:
    name = annotations_name(donor)
    write_function(writes, function, name, getattr(donor, name))
    if getattr(donor, "__type_params__", ()):  # the annotations name these
        write_function(writes, function, "__type_params__", donor.__type_params__)


def change_annotations(patch: Patch, space: Space, scope: dict) -> None:
    """Gives a module or class the annotations that its new source makes, in their order. What the program has put into
    them stays, and so does what an unchanged annotation was evaluated to."""
    owner = owner_of(space, scope["owner"])
    if owner is None or is_dry(patch):
        return
    if is_kept_whole(patch, owner, scope):
        tell_kept_fields(patch, space, scope)
        return
    names = run(scope["make"], patch, space, owner, "default-failed") if scope["make"] is not None else {}
    made = names.get("__annotations__", {})
    compute = names.get("__annotate_func__" if is_class(owner) else "__annotate__")
    if compute is None:
        store_annotations(patch.writes, owner, merged_annotations(owner, scope, made), bool(scope["names"]))
    elif is_class(owner):
        write_annotate(patch.writes, owner, compute)
    else:
        done = executed_annotations(owner, scope)
        write_name(patch.writes, owner, "__annotate__", compute)
        write_name(patch.writes, owner, "__conditional_annotations__", done)
        if "__annotations__" in owner:
            write_deletion(patch.writes, owner, "__annotations__")


def is_kept_whole(patch: Patch, owner: object, scope: dict) -> bool:
    """Fields of a class are what it was made from: its annotations change only if every change of them went in."""
    if not is_class(owner) or not ("__dataclass_fields__" in class_dict(owner) or reads_fields(owner)):
        return False
    applied = [unit["bind"] for unit in scope["units"] if unit["id"] in patch.applied]
    return any([name not in applied for name in scope["changed"]])


def tell_kept_fields(patch: Patch, space: Space, scope: dict) -> None:
    """No change of the burst says so where a `__future__` import has made all annotations another kind of value."""
    told = [unit["bind"] for unit in scope["units"]]
    if scope["is_other_kind"] and any([name not in told for name in scope["changed"]]):
        *around, name = scope["owner"]
        message = "its fields were made with the annotations from before the __future__ import"
        name_place(patch, space, {**scope, "owner": around}, [name], message)


def merged_annotations(owner: object, scope: dict, made: dict) -> dict:
    """`names` of a scope are [name, whether its annotation is another one now, whether it stands inside of another
    statement]; those may not have been executed: then they are not now."""
    live = live_annotations(owner)
    wanted = {}
    for name, is_fresh, is_conditional in scope["names"]:
        key = mangled(name, scope["owner"])
        if key in live and not is_fresh:
            wanted[key] = live[key]
        elif key in made and (key in live or not is_conditional):
            wanted[key] = made[key]
    ours = [mangled(name, scope["owner"]) for name, _ in scope["old"]]
    wanted.update([(key, value) for key, value in live.items() if key not in ours and key not in wanted])
    return wanted


def live_annotations(owner: object) -> dict:
    """Those that are there, computed or not."""
    names = class_dict(owner) if is_class(owner) else owner
    found = names.get("__annotations__", names.get("__annotations_cache__"))
    return found if type(found) is dict else {}


def executed_annotations(names: dict, scope: dict) -> set:
    """For `__conditional_annotations__` of a module: indexes of the annotations that are executed, in source order."""
    live = names.get("__conditional_annotations__", ())
    were = {}
    for index, (name, is_conditional) in enumerate(scope["old"]):
        were.setdefault(name, index in live if live else not is_conditional)
    return {i for i, (name, _, is_conditional) in enumerate(scope["names"]) if were.get(name, not is_conditional)}


def store_annotations(writes: Writes, owner: object, wanted: dict, has_any: bool) -> None:
    """As a dict, which is what they are before 3.14 and below `from __future__ import annotations`."""
    names = class_dict(owner) if is_class(owner) else owner
    if wanted or has_any or is_class(owner) and ANNOTATES_LATE:
        write_name(writes, owner, "__annotations__", wanted)
    elif "__annotations__" in names:
        write_deletion(writes, owner, "__annotations__")
    for name in ("__annotate__", "__conditional_annotations__"):
        if not is_class(owner) and name in names:
            write_deletion(writes, owner, name)


def count_annotation(patch: Patch, space: Space, unit: dict) -> None:
    """An annotated name is gone from the source; `change_annotations` follows, but its value stays."""
    owner = owner_of(space, unit["owner"])
    if owner is None or unit["has_value"] or is_class(owner) and reads_fields(owner):
        keep(patch, unit, "module-statement", "removed; what it did stays until a restart")
    elif is_class(owner) and "__dataclass_fields__" in class_dict(owner):
        keep(patch, unit, "class-layout", "a field is gone from the source; the class keeps it")
    else:
        count(patch, unit, 1, 0)
