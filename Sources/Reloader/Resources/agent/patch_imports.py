"""New import statements, run before the swap."""

CLASS_BODY_NAMES = ("__module__", "__qualname__", "__firstlineno__", "__static_attributes__", "__classdictcell__")


def run_import(patch: Patch, space: Space, unit: dict) -> None:
    owner = owner_of(space, unit["owner"])
    if unit["make"] is None or owner is None:
        keep(patch, unit, "module-statement", "the import stands where it cannot be run alone")
        return
    if is_dry(patch):
        space.staged.update([(name, None) for name in unit["binds"]])
        count(patch, unit, 1, 0)
        return
    names, error = in_time(patch, lambda: run(unit["make"], space, owner, unit, "import-failed"))
    if error is not None:
        told = refusal(error)[3]
        if space.patient and told.startswith(("ImportError", "ModuleNotFoundError", "AttributeError")):
            space.postponed = True
            return
        raise error
    if names is None:
        message = "the import has not ended in time; it goes on by itself"
        raise rejection("import-failed", unit["path"], unit["at"], message)
    before = dict(class_dict(owner)) if is_class(owner) else {}
    for name, value in names.items():
        if name not in CLASS_BODY_NAMES and before.get(name, MISSING) is not value:
            bind(patch, space, owner, name, value)
    count(patch, unit, 1, 0)


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
