"""One burst as one transaction: resolve everything, evaluate everything, swap in one step, verify."""

PHASES = (("import",), ("assign",), ("function", "define"), ("class",), ("constant", "annotation", "doc"), ("delete",))


def new_patch(request: dict) -> Patch:
    """A burst on its way.

    `applied` maps an operation to [functions, active frames]. `early`: names that were bound before the swap.
    `expected`: what code must look like after it. `fresh`: ids of code that has its new lines. `wanted`: units to check
    names of. `successors`: functions that take over, by the id of the one that passes its calls on.
    """
    patch = Patch(request=request, writes=no_writes(), spaces=[], applied={}, kept=[], notes=[], caches=[])
    patch.expected = []
    patch.swapped = []
    patch.early = []
    patch.wanted = []
    patch.fresh = set()
    patch.successors = {}
    return patch


def run_patch(patch: Patch) -> dict:
    started = swapped = clock()
    try:
        check_interpreter(patch)
        resolve(patch)
        check_names(patch)
        if not is_dry(patch):
            back = swap(patch.writes)
            swapped = clock()
            verify(patch, back)
    except BaseException as error:
        take_back_names(patch)
        return {"rejected": refusal(error), "pause": clock() - started}
    ended = clock()
    if has_audit_hook():
        note(patch, None, "not-atomic", "an audit hook of the program runs between the changes", 1)
    others = other_interpreters()
    if others:
        note(patch, None, "other-interpreters", "this many more interpreters of the process have the old code", others)
    if not is_dry(patch):
        clear_caches(patch)
        call_hooks(patch)
    return {
        "rejected": None,
        "applied": [[key, *counts] for key, counts in patch.applied.items()],
        "kept": patch.kept,
        "notes": patch.notes,
        "pause": ended - started,
        "clock": [started, swapped, ended],
        "searched": any([space.memory is not None for space in patch.spaces]),
    }


def check_interpreter(patch: Patch) -> None:
    """Code of an interpreter with other instructions would end the process."""
    if patch.request["opcodes"] != [LOAD_CONST, LOAD_SMALL_INT]:
        raise rejection("verify-failed", "", 0, "the process has other instructions than its compiler twin")


def resolve(patch: Patch) -> None:
    """Imports first, those that need another file of the burst after that file; then names; then the rest."""
    waiting = []
    for file in patch.request["files"]:
        for name in file["modules"]:
            space = open_space(name, file["paths"])
            space.returning = file["returning"]
            space.annotated = file["annotated"]
            if space.names and not any([space.names is known.names for known in patch.spaces]):
                patch.spaces.append(space)
                waiting.append((space, file["units"]))
    patient = True
    while waiting:
        left = []
        for space, units in waiting:
            space.patient = patient and len(waiting) > 1
            resolve_module(patch, space, units)
            if space.postponed:
                left.append((space, units))
        patient = len(left) < len(waiting)
        waiting = left


def resolve_module(patch: Patch, space: Space, units: list) -> None:
    """Ends early with `space.postponed` if an import needs another file of the burst first."""
    space.postponed = False
    space.leaving = {(*unit["owner"], unit["bind"]) for unit in units if unit["kind"] == "delete"}
    for unit in units + [unit["revived"] for unit in units if unit.get("revived")]:
        remember(patch, unit.get("code"))
        remember(patch, unit["make"])
    for kinds in PHASES:
        for unit in units:
            if unit["kind"] in kinds and not space.postponed:
                OPERATIONS[unit["kind"]](patch, space, unit)
    for scope in space.annotated if not space.postponed else ():
        change_annotations(patch, space, scope)


def remember(patch: Patch, code: object) -> None:
    """Notes code of the new source: its lines are right already."""
    if code is not None:
        patch.fresh.add(id(code))
        for inner in nested(code):
            remember(patch, inner)


def is_dry(patch: Patch) -> bool:
    """Only what would be done is asked: nothing of the program is run, nothing is changed."""
    return bool(patch.request.get("dry_run"))


def check_names(patch: Patch) -> None:
    """Global names that new code looks up must exist, or will exist after the swap."""
    known = module_dict(sys.modules.get("builtins"))
    for space, unit in patch.wanted:
        missing = [n for n in unit["names"] if n not in space.names and n not in space.staged and n not in known]
        missing = [name for name in missing if not name.startswith("__") and "*" not in space.staged]
        if missing and patch.request.get("strict"):
            raise rejection("name-missing", unit["path"], unit["at"], "no global name " + ", ".join(missing))
        if missing:
            note(patch, unit, "name-missing", "no global name " + ", ".join(missing), len(missing))


def bind(patch: Patch, space: Space, owner: object, name: str, value: object) -> None:
    """Binds at the swap. A name that a module does not have yet is there at once: new code may need it earlier."""
    write_name(patch.writes, owner, name, value)
    if owner is space.names:
        space.staged[name] = value
        if name not in space.names and not is_dry(patch):
            space.names[name] = value
            patch.early.append((space.names, name, value))


def take_back_names(patch: Patch) -> None:
    for names, name, value in reversed(patch.early):
        if names.get(name) is value:
            del names[name]


def keep(patch: Patch, unit: dict, reason: str, message: str) -> None:
    if [unit["id"], reason, message] not in patch.kept:
        patch.kept.append([unit["id"], reason, message])


def note(patch: Patch, unit: object, reason: str, message: str, count: int) -> None:
    patch.notes.append([unit["id"] if unit else -1, reason, message, count])


def count(patch: Patch, unit: dict, functions: int, active: int) -> None:
    counts = patch.applied.setdefault(unit["id"], [0, 0])
    counts[0] += functions
    counts[1] += active


def set_code(patch: Patch, function: FunctionType, code: CodeType) -> None:
    write_function(patch.writes, function, "__code__", code)
    patch.swapped.append(function)


def expect(patch: Patch, code: CodeType, expected: bytes) -> None:
    patch.expected.append((code, expected))


def verify(patch: Patch, back: Writes) -> None:
    """Compares what the process now runs with what the twin compiled; puts everything back if they differ."""
    sound = are_done(patch.writes)
    for code, expected in patch.expected:
        sound = sound and fingerprint(code, True) == expected
    if not sound:
        put_back(back)
        raise rejection("verify-failed", "", 0, "the process does not run the code that was sent to it")


def clear_caches(patch: Patch) -> None:
    if patch.request.get("keep_caches"):
        return
    for unit, cache in patch.caches:
        entries = cache.cache_info().currsize
        cache.cache_clear()
        if entries:
            note(patch, unit, "caches-cleared", "lru_cache entries dropped", entries)
