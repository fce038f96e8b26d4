"""Tables of modules that decorators fill when definitions are made: a save fills none again, and takes nothing out."""


def tell_decorated(patch: Patch) -> None:
    """Names tables that would hold other things, because a definition has other decorators now, or is gone."""
    for step in patch.steps:
        unit = step.unit
        is_changed = unit["kind"] != "delete"
        owner = owner_of(step.space, unit["owner"]) if may_fill(unit) else None
        if owner is None or step.space.generation or step.space.is_copy:
            continue
        filled = filled_by(patch, step.space, owner, unit.get("by", ()) if is_changed else ())
        emptied = filled_by(patch, step.space, owner, unit.get("formerly", ()))
        made = made_before(patch, step, owner) if filled or emptied else []
        is_out = unit["kind"] == "class" or step.failure is not None or is_kept_out(step)
        for key in dict.fromkeys([*emptied, *filled]):
            names, name, path, is_maker = filled.get(key) or emptied[key]
            count = entries(names.get(name, MISSING), made)
            if is_out and unit["kind"] != "delete":
                is_same = key in filled and count > 0 and not is_maker or key not in filled and not count
            else:
                is_same = is_out or count <= (key in filled)
            if not is_same:
                message = "filled at import by " + path + ", with or without " + unit["qualname"]
                name_table(patch, unit, names, name, message + " as that was decorated then")


def may_fill(unit: dict) -> bool:
    """Whether it has other decorators now, or is gone with those that it had."""
    if unit["kind"] == "delete":
        return bool(unit.get("formerly"))
    return unit["kind"] in ("function", "class") and bool({"decorators", "decorator_list"} & set(unit["parts"]))


def made_before(patch: Patch, step: Patch, owner: object) -> list:
    """What the definition had made, and what has its name."""
    name = mangled(step.unit["bind"], step.unit["owner"])
    change = patch.renewed.get((id(owner), name))
    now = bound_to(step.space, step.unit["owner"], step.unit["bind"])
    values = [now if change is None else change[3], *[function for function, *_ in step.writes.functions.values()]]
    values = [value for value in values if value is not MISSING]
    behind_them = [one for value in values if not is_class(value) for one in look_behind(step.space, value).functions]
    return values + [one for one in behind_them if one.__code__.co_name == step.unit["name"]]


def entries(table: object, made: list) -> int:
    """How often a plain container holds one of these objects."""
    held = ()
    for kind, each in ((list, list.__iter__), (set, set.__iter__), (dict, dict.values)):
        if is_below(type(table), kind):
            held = list(each(table))
    ids = {id(one) for one in made}
    inside = [part for one in held if is_one_of(type(one), (tuple, list)) for part in one]
    return sum([id(one) in ids for one in [*held, *inside]])


def filled_by(patch: Patch, space: Space, owner: object, decorators: list) -> dict:
    """(names of the module, name, path, whether the decorator was called first) of tables that decorators fill, by the
    module's id and name."""
    found = {}
    for path, is_maker in decorators:
        for names, name in tables_of(patch, space, owner, path, is_maker):
            found[id(names), name] = (names, name, path, is_maker)
    return found


def tables_of(patch: Patch, space: Space, owner: object, path: str, is_maker: bool) -> list:
    """(names of the module, name) of each that what the path leads to, or has led to before the save, fills."""
    holder, _, last = path.rpartition(".")
    place = led_to(space, owner, holder) if holder else space.names
    place = module_dict(place) if is_below(type(place), ModuleType) else place
    change = patch.renewed.get((id(place), last))
    values = [led_to(space, owner, path)] + ([change[3]] if change is not None else [])
    found = []
    for function in [one for value in values if value is not MISSING for one in run_by_call(value)]:
        if type(function) is FunctionType:
            for code in [function.__code__, *patch.were.get(id(function), ())]:
                pairs = [(function.__globals__, name) for name in written_in(code, function.__globals__, is_maker)]
                found += pairs
    return found


def written_in(code: CodeType, names: dict, is_maker: bool) -> list:
    """Names of containers of the module that the code fills when it is called; `is_maker`: or what it makes."""
    found = []
    for inner in [code, *all_nested(code)] if is_maker else run_with(code):
        is_set = STORE_SUBSCR in inner.co_code[::2]
        filled = filled_by_methods(inner)
        for name in globals_read(inner):
            value = names.get(name, MISSING)
            if is_set and is_below(type(value), dict) or name in filled and is_container(value):
                found.append(name)
    return found


def filled_by_methods(code: CodeType) -> set:
    """Global names of which the code takes a method that fills them."""
    found = set()
    content = code.co_code
    places = [index for index in range(0, len(content), 2) if content[index]]  # 0: a cache, from 3.11 on
    for index, after in zip(places, places[1:]):
        if content[index] == LOAD_GLOBAL and content[after] != LOAD_GLOBAL:
            # From 3.12 on the lowest bit of the argument says something else.
            called = [code.co_names[at : at + 1] for at in (content[after + 1], content[after + 1] >> 1)]
            if any([name in MUTATORS for names in called for name in names]):
                found.add(code.co_names[content[index + 1] >> GLOBAL_SHIFT])
    return found


def is_container(value: object) -> bool:
    return any([is_below(type(value), kind) for kind in (dict, list, set)])


def tell_filled(patch: Patch, space: Space, owner: object, statement: dict, cause: str) -> None:
    """Names tables that a decorator which is another one now has filled with what the statement defines."""
    for path in statement["called"]:
        if cause == path or cause.endswith(" (in " + path + ")"):
            for names, name in tables_of(patch, space, owner, path, path in statement["makers"]):
                message = "filled at import by " + path + ", which is another one now; it is not filled again"
                name_table(patch, statement, names, name, message)


def name_table(patch: Patch, unit: dict, names: dict, name: str, message: str) -> None:
    """Once for each table."""
    if (id(names), name) not in patch.tables:
        patch.tables.add((id(names), name))
        place = (plain(names.get("__name__")) or "") + "." + name
        patch.notes.append([-1, "derived-value", message, 1, place, unit["path"], unit["at"]])
