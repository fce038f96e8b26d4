"""What making a class works out from its body: generated methods, comparisons, abstract methods, `__hash__`.

It is worked out again for the classes that a burst has changed, and for those derived from them, once it is known what
goes in. Written into the swap beside the steps.
"""


def is_made_again(patch: Patch) -> bool:
    """Works out what classes are made of; False if steps were given up for it."""
    lost = remake_classes(patch)
    for step, message in lost:
        failure = ["default-failed", step.unit["path"], step.unit["at"], message]
        if patch.request.get("atomic"):
            raise rejection(*failure)
        if step.failure is None:
            leave_out(step, failure)
    if lost:
        keep_dependents(patch)
    return not lost


def remake_classes(patch: Patch) -> list:
    """Steps that cannot go in, each with why: [(step, message)]; then nothing counts of what was written."""
    touched = touched_classes(patch)
    noted = [(step, *one) for step in patch.steps if step.failure is None for one in step.fields]
    roots = [cls for cls, names in touched if names & set(DECIDING)] + [cls for _, cls, *_ in noted]
    fields = {}
    for cls in [one for one in with_derived(roots) if "__dataclass_params__" in class_dict(one)]:
        if "__pydantic_validator__" in class_dict(cls):
            continue
        try:
            if is_wrapped_again(cls):
                raise TypeError("the program has put a wrapper around a method that the decorator wrote")
            remake_dataclass(patch, cls, [one[1:] for one in noted if one[1] is cls], fields)
        except BaseException as error:
            return [(step, name_of_class(cls) + ": " + describe(error)) for step in causes(patch, cls, noted)]
    for cls, names in touched:
        if "__dataclass_params__" not in class_dict(cls) and names & {"__eq__", "__hash__"}:
            settle_hash(patch, cls)
    settle_order(patch, [cls for cls, names in touched if names & set(ORDER)])
    settle_abstract(patch, [cls for cls, _ in touched])
    return []


def touched_classes(patch: Patch) -> list:
    """[(class, names that are going to be bound or deleted)]."""
    found = {}
    writes = [*patch.writes.classes.values(), *patch.writes.class_deletions.values()]
    for cls, name, *_ in writes:
        found.setdefault(id(cls), (cls, set()))[1].add(name)
    return list(found.values())


def with_derived(roots: list) -> list:
    """The classes and all that are derived from them, bases first."""
    found = {}
    pending = list(roots)
    while pending:
        cls = pending.pop()
        if id(cls) not in found:
            found[id(cls)] = cls
            pending.extend(type.__subclasses__(cls))
    return sorted(found.values(), key=lambda cls: len(bases_of(cls)))


def causes(patch: Patch, cls: type, noted: list) -> list:
    """The steps because of which a class is made again."""
    bases = {id(base) for base in bases_of(cls)}
    found = [step for step, owner, *_ in noted if id(owner) in bases]
    for step in patch.steps:
        written = [*step.writes.classes.values(), *step.writes.class_deletions.values()]
        if step.failure is None and any([id(owner) in bases and name in DECIDING for owner, name, *_ in written]):
            found.append(step)
    return found


def going_to_be(patch: Patch, cls: type, name: str) -> object:
    """What the class itself has under a name after the swap, or MISSING."""
    key = (id(cls), name)
    if key in patch.writes.classes:
        return patch.writes.classes[key][2]
    return MISSING if key in patch.writes.class_deletions else class_dict(cls).get(name, MISSING)


def settle_hash(patch: Patch, cls: type) -> None:
    """A class statement with `__eq__` and without `__hash__` makes a class whose instances have no hash."""
    has_eq = going_to_be(patch, cls, "__eq__") is not MISSING
    found = going_to_be(patch, cls, "__hash__")
    if has_eq and found is MISSING:
        write_name(patch.writes, cls, "__hash__", None)
    elif not has_eq and found is None and "__eq__" in class_dict(cls):
        write_deletion(patch.writes, cls, "__hash__")


