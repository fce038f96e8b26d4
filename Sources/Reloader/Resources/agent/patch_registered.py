"""What a decorator registered under its former arguments, or before it was taken away, in places that do not hold the
function: by its name, or behind what the decorator has made."""

REGISTERS = (dict, list, set)
FEW = 50  # attributes of one object, or containers in one, that are looked at


def count_registered(space: Space, unit: dict) -> list:
    """[name, container, length] of what the decorators of the former source lead to, before they run once more."""
    if "decorators" not in unit["parts"]:
        return []
    kept = {path.split(".")[0] for path, _ in unit["by"]}
    was = [path for path in unit["was_by"] if path.split(".")[0] in kept]
    return [[name, one, size_of(one)] for name, one in containers_behind(space, unit, was)]


def tell_registered(step: Patch, space: Space, unit: dict, counted: list) -> None:
    """A place that got one more entry has the former one too."""
    grown = [name for name, one, length in counted if size_of(one) > length]
    if grown and not any([remark[1] == "decorator-held" for remark in step.notes]):
        message = "decorated once more; what the former decorator registered stays: " + grown[0]
        note(step, unit, "decorator-held", message, len(grown))
    tell_left(step, space, unit, gone_decorators(unit))


def tell_left(step: Patch, space: Space, unit: dict, paths: list) -> None:
    """What decorators that are gone have put somewhere under the name of the function."""
    if any([remark[1] == "decorator-held" for remark in step.notes]):
        return
    ends = (unit["name"], unit["qualname"])
    names = {*ends, *[space.name + mark + end for mark in ".:" for end in ends]}
    places = [name for name, one in containers_behind(space, unit, paths) if names_one(one, names)]
    if places:
        message = "what the former decorator registered stays: " + places[0]
        note(step, unit, "decorator-held", message, len(places))


def names_one(container: object, names: set) -> bool:
    items = dict.items(container) if dict in bases_of(type(container)) else [(one,) for one in entries_in(container)]
    for entry in [part for _, part in zip(range(NODES), items)]:
        parts = [inner for one in entry for inner in (one if type(one) is tuple else (one,))]
        if any([type(one) is str and one in names for one in parts]):
            return True
    return False


def entries_in(container: object) -> list:
    kind = list if list in bases_of(type(container)) else set
    return [one for _, one in zip(range(NODES), kind.__iter__(container))]


def containers_behind(space: Space, unit: dict, paths: list) -> list:
    """(name, container) of what decorators lead to by closures, by what objects have, and by what their code names."""
    owner = owner_of(space, unit["owner"])
    level = []
    for path in paths if owner is not None else ():
        parts = path.split(".")
        level += [(parts[end - 1], led_to(space, owner, ".".join(parts[:end]))) for end in range(1, len(parts) + 1)]
    found = []
    seen = {id(space.names), id(MISSING)}
    for _ in range(DEPTH):
        following = []
        for name, value in level:
            if id(value) in seen or len(seen) > NODES:
                continue
            seen.add(id(value))
            if is_container(value):
                found.append((name, value))
            following.extend(leads_further(name, value))
        level = following
    return found


def is_container(value: object) -> bool:
    kinds = bases_of(type(value))
    return any([kind in kinds for kind in REGISTERS])


def size_of(container: object) -> int:
    kinds = bases_of(type(container))
    return [kind.__len__(container) for kind in REGISTERS if kind in kinds][0]


def leads_further(name: str, value: object) -> list:
    """What results of calls and weak references are kept in is no place to register at."""
    kind = type(value)
    if kind in (staticmethod, classmethod):
        return [(name, value.__func__)]
    if kind is FunctionType:
        return [] if is_of_library(value) else behind_function(value)
    if is_container(value):
        inside = list(dict.values(value))[:FEW] if dict in bases_of(kind) else entries_in(value)[:FEW]
        found = [(name, one) for one in inside if is_container(one)]
    elif is_class(value):
        found = [(key, one) for key, one in class_dict(value).items() if is_container(one) or key in MAKERS]
    elif module_of_class(kind) in ("builtins", "weakref", "_weakrefset", "logging") or ModuleType in bases_of(kind):
        found = []
    else:
        held = attributes_of(value)
        found = list(held.items())[:FEW] if type(held) is dict else []
    return [(key, one) for key, one in found if type(key) is str and "cache" not in key.lower()]


def behind_function(function: FunctionType) -> list:
    """What it has closed over, and what of its module, and of modules there, its code and that in it name."""
    names = function.__code__.co_freevars
    cells = zip(names, function.__closure__ or ())
    found = [(name, cell.cell_contents) for name, cell in cells if is_full(cell)]
    codes = []
    with_nested(function.__code__, codes)
    named = {name for code in codes for name in code.co_names}
    found += [(name, function.__globals__[name]) for name in sorted(named) if name in function.__globals__]
    for _, module in list(found):
        inside = module_dict(module)
        found += [(name, inside[name]) for name in sorted(named) if name in inside]
    return [(name, one) for name, one in found if "cache" not in name.lower()]


def is_of_library(function: FunctionType) -> bool:
    """Of the standard library: what it keeps, it keeps for itself."""
    file = plain(function.__globals__.get("__file__"))
    return type(file) is str and not is_program_file(file) and "-packages/" not in file


def sharing(located: Located) -> list:
    """Functions beside the wrapper that have the function in the same cell: a decorator has left them elsewhere."""
    cells = [one for one in gc.get_referrers(*located.functions) if type(one) is CellType and id(one) in located.passed]
    closures = [one for one in gc.get_referrers(*cells) if type(one) is tuple] if cells else []
    found = [one for one in gc.get_referrers(*closures) if type(one) is FunctionType] if closures else []
    return [one for one in found if id(one) not in located.passed and one.__closure__ is not None]


def gone_decorators(unit: dict) -> list:
    """Paths of decorators of the former source that have no counterpart."""
    kept = {path.split(".")[0] for path, _ in unit["by"]}
    return [path for path in unit["was_by"] if path.split(".")[0] not in kept]
