"""Copies of a file beside the one that is its own: they follow, and never hold it up."""


def evaluate_copy(patch: Patch, space: Space) -> None:
    """What cannot go in there is named, the rest goes in. One that came by value has a few functions of the file only:
    there bodies and constants are changed, and what is new is defined if that can be evaluated."""
    steps = [step for step in patch.steps if not step.space.is_copy]
    out = [step.unit["id"] for step in steps if step.failure is not None or is_kept_out(step)]
    for unit in space.units:
        is_without = unit["kind"] == "constant" and unit["bind"] not in space.names and not space.generation
        if unit["id"] in out or is_without:
            continue
        if space.generation and not concerns_former(space, unit):
            continue
        operations = FORMER_OPERATIONS if space.generation else OPERATIONS
        evaluate_apart(patch, space, unit, operations[unit["kind"]])
    for scope in space.annotated if not space.generation else ():
        evaluate_apart(patch, space, {**SCOPE, **scope}, change_annotations)


def evaluate_apart(patch: Patch, space: Space, unit: dict, operation: object) -> None:
    step = new_step(patch, space, unit)
    if operation is change_annotations:
        step.applied = {key: counts for one in patch.steps for key, counts in one.applied.items()}
    try:
        operation(step, space, unit)
    except BaseException as error:
        stay_behind(step, refusal(error))
    if operation is change_annotations:
        step.applied = {}
    step.kept = [told_of_copy(space, kept) for kept in step.kept if kept[1] != "not-loaded"]
    patch.steps.append(step)
    note_pending(step)


def told_of_copy(space: Space, kept: list) -> list:
    key, reason, message = kept
    return kept if reason == "other-copy" else [key, reason, message + " (" + described(space) + ")"]


def stay_behind(step: Patch, failure: list) -> None:
    """The copy goes on as it was, as far as this change is concerned, and that is told."""
    unstage(step)
    step.writes = no_writes()
    step.applied = {}
    step.successors = {}
    for name in STEP_LISTS:
        setattr(step, name, [])
    if step.unit["id"] >= 0:
        step.kept.append([step.unit["id"], "other-copy", described(step.space) + ": " + failure[3]])


def leave_out(step: Patch, failure: list) -> None:
    """The step does nothing; if it was for the file itself, what depends on it is about to do nothing either."""
    (stay_behind if step.space.is_copy else give_up)(step, failure)


def is_ahead(patch: Patch, step: Patch) -> bool:
    """Whether a copy would have a change that its file does not have."""
    return step.space.is_copy and any([step.unit["id"] == failed[0] for failed in patch.failed])


def lists_of_search(space: Space) -> list:
    """What of ours holds functions, so that it counts as no holder."""
    index = space.search.index
    return [space.memory, space.__dict__, *([index.functions, index.suspended, index.__dict__] if index else [])]


def held_by_search(space: Space, value: object) -> int:
    """How often our own lists of functions hold a value."""
    lists = [one for one in lists_of_search(space) if type(one) is list]
    return sum([item is value for one in lists for item in one])