def settle_order(patch: Patch, touched: list) -> None:
    """`functools.total_ordering` has derived comparisons from the best one that the class or a base of it has."""
    made = module_dict(sys.modules.get("functools")).get("_convert") if touched else None
    is_table = short_name(type(made)) in ("dict", "frozendict")  # the second from 3.15 on
    derived = {id(value) for rows in made.values() for _, value in rows} if is_table else set()
    for cls in with_derived(touched) if derived else ():
        if not any([id(class_dict(cls).get(name)) in derived for name in ORDER]):
            continue
        own = {name: going_to_be(patch, cls, name) for name in ORDER}
        rest = bases_of(cls)[1:-1]
        roots = [name for name in ORDER if own[name] is not MISSING and id(own[name]) not in derived]
        roots += [name for name in ORDER if any([going_to_be(patch, one, name) is not MISSING for one in rest])]
        best = [name for name in ORDER if name in roots]
        for name, value in made[best[0]] if best else ():
            if name not in roots and own[name] is not value:
                write_name(patch.writes, cls, name, value)


ORDER = ("__lt__", "__le__", "__gt__", "__ge__")  # which one total_ordering prefers


def settle_abstract(patch: Patch, touched: list) -> None:
    """Which methods stop a class of being instantiated is worked out when it is made, from it and its bases."""
    found = {}
    derived = with_derived([cls for cls in touched if "__abstractmethods__" in class_dict(cls)])
    for cls in sorted(derived, key=lambda cls: len(going_mro(patch, cls))):
        if "__abstractmethods__" not in class_dict(cls):
            continue
        own = [*class_dict(cls), *[name for owner, name, _ in patch.writes.classes.values() if owner is cls]]
        names = {name for name in own if is_abstract(patch, going_to_be(patch, cls, name))}
        for base in going_bases(patch, cls):
            inherited = found.get(id(base), class_dict(base).get("__abstractmethods__", ()))
            names |= {name for name in inherited if is_going_abstract(patch, cls, name)}
        found[id(cls)] = names
        if names != set(class_dict(cls)["__abstractmethods__"]):
            write_name(patch.writes, cls, "__abstractmethods__", frozenset(names))


def going_bases(patch: Patch, cls: type) -> tuple:
    """The bases of the class after the swap."""
    known = patch.writes.classes.get((id(cls), "__bases__"))
    return type.__dict__["__bases__"].__get__(cls) if known is None else known[2]


def going_mro(patch: Patch, cls: type) -> list:
    """Where attributes of the class are looked for after the swap, as CPython puts classes in order: each before its
    bases, these as they are listed."""
    if not any([name == "__bases__" for _, name, _ in patch.writes.classes.values()]):
        return list(bases_of(cls))
    bases = list(going_bases(patch, cls))
    rows = [*[going_mro(patch, base) for base in bases], bases]
    found = [cls]
    while any(rows):
        heads = [row[0] for row in rows if row]
        free = [one for one in heads if not any([one is other for row in rows for other in row[1:]])]
        if not free:  # no class has such bases: they do not go in
            return list(bases_of(cls))
        found.append(free[0])
        rows = [row[1:] if row and row[0] is free[0] else row for row in rows]
    return found


def is_going_abstract(patch: Patch, cls: type, name: str) -> bool:
    for base in going_mro(patch, cls):
        value = going_to_be(patch, base, name)
        if value is not MISSING:
            return is_abstract(patch, value)
    return False


def is_abstract(patch: Patch, value: object) -> bool:
    kind = type(value)
    if kind is FunctionType:
        names = own_attributes(value)
        gone = (id(names), "__isabstractmethod__") in patch.writes.item_deletions
        return bool(names.get("__isabstractmethod__", False)) and not gone
    if is_one_of(kind, (staticmethod, classmethod)):
        return is_abstract(patch, value.__func__)
    if kind is property:
        return any([is_abstract(patch, one) for one in (value.fget, value.fset, value.fdel) if one is not None])
    try:
        return not is_class(value) and bool(getattr(value, "__isabstractmethod__", False))
    except BaseException:
        return False
