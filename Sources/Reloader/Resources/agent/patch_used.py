"""What was done once, at import, with something that a save changes: headers of definitions, calls, conditions."""


def tell_used(patch: Patch, functions: dict, stale: dict) -> bool:
    """What was done once at import with what is another one now, or should be: headers of definitions, calls,
    conditions. What those bind is stale too: whether any is."""
    renewed = renewed_names(patch)
    before = len(stale)
    whole = {key: value for key, value in functions.items() if not value[1]}
    idle = without_running(whole)
    anew, annotated = evaluated_headers(patch, EVALUATED), evaluated_headers(patch, {"annotations"})
    told = {}
    for space, statement in patch.around:
        owner = owner_of(space, statement["owner"]) if statement["role"] != "value" else None
        place = (id(space.names), *statement["owner"], *statement["binds"])
        if owner is None or place in anew:
            continue
        is_header = statement["role"] == "header"
        cause = changed_input(space, statement, owner, renewed, whole if is_header else idle, 0)
        cause = cause or is_header and changed_decorator(space, statement, owner, functions) or ""
        cause = cause or is_header and read_at_call(space, statement, owner, stale) or ""
        is_old = False
        if stale and not cause:
            is_new = place not in annotated
            cause = read_in_header(space, statement, owner, stale, is_new) if is_header else ""
            cause = cause or not is_header and changed_input(space, statement, owner, stale, {}, 0) or ""
            is_old = bool(cause)
        read = "" if is_header or cause else read_at_call(space, statement, owner, stale)
        written = written_by(space, owner, statement) if not is_header and (cause or read) else []
        cause = cause or written and read or ""
        is_own = cause.split(".")[0] in statement["binds"]  # `@size.setter` of a property, or `area.unit = 1`
        if cause and not (is_own and (is_header or cause not in statement["called"])):
            if is_header and not is_old:
                tell_filled(patch, space, owner, statement, cause)
            key = (id(space.names), *statement["owner"], cause, is_header)
            names = told.setdefault(key, (space, statement, cause, is_header, is_old, []))[-1]
            names.extend([object_named(space, owner, name) for name in statement["binds"]])
            names.extend(statement.get("also", ()))
            names.extend([name for name in written if (id(space.names), name) not in renewed])
    for space, statement, cause, is_header, is_old, names in told.values():
        verb = "evaluated" if is_header else "run"
        state = "still the old one" if is_old else "another one now"
        message = verb + " at import with " + cause + ", which is " + state + "; it is not " + verb + " again"
        name_place(patch, space, statement, list(dict.fromkeys(names)), message)
        if not is_header and not statement["owner"]:
            for key, at in bound_by(space.names, statement, [name for name in names if name in space.names]):
                stale.setdefault(key, at)
    return len(stale) > before


def without_running(functions: dict) -> dict:
    """Those that no thread is in: what a program's last statement called goes on in its old code, and is told of."""
    running = {(frame.f_code.co_name, frame.f_code.co_filename) for frame in thread_frames()} if functions else ()
    codes = [(key, known[0] if is_class(known[0]) else known[0].__code__) for key, known in functions.items()]
    left = [key for key, code in codes if is_class(code) or (code.co_name, code.co_filename) not in running]
    return {key: functions[key] for key in left}


def changed_decorator(space: Space, statement: dict, owner: object, functions: dict) -> str:
    """What has made a decorator, or was one, and changed: that has run, and only what it left has the new code."""
    value = bound_to(space, statement["owner"], statement["binds"][0])
    for path in statement["called"]:
        for function in run_by_call(led_to(space, owner, path)):
            known, is_same, inside = functions.get(id(function), (None, True, []))
            if not is_same and (is_class(known) or not known.__code__.co_flags & 0x280):
                return path
            if path in statement["makers"] and any([not made_behind(value, {id(code): code}) for code in inside]):
                return path
    return ""


def evaluated_headers(patch: Patch, parts: set) -> set:
    """Definitions of which this burst has evaluated one of these parts: it has the new values."""
    found = set()
    for step in patch.steps:
        is_evaluated = step.unit["kind"] == "define" or set(step.unit.get("parts", ())) & parts
        if step.failure is None and not is_kept_out(step) and is_evaluated:
            found.add((id(step.space.names), *step.unit["owner"], step.unit["name"]))
    return found


EVALUATED = {"defaults", "decorators"}


def object_named(space: Space, owner: object, called: str) -> str:
    """What stands for a call: the object whose method it is, as `table` of `table.update(…)`."""
    path = called.rpartition(".")[0]
    value = led_to(space, owner, path) if path else MISSING
    return path if value is not MISSING and not is_below(type(value), ModuleType) and not is_class(value) else called


def written_by(space: Space, owner: object, statement: dict) -> list:
    """Names of the module that functions which the statement has called bind, or whose values they change, where their
    own code says so; none while one of them runs."""
    called = [one for path in statement["called"] for one in run_by_call(led_to(space, owner, path))]
    codes = [f.__code__ for f in called if type(f) is FunctionType and f.__globals__ is space.names]
    running = [frame.f_code for frame in thread_frames()] if codes else []
    if any([code is one for code in codes for one in running]) or any([code.co_flags & 0x2A0 for code in codes]):
        return []
    found = []
    for code in [inner for one in codes for inner in run_with(one)]:
        content = code.co_code
        bound = {content[index + 1] for index in range(0, len(content), 2) if content[index] == STORE_GLOBAL}
        found += [code.co_names[index] for index in bound if index < len(code.co_names)]
        if STORE_SUBSCR in content[::2] or MUTATORS & set(code.co_names):
            found += [name for name in globals_read(code) if is_table(space.names.get(name, MISSING))]
    return [name for name in dict.fromkeys(found) if name in space.names]


MUTATORS = {"setattr", "append", "extend", "insert", "add", "update", "setdefault", "pop", "remove", "discard", "clear"}


def is_table(value: object) -> bool:
    """Whether it is a container, or an object with attributes, that can be filled."""
    if is_one_of(type(value), (dict, list, set, bytearray)):
        return True
    if type(value) is FunctionType or is_class(value) or is_below(type(value), ModuleType):
        return False
    return type(attributes_of(value)) is dict
