"""What stays out together with a change that cannot go in: what needs it, or what it needs."""


def give_up(step: Patch, failure: list) -> None:
    """The step does nothing, and nothing of it is seen any more."""
    unstage(step)
    step.failure = failure
    step.lost.append(step)
    step.old = live_codes(step)
    for function, *_ in step.writes.functions.values():
        step.pending.pop(id(function), None)
    step.writes = no_writes()
    step.applied = {}
    for name in STEP_LISTS:
        setattr(step, name, [])


def live_codes(step: Patch) -> list:
    """The code that goes on running because a function's step does not go in."""
    if step.unit["kind"] != "function":
        return []
    found = [function.__code__ for function, name, _ in step.writes.functions.values() if name == "__code__"]
    return found or [function.__code__ for function in live_functions(step.space, step.unit)]


def keep_dependents(patch: Patch) -> None:
    """Until nothing of what goes in needs what does not."""
    lost = list(patch.lost)
    while lost:
        known = len(patch.lost)
        for step in patch.steps:
            if step.failure is None and not step.space.is_copy and not is_kept_out(step):
                cause = cause_to_keep(patch, step, lost)
                if cause:
                    give_up(step, ["needs-kept", step.unit["path"], step.unit["at"], cause])
        lost = patch.lost[known:]


def is_kept_out(step: Patch) -> bool:
    """Whether the operation itself found a reason to keep all of the change."""
    return bool(step.kept) and not step.applied


def is_pending(step: Patch) -> bool:
    """Whether a change that was kept is remembered: until it goes in, neither does what needs it. A function that was
    kept whole is compared with what runs when it is edited next; not one of several of a name, which are remembered by
    it: the others would be done a second time."""
    if not is_kept_out(step) or step.is_needed:
        return is_kept_out(step)
    is_function = step.unit["kind"] == "function" and not step.unit["repeated"]
    return is_function and not step.space.is_copy and step.kept[0][1] != "not-loaded"


def cause_to_keep(patch: Patch, step: Patch, lost: list) -> str:
    """Why `step` must stay out together with one of `lost`; "" if it can go in."""
    for other in lost:
        cause = cause_in(patch, step, other)
        if cause:
            other.is_needed = True
            return cause
    return ""


def cause_in(patch: Patch, step: Patch, other: Patch) -> str:
    name = other.unit["bind"] or ", ".join(other.unit.get("binds", ())) or other.unit["qualname"]
    if other.unit["kind"] == "import" and other.unit["binds"] == ["*"] and other.space is step.space:
        return "its file needs names of an import that failed"
    if not is_near(patch, step.space, other.space):
        return ""
    if step.unit["kind"] == "delete":
        # Of a class that keeps its bases and decorators nothing else gives instances what is gone.
        is_own = other.unit["kind"] == "class" and step.unit["owner"] == [*other.unit["owner"], other.unit["bind"]]
        is_needed = is_own and step.space is other.space or step.unit["bind"] in names_of(other.old)
        return name + ", which was kept, needs it" if is_needed else ""
    if needs(step, other):
        return "it needs " + name + ", which was kept"
    if changes_call(step, other) or is_passed(step, other):
        return "it and " + name + ", which was kept, would not agree about parameters"
    return ""


def needs(step: Patch, other: Patch) -> bool:
    """Whether new code of `step` uses a name that only `other` would have made."""
    if step.unit.get("from_module") and absolute(step.space, step.unit["from_module"]) == other.space.name:
        taken = [name for name, _ in step.unit["taken"]]
        return any([name in taken for name in offers(other)])
    offered = [name for name in offers(other) if name in mentions(step)]
    return any([other.unit["owner"] or name not in front(step.space) for name in offered])


def offers(step: Patch) -> list:
    """Names that the process does not have because the step stays out."""
    unit = step.unit
    if unit["bind"] == "__slots__" and unit["owner"]:
        return lacking_slots(step)
    if unit["kind"] in ("import", "block"):
        return [name for name in unit["binds"] if name not in front(step.space)]
    found = lacking_places(step.space, unit)
    if unit["kind"] in ("define", "assign") and bound_to(step.space, unit["owner"], unit["bind"]) is MISSING:
        found.append(unit["bind"])
    return found


def mentions(step: Patch) -> set:
    """Names in the new code of a step, of a function only those that its old code has not."""
    if step.mentioned is None:
        unit = step.unit
        # Not the names of `make` itself: it ends with all imports of the module, which are never run.
        new = [unit["code"]] if unit.get("code") else nested(unit["make"]) if unit["make"] else []
        step.mentioned = names_of(new) - names_of(live_codes(step))
        step.mentioned.update([name for path in unit["reads"] for name in path.split(".")])
        step.mentioned.update([name for name, _ in unit.get("taken", ())])
    return step.mentioned


def names_of(codes: list) -> set:
    """Global names and attributes in code and in what is nested in it."""
    names = set()
    for code in codes:
        names.update(code.co_names)
        names |= names_of(nested(code))
    return names


def is_near(patch: Patch, space: Space, other: Space) -> bool:
    """Whether the two modules are one, or one of them holds the other or something that the other has made."""
    key = (id(space), id(other))
    if key not in patch.near:
        patch.near[key] = space is other or holds(space, other) or holds(other, space)
    return patch.near[key]


def holds(space: Space, other: Space) -> bool:
    for value in list(front(space).values()):
        if is_below(type(value), ModuleType):
            if module_dict(value) is other.names:
                return True
        elif getattr_module(value) == other.name:
            return True
    return False


def getattr_module(value: object) -> object:
    """`__module__` of a function or class."""
    if type(value) is FunctionType:
        return plain(value.__module__)
    return module_of_class(value) or None if is_class(value) else None


def check_names(patch: Patch) -> None:
    """Global names that new code looks up must exist, or will exist after the swap."""
    known = module_dict(sys.modules.get("builtins"))
    for step in patch.steps:
        for space, unit in step.wanted:
            missing = [n for n in unit["names"] if n not in space.names and n not in space.staged and n not in known]
            missing = [name for name in missing if not name.startswith("__") and "*" not in space.staged]
            if space.is_copy:
                missing = [name for name in missing if name in mentions(step)]
            message = "no global name " + ", ".join(missing)
            if missing and space.is_copy:
                stay_behind(step, ["name-missing", unit["path"], unit["at"], message])
                break
            if missing and patch.request.get("strict"):
                if patch.request.get("atomic"):
                    raise rejection("name-missing", unit["path"], unit["at"], message)
                give_up(step, ["name-missing", unit["path"], unit["at"], message])
                break
            if missing:
                note(step, unit, "name-missing", message, len(missing))
