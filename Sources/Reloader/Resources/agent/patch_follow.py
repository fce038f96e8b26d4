"""Names that other modules have taken from what changes: `from … import`, with a star too, and taken on from there.

They get the new value if they still have the old one. The statements are those of the source; that two modules have one
object says nothing, for small values are shared.
"""


def open_around(patch: Patch) -> None:
    """The statements around the changes, each with its module's space; which names modules have taken from where."""
    for file in patch.request.get("around", ()):
        for name in file["modules"]:
            space = patch.open.get(name) or open_space(name, [file["path"]])
            for unit in file["units"]:
                patch.around.append((space, {**unit, "path": file["path"]}))
                if unit["from_module"] is not None and not unit["owner"]:
                    base = absolute(space, unit["from_module"])
                    space.taken.update([(here, (base, taken)) for taken, here in unit["taken"] if taken != "*"])


def open_strays_around(patch: Patch) -> None:
    """The same for namespaces of the burst that no name of sys.modules leads to."""
    for file in patch.request["around"]:
        steps = [step for step in patch.steps if step.space.is_stray and file["path"] in step.space.paths]
        for space in {id(step.space.names): step.space for step in steps}.values():
            patch.around.extend([(space, {**unit, "path": file["path"]}) for unit in file["units"]])


def taken_names(step: Patch, space: Space, unit: dict) -> dict:
    """What names of the unit will be that its module has taken from another one of the burst."""
    found = {}
    for root in {path.split(".")[0] for path in unit["reads"]} if space.taken else ():
        base, name = space.taken.get(root, (None, ""))
        other = step.open.get(base)
        if other is not None and name in other.staged and space.names.get(root, MISSING) is other.names.get(name):
            found[root] = other.staged[name]
    return found


def follow_names(patch: Patch) -> None:
    """Adds to the steps what other modules get with them. `patch.renewed`: (step, owner, name, old, new) by the owner's
    id and name, old or new being MISSING for a name that comes or goes."""
    for step in patch.steps:
        if step.failure is None:
            note_renewed(patch, step)
    if is_dry(patch) or not patch.renewed or not patch.around:
        return
    imports = [(space, unit) for space, unit in patch.around if unit["from_module"] is not None]
    for _ in range(DEPTH):
        known = len(patch.renewed)
        for space, unit in imports:
            source = names_of_module(absolute(space, unit["from_module"]))
            owner = owner_of(space, unit["owner"])
            if owner is not None and source:
                follow_import(patch, space, unit, source, owner)
        if len(patch.renewed) == known:
            break


def note_renewed(patch: Patch, step: Patch) -> None:
    for function, name, value in step.writes.functions.values():
        if name in ("__code__", "__defaults__"):
            same = name == "__code__" and own_words(function.__code__) == own_words(value)
            patch.were.setdefault(id(function), (function.__code__,))
            known = step.changed.get(id(function), (None, True, []))
            inner = changed_inside(function.__code__, value) if same else known[2]
            step.changed[id(function)] = function, same and known[1], inner
    early = {(id(names), name) for names, name, _ in step.early}
    for owner, name, value in [*step.writes.items.values(), *step.writes.classes.values()]:
        names = class_dict(owner) if is_class(owner) else owner
        old = MISSING if (id(owner), name) in early else names.get(name, MISSING)
        if old is not value:
            patch.renewed[id(owner), name] = (step, owner, name, old, value)
    for owner, name in [*step.writes.class_deletions.values(), *step.writes.item_deletions.values()]:
        names = class_dict(owner) if is_class(owner) else owner
        patch.renewed.setdefault((id(owner), name), (step, owner, name, names.get(name, MISSING), MISSING))
    for module in step.arrived:  # Python has made each a name of its package
        package, _, name = module.rpartition(".")
        names = module_dict(sys.modules.get(package))
        if name in names and names[name] is sys.modules.get(module):
            patch.renewed.setdefault((id(names), name), (step, names, name, MISSING, names[name]))


def own_words(code: CodeType) -> tuple:
    """What a function's code names and holds, without what is nested in it."""
    plain = [repr(value) for value in code.co_consts if is_one_of(type(value), PLAIN_TYPES)]
    # Some versions hold the qualified names of what is nested.
    return sorted(code.co_names), sorted([text for text in plain if "<locals>" not in text])


