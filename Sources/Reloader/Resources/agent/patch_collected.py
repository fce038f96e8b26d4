"""What a metaclass, `__init_subclass__` or a library has read of a class when it was made, and does not read again."""


def reads_fields(cls: type) -> str:
    """The attribute that tells of a library which reads the fields of a class when it is made; "" if there is none."""
    names = [name for name in FIELD_READERS if name in class_dict(cls)]
    if is_below(cls, tuple) and "_fields" in class_dict(cls):
        names.append("_fields")
    return names[0] if names else ""


# pydantic 2 and 1, attrs, SQLAlchemy, Django, msgspec; TypedDict, and Protocol from 3.12 on; marshmallow and REST
# framework, Django's forms, WTForms, discord.py.
FIELD_READERS = (
    *("__pydantic_fields__", "__fields__", "__attrs_attrs__", "__mapper__", "_meta", "__struct_fields__"),
    *("__required_keys__", "__protocol_attrs__", "_declared_fields", "declared_fields", "_unbound_fields"),
    "__cog_commands__",
)


def gathered_by(cls: type) -> str:
    """The metaclass or `__init_subclass__` that goes through the names of a class when it is made; "" if none does."""
    for kind in bases_of(type(cls)):
        if kind is not type and module_of_class(kind) not in STANDARD_MAKERS:
            for name in ("__new__", "__init__"):
                maker = class_dict(kind).get(name, MISSING)
                if maker is not MISSING and gathers(getattr(maker, "__func__", maker), MAPPING_WORDS):
                    return short_name(kind)
    for base in bases_of(cls)[1:]:
        maker = class_dict(base).get("__init_subclass__", MISSING)
        is_own = module_of_class(base) not in STANDARD_MAKERS and maker is not MISSING
        if is_own and gathers(getattr(maker, "__func__", maker), CLASS_WORDS):
            return short_name(base) + ".__init_subclass__"
    return ""


STANDARD_MAKERS = ("builtins", "abc", "_py_abc", "enum", "typing", "typing_extensions", "ctypes", "_ctypes")
CLASS_WORDS = {"__dict__", "vars", "dir", "getmembers", "__annotations__", "get_type_hints", "get_annotations"}
MAPPING_WORDS = CLASS_WORDS | {"items", "values", "keys", "pop", "get"}


def gathers(maker: object, words: set) -> bool:
    """Whether it goes through names of the class; one in another language may."""
    return type(maker) is not FunctionType or bool(names_of([maker.__code__]) & words)


def tell_gathered(step: Patch, owner: object, unit: dict, value: object) -> None:
    """Names who does not know a definition or a value that goes into a class that was made without it."""
    if not is_class(owner) or is_dry(step):
        return
    reader = ""
    if unit.get("annotated") or unit["bind"] in MADE_HOOKS or not is_plain_member(value):
        reader = reads_fields(owner) or gathered_by(owner)
    reader = reader or lists_like(owner, mangled(unit["bind"], unit["owner"]), value)
    if reader:
        verb = " have" if " and " in reader else " has"
        message = reader + verb + " gathered names of the class when it was made, and goes on with those"
        note(step, unit, "read-at-import", message, 1)


def keep_collected(step: Patch, owner: object, unit: dict, value: object) -> bool:
    """Keeps a new or deleted definition that a library would have made the class of."""
    reader = reads_fields(owner) if is_class(owner) else ""
    if not reader or unit["bind"] not in MADE_HOOKS and is_plain_member(value):
        return False
    keep(step, unit, "class-layout", "the class was made without regard to this: " + reader)
    return True


def is_plain_member(value: object) -> bool:
    """What the language itself makes of a definition or a literal, without marks that a decorator leaves for others."""
    kind = type(value)
    if is_one_of(kind, (staticmethod, classmethod)):
        return is_plain_member(value.__func__)
    if is_class(value):
        return short_name(value) not in OPTION_CLASSES
    if kind is FunctionType:
        return not set(own_attributes(value)) - {"__wrapped__", "__isabstractmethod__"}
    return is_plain(value) or short_name(kind) in PLAIN_DESCRIPTORS


# They do all of their work when somebody asks for them.
PLAIN_DESCRIPTORS = (
    *("property", "cached_property", "singledispatchmethod", "partialmethod", "_lru_cache_wrapper"),
    *("hybrid_property", "hybrid_method", "hybridmethod"),
)

# What runs after an initialiser that attrs, msgspec or pydantic has made; classes that hold options.
MADE_HOOKS = ("__attrs_post_init__", "__attrs_pre_init__", "__post_init__", "model_post_init")
OPTION_CLASSES = ("Meta", "Config")
OPTION_NAMES = ("model_config", "__table_args__", "__tablename__", "__mapper_args__")


