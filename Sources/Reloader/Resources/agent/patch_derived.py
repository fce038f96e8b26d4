"""Values that the program has built, at import, from what a save changes: their own text is the same, so nothing makes
them anew, and a fresh process has other ones."""


def tell_derived(patch: Patch) -> None:
    """Names each of them with its statement. The swap is done: a fault of ours must not hide that."""
    try:
        if patch.request.get("around") and not is_dry(patch):
            tell_all(patch)
    except BaseException as error:
        note(patch, None, "derived-value", "what was built from the change could not be told: " + describe(error), 1)


def tell_all(patch: Patch) -> None:
    stale = stuck_names(patch)
    tell_evaluated(patch, dict(stale))
    functions = changed_inputs(patch, stale)
    told = set()
    for _ in range(DEPTH):
        known = len(told)
        for space, unit in patch.around:
            key = (id(space.names), unit["at"], *unit["owner"])
            if unit["role"] == "value" and key not in told and tell_one(patch, space, unit, stale, functions):
                told.add(key)
        if len(told) == known:
            break
    tell_used(patch, functions)


def tell_used(patch: Patch, functions: dict) -> None:
    """What was done once at import with what is another one now: headers of definitions, calls, conditions."""
    renewed = {}
    for step, owner, name, old, new in patch.renewed.values():
        if step.failure is None and old is not MISSING and new is not MISSING and not same_value(old, new):
            renewed[id(owner), name] = step.unit["at"] if owner is step.space.names else 0
    whole = {key: value for key, value in functions.items() if not value[1]}
    anew = evaluated_headers(patch)
    told = {}
    for space, unit in patch.around:
        owner = owner_of(space, unit["owner"]) if unit["role"] != "value" else None
        if owner is None or (id(space.names), *unit["owner"], *unit["binds"]) in anew:
            continue
        is_header = unit["role"] == "header"
        cause = changed_input(space, unit, owner, renewed, whole if is_header else {}, 0)
        if cause and cause.split(".")[0] not in unit["binds"]:  # not `@size.setter` where `size` is the property itself
            key = (id(space.names), *unit["owner"], cause, is_header)
            told.setdefault(key, (space, unit, cause, is_header, []))[-1].extend(unit["binds"])
    for space, unit, cause, is_header, names in told.values():
        verb = "evaluated" if is_header else "run"
        message = verb + " at import with " + cause + ", which is another one now; it is not " + verb + " again"
        name_place(patch, space, unit, list(dict.fromkeys(names)), message)


def evaluated_headers(patch: Patch) -> set:
    """Definitions whose header this burst has evaluated: it has the new values."""
    found = set()
    for step in patch.steps:
        if step.failure is None and not is_kept_out(step) and set(step.unit.get("parts", ())) & EVALUATED:
            found.add((id(step.space.names), *step.unit["owner"], step.unit["name"]))
    return found


EVALUATED = {"defaults", "decorators"}


def tell_evaluated(patch: Patch, stuck: dict) -> None:
    """What was evaluated by this burst with a name that stays what it was: a header, or a new value."""
    for step in patch.steps if stuck else ():
        owner = owner_of(step.space, step.unit["owner"]) if step.unit["id"] >= 0 else None
        if step.failure is None and not is_kept_out(step) and owner is not None:
            cause = changed_input(step.space, step.unit, owner, stuck, {})
            if cause:
                note(patch, step.unit, "derived-value", "evaluated with " + cause + ", which is still the old one", 1)


def tell_one(patch: Patch, space: Space, unit: dict, stale: dict, functions: dict) -> bool:
    owner = owner_of(space, unit["owner"])
    if owner is None:
        return False
    if unit["from_module"] is not None:
        return tell_import(patch, space, unit, owner, stale)
    cause = changed_input(space, unit, owner, stale, functions)
    if not cause or follows_itself(patch, space, unit, functions):
        return False
    message = "built at import from " + cause + ", which is another one now; it is not built again"
    name_place(patch, space, unit, unit["binds"], message)
    stale.update([((id(owner), mangled(name, unit["owner"])), unit["at"]) for name in unit["binds"]])
    return True


def follows_itself(patch: Patch, space: Space, unit: dict, functions: dict) -> bool:
    """Whether the value is what a changed function makes with `def`, `class` or `yield` inside: that has its new code,
    or was told of with the calls that go on; and all else of the function is as it was."""
    values = [bound_to(space, unit["owner"], name) for name in unit["binds"]]
    if any([type(value).__name__ in GENERATORS for value in values]):
        return True
    codes = {}
    for function, is_same in functions.values():
        if is_same:
            codes.update([(id(code), code) for code in all_nested(function.__code__)])
    live = [value for value in values if value is not MISSING]
    return bool(codes) and all([id(value) in patch.successors or made_behind(value, codes) for value in live])


def all_nested(code: CodeType) -> list:
    found = []
    with_nested(code, found)
    return found[1:]


