"""jax: what was traced of a changed function is dropped; it is traced again at the next call."""


def is_jitted(value: object) -> bool:
    kind = type(value)
    return short_name(kind) == "PjitFunction" and module_of_class(kind).split(".")[0] in ("jax", "jaxlib")


def drop_traces(patch: Patch) -> None:
    """After the swap. jax keeps what it has traced by weak references to functions, and by their lines."""
    names = module_dict(sys.modules.get("jax"))
    clear = names.get("clear_caches")
    if clear is None:
        return
    try:
        hit = [step for step in patch.steps if step.failure is None and any(map(uses_jax, step.swapped))]
        if not hit:
            return
        is_cleared, error = in_time(patch, lambda: clear() or True)
        for step in hit:
            if is_cleared:
                note(patch, step.unit, "recompiles-at-next-call", "what jax has traced was dropped", 1)
            else:
                told = describe(error) if error is not None else "it takes too long"
                note(patch, step.unit, "wrapped-compiled", "what jax has traced may go on: " + told, 1)
    except BaseException as error:
        note(patch, None, "wrapped-compiled", "what jax has traced could not be looked at: " + describe(error), 1)


def uses_jax(function: FunctionType) -> bool:
    """A function of a module that uses jax may have been traced, with all that calls it."""
    names = [module_dict(value).get("__name__") for value in list(function.__globals__.values())]
    return any([type(name) is str and name.split(".")[0] in ("jax", "jaxlib", "flax", "equinox") for name in names])
