"""All changes of a burst in one C-level call, during which no byte code of any thread runs."""


def has_audit_hook() -> bool:
    """What PySys_Audit said when the agent came: nothing that Python code can call tells it from 3.14 on."""
    return globals().get("H", -1) != 0


def no_writes() -> Writes:
    """What a swap will do: exact functions, `type.__setattr__`, dicts with str keys. No code of the program runs.

    Keys are the owner's id and the name: of two writes to one place the later one counts. `annotates`: `__annotate__`
    of classes. `docs`: `__doc__` of properties. `held`: what the writes would free, which must not go before they are
    over.
    """
    made = Writes(functions={}, classes={}, items={}, class_deletions={}, item_deletions={})
    made.annotates = {}
    made.docs = {}
    made.held = []
    return made


def write_function(writes: Writes, function: FunctionType, name: str, value: object) -> None:
    writes.functions[id(function), name] = (function, name, value)


def write_name(writes: Writes, owner: object, name: str, value: object) -> None:
    """`owner` is a class or a module's dict."""
    (writes.class_deletions if is_class(owner) else writes.item_deletions).pop((id(owner), name), None)
    (writes.classes if is_class(owner) else writes.items)[id(owner), name] = (owner, name, value)


def write_bases(writes: Writes, cls: type, bases: tuple) -> None:
    writes.classes[id(cls), "__bases__"] = (cls, "__bases__", bases)


def write_annotate(writes: Writes, cls: type, compute: FunctionType) -> None:
    """`__annotations__` in the class's dict would hide what `__annotate__` computes."""
    if "__annotations__" in class_dict(cls):
        writes.class_deletions[id(cls), "__annotations__"] = (cls, "__annotations__")
    writes.annotates[id(cls), "__annotate__"] = (cls, "__annotate__", compute)


def annotate_of(cls: type) -> object:
    """The function that computes a class's annotations, without calling it; None if there is none."""
    return type.__dict__["__annotate__"].__get__(cls)


def write_deletion(writes: Writes, owner: object, name: str) -> None:
    """Nothing, if something else takes the name."""
    if (id(owner), name) not in (writes.classes if is_class(owner) else writes.items):
        (writes.class_deletions if is_class(owner) else writes.item_deletions)[id(owner), name] = (owner, name)


def opposite(writes: Writes) -> Writes:
    """What puts everything back."""
    back = no_writes()
    for function, name, _ in writes.functions.values():
        if name in ("__annotate__", "__annotations__"):
            name = annotations_name(function)
            back.held.extend([value for value in gc.get_referents(function) if type(value) is dict])
        write_function(back, function, name, getattr(function, name))
    for cls, _, _ in writes.annotates.values():
        restore_annotations(back, cls)
    back.docs = {key: (value, name, value.__doc__) for key, (value, name, _) in writes.docs.items()}
    deletions = [*writes.class_deletions.values(), *writes.item_deletions.values()]
    for owner, name, *_ in [*writes.classes.values(), *writes.items.values(), *deletions]:
        if name == "__bases__" and is_class(owner):
            write_bases(back, owner, type.__dict__["__bases__"].__get__(owner))
            continue
        if name == "__annotations__" and is_class(owner) and ANNOTATES_LATE:
            restore_annotations(back, owner)
            continue
        old = (class_dict(owner) if is_class(owner) else owner).get(name, MISSING)
        if old is MISSING:
            write_deletion(back, owner, name)
        else:
            write_name(back, owner, name, old)
    return back


def restore_annotations(back: Writes, cls: type) -> None:
    """From 3.14 on. To write one of the two attributes drops the other."""
    names = class_dict(cls)
    there = names.get("__annotations__", names.get("__annotations_cache__", {}))
    back.held.append(there)
    if "__annotations__" not in names and annotate_of(cls) is not None:
        back.annotates[id(cls), "__annotate__"] = (cls, "__annotate__", annotate_of(cls))
    else:
        write_name(back, cls, "__annotations__", there)


def perform(writes: Writes) -> None:
    collecting = gc.isenabled()
    gc.disable()  # a collection inside would run destructors
    try:
        list(
            map(
                list,
                (
                    map(setattr, *columns(writes.functions, 3)),
                    map(type.__setattr__, *columns(writes.classes, 3)),
                    map(dict.__setitem__, *columns(writes.items, 3)),
                    map(type.__delattr__, *columns(writes.class_deletions, 2)),
                    map(type.__setattr__, *columns(writes.annotates, 3)),
                    map(setattr, *columns(writes.docs, 3)),
                    map(dict.__delitem__, *columns(writes.item_deletions, 2)),
                ),
            )
        )
    finally:
        if collecting:
            gc.enable()


def columns(rows: dict, width: int) -> list:
    return [[row[index] for row in rows.values()] for index in range(width)]


def rehearse(writes: Writes) -> None:
    """Gives every function its own code once more: an audit hook that forbids it shows before anything changed."""
    targets = [function for function, name, _ in writes.functions.values() if name == "__code__"]
    list(map(setattr, targets, ["__code__"] * len(targets), [function.__code__ for function in targets]))


def undone(writes: Writes) -> str:
    """Names a change that is not there; "" if every one is."""
    for function, name, value in writes.functions.values():
        if getattr(function, name) is not value:
            return function.__qualname__ + "." + name
    for owner, name, value in [*writes.classes.values(), *writes.items.values()]:
        names = class_dict(owner) if is_class(owner) else owner
        if name == "__bases__" and is_class(owner):
            continue
        live = names.get(name, MISSING)
        if live is MISSING and name == "__annotations__" and is_class(owner) and ANNOTATES_LATE:
            live = names.get("__annotations_cache__")
        if live is not value:
            return name_of_class(owner) + "." + name if is_class(owner) else name
    for cls, _, compute in writes.annotates.values():
        if annotate_of(cls) is not compute:
            return name_of_class(cls) + ".__annotate__"
    return ""


def put_back(back: Writes) -> None:
    """After half a swap there may be nothing to delete."""
    back.class_deletions = {key: (c, n) for key, (c, n) in back.class_deletions.items() if n in class_dict(c)}
    back.item_deletions = {key: (d, n) for key, (d, n) in back.item_deletions.items() if n in d}
    perform(back)


def set_code(patch: Patch, function: FunctionType, code: CodeType) -> None:
    write_function(patch.writes, function, "__code__", code)
    patch.swapped.append(function)


def expect(patch: Patch, code: CodeType, expected: bytes) -> None:
    patch.expected.append((code, expected))


def check_waiting(patch: Patch) -> None:
    """A tool that has given up looks what the process runs: nothing changes that any more, however late it is."""
    if patch.pipes is not None and is_over(patch.pipes):
        raise rejection("verify-failed", "", 0, "nobody waits for the answer any more")


def swap(writes: Writes) -> Writes:
    """Performs `writes` whole or not at all; returns what puts everything back."""
    back = opposite(writes)
    if has_audit_hook():
        rehearse(writes)
    try:
        perform(writes)
    except BaseException:
        put_back(back)
        raise
    return back


def fits(writes: Writes) -> bool:
    """Whether each class takes its new attributes: set and put back in one C call."""
    for owner, name, value in writes.classes.values():
        old = class_dict(owner).get(name, MISSING)
        if name != "__bases__" and old is not MISSING:
            try:
                list(map(type.__setattr__, (owner, owner), (name, name), (value, old)))
            except BaseException:
                return False
    return True
