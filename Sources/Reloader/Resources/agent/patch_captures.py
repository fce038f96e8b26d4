"""What others have read of a function when they took it: its signature, its kind, its annotations."""


def outside_holders(located: Located, unit: dict) -> list:
    """What holds the functions beside their names, where that may have read what changes; [] where it may not."""
    is_read = set(unit["parts"]) & READ_PARTS or unit["incompatible"] or unit["rebound"]
    if not is_read and not changes_kind(located, unit):
        return []
    ours = [located.functions, located.by_name, located.__dict__, *lists_of_search(located.space)]
    found = holders(located.functions, located.passed | {id(value) for value in ours}, located.bound)
    if located.value is not MISSING and is_reader(located.value):
        found.append(located.value)
    if unit["incompatible"] and unit["owner"]:
        found.extend(readers_of_methods(located.bound))
    if unit["owner"] and unit["bind"] in ("__init__", "__new__"):
        found.extend(callers_of_class(owner_of(located.space, unit["owner"])))
    return found + readers_passed(located)


def readers_of_methods(methods: list) -> list:
    """Objects that hold bound methods of the functions, as a plugin manager does: their calls would not bind."""
    return readers(holders(methods, {id(methods)})) if methods else []


def callers_of_class(cls: object) -> list:
    """Objects that hold the class as something to call, as FastAPI holds a dependency: they have read what it takes."""
    # Of its instances, which refer to it too, there may be a million.
    held = [one for one in gc.get_referrers(cls) if type(one) is not cls] if is_class(cls) else []
    dicts = [one for one in held if type(one) is dict and not is_namespace(one) and not is_ours_dict(one)]
    found = readers([*[one for one in held if type(one) is not dict], *with_owners(dicts)])
    return [one for one in found if any([own_attributes(one).get(name) is cls for name in CALLED_NAMES])]


CALLED_NAMES = ("call", "callback", "dependency", "factory", "func", "function", "handler", "endpoint")


def changes_binding(located: Located, unit: dict) -> bool:
    """Whether a method that was called with its instance or class is to be called with the other, or with none."""
    kind = type(located.value)
    if not unit["owner"] or "decorators" not in unit["parts"] or kind is staticmethod:
        return False
    is_of_class = "classmethod" in unit["reads"]
    return "staticmethod" in unit["reads"] or is_of_class != (kind is classmethod)


def is_static_held(located: Located, unit: dict, outside: list) -> bool:
    """Whether a static method that becomes another kind of method is held as the function that the class gave."""
    if type(located.value) is not staticmethod or "decorators" not in unit["parts"] or "staticmethod" in unit["reads"]:
        return False
    return any([holder is not located.value and type(holder) is not CellType for holder in outside])


def readers_passed(located: Located) -> list:
    """Objects that hold the function behind the wrapper that has its name, as that of pydantic's `validate_call`."""
    found = []
    seen = {id(located.value)}
    queue = behind(located.value) if type(located.value) is FunctionType else []
    for value in queue:
        if id(value) in seen or id(value) not in located.passed:
            continue
        seen.add(id(value))
        inner = behind(value)
        queue.extend(inner)
        if is_reader(value) and any([one is function for one in inner for function in located.functions]):
            found.append(value)
    return found


READ_PARTS = {"defaults", "annotations", "typeParameters", "decorators"}


def what_keeps(located: Located, unit: dict, outside: list) -> str:
    """Why the function must stay as it is, for those who call it by what they have read of it; "" if it need not."""
    reading = readers(outside)
    if unit["incompatible"] and reading:
        return "a " + short_name(type(reading[0])) + " object has read the old signature"
    if changes_binding(located, unit) and located.bound:
        return "a bound method of it is held, which goes on passing its first argument"
    if is_static_held(located, unit, outside):
        return "the static function itself is held, and would be called without an instance or a class"
    if is_read_by_model(located.space, unit) and any(
        [parameters(function.__code__) != parameters(unit["code"]) for function in located.functions]
    ):
        return "the model has read the old signature"
    if changes_kind(located, unit):
        if reading:
            return "a " + short_name(type(reading[0])) + " object has read that it is " + kind_of(located.functions[0])
        chosen = [f for f in wrappers(located) if chooses_by_kind(located.space, f)]
        if chosen:
            return chosen[0].__qualname__ + " was chosen because it was " + kind_of(located.functions[0])
        holder = taken_by_kind(located, unit)
        if holder:
            return holder + " was made when it was " + kind_of(located.functions[0])
    if "annotations" in unit["parts"] and "decorators" not in unit["parts"] and dispatches(outside, located.functions):
        return "it is dispatched by the class that its annotation named"
    return ""