def tell_import(patch: Patch, space: Space, unit: dict, owner: object, stale: dict) -> bool:
    """A name that was taken from a module, where it is stale, or is another one than the process has here."""
    source = module_dict(sys.modules.get(absolute(space, unit["from_module"])))
    names = class_dict(owner) if is_class(owner) else owner
    left = []
    for name, here in unit["taken"]:
        here = mangled(here, unit["owner"])
        is_stale = (id(source), name) in stale and (id(owner), here) not in patch.renewed
        if is_stale and here in names and (id(owner), here) not in stale:
            stale[id(owner), here] = unit["at"]
            left.append(here)
    if left:
        name_place(patch, space, unit, left, "imported from where it changed, or should have; it stays as it is here")
    return bool(left)


def name_place(patch: Patch, space: Space, unit: dict, names: list, message: str) -> None:
    """A remark on what is no change of the burst: it says itself where it is."""
    name = ".".join([space.name, *unit["owner"], ", ".join(names)])
    patch.notes.append([-1, "derived-value", message, 1, name, unit["path"], unit["at"]])


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
            at = step.unit["at"]
            stuck.update([((id(owner), mangled(name, step.unit["owner"])), at) for name in names if name])
    return stuck


HAVE_NO_VALUE = ("function", "annotations", "annotation", "class", "doc")


def changed_inputs(patch: Patch, stale: dict) -> dict:
    """Adds to `stale` the lines of what made names lead to something else. Functions that do something else, by id,
    each with whether only what is nested in it changed."""
    functions = {}
    for step, owner, name, old, new in patch.renewed.values():
        if step.failure is None and old is not MISSING and new is not MISSING and not same_value(old, new):
            stale[id(owner), name] = step.unit["at"] if owner is step.space.names else 0
    for step in patch.steps:
        if step.failure is None and not is_kept_out(step):
            functions.update(step.changed)
            continue
        if step.unit["kind"] == "function":
            value = bound_to(step.space, step.unit["owner"], step.unit["bind"])
            reached = look_behind(step.space, value).functions if value is not MISSING else []
            functions.update([(id(f), (f, False)) for f in reached if f.__code__.co_name == step.unit["name"]])
    return functions


def changed_input(
    space: Space, unit: dict, owner: object, stale: dict, functions: dict, depth: int = DEPTH
) -> str:
    """The path of what the statement reads, or calls, that changed; "" if nothing did."""
    for path in unit["reads"]:
        root = path.split(".")[0]
        place = owner if is_class(owner) and root in class_dict(owner) else space.names
        for name in path.split("."):
            found = holder_of(place, name)
            at = stale.get((id(found), name))
            if at is not None and (found is not space.names or at < unit["at"]):  # else it has read an earlier one
                return path
            place = MISSING if found is None else (class_dict(found) if is_class(found) else found)[name]
        if path in unit["called"] and place is not MISSING and runs_changed(place, functions, depth, set()):
            return path
    return ""


def holder_of(place: object, name: str) -> object:
    """The class of the inheritance, or the module's dict, that has the name; None if there is none."""
    if is_class(place):
        found = [cls for cls in place.__mro__ if name in class_dict(cls)]
        return found[0] if found else None
    names = place if type(place) is dict and "__name__" in place else module_dict(place)
    return names if name in names else None


def runs_changed(value: object, functions: dict, depth: int, seen: set) -> bool:
    """Whether calling the value runs a changed function, as far as names tell."""
    if id(value) in functions and not functions[id(value)][0].__code__.co_flags & 0x280:
        return True
    if id(value) in seen or not depth:
        return False
    seen.add(id(value))
    if is_class(value):
        makers = [holder_of(value, name) for name in MAKERS]
        made = [class_dict(cls)[name] for cls, name in zip(makers, MAKERS) if cls is not None and cls is not object]
        return any([runs_changed(one, functions, depth, seen) or calls_own(value, one, functions) for one in made])
    if type(value) in (staticmethod, classmethod):
        return runs_changed(value.__func__, functions, depth, seen)
    if type(value) is not FunctionType or value.__code__.co_flags & 0x280:  # a coroutine has not begun
        return False
    wrapped = [inner for inner in behind(value) if type(inner) is FunctionType]
    cells = [cell.cell_contents for cell in value.__closure__ or () if is_full(cell)]
    named = [value.__globals__.get(name) for name in names_of([value.__code__])]
    following = [one for one in [*wrapped, *cells, *named] if type(one) is FunctionType or is_class(one)]
    return any([runs_changed(one, functions, depth - 1, seen) for one in following])


def calls_own(cls: type, function: object, functions: dict) -> bool:
    """Whether a maker of the class names a changed method of it."""
    if type(function) is not FunctionType:
        return False
    for name in names_of([function.__code__]):
        found = holder_of(cls, name)
        if found is not None and id(class_dict(found)[name]) in functions:
            return True
    return False


MAKERS = ("__new__", "__init__", "__post_init__")
