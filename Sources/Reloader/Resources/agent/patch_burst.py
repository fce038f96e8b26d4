"""One burst: every change is evaluated as a step of its own; what can go in goes in by one swap, and is verified."""


def new_patch(request: dict) -> Patch:
    """A burst on its way.

    `steps`: its changes in the order of evaluation; `open`: spaces by the name of their module. `applied` maps an
    operation to [functions, active frames]. `early`: names that were bound before the swap. `expected`: what code must
    look like after it. `fresh`: ids of code that has its new lines. `wanted`: units to check names of. `pending`: what
    functions are about to get, by their ids and the names of attributes. `blocks`: what statements with blocks have
    made. `successors`: functions that take over, by the id of the one that passes its calls on. `failed`: units that
    cannot go in; `lost`: their steps and those that were kept; `near`: which modules know each other. `around`:
    statements of the modules around them, with their spaces; `renewed`: names that lead to something else after the
    swap; `were`: code that functions had, by their ids. `tables`: those told of. `is_late`: for copies that the save
    did not find. `pipes`: to who waits for the answer. `served`: celery's tasks before it.
    """
    patch = Patch(request=request, writes=no_writes(), spaces=[], applied={}, kept=[], notes=[], caches=[], pipes=None)
    patch.expected, patch.swapped, patch.early, patch.wanted = [], [], [], []
    patch.fresh = set()
    patch.successors = {}
    patch.steps = []
    patch.failed = []
    patch.open, patch.pending, patch.blocks, patch.near = {}, {}, {}, {}
    patch.lost, patch.around, patch.served = [], [], []
    patch.renewed, patch.were, patch.tables = {}, {}, set()
    patch.is_searched = patch.is_late = False
    return patch


def run_patch(patch: Patch) -> dict:
    find_places(patch)
    earlier = search_time(patch)
    started = swapped = clock()
    try:
        check_interpreter(patch)
        patch.served = served_tasks(patch)
        resolve(patch)
        started += search_time(patch) - earlier
        check_names(patch)
        keep_dependents(patch)
        follow_names(patch)
        if is_dry(patch):
            join(patch)
        else:
            back = swap_steps(patch)
            swapped = clock()
            verify(patch, back)
    except BaseException as error:
        for step in patch.steps:
            take_back_names(step)
        forget_steps(patch)
        return {"rejected": refusal(error), "pause": clock() - started}
    ended = clock()
    if not patch.is_late:
        tell_what_stays(patch)
    forget_steps(patch)
    if has_audit_hook():
        note(patch, None, "not-atomic", "an audit hook of the program runs between the changes", 1)
    others = other_interpreters()
    if others:
        note(patch, None, "other-interpreters", "this many more interpreters of the process have the old code", others)
    if not HEAP.is_whole and patch.steps:
        message = "copies of a file that neither modules, frames nor classes lead to nearby may have the old code"
        note(patch, None, "heap-too-large", message, 1)
    if not is_dry(patch):
        clear_caches(patch)
        drop_compiled(patch)
        drop_traces(patch)
        drop_graphs(patch)
        tell_results(patch)
        call_hooks(patch)
    return {
        "rejected": None,
        "applied": [[key, *counts] for key, counts in patch.applied.items()],
        "kept": patch.kept,
        "notes": patch.notes,
        "failed": patch.failed,
        "pause": ended - started,
        "clock": [started, swapped, ended],
        "searched": patch.is_searched,
        "heap": b"" if patch.is_late else heap_told(),
    }


def search_time(patch: Patch) -> int:
    """Nanoseconds in which the heap was searched and the program ran."""
    return sum({id(space.search): space.search.spent for space in patch.spaces}.values())


def forget_steps(patch: Patch) -> None:
    """Takes the cycles apart that would keep functions of the program until its next garbage collection."""
    patch.lost.clear()
    patch.renewed.clear()
    patch.served = []
    for step in patch.steps:
        step.steps = ()
    for space in patch.spaces:
        space.unpublished.clear()
        patch.is_searched = patch.is_searched or space.search.index is not None and space.search.index.is_whole
        space.search.index = None


def check_interpreter(patch: Patch) -> None:
    """Code of an interpreter with other instructions would end the process."""
    if patch.request["opcodes"] != [LOAD_CONST, LOAD_SMALL_INT]:
        raise rejection("verify-failed", "", 0, "the process has other instructions than its compiler twin")


def join(patch: Patch) -> None:
    """Puts the steps together that go in."""
    patch.writes = no_writes()
    patch.applied = {}
    patch.successors = {}
    for name in STEP_LISTS:
        setattr(patch, name, [])
    patch.failed = []
    for step in patch.steps:
        if is_ahead(patch, step):
            continue
        if step.failure is None:
            join_step(patch, step)
            patch.successors.update(step.successors)
            if is_pending(step):
                _, reason, message = step.kept[0]
                patch.failed.append([step.unit["id"], reason, step.unit["path"], step.unit["at"], message, True])
        else:
            is_known = step.unit.get("again") and step.unit["again"][1] == step.failure[3]
            patch.failed.append([step.unit["id"], *step.failure, bool(is_known)])
    follow_new_closures(patch)


def swap_steps(patch: Patch) -> Writes:
    """One swap of all steps; a class that refuses an attribute keeps its step out, with what depends on it."""
    while True:
        join(patch)
        if not is_made_again(patch):
            continue
        check_waiting(patch)
        try:
            return swap(patch.writes)
        except BaseException as error:
            culprits = [step for step in patch.steps if step.failure is None and not fits(step.writes)]
            if not culprits or patch.request.get("atomic"):
                raise
            for step in culprits:
                failure = ["class-layout", step.unit["path"], step.unit["at"], describe(error)]
                leave_out(step, failure)
            keep_dependents(patch)


def is_dry(patch: Patch) -> bool:
    """Only what would be done is asked: nothing of the program is run, nothing is changed."""
    return bool(patch.request.get("dry_run"))


def bind(step: Patch, space: Space, owner: object, name: str, value: object) -> None:
    """Binds at the swap; steps that come later see it already."""
    write_name(step.writes, owner, name, value)
    stage(step, space, owner, name, value)
    for names in mirrors_with(space, owner, name, space.names.get(name, MISSING)):
        write_name(step.writes, names, name, value)
    if owner is space.names and name not in space.names and not is_dry(step):
        space.unpublished.append((name, value, step))


def keep(patch: Patch, unit: dict, reason: str, message: str) -> None:
    if [unit["id"], reason, message] not in patch.kept:
        patch.kept.append([unit["id"], reason, message])


def note(patch: Patch, unit: object, reason: str, message: str, count: int) -> None:
    patch.notes.append([unit["id"] if unit else -1, reason, message, count])


def count(patch: Patch, unit: dict, functions: int, active: int) -> None:
    counts = patch.applied.setdefault(unit["id"], [0, 0])
    counts[0] += functions
    counts[1] += active


def verify(patch: Patch, back: Writes) -> None:
    """Compares what the process now runs with what the twin compiled; puts everything back if they differ."""
    wrong = [undone(patch.writes)]
    wrong += [code.co_name for code, expected in patch.expected if fingerprint(code, True) != expected]
    named = [name for name in wrong if name]
    if named:
        put_back(back)
        message = "the process does not run what was sent to it: " + ", ".join(named[:3])
        raise rejection("verify-failed", "", 0, message)
