"""typeguard compiles a function once more, from its file, with calls that check types: to be done for new code too."""


def change_rewritten(patch: Patch, space: Space, unit: dict, located: Located, strange: list) -> None:
    """What does not run its source's code is not given it: the checks or the trace of a tool would be lost."""
    codes = typechecked_codes(patch, unit, strange) if len(strange) == len(located.functions) else [None]
    if None in codes:
        message = "its running code is not what its source compiles to: " + rewriter(strange)
        keep(patch, unit, "transformed-source", message)
        return
    active = sum([running(located, function.__code__) for function in strange]) + located.suspended
    pairs = [pair for f, code in zip(strange, codes) for pair in nested_pairs(f.__code__, code)]
    for function, code in zip(strange, codes):
        set_code(patch, function, code)
        set_attributes(patch, unit, function, None)
    for function, code in live_closures(space, pairs):
        change_closure(patch, space, unit, function, code)
    patch.wanted.append((space, unit))
    count(patch, unit, len(strange), active)
    patch.caches.extend([(unit, cache) for cache in located.caches])
    if active:
        note(patch, unit, "active-frames", "finish on the old code", active)


def rewriter(functions: list) -> str:
    """Who has changed the code, as far as it shows."""
    names = {name for function in functions for name in (*function.__code__.co_names, *function.__code__.co_varnames)}
    for start, tool in (("@py_", "pytest's assertions"), ("__beartype", "beartype"), ("TypeCheckMemo", "typeguard")):
        if any([name.startswith(start) for name in names]):
            return tool
    return "a decorator, an import hook or a tool has changed it"


def typechecked_codes(patch: Patch, unit: dict, functions: list) -> list:
    """New code for each with the checks of `@typechecked`; None in it where the old is not by typeguard."""
    is_other = any(["TypeCheckMemo" not in function.__code__.co_names for function in functions])
    if is_other or unit["make"] is not None or unit["incompatible"]:
        return [None]
    return [f.__code__ if is_dry(patch) else typechecked_code(unit, f) for f in functions]


def typechecked_code(unit: dict, function: FunctionType) -> object:
    """What typeguard itself makes of the new code; None if it cannot."""
    check = module_dict(sys.modules.get("typeguard")).get("typechecked")
    cells = cells_for(unit["code"].co_freevars, None, function)
    if check is None or cells is None:
        return None
    made = FunctionType(unit["code"], function.__globals__, function.__name__, function.__defaults__, cells or None)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__ = function.__qualname__
    made.__module__ = function.__module__
    copy_annotations(function, made)
    try:
        code = check(made).__code__
    except BaseException:
        return None
    fits = code.co_freevars == function.__code__.co_freevars and code.co_name == function.__code__.co_name
    return code if fits and "TypeCheckMemo" in code.co_names else None
