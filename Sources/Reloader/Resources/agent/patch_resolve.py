"""Evaluates the changes of a burst, one by one, in the order in which Python would run them."""


def resolve(patch: Patch) -> None:
    """Evaluates every module's changes in source order; a module that another one reads comes before it."""
    for space in patch.spaces:
        prepare_space(patch, space)
    open_around(patch)
    waiting = [space for space in patch.spaces if not space.is_copy]
    while waiting:
        done = sum([space.position for space in waiting])
        for space in waiting:
            resolve_module(patch, space, True)
        if sum([space.position for space in waiting]) == done:
            ready = [space for space in waiting if not imports_missing(patch, space)]
            resolve_module(patch, (ready or waiting)[0], False)
        waiting = [space for space in waiting if not space.is_done]
    for space in patch.spaces:
        if space.is_copy:
            evaluate_copy(patch, space)


def imports_missing(patch: Patch, space: Space) -> bool:
    """Whether the next unit takes a name of another module of the burst that is still to come there."""
    unit = space.units[space.position] if space.position < len(space.units) else {}
    other = patch.open.get(absolute(space, unit["from_module"])) if unit.get("from_module") else None
    return other is not None and any([name not in front(other) for name, _ in unit["taken"] if name != "*"])


def find_places(patch: Patch) -> None:
    """All live copies of the files, before anything of them is changed."""
    files = patch.request["files"]
    search = new_search(files)
    know_heap()
    for file in files:
        for space in places_of(file, search):
            if patch.is_late and not is_behind(space, file):
                continue
            known = [one for one in patch.spaces if one.names is space.names and one.generation == space.generation]
            if known and known[0].name != space.name:
                continue  # one module by another name
            space = known[0] if known else space
            if not known:
                patch.spaces.append(space)
            if not space.is_stray:
                patch.open[space.name] = space
            space.files.append(file)
            space.annotated = space.annotated + file["annotated"]
            space.returning = [*space.returning, *file["returning"]]
            space.units = space.units + file["units"]


def prepare_space(patch: Patch, space: Space) -> None:
    space.units = sorted(space.units, key=lambda unit: (unit["kind"] == "delete", unit["at"]))
    space.leaving = {(*unit["owner"], unit["bind"]) for unit in space.units if unit["kind"] == "delete"}
    for unit in space.units + [unit["revived"] for unit in space.units if unit.get("revived")]:
        remember(patch, unit.get("code"))
        remember(patch, unit["make"])


def resolve_module(patch: Patch, space: Space, patient: bool) -> None:
    """Goes on until a unit reads a module that has steps to do. Without patience, the first unit does not wait."""
    while space.position < len(space.units):
        unit = space.units[space.position]
        if patient and waits(patch, space, unit):
            return
        patient = True
        space.position += 1
        evaluate(patch, space, unit)
    for scope in space.annotated:
        evaluate_annotations(patch, space, scope)
    space.is_done = True


def evaluate_annotations(patch: Patch, space: Space, scope: dict) -> None:
    """The annotations of a module or class, as a step of their own."""
    unit = {**SCOPE, **scope}
    step = new_step(patch, space, unit)
    step.applied = {key: counts for one in patch.steps for key, counts in one.applied.items()}
    try:
        change_annotations(step, space, unit)
        step.applied = {}
    except BaseException as error:
        if patch.request.get("atomic"):
            raise
        give_up(step, failure_of(error, unit))
    patch.steps.append(step)


SCOPE = {"id": -1, "kind": "annotations", "bind": "__annotations__", "qualname": "__annotations__", "binds": []}
SCOPE.update({"reads": [], "called": [], "bare": [], "active": True, "make": None, "at": 1, "path": ""})


def evaluate(patch: Patch, space: Space, unit: dict) -> None:
    """Makes the unit's step. One that cannot go in is kept, the others go on; with `atomic` nothing goes in."""
    step = new_step(patch, space, unit)
    patch.steps.append(step)
    cause = cause_to_keep(patch, step, patch.lost) if unit["make"] is not None else ""
    if cause:
        give_up(step, ["needs-kept", unit["path"], unit["at"], cause])
        return
    if unit.get("again") and not is_due(patch, step):
        give_up(step, [*unit["again"][:1], unit["path"], unit["at"], unit["again"][1]])
        return
    try:
        OPERATIONS[unit["kind"]](step, space, unit)
    except BaseException as error:
        if patch.request.get("atomic"):
            raise
        give_up(step, failure_of(error, unit))
        return
    if is_kept_out(step):
        step.old = live_codes(step)
        patch.lost.append(step)
    note_pending(step)


def failure_of(error: BaseException, unit: dict) -> list:
    """A fault of ours in one step is told as such, and harms no other step."""
    reason, path, line, message = refusal(error)
    return [reason, path or unit["path"], line or unit["at"], message]


def is_due(patch: Patch, step: Patch) -> bool:
    """Whether a change that failed earlier, with the same text, is tried again: what it needs may be there now."""
    reason, message = step.unit["again"]
    if reason == "import-failed" or reason == "needs-kept":
        return True
    if reason not in ("default-failed", "decorator-failed"):
        return False  # something of the process is in the way
    roots = {path.split(".")[0] for path in step.unit["reads"]}
    if "NameError" in message or "AttributeError" in message:
        return all([name in front(step.space) or name in module_dict(sys.modules.get("builtins")) for name in roots])
    changed = [front(space).get(name) for space in patch.spaces for name in space.staged]
    functions = [function for one in patch.steps for function, *_ in one.writes.functions.values()]
    values = [front(step.space).get(name) for name in roots]
    return any([value is other for value in values if value is not None for other in [*changed, *functions]])


def remember(patch: Patch, code: object) -> None:
    """Notes code of the new source: its lines are right already."""
    if code is not None:
        patch.fresh.add(id(code))
        for inner in nested(code):
            remember(patch, inner)
