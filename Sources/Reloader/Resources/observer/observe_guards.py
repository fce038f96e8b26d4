"""The operations of read-only expressions: what would run code of the program is refused, with its name.

The twin turns every operation of an expression into a call of one of these; `place` is the source of that operation.
"""

PLAIN = (*NUMBERS, *SINGLE, str, bytes)
CONTAINERS = (list, tuple, dict, set, frozenset, range)
VIEWS = (type({}.keys()), type({}.values()), type({}.items()), type(iter([])), type(iter(())), type(reversed([])))
DICTIONARY_METHODS = ("get", "keys", "values", "items")
LARGEST_RESULT = 1 << 20  # elements or bytes that an operation may make
MOST_BITS = 1 << 16  # of a number that an operation may make


def refused(place: str, why: str) -> BaseException:
    return BaseException(MISSING, "expression-refused", "", 0, place + " " + why + "; add --allow-calls")


def static_attribute(value: object, name: str, place: str) -> object:
    """`value.name` as stored or computed by C code."""
    kind = type(value)
    if kind is ModuleType or is_class(value):
        return attribute_of_namespace(value, name, place)
    found = MISSING
    for cls in bases_of(kind):
        found = class_dict(cls).get(name, MISSING)
        if found is not MISSING:
            break
    if type(found) is MEMBER or type(found) is GETTER:
        return type(found).__get__(found, value)
    if type(found) is property:
        raise refused(place, "is a property: reading it calls code of the program")
    held = instance_dict(value, kind)
    if held is not None and name in held:
        return held[name]
    if found is not MISSING:
        return bound(found, value, kind, place)
    for cls in bases_of(kind):
        if "__getattr__" in class_dict(cls):
            raise refused(place, "is not stored; __getattr__ of the program would be asked")
    raise AttributeError("%s has no attribute %s" % (short_name(kind), name))


def attribute_of_namespace(value: object, name: str, place: str) -> object:
    if is_class(value):
        for cls in bases_of(value):
            if name in class_dict(cls):
                return bound(class_dict(cls)[name], None, value, place)
        if name in ("__name__", "__qualname__", "__mro__", "__bases__"):
            return type.__dict__[name].__get__(value)
        raise AttributeError("class %s has no attribute %s" % (short_name(value), name))
    names = module_dict(value)
    if name in names:
        return names[name]
    raise AttributeError("module %s has no attribute %s" % (text_of(names.get("__name__")), name))


def bound(found: object, value: object, kind: type, place: str) -> object:
    """What a name of a class gives for an instance, or for the class where `value` is None."""
    if type(found) is staticmethod:
        return staticmethod.__dict__["__func__"].__get__(found)
    if type(found) is classmethod:
        return METHOD(classmethod.__dict__["__func__"].__get__(found), kind)
    if type(found) is FunctionType:
        return found if value is None else METHOD(found, value)
    for cls in bases_of(type(found)):
        if "__get__" in class_dict(cls) and type(class_dict(cls)["__get__"]) is FunctionType:
            raise refused(place, "is a descriptor: reading it calls code of the program")
    return found


METHOD = type(describe.__get__(0))


def is_simple(value: object) -> bool:
    return is_one_of(type(value), PLAIN)


def are_plain(value: object, depth: int = 4) -> bool:
    """Whether comparing or hashing this runs C code only."""
    kind = type(value)
    if is_one_of(kind, PLAIN) or kind is range:
        return True
    if depth and is_one_of(kind, (list, tuple, set, frozenset)):
        return all([are_plain(item, depth - 1) for item in list(value)])
    return depth > 0 and kind is dict and all([are_plain(item, depth - 1) for item in list(value.items())])


def checked(place: str, *values: object) -> None:
    for value in values:
        if value is SECRET:
            hidden = "%s uses a value that is not shown; add --no-redact"
            raise BaseException(MISSING, "expression-refused", "", 0, hidden % place)
        if not are_plain(value):
            raise refused(place, "uses %s: that can call code of the program" % full_name(type(value)))


def item(value: object, key: object, place: str) -> object:
    kind = type(value)
    if is_one_of(kind, (list, tuple, str, bytes, range)):
        checked(place, *([key.start, key.stop, key.step] if type(key) is slice else [key]))
        return value[key]
    if kind is dict:
        found = lookup(value, key, place)
        if found is MISSING:
            raise KeyError(key)
        return found
    if not is_class(value) and not any(["__getitem__" in class_dict(cls) for cls in bases_of(kind)]):
        raise TypeError("'%s' object is not subscriptable" % short_name(kind))
    raise refused(place, "asks %s for an item: that calls code of the program" % full_name(kind))


def lookup(value: dict, key: object, place: str) -> object:
    """The value of an equal key of a built-in type, without asking keys of other types whether they are equal."""
    if not are_plain(key):
        checked(place, key)
    kind = type(key)
    if all([is_one_of(type(other), PLAIN) for other in list(value)]):
        return value.get(key, MISSING)
    for other, held in list(dict.items(value)):
        if (type(other) is kind or is_one_of(type(other), NUMBERS)) and other == key:
            return held
    return MISSING


def operate(name: str, place: str, left: object, right: object) -> object:
    checked(place, left, right)
    if is_too_large(name, left, right):
        raise refused(place, "could be too large")
    return OPERATORS[name](left, right)


def is_too_large(name: str, left: object, right: object) -> bool:
    """Whether the result could fill the program's memory, or keep its interpreter busy."""
    if name == "__mod__" and type(left) in (str, bytes):
        return True  # a width in the format
    if type(left) is int and type(right) is int:
        bits = {"__mul__": left.bit_length() + right.bit_length(), "__lshift__": left.bit_length() + max(right, 0)}
        bits["__pow__"] = left.bit_length() * max(right, 0)
        return bits.get(name, 0) > MOST_BITS
    for sequence, times in ((left, right), (right, left)):
        if name == "__mul__" and type(sequence) in (str, bytes, list, tuple) and type(times) in (int, bool):
            return len(sequence) * times > LARGEST_RESULT
    return False


def compare_values(name: str, place: str, left: object, right: object) -> bool:
    if name in ("is", "is not"):
        return (left is right) == (name == "is")
    if name in ("in", "not in"):
        return contains(right, left, place) == (name == "in")
    if name in ("==", "!=") and left is not right and (left is None or right is None):
        return name == "!="
    checked(place, left, right)
    return bool(COMPARISONS[name](left, right))


def contains(container: object, value: object, place: str) -> bool:
    kind = type(container)
    if kind is str or kind is bytes or kind is range:
        checked(place, value)
        return value in container
    if kind is dict:
        return lookup(container, value, place) is not MISSING
    if is_one_of(kind, (list, tuple, set, frozenset)):
        items = list(container)
        if any([item is value for item in items]):
            return True
        checked(place, value)
        return any([are_plain(item) and item == value for item in items])
    raise refused(place, "searches %s: that calls code of the program" % full_name(kind))


def truth(value: object, place: str) -> bool:
    kind = type(value)
    if is_one_of(kind, PLAIN) or is_one_of(kind, CONTAINERS):
        return bool(value)
    for cls in bases_of(kind):
        for name in ("__bool__", "__len__"):
            if type(class_dict(cls).get(name)) is FunctionType:
                raise refused(place, "asks %s whether it is true: that calls code of the program" % full_name(kind))
    return True


def elements(value: object, place: str) -> list:
    kind = type(value)
    if is_one_of(kind, CONTAINERS) or is_one_of(kind, VIEWS) or kind is str or kind is bytes:
        return list(value)
    raise refused(place, "goes through %s: that calls code of the program" % full_name(kind))