def lists_like(owner: type, name: str, value: object) -> str:
    """Where a class, its metaclass and bases list members by name or as they are: of this name, or of such a kind.

    A plain value is only told of if it was listed itself: it is of no kind."""
    members = class_dict(owner)
    alike = {name: members[name]} if name in members else {}
    if not is_plain(value) and not is_one_of(type(value), (staticmethod, classmethod, property)):
        alike.update([(key, one) for key, one in members.items() if type(one) is type(value) and key[:2] != "__"])
    found = []
    for holder in [*bases_of(owner), *bases_of(type(owner))] if alike or not is_plain(value) else ():
        for place, listing in list(class_dict(holder).items()) if is_program_class(holder) else ():
            is_listing = is_one_of(type(listing), (dict, list, tuple, set)) and place[:2] != "__"
            if is_listing and (lists(listing, alike) or ends_with(listing, value)):
                found.append(short_name(holder) + "." + place)
    return " and ".join(found)


def ends_with(listing: object, value: object) -> bool:
    """Whether a decorator has just put it there, for whoever makes the class to take."""
    last = listing[-1] if type(listing) is list and listing else None
    return not is_plain(value) and any([part is value for part in (last if type(last) is tuple else (last,))])


def is_program_class(cls: type) -> bool:
    return module_of_class(cls) not in STANDARD_MAKERS


def lists(listing: object, members: dict) -> bool:
    """Whether a container has one of the members: its name as a key or with it, or the member itself."""
    items = list(listing.items() if type(listing) is dict else enumerate(listing))[:NODES]
    known = {id(member) for member in members.values() if not is_plain(member)}
    for key, value in items:
        parts = value[:4] if type(value) is tuple else (value,)
        if any([id(part) in known for part in parts]):
            return True
        is_member = type(listing) is dict and type(key) is str and key in members
        if is_member and is_one_of(type(value), (str, bool, type(None))):
            return True
        spelled = (value, value.lower()) if type(value) is str else ()
        if any([name in members and not is_plain(members[name]) for name in spelled]):
            return True
        if is_member and same_value(value, members[key]):
            return True
    return False


def option_reader(space: Space, unit: dict) -> str:
    """Who has read an attribute that is an option of a class, or stands in a class of options; "" if nobody has."""
    cls = owner_of(space, unit["owner"]) if unit["owner"] else None
    if is_class(cls) and unit["bind"] in OPTION_NAMES:
        return reads_fields(cls) or gathered_by(cls)
    if len(unit["owner"]) > 1 and unit["owner"][-1] in OPTION_CLASSES:
        outer = owner_of(space, unit["owner"][:-1])
        return reads_fields(outer) or gathered_by(outer) if is_class(outer) else ""
    return option_of_library(space, unit, space.names if cls is None else cls)


def is_taken_away(space: Space, unit: dict) -> bool:
    """Whether the class around a definition is gone, or only waits for the garbage collector: its outer class was made
    without it."""
    outer = owner_of(space, unit["owner"][:-1]) if len(unit["owner"]) > 1 else None
    if not is_class(outer):
        return False
    cls = owner_of(space, unit["owner"])
    members = class_dict(outer)
    kept = [value for value in list(members.values()) if value is cls and cls is not None]
    return not kept and mangled(unit["owner"][-1], unit["owner"][:-1]) not in members


def is_left_over(located: Located, unit: dict) -> bool:
    """Whether functions are only held by a class that was taken away."""
    if not is_taken_away(located.space, unit):
        return False
    outer = list(class_dict(owner_of(located.space, unit["owner"][:-1])).values())
    if any([value is function for value in outer for function in located.functions]):
        return False
    ours = [located.functions, located.by_name, located.__dict__, *lists_of_search(located.space)]
    return not holders(located.functions, located.passed | {id(value) for value in ours})


def keep_without_class(patch: Patch, space: Space, unit: dict) -> None:
    """Keeps what stands in a class that the process does not have; there is more to do if it had one."""
    names = unit["owner"][:-1] if is_taken_away(space, unit) else unit["owner"]
    while names and owner_of(space, names) is None:
        names = names[:-1]
    value = bound_to(space, names, unit["owner"][len(names)]) if len(names) < len(unit["owner"]) else MISSING
    outer = owner_of(space, names) if names else None
    if is_class(outer) and value is MISSING:
        reader = reads_fields(outer) or gathered_by(outer) or name_of_class(outer)
        message = "the class around it was taken away when " + name_of_class(outer) + " was made: " + reader
        keep(patch, unit, "class-layout", message)
    elif value is not MISSING and not is_class(value) and class_of_text(value):
        keep(patch, unit, "class-layout", "its class was made into an object of type " + short_name(type(value)))
    else:
        keep(patch, unit, "not-loaded", "the class it belongs to is not in the process")


def class_of_text(value: object) -> bool:
    """Whether a decorator may have made the value of a class: the language makes no such objects of them."""
    return not is_plain(value) and type(value) is not FunctionType and not is_below(type(value), ModuleType)
