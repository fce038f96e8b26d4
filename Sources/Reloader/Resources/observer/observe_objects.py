"""What an instance stores, read past every method of its class."""

MEMBER = type(Record.__dict__["__dict__"])  # a slot of a class, a member of a C struct
GETTER = type(FunctionType.__dict__["__code__"])  # an attribute that C code computes
WRAPPER = type(object.__dict__["__repr__"])  # a special method of a C type
PRINTABLE = ("datetime.date", "datetime.time", "datetime.datetime", "datetime.timedelta", "decimal.Decimal")
ARRAYS = {"numpy.ndarray": ("shape", "dtype")}


def instance(value: object, kind: type, depth: int, level: int, bounds: Record) -> str:
    """`Name({…})`: what the instance stores; of a subclass of a container also what it contains."""
    name = short_name(kind)
    bases = bases_of(kind)
    known = known_text(value, kind, bounds)
    if known is not None:
        return known
    for builtin, opening, closing in SEQUENCES:
        if is_one_of(builtin, bases):
            return "%s(%s)" % (name, sequence(value, builtin, opening, closing, depth, level, bounds))
    if is_one_of(dict, bases):
        return "%s(%s)" % (name, mapping(value, depth, level, bounds))
    for builtin in (str, bytes, *NUMBERS):
        if is_one_of(builtin, bases):
            plain = builtin.__getnewargs__(value)[0] if builtin is not complex else complex.__pos__(value)
            return "%s(%s)" % (name, node(plain, 0, level, bounds))
    attributes = stored_attributes(value, kind)
    if attributes is None or (not attributes and TYPE_FLAGS(kind) & HEAP_TYPE == 0):
        return "<%s>" % full_name(kind)
    return "%s(%s)" % (name, mapping(attributes, depth, level, bounds))


def stored_attributes(value: object, kind: type) -> object:
    """What an instance stores in its dict and in slots; None if it stores nothing that can be read."""
    found = {}
    readable = False
    for cls in reversed(bases_of(kind)):
        for name, member in list(class_dict(cls).items()):
            if type(member) is MEMBER and class_dict(cls).get("__slots__") is not None:
                readable = True
                try:
                    found[name] = MEMBER.__get__(member, value)
                except AttributeError:
                    continue  # a slot that is not set
    held = instance_dict(value, kind)
    if held is not None:
        readable = True
        found.update(held)
    return found if readable else None


def instance_dict(value: object, kind: type) -> object:
    """The instance's own dict, found past every __getattribute__; None if it has none."""
    for cls in bases_of(kind):
        found = class_dict(cls).get("__dict__")
        if type(found) is GETTER:
            held = GETTER.__get__(found, value)
            return held if type(held) is dict else None
    return None


def known_text(value: object, kind: type, bounds: Record) -> object:
    """Members of enumerations, dates, decimals and arrays; None for everything else."""
    name = full_name(kind)
    if name in PRINTABLE and type(class_dict(kind).get("__repr__")) is WRAPPER:
        zone = class_dict(kind).get("tzinfo")
        held = GETTER.__get__(zone, value) if type(zone) is GETTER else None
        return WRAPPER.__call__(class_dict(kind)["__repr__"], value) if held is None else "<%s>" % name
    if name in ARRAYS:
        parts = [GETTER.__get__(class_dict(kind)[part], value) for part in ARRAYS[name]]
        return "<%s %s>" % (name, " ".join([dtype_text(part, bounds) for part in parts]))
    if any([short_name(cls) == "Enum" and class_dict(cls).get("__module__") == "enum" for cls in bases_of(kind)]):
        held = instance_dict(value, kind) or {}
        return "%s.%s" % (short_name(kind), text_of(held.get("_name_")))
    return None


def dtype_text(part: object, bounds: Record) -> str:
    """Of a shape, or of an element type, which knows its own short name."""
    for cls in bases_of(type(part)):
        getter = class_dict(cls).get("str")
        if full_name(cls) == "numpy.dtype" and type(getter) is GETTER:
            return node(GETTER.__get__(getter, part), 0, 0, bounds)
    return node(part, 0, 0, bounds)
