"""Values that the program has built, at import, from what a save changes: their own text is the same, so nothing makes
them anew, and a fresh process has other ones."""


def tell_derived(patch: Patch) -> None:
    """Names each of them with its statement. The swap is done: a fault of ours must not hide that."""
    try:
        READS.known, READS.following = {}, {}
        tell_subclasses(patch)
        tell_made_for_each(patch)
        if not is_dry(patch) and (patch.request.get("around") or any([may_fill(step.unit) for step in patch.steps])):
            tell_all(patch)
    except BaseException as error:
        note(patch, None, "derived-value", "what was built from the change could not be told: " + describe(error), 1)
    finally:
        READS.known = READS.following = None
    tell_codes(patch)


def tell_all(patch: Patch) -> None:
    open_strays_around(patch)
    stale = stuck_names(patch)
    stuck = dict(stale)
    functions = changed_inputs(patch, stale)
    renewed = [key for key in stale if key not in stuck]
    tell_decorated(patch)
    tell_values(patch, stale, functions)
    tell_evaluated(patch, {key: at for key, at in stale.items() if key not in renewed}, functions)
    tell_kept_defaults(patch, stale)
    tell_listed(patch)
    if tell_used(patch, functions, stale):
        tell_values(patch, stale, functions, only_imports=True)
    tell_made_classes(patch, stale, functions)


def tell_values(patch: Patch, stale: dict, functions: dict, only_imports: bool = False) -> None:
    """Names of values that were built from what is stale or changed, and of those built from them in turn."""
    told = set()
    for _ in range(DEPTH):
        known = len(stale)
        for space, statement in patch.around:
            key = (id(space.names), statement["at"], *statement["owner"])
            # Of several names that an import takes, one may be known to be stale later.
            is_import = statement["from_module"] is not None
            is_due = statement["role"] == "value" and (is_import or key not in told and not only_imports)
            if is_due and tell_one(patch, space, statement, stale, functions):
                told.add(key)
            elif statement["role"] != "value" and statement["also"]:
                add_also(space, statement, stale, functions)
        if len(stale) == known:
            break


def led_to(space: Space, owner: object, path: str) -> object:
    """What a dotted name leads to, by what modules, classes and objects store; a property if it goes through one."""
    names = path.split(".")
    found = class_dict(owner).get(names[0], MISSING) if is_class(owner) else MISSING
    found = space.names.get(names[0], MISSING) if found is MISSING else found
    for name in names[1:]:
        if type(found) is property:
            return found if holder_of(property, name) is None else MISSING  # `size.setter` reads nothing
        stored = attributes_of(found) if not is_class(found) else None
        holder = holder_of(found if is_class(found) else type(found), name)
        if type(stored) is dict and name in stored:
            found = stored[name]
        else:
            found = MISSING if holder is None else class_dict(holder)[name]
    return found


def tell_one(patch: Patch, space: Space, unit: dict, stale: dict, functions: dict) -> bool:
    owner = owner_of(space, unit["owner"])
    if owner is None:
        return False
    if unit["from_module"] is not None:
        return tell_import(patch, space, unit, owner, stale)
    cause = changed_input(space, unit, owner, stale, functions) or changed_global(space, unit, stale)
    cause = cause or read_at_call(space, unit, owner, stale) or changed_member(space, unit, owner, stale)
    if not cause or follows_itself(patch, space, unit, functions):
        return False
    message = "built at import from " + cause + ", which is another one now; it is not built again"
    name_place(patch, space, unit, unit["binds"], message)
    stale.update(bound_by(owner, unit, [*unit["binds"], *unit["also"]]))
    return True


def changed_global(space: Space, unit: dict, stale: dict) -> str:
    """A changed name that the statement took of the whole namespace, as `globals()` gives it; "" if there is none."""
    value = bound_to(space, unit["owner"], unit["binds"][0])
    for (owner, name), at in stale.items():
        if owner != id(space.names) or at >= unit["at"] or name in unit["binds"]:
            continue
        # Of a dict it shows which names were taken.
        if name in unit["keys"] or unit["whole"] and (type(value) is not dict or name in value):
            return name
    return ""


def follows_itself(patch: Patch, space: Space, unit: dict, functions: dict) -> bool:
    """Whether the value is what a changed function makes with `def`, `class` or `yield` inside: that has its new code,
    or was told of with the calls that go on; and all else of the function is as it was."""
    values = [bound_to(space, unit["owner"], name) for name in unit["binds"]]
    if any([short_name(type(value)) in GENERATORS for value in values]):
        return True
    codes = {}
    for function, is_same, _ in functions.values():
        if is_same:
            codes.update([(id(code), code) for code in all_nested(function.__code__)])
    live = [value for value in values if value is not MISSING]
    if not codes or not live:  # a metaclass has taken it away, perhaps
        return False
    return all([id(value) in patch.successors or made_behind(value, codes) for value in live])


def tell_import(patch: Patch, space: Space, unit: dict, owner: object, stale: dict) -> bool:
    """A name that was taken from a module, where it is stale, or is another one than the process has here."""
    source = names_of_module(absolute(space, unit["from_module"]))
    names = class_dict(owner) if is_class(owner) else owner
    left = []
    for name, here in taken_pairs(source, unit, names, stale):
        is_stale = (id(source), name) in stale and (id(owner), here) not in patch.renewed
        if is_stale and (here in names or here == "*") and (id(owner), here) not in stale:
            stale[id(owner), here] = unit["at"]
            left.append(here)
    if left:
        name_place(patch, space, unit, left, "imported from where it changed, or should have; it stays as it is here")
    return bool(left)


def taken_pairs(source: dict | None, unit: dict, names: dict, stale: dict) -> list:
    """Names of the module with those they have here. A star has taken what is the same object in both."""
    pairs = [(name, mangled(here, unit["owner"])) for name, here in unit["taken"] if name != "*"]
    if source is None or len(pairs) == len(unit["taken"]):
        return pairs
    listed = source.get("__all__")
    listed = listed if type(listed) in (list, tuple) else None
    for name in [name for owner, name in stale if owner == id(source)]:
        is_public = name[:1] != "_" if listed is None else any([type(one) is str and one == name for one in listed])
        if name == "*" and listed is None or is_public and name in names and names[name] is source.get(name, MISSING):
            pairs.append((name, name))
    return pairs


def name_place(patch: Patch, space: Space, unit: dict, names: list, message: str) -> None:
    """A remark on what is no change of the burst: it says itself where it is."""
    name = ".".join([space.name, *unit["owner"], ", ".join(names)])
    patch.notes.append([-1, "derived-value", message, 1, name, unit["path"], unit["at"]])
