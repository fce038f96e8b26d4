"""What this burst has evaluated with something that a fresh process has another way: a name that stays what it was,
code that was swapped only afterwards, a default that stays beside a new one."""


def tell_evaluated(patch: Patch, stuck: dict, functions: dict) -> None:
    """What was evaluated by this burst with a name that stays what it was, or by code that was still the former one: a
    header, or a new value."""
    for step in patch.steps if stuck or functions else ():
        owner = owner_of(step.space, step.unit["owner"]) if step.unit["id"] >= 0 else None
        if step.failure is not None or is_kept_out(step) or owner is None:
            continue
        cause = changed_input(step.space, step.unit, owner, stuck, {}) or taken_stale(step, stuck)
        if cause:
            note(patch, step.unit, "derived-value", "evaluated with " + cause + ", which is still the old one", 1)
            continue
        cause = run_before(patch, step, owner, functions)
        if cause:
            note(patch, step.unit, "derived-value", "evaluated with " + cause + " as it was before the save", 1)


def tell_kept_defaults(patch: Patch, stale: dict) -> None:
    """Defaults with the same text beside others that were evaluated: each was made of what is another value now."""
    for step in patch.steps if stale else ():
        unit = step.unit
        owner = owner_of(step.space, unit["owner"]) if unit.get("kept_reads") else None
        if step.failure is None and not is_kept_out(step) and owner is not None:
            reads = {"reads": unit["kept_reads"], "called": [], "bare": [], "at": unit["at"]}
            cause = changed_input(step.space, reads, owner, stale, {})
            if cause:
                message = "a default was evaluated at import with " + cause + ", which is another one now"
                note(patch, unit, "derived-value", message, 1)


def run_before(patch: Patch, step: Patch, owner: object, functions: dict) -> str:
    """The path of what the step has called whose code, or that of what this calls in turn, was swapped only afterwards;
    "" if there is none. What the step calls itself had its new code, by a stand-in."""
    unit = step.unit
    for path in unit["called"] if functions and unit["make"] is not None and unit["active"] else ():
        value = led_to(step.space, owner, path)
        called = [value]
        is_swapped = type(value) is FunctionType and id(value) in patch.were and id(value) not in patch.successors
        if is_swapped and has_stand_in(step, path):
            called = run_by_function(value, path in unit.get("makers", ()))
        if any([runs_changed(one, functions, DEPTH - 1, path in unit.get("makers", ())) for one in called]):
            return path
    return ""


def has_stand_in(step: Patch, path: str) -> bool:
    """Whether `overlay` has put the new code in front: of what a module has, not of methods."""
    root = path.split(".")[0]
    is_of_module = is_below(type(step.space.names.get(root, MISSING)), ModuleType) and root not in step.unit["bare"]
    return root == path or is_of_module


def taken_stale(step: Patch, stuck: dict) -> str:
    """A name that a new import takes from where it is still the old one."""
    place = step.unit.get("from_module")
    source = names_of_module(absolute(step.space, place)) if place else None
    taken = [name for name, _ in step.unit["taken"] if (id(source), name) in stuck] if place else []
    return ", ".join(taken)
