"""What functions that ran at import have read: a constant that a decorator or a factory used is in what it made."""


def read_at_call(space: Space, unit: dict, owner: object, stale: dict) -> str:
    """The changed name that something which the statement calls reads, and what reads it; "" if there is none."""
    for path in unit["called"] if stale else ():
        changes = Record(stale=stale, names=space.names, at=unit["at"], seen=set())
        name = name_read(changes, led_to(space, owner, path), DEPTH, path in unit.get("makers", ()))
        if name:
            return name + " (in " + path + ")"
    return ""


def name_read(changes: Record, value: object, depth: int, is_maker: bool) -> str:
    """The changed name that calling the value reads; `is_maker`: what that gives is called too."""
    if id(value) in changes.seen or not depth:
        return ""
    changes.seen.add(id(value))
    if is_class(value):
        makers = [(holder_of(value, name), name) for name in (*MAKERS, *["__call__"] * is_maker)]
        made = [class_dict(cls)[name] for cls, name in makers if cls is not None and cls is not object]
        read = [name_in_method(changes, value, one) or name_read(changes, one, depth, False) for one in made]
        return ([name for name in read if name] or [""])[0]
    if is_one_of(type(value), (staticmethod, classmethod)):
        return name_read(changes, value.__func__, depth, is_maker)
    if type(value) is not FunctionType or value.__code__.co_flags & 0x280:
        return ""
    called = [cell.cell_contents for cell in value.__closure__ or () if is_full(cell)]
    for code in run_at_call(value.__code__, is_maker):
        for name, is_called in globals_read(code).items():
            inside = value.__globals__.get(name, MISSING)
            found = name if is_changed(changes, value.__globals__, name) else attribute_read(changes, inside, code)
            if found:
                return found if found == name else name + "." + found
            called += [inside] * is_called
    called = [one for one in called if type(one) is FunctionType or is_class(one)]
    read = [name_read(changes, one, depth - 1, False) for one in called]
    return ([name for name in read if name] or [""])[0]


def run_with(code: CodeType) -> list:
    """The code, and comprehensions in it, which run when it does."""
    found = [code]
    for inner in nested(code):
        if inner.co_name in COMPREHENSIONS:
            found += run_with(inner)
    return found


def all_nested(code: CodeType) -> list:
    found = []
    with_nested(code, found)
    return found[1:]


def is_changed(changes: Record, owner: object, name: str) -> bool:
    """Whether the name was bound to something else before the statement ran."""
    at = changes.stale.get((id(owner), name))
    return at is not None and (owner is not changes.names or at < changes.at)


def attribute_read(changes: Record, value: object, code: CodeType) -> str:
    """A changed attribute of a class or module that the code names."""
    owners = [value, *bases_of(value)] if is_class(value) else []
    owners += [module_dict(value)] if is_below(type(value), ModuleType) else []
    found = [name for one in owners for name in code.co_names if is_changed(changes, one, name)]
    return found[0] if found else ""


def name_in_method(changes: Record, cls: type, value: object) -> str:
    code = value.__code__ if type(value) is FunctionType else None
    found = attribute_read(changes, cls, code) if code is not None else ""
    return name_of_class(cls) + "." + found if found else ""


def globals_read(code: CodeType) -> dict:
    """Names of the module that code reads, each with whether it is called; up to CPython 3.10 each may be."""
    if READS.known is not None and id(code) in READS.known:
        return READS.known[id(code)][1]
    names = code.co_names
    found = dict.fromkeys(names, True) if len(names) << GLOBAL_SHIFT > 255 else globals_loaded(code)
    if READS.known is not None:
        READS.known[id(code)] = (code, found)
    return found


# `known`: what `globals_read` has found, by ids of the code, and `following`: what functions call, while nobody counts
# what holds code; else None.
READS = Record(known=None, following=None)


def globals_loaded(code: CodeType) -> dict:
    names = code.co_names
    found = {}
    content = code.co_code
    # What decorates a `def` in it is loaded without the mark of a call.
    is_marked = GLOBAL_SHIFT and not [one for one in nested(code) if one.co_name[:1] != "<"]
    for index in range(0, len(content), 2):
        if content[index] == LOAD_GLOBAL:
            name = names[content[index + 1] >> GLOBAL_SHIFT]
            found[name] = found.get(name, False) or not is_marked or content[index + 1] & 1 == 1
    return found


def bound_by(owner: object, unit: dict, names: list) -> list:
    return [((id(owner), mangled(name, unit["owner"])), unit["at"]) for name in names]


def changed_member(space: Space, unit: dict, owner: object, stale: dict) -> str:
    """A changed name of a module that the statement has found by its name, or of a module or class whose names
    it all went through; "" if there is none."""
    for module, name in unit["elsewhere"] if stale else ():
        if (id(names_of_module(module)), name) in stale:
            return module + "." + name
    value = bound_to(space, unit["owner"], unit["binds"][0])
    for path in unit["wholes"] if stale else ():
        whole = led_to(space, owner, path)
        names = whole if is_class(whole) else module_dict(whole)
        for (key, name), at in stale.items():
            is_earlier = key == id(names) and (names is not space.names or at < unit["at"])
            if is_earlier and (type(value) is not dict or name in value):
                return path + "." + name
    return ""


def add_also(space: Space, statement: dict, stale: dict, functions: dict) -> None:
    """What assignment expressions in a header or a condition have bound is as old as what they read."""
    owner = owner_of(space, statement["owner"])
    if owner is not None and changed_input(space, statement, owner, stale, functions):
        for key, at in bound_by(owner, statement, statement["also"]):
            stale.setdefault(key, at)


def run_by_call(value: object) -> list:
    if is_class(value):
        makers = [(holder_of(value, name), name) for name in MAKERS]
        return [class_dict(cls)[name] for cls, name in makers if cls is not None]
    return [value.__func__ if is_one_of(type(value), (staticmethod, classmethod)) else value]


def tell_listed(patch: Patch) -> None:
    """Containers of a module that were filled by going through all of its names: one that is new is not among them."""
    new = {}
    for _, owner, name, old, value in patch.renewed.values():
        if old is MISSING and value is not MISSING and type(owner) is dict and name[:2] != "__":
            new.setdefault(id(owner), {})[name] = value
    for space, statement in patch.around if new else ():
        made = new.get(id(space.names), {}) if not statement["owner"] else {}
        fills = statement["binds"] if statement.get("whole") else statement.get("fills", ())
        for name in fills if made else ():
            found = [one for one, value in made.items() if is_alike_listed(space.names, name, value, made)]
            if found:
                message = "filled at import with names of its module, without " + ", ".join(found[:3])
                name_place(patch, space, statement, [name], message)


def is_alike_listed(names: dict, table: str, value: object, new: dict) -> bool:
    """Whether the container has what is of the same kind, or the names of such."""
    held = names.get(table, MISSING)
    if not is_container(held) and type(held) is not tuple:
        return False
    inside = [*held, *(held.values() if type(held) is dict else ())][:NODES]
    alike = [(key, one) for key, one in list(names.items()) if type(one) is type(value) and key not in new]
    ids = {id(one) for key, one in alike for one in (key, one) if not is_plain(one)}
    keys = {key for key, _ in alike}
    return any([id(one) in ids or type(one) is str and one in keys for one in inside])
