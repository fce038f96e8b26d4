"""New import statements, run before the swap."""

CLASS_BODY_NAMES = ("__module__", "__qualname__", "__firstlineno__", "__static_attributes__", "__classdictcell__")


def run_import(step: Patch, space: Space, unit: dict) -> None:
    owner = owner_to_run_in(step, space, unit, "the import stands where it cannot be run alone")
    if owner is None:
        return
    before = namespace(step, space, owner)
    known = set(sys.modules)
    names = run_in_time(step, space, owner, unit)
    step.arrived = [name for name in list(sys.modules) if name not in known]
    take_staged(step, space, unit, names)
    for name, value in names.items():
        stays = name in unit["later"] and bound_to(space, unit["owner"], name) is not MISSING
        if name not in CLASS_BODY_NAMES and not stays and before.get(name, MISSING) is not value:
            if owner is space.names and is_filled(space, name, value):
                message = name + " was made and filled here; what is imported under its name now lacks that"
                keep(step, unit, "live-value-kept", message)
            else:
                bind(step, space, owner, name, value)
    if len(step.kept) < len(unit["binds"]):
        count(step, unit, 1, 0)


def is_filled(space: Space, name: str, value: object) -> bool:
    """Whether the name has a container of the module's own with something in it, and an empty one is to take its place:
    it has moved to another file, and its content is state."""
    live = space.names.get(name)
    if not is_one_of(type(live), (dict, list, set)) or type(value) is not type(live) or value or not live:
        return False
    others = [module_dict(one) for one in list(sys.modules.values())]
    return not any([names.get(name) is live for names in others if names is not space.names])


def owner_to_run_in(step: Patch, space: Space, unit: dict, obstacle: str) -> object:
    """The module's dict or the class that the statement is run in; None if it is not run: it is kept, or only told."""
    owner = owner_of(space, unit["owner"])
    if unit["make"] is None or owner is None:
        keep(step, unit, "module-statement", obstacle)
        return None
    if not is_dry(step):
        return owner
    for name in unit["binds"]:
        stage(step, space, owner, name, None)
    count(step, unit, 1, 0)
    return None


def run_in_time(step: Patch, space: Space, owner: object, unit: dict) -> dict:
    """The namespace after the import."""
    names, error = in_time(step, lambda: run(unit["make"], step, space, owner, "import-failed"))
    if error is not None:
        raise error
    if names is None:
        message = "the import has not ended in time; it goes on by itself"
        raise rejection("import-failed", unit["path"], unit["at"], message)
    return names


def take_staged(step: Patch, space: Space, unit: dict, names: dict) -> None:
    """Values that another module of the burst is about to get, in place of those that it has."""
    if unit.get("from_module"):
        other = step.open.get(absolute(space, unit["from_module"]))
        for name, here in unit["taken"]:
            if other is not None and name in other.staged:
                names[here] = other.staged[name]


def run_block(step: Patch, space: Space, unit: dict) -> None:
    """A statement with blocks that only imports, defines and assigns, run once for the names that it makes; or a new
    one without blocks that binds several names, or is about what the burst has made."""
    inside = "it stands inside of another statement, which is not run again"
    owner = owner_to_run_in(step, space, unit, "new statement; it is not run" if unit["is_new"] else inside)
    if owner is None:
        return
    extended = unit["extends"].strip(",")
    for name in [name for name in extended.split(",") if name]:
        made = space.staged.get(name, MISSING)
        if made is MISSING or space.names.get(name, made) is not made:
            keep(step, unit, "module-statement", "new statement about what was there before; it is not run")
            return
    if extended and not unit["fills"]:
        unbind(step, space, extended)
        count(step, unit, 1, 0)
        return
    key = (id(space), *unit["owner"], unit["block"])
    if key not in step.blocks:
        before = namespace(step, space, owner)
        try:
            step.blocks[key] = before, run_in_time(step, space, owner, unit)
        except BaseException as error:
            if not unit["is_new"]:
                raise
            keep(step, unit, "module-statement", "new statement; it failed: " + refusal(error)[3])  # not tried again
            return
    before, names = step.blocks[key]
    for name in unit["binds"]:
        value = names.get(mangled(name, unit["owner"]), MISSING)
        if value is not MISSING and value is not before.get(mangled(name, unit["owner"]), MISSING):
            bind_of_block(step, space, owner, name, value)
    count(step, unit, 1, 0)


def bind_of_block(step: Patch, space: Space, owner: object, name: str, value: object) -> None:
    """New names, and imports; what the process has under other names of the block is state."""
    unit = step.unit
    live = bound_to(space, unit["owner"], name)
    if type(value) is FunctionType and is_class(owner) and "__class__" in value.__code__.co_freevars:
        value.__closure__[value.__code__.co_freevars.index("__class__")].cell_contents = owner
    if live is MISSING or name in unit["imported"]:
        bind(step, space, owner, mangled(name, unit["owner"]), value)
    elif type(value) is not type(live) or not is_defined(value) and not same_value(live, value):
        keep(step, unit, "live-value-kept", name + " is bound already")


def is_defined(value: object) -> bool:
    """What a definition makes, whose changes are steps of their own."""
    return type(value) is FunctionType or is_class(value)


def unbind(step: Patch, space: Space, name: str) -> None:
    """Takes back a name that earlier steps of the burst have given the module, which had none."""
    for one in [one for one in step.steps if one.space is space]:
        for key in [key for key in one.writes.items if key[1] == name]:
            del one.writes.items[key]
        for names, _, _ in [early for early in one.early if early[1] == name]:
            write_deletion(step.writes, names, name)
    step.bound.append((space.staged, name, space.staged.pop(name), MISSING, space.names))


def in_time(patch: Patch, call: object) -> tuple:
    """(result, exception) of a call on a thread of its own; (None, None) once the deadline is over.

    A module that never ends its import (a server that starts at import) must not hold the conversation for ever.
    """
    outcome = []
    ended = allocate_lock()
    ended.acquire()

    def work() -> None:
        threads = known_threads()
        had_threading = "threading" in sys.modules
        try:
            outcome.append((call(), None))
        except BaseException as error:
            outcome.append((None, error))
        try:
            if not had_threading:
                give_main_thread_back()
            forget_thread(threads)
        except BaseException:  # after the deadline the agent may have left, and its names with it
            pass
        ended.release()

    start_new_thread(work, ())
    ended.acquire(True, patch.request.get("import_seconds", 10))
    return outcome[0] if outcome else (None, None)


def give_main_thread_back() -> None:
    """Before 3.13 the thread that imports `threading` first is its main thread, whose end the interpreter waits for."""
    threading = module_dict(sys.modules.get("threading"))
    main = threading.get("_main_thread")
    if main is None or main._ident != get_ident() or not hasattr(main, "_tstate_lock"):
        return
    idents = list(sys._current_frames())
    lock = allocate_lock()
    lock.acquire()
    threading["_shutdown_locks"].discard(main._tstate_lock)
    main._tstate_lock = lock  # released by threading._shutdown
    threading["_active"].pop(main._ident, None)
    main._ident = idents[-1]  # the interpreter's oldest thread
    main._native_id = posix.getpid()
    threading["_active"][main._ident] = main