def wrappers(located: Located) -> list:
    """The functions passed on the way from the name to the definition's."""
    found = []
    value = located.value
    for _ in range(DEPTH):
        if is_one_of(type(value), (staticmethod, classmethod)):
            value = value.__func__
        if type(value) is not FunctionType or any([value is function for function in located.functions]):
            break
        found.append(value)
        value = FunctionType.__dict__["__dict__"].__get__(value).get("__wrapped__", MISSING)
        if value is MISSING:
            inner = [cell.cell_contents for cell in found[-1].__closure__ or () if is_full(cell)]
            inner = [one for one in inner if type(one) is FunctionType]
            value = inner[0] if inner else MISSING
    return found


def is_full(cell: CellType) -> bool:
    try:
        return cell.cell_contents is not MISSING
    except ValueError:
        return False


KIND_QUESTIONS = (
    *("iscoroutinefunction", "isgeneratorfunction", "isasyncgenfunction", "iscoroutine", "isawaitable", "isasyncgen"),
    "isgenerator",
)


def tell_readers(patch: Patch, unit: dict, located: Located, outside: list) -> None:
    """Old calls still bind; what was read stays as it was read."""
    reading = readers(outside)
    parts = [part for part in unit["parts"] if part in ("defaults", "annotations")]
    if reading and (parts or parameters(located.functions[0].__code__) != parameters(unit["code"])):
        message = "of type %s goes on with the signature that it has captured" % kinds_of(reading)
        note(patch, unit, "signature-captured", message, len(reading))


def tell_former(patch: Patch, space: Space, unit: dict, located: Located, inner: object, outside: list) -> None:
    """What stays of the former decoration: objects that it registered the function with, else those that hold what it
    made."""
    registered = [holder for holder in outside if holder is not located.value]
    registered += readers_of_methods(located.bound) + weak_references(located.functions)
    if registered:
        message = FORMER_STAYS + kinds_of(registered)
        note(patch, unit, "decorator-held", message, len(registered))
    elif located.value is not MISSING and located.value is not inner:
        ours = len(outside) + held_by_search(space, located.value)
        holders = sys.getrefcount(located.value) - 3 - ours
        if holders > 0:
            note(patch, unit, "decorator-held", FORMER_HELD, holders)
            patch.former = located.value


FORMER_STAYS = "decorated once more; what the former decorator registered stays: "


def weak_references(functions: list) -> list:
    """Those to the functions, as a signal keeps its receivers."""
    find = module_dict(sys.modules.get("_weakref")).get("getweakrefs")
    return [one for function in functions for one in find(function)] if type(find) is type(len) else []


def tell_bound(patch: Patch, unit: dict, located: Located, inner: object, value: object) -> None:
    """Bound methods hold the function itself where it had no decorator."""
    if located.value is inner and value is not inner and located.bound:
        message = "bound methods that were made before go on without the new decorator"
        note(patch, unit, "decorator-held", message, len(located.bound))


def is_read_by_model(space: Space, unit: dict) -> bool:
    """Whether pydantic has read the parameters of a validator or serializer: what calls it is hidden from Python."""
    cls = owner_of(space, unit["owner"]) if unit["owner"] else None
    known = class_dict(cls).get("__pydantic_decorators__") if is_class(cls) else None
    kinds = [getattr(known, name, None) for name in getattr(type(known), "__dataclass_fields__", ())]
    return any([type(kind) is dict and unit["bind"] in kind for kind in kinds])
