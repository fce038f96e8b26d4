"""Calls in read-only expressions: built-in functions, and methods of built-in types, on values of built-in types."""


def call(name: str, place: str, *values: object) -> object:
    """A call of one of the built-in functions that expressions may use."""
    first = values[0] if values else None
    if name == "type" and len(values) == 1:
        return type(first)
    if name == "isinstance" and len(values) == 2:
        wanted = second_as_tuple(values[1])
        return any([is_one_of(cls, wanted) for cls in bases_of(type(first))])
    if name == "len" and len(values) == 1 and (is_one_of(type(first), CONTAINERS) or is_one_of(type(first), VIEWS)):
        return len(first)
    if name == "bool":
        return truth(first, place) if values else False
    if name in ("any", "all"):
        return BUILTINS[name]([truth(item, place) for item in elements(first, place)])
    if name in ("repr", "str") and values and not is_simple(first):
        return render(first, 0, new_bounds(False, True))
    checked(place, *values)
    return BUILTINS[name](*values)


def second_as_tuple(wanted: object) -> tuple:
    return wanted if type(wanted) is tuple else (wanted,)


def call_method(value: object, name: str, place: str, *values: object) -> object:
    """Methods of str and bytes, and those of dict that only look."""
    kind = type(value)
    checked(place, *values)
    numbers = [v for v in values if type(v) is not str and type(v) is not bytes]
    if is_one_of(kind, (str, bytes)) and name in GROWING and (len(value) > 4096 or numbers):
        raise refused(place, "could be too large")
    if is_one_of(kind, (str, bytes)) and not name.startswith("_") and name in kind.__dict__ and name not in FORMATTING:
        return kind.__dict__[name](value, *values)
    if kind is dict and name in DICTIONARY_METHODS:
        if name != "get":
            return list(dict.__dict__[name](value))
        found = lookup(value, values[0], place)
        return found if found is not MISSING else values[1] if len(values) > 1 else None
    raise refused(place, "calls code of the program")


GROWING = ("ljust", "rjust", "center", "zfill", "expandtabs", "replace", "join", "translate")
FORMATTING = ("format", "format_map", "maketrans")
BUILTINS = {f.__name__: f for f in (abs, min, max, sum, sorted, any, all, len, str, int, float, bool, repr, round)}
BUILTINS["list"] = list

GUARDS = {
    "_attribute": static_attribute, "_item": item, "_operate": operate, "_compare": compare_values, "_truth": truth,
    "_elements": elements, "_call": call, "_method": call_method,
}  # fmt: skip