def changed_inside(old: CodeType, new: CodeType) -> list:
    """New code of functions that `new` makes itself, where that names or holds something else."""
    below = [id(code) for code in nested(new) if code.co_name[:1] != "<"]
    return [code for was, code in nested_pairs(old, new) if id(code) in below and own_words(was) != own_words(code)]


def follow_import(patch: Patch, space: Space, unit: dict, source: dict, owner: object) -> None:
    names = class_dict(owner) if is_class(owner) else owner
    pairs = [(name, mangled(here, unit["owner"])) for name, here in unit["taken"] if name != "*"]
    is_star = len(pairs) < len(unit["taken"])
    if is_star:
        pairs = [(name, name) for name in public_names(patch, source)]
    for name, here in pairs:
        change = patch.renewed.get((id(source), name))
        live = names.get(here, MISSING)
        if change is None and is_star and live is MISSING and (id(source), "__all__") in patch.renewed:
            step = patch.renewed[id(source), "__all__"][0]
            change = (step, source, name, MISSING, source.get(name, MISSING))
        if change is None or (id(owner), here) in patch.renewed:
            continue
        step, _, _, old, new = change
        # What was taken before the module was loaded again may only be equal.
        is_old = live is old or same_value(live, old)
        if not is_old or new is MISSING or live is MISSING and not is_star:
            continue
        for place in [owner, *mirrors_with(space, owner, here, live)]:
            write_name(step.writes, place, here, new)
            patch.renewed[id(place), here] = (step, place, here, old, new)
        discount(step, old)
        if live is MISSING:
            stage(step, space, owner, here, new)
    if is_star:
        drop_gone(patch, source, owner)


def public_names(patch: Patch, source: dict) -> list:
    """What a star takes of a module once the swap is done."""
    names = dict(source)
    names.update([(name, new) for _, o, name, _, new in patch.renewed.values() if o is source])
    listed = names.get("__all__")
    if is_one_of(type(listed), (list, tuple)):
        return [name for name in listed if type(name) is str and names.get(name, MISSING) is not MISSING]
    return [name for name, value in names.items() if value is not MISSING and not name.startswith("_")]


def drop_gone(patch: Patch, source: dict, owner: object) -> None:
    """A name that its module loses is gone where a star has taken it."""
    gone = [change for change in patch.renewed.values() if change[1] is source and change[4] is MISSING]
    for step, _, name, old, _ in gone:
        key = (id(owner), name)
        if key not in patch.renewed and old is not MISSING and owner.get(name, MISSING) is old:
            write_deletion(step.writes, owner, name)
            patch.renewed[key] = (step, owner, name, old, MISSING)


def discount(step: Patch, old: object) -> None:
    """A module that follows holds the former wrapper no longer."""
    for remark in list(step.notes):
        if remark[1] == "decorator-held" and remark[2] == FORMER_HELD and step.former is old:
            remark[3] -= 1
            if not remark[3]:
                step.notes.remove(remark)


FORMER_HELD = "other objects hold the former wrapper"


def follow_new_closures(patch: Patch) -> None:
    """Functions that evaluation has made by code that is about to change get the new code too, properties new docs."""
    follow_getters(patch)
    by_code = {}
    for function, name, code in patch.writes.functions.values():
        if name == "__code__" and CodeType in map(type, function.__code__.co_consts):
            by_code.update([(id(old), new) for old, new in nested_pairs(function.__code__, code)])
    known = {id(function) for function, name, _ in patch.writes.functions.values() if name == "__code__"}
    ran = [step for step in patch.steps if step.failure is None and step.unit["active"]] if by_code else []
    for function in [made for step in ran for *_, value, _ in step.bound for made in made_behind(value, by_code)]:
        code = by_code[id(function.__code__)]
        same = function.__code__.co_freevars == code.co_freevars
        if id(function) not in known and same and parameters(function.__code__) == parameters(code):
            known.add(id(function))
            set_code(patch, function, code)


def made_behind(value: object, codes: dict) -> list:
    """Functions behind a value whose code is among `codes`, by its id."""
    found = []
    seen = set()
    level = [value]
    for _ in range(DEPTH):
        following = []
        for item in level:
            if id(item) not in seen and len(seen) < NODES:
                seen.add(id(item))
                if type(item) is FunctionType and id(item.__code__) in codes:
                    found.append(item)
                following.extend(list(class_dict(item).values()) if is_class(item) else behind(item))
        level = following
    return found
