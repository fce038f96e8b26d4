"""Copies of saved files that were made after the last look over the heap: found and patched when nobody waits."""

SAVES = []  # of this conversation: (request, ids of the changes that went in)
MANY_SAVES = 200


def remember_save(patch: Patch, content: bytes) -> None:
    """As bytes: code that is held by nothing but its functions is found without a search."""
    if patch.applied and not is_dry(patch):
        SAVES.append((content, set(patch.applied)))
        del SAVES[:-MANY_SAVES]


def follow_saves() -> list:
    """Raises InterruptedError, having done nothing, if something else is asked for before all objects were looked at.

    Returns [path, functions that were changed, what could not be] for each copy that was behind."""
    look_over_heap(True)
    IDLE.pipes = None
    found = []
    while SAVES:
        found.extend(follow_save(*SAVES.pop(0)))
    return found


def follow_save(content: bytes, applied: set) -> list:
    request = marshal.loads(content)[1]
    for file in request["files"]:
        file["units"] = [unit for unit in file["units"] if unit["id"] in applied]
    files = [file for file in request["files"] if file["units"]]
    if not any([has_places_beside(file) for file in files]):
        return []
    patch = new_patch({**request, "files": files, "atomic": False})
    patch.is_late = True
    reply = run_patch(patch)
    rejected = reply["rejected"]
    found = [] if rejected is None else [[file["paths"][0], 0, rejected[3]] for file in files]
    if rejected is None:
        for space in patch.spaces:
            steps = [step for step in patch.steps if step.space is space]
            changed = sum([counts[0] for step in steps for counts in step.applied.values()])
            kept = [kept[2] for step in steps for kept in step.kept]
            found.append([space.files[0]["paths"][0], changed, "; ".join(kept)])
        finish(patch)
    return found


def has_places_beside(file: dict) -> bool:
    known = {id(names): names for names in [names_of_module(name) for name in file["modules"]] if names}
    return any([places_beside(path, list(known.values())) for path in file["paths"]])


def is_behind(space: Space, file: dict) -> bool:
    """Whether a copy is what the file was before a save. One that was made after it, or has followed it, is not."""
    if space.generation:
        return is_former_behind(space, file)
    return space.is_stray and any([is_as_before(space, unit) for unit in file["units"]])


def is_as_before(space: Space, unit: dict) -> bool:
    bound = bound_to(space, unit["owner"], unit["bind"]) if unit["bind"] else MISSING
    if unit["kind"] == "function":
        live = [f for f in space.memory if f.__code__.co_name == unit["name"]]
        return any([fingerprint(f.__code__) == unit["old"] for f in live])
    if unit["kind"] == "constant":
        return bound is not MISSING and unit["value_changed"] and unit["literal"] and same_value(bound, unit["was"])
    return unit["kind"] == "define" and bound is MISSING and not space.is_partial
