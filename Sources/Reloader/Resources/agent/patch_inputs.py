"""What a statement used that a save has changed: names, and functions that run what changed."""


def stuck_names(patch: Patch) -> dict:
    """Names that would have another value in a fresh process, by (id of owner, name): the line of the change, or 0."""
    stuck = {}
    for file in patch.request["around"]:
        for space in [open_space(name, [file["path"]]) for name in file["modules"]]:
            for names, name in file["stale"]:
                stuck[id(owner_of(space, names)), mangled(name, names)] = 0
    for step in patch.steps:
        owner = owner_of(step.space, step.unit["owner"])
        is_out = step.failure is not None or is_kept_out(step)
        if is_out and owner is not None and step.unit["kind"] not in HAVE_NO_VALUE:
            names = step.unit["binds"] if step.unit.get("binds") else [step.unit["bind"]]
            is_whole = step.unit["kind"] == "block" and not step.unit["binds"]
            if (names == [""] or is_whole) and not step.unit["owner"]:  # several, or what is no name
                names = [name for name in step.unit["qualname"].split(", ") if name.isidentifier()]
                names = [name for name in names if not is_only_asked(step, name)]
            at = step.unit["at"]
            stuck.update([((id(owner), mangled(name, step.unit["owner"])), at) for name in names if name])
    return stuck


def is_only_asked(step: Patch, name: str) -> bool:
    """Whether the statement calls a method of an object that is no container: what uses that does not show it."""
    value = step.space.names.get(name, MISSING)
    return not is_container(value) and any([path.startswith(name + ".") for path in step.unit["called"]])


HAVE_NO_VALUE = ("function", "annotations", "class", "doc")


def renewed_names(patch: Patch) -> dict:
    """Names that this burst gave another value, by (id of owner, name): the line of the change; 0 in another module."""
    renewed = {}
    for step, owner, name, old, new in patch.renewed.values():
        if step.failure is None and old is not MISSING and new is not MISSING and not same_value(old, new):
            renewed[id(owner), name] = step.unit["at"] if owner is step.space.names else 0
    return renewed


def changed_inputs(patch: Patch, stale: dict) -> dict:
    """Adds to `stale` the lines of what made names lead to something else. Functions that do something else, by id,
    each with whether only what is nested in it changed, and what of that."""
    functions = {}
    stale.update(renewed_names(patch))
    for step in patch.steps:
        if step.failure is None and not is_kept_out(step):
            functions.update(step.changed)
            cls = remade(step)
            if cls is not None:
                functions[id(cls)] = (cls, False, [])
            continue
        if step.unit["kind"] == "function" and not step.unit.get("again"):  # told before
            value = bound_to(step.space, step.unit["owner"], step.unit["bind"])
            reached = look_behind(step.space, value).functions if value is not MISSING else []
            functions.update([(id(f), (f, False, [])) for f in reached if f.__code__.co_name == step.unit["name"]])
    return functions


def remade(step: Patch) -> object:
    """The class whose instances are made in another way, where no function that goes on tells: it has gained or lost a
    method that makes them, or a field of a dataclass is another one; None else."""
    unit = step.unit
    cls = owner_of(step.space, unit["owner"]) if unit["owner"] else None
    if not is_class(cls):
        return None
    is_maker = unit.get("name") in MAKERS and unit["kind"] in ("define", "delete")
    names = class_dict(cls)
    is_made_of_fields = "__dataclass_params__" in names or "__attrs_attrs__" in names
    is_field = is_made_of_fields and unit["kind"] == "constant" and unit["annotated"]
    return cls if is_maker or is_field else None  # what lacks a new field is told by itself


def changed_input(
    space: Space, unit: dict, owner: object, stale: dict, functions: dict, depth: int = DEPTH
) -> str:
    """The path of what the statement reads, or calls, that changed; "" if nothing did."""
    far = DEPTH if unit.get("role") == "header" else depth
    for path in [*unit["reads"], *unit.get("on_made", ())]:
        is_called = path in unit["called"] or path in unit.get("on_made", ())
        root = path.split(".")[0]
        place = owner if is_class(owner) and root in class_dict(owner) else space.names
        for name in path.split("."):
            found = holder_of(place, name)
            found = space.names if found is None and place is space.names else found  # deleted since, perhaps
            at = stale.get((id(found), name))
            if at is not None and (found is not space.names or at < unit["at"]):  # else it has read an earlier one
                return path
            names = {} if found is None else class_dict(found) if is_class(found) else found
            place = names.get(name, MISSING)
        place = led_to(space, owner, path) if place is MISSING and functions else place
        if place is MISSING:
            continue
        if path in unit["bare"] and is_used_up(space, unit, place, functions):
            return path
        is_maker = is_class(place)
        gives_called = path in unit.get("makers", ())
        is_run = is_called or type(place) is property
        if is_run and runs_changed(place, functions, far or int(is_maker), gives_called):
            return path
        if is_maker and path in unit.get("given", ()) and runs_changed(place, functions, depth or 1):
            return path
    return ""


def read_in_header(space: Space, statement: dict, owner: object, stale: dict, is_annotated: bool) -> str:
    """The path of what bases, defaults or annotations of a definition read that would be another value; "" if there is
    none. Annotations that are kept as text have read nothing. `is_annotated`: those are to be looked at."""
    cause = changed_input(space, {**statement, "reads": statement["inside"]}, owner, stale, {}, 0)
    is_annotated = is_annotated and statement["annotated"]
    value = bound_to(space, statement["owner"], statement["binds"][0]) if is_annotated else MISSING
    if cause or value is MISSING:
        return cause
    reached = look_behind(space, value).functions
    named = [f.__code__.co_flags for f in reached if f.__code__.co_name == statement["binds"][0]]
    is_text = not named or any([flags & FUTURE_ANNOTATIONS for flags in named])
    return "" if is_text else changed_input(space, {**statement, "reads": statement["annotated"]}, owner, stale, {}, 0)


FUTURE_ANNOTATIONS = 0x1000000  # of a code object


def is_used_up(space: Space, unit: dict, place: object, functions: dict) -> bool:
    """Whether a changed function was passed to a call that gave a plain value, as `sorted(names, key=length)`."""
    if id(place) not in functions or unit.get("role") != "value" or not unit["active"]:
        return False
    owner = owner_of(space, unit["owner"])
    called = [one for path in unit["called"] for one in run_by_call(led_to(space, owner, path))]
    if any([type(one) is FunctionType for one in called]):  # of the program: it may have stored the function
        return False
    values = [bound_to(space, unit["owner"], name) for name in unit["binds"]]
    return all([one is not None and same_value(one, one) for one in values])


def holder_of(place: object, name: str) -> object:
    """The class of the inheritance, or the module's dict, that has the name; None if there is none."""
    if is_class(place):
        found = [cls for cls in bases_of(place) if name in class_dict(cls)]
        return found[0] if found else None
    names = place if type(place) is dict and "__name__" in place else module_dict(place)
    return names if name in names else None


MAKERS = ("__new__", "__init__", "__post_init__", "__attrs_pre_init__", "__attrs_post_init__", "model_post_init")
