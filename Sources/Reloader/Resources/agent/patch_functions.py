"""Definitions that stay: code, header, decorators."""


def change_function(patch: Patch, space: Space, unit: dict) -> None:
    """Body, defaults, annotations, doc and decorators of a definition that stays what it is."""
    located = locate(space, unit)
    if not located.functions or is_left_over(located, unit):
        explain_absence(patch, located, unit)
        return
    if located.doubtful:
        keep(patch, unit, "ambiguous-definition", "several live functions could be meant, with different code")
        return
    if keep_compiled(patch, unit, located) or keep_without_place(patch, space, unit):
        return
    if space.generation and keep_former(patch, space, unit, located):
        return
    strange = rewritten(unit, located.functions) if not space.generation else []
    if strange and not patch.request.get("force"):
        change_rewritten(patch, space, unit, located, strange)
        return
    outside = outside_holders(located, unit)
    captured = what_keeps(located, unit, outside)
    if captured and not patch.request.get("force"):
        keep(patch, unit, "signature-captured", captured)
        return
    names, donor = {}, None
    if is_dry(patch):
        unit = {**unit, "parts": []}
    elif unit["make"] is not None:
        names = run(unit["make"], patch, space, owner_of(space, unit["owner"]), "default-failed")
        donor = names[mangled(unit["bind"], unit["owner"])]
    groups = same_code(located.functions)
    pairs = [pair for group in groups for pair in nested_pairs(group[0].__code__, unit["code"])]
    active = sum([running(located, group[0].__code__) for group in groups]) + located.suspended
    tell_readers(patch, unit, located, outside)
    tell_read_by_decorators(patch, space, unit, located)
    changed = [f for f in located.functions if change_one(patch, space, unit, f, unit["code"], donor)]
    for function in changed:
        change_copies(patch, unit, located.value, function, donor)
    for function, code in live_closures(space, pairs):
        change_closure(patch, space, unit, function, code)
    keep_former_closures(patch, space, unit)
    if not changed:
        return
    expect(patch, unit["code"], unit["new"])
    patch.wanted.append((space, unit))
    count(patch, unit, len(changed), active)
    tell_lacking(patch, space, unit)
    patch.caches.extend([(unit, cache) for cache in located.caches])
    if "decorators" in unit["parts"] and space.generation:
        keep(patch, unit, "other-copy", "it is not decorated again " + described(space))
    elif "decorators" in unit["parts"] and unit["overwritten"]:
        keep(patch, unit, "ambiguous-definition", "a later statement wraps it; it is not decorated again")
    elif "decorators" in unit["parts"]:
        decorate(patch, space, unit, located, names, outside)
    elif unit["rebound"]:
        rebind(patch, space, unit, located, outside)
    if active:
        note(patch, unit, "active-frames", "finish on the old code", active)
    if located.unreachable:
        why = "frozen (gc.freeze)" if heap_is_frozen() else "too large to be looked at in whole"
        message = "its code is held elsewhere; the heap is " + why + ", so that not all holders can be found"
        note(patch, unit, "decorator-held", message, located.unreachable)


def explain_absence(patch: Patch, located: Located, unit: dict) -> None:
    kind = type(located.value)
    if located.value is not MISSING and short_name(kind) in ("builtin_function_or_method", "method_descriptor"):
        keep(patch, unit, "builtin-or-extension", "the name is bound to a " + short_name(kind))
    elif module_of_class(kind).split(".")[0] in ("numba", "torch") or short_name(kind) == "cython_function_or_method":
        message = "the name is bound to a " + module_of_class(kind) + "." + short_name(kind)
        keep(patch, unit, "wrapped-compiled", message)
    elif is_taken_away(located.space, unit) or owner_of(located.space, unit["owner"]) is None:
        keep_without_class(patch, located.space, unit)
    else:
        keep(patch, unit, "not-loaded", "no live function was made from this definition")


def change_one(patch: Patch, space: Space, unit: dict, function: FunctionType, code: CodeType, donor: object) -> bool:
    """Gives one function its new code and header; False if it had to be kept."""
    if function.__code__.co_freevars == code.co_freevars:
        set_code(patch, function, code)
        set_attributes(patch, unit, function, donor)
        return True
    return replace_function(patch, space, unit, function, code, donor)


def change_closure(patch: Patch, space: Space, unit: dict, function: FunctionType, code: CodeType) -> None:
    """A live function made by nested code. Its defaults cannot be evaluated again."""
    if parameters(function.__code__) != parameters(code):
        message = function.__qualname__ + ": a live closure keeps its old parameters"
        keep(patch, unit, "closure-changed", message)
    elif function.__code__.co_freevars == code.co_freevars:
        set_code(patch, function, code)
    else:
        replace_function(patch, space, {**unit, "parts": []}, function, code, None)


def replace_function(
    patch: Patch, space: Space, unit: dict, function: FunctionType, code: CodeType, donor: object
) -> bool:
    """A function object cannot take another closure: a new one takes over, the old one passes its calls on."""
    owner = owner_of(space, unit["owner"])
    cells = cells_for(code.co_freevars, owner, function)
    digest = fingerprint(code, True)
    passing = [made for key, made in unit["trampolines"] if key == digest]
    if cells is None or not passing:
        missing = [name for name in code.co_freevars if name not in function.__code__.co_freevars]
        what = "it needs " + ", ".join(missing) if missing else "its kind cannot pass calls on"
        keep(patch, unit, "closure-changed", function.__qualname__ + ": " + what)
        return False
    made = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, cells or None)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__ = function.__qualname__
    made.__module__ = function.__module__
    made.__doc__ = function.__doc__
    copy_annotations(function, made)
    made.__dict__.update(function.__dict__)
    set_attributes(patch, unit, made, donor)
    patch.successors[id(function)] = made
    constants = tuple([made if value == "TARGET" else value for value in passing[0].co_consts])
    set_code(patch, function, passing[0].replace(co_consts=constants))
    set_attributes(patch, unit, function, donor)
    value = bound_to(space, unit["owner"], unit["bind"])
    wrapped = wrapped_again(value, function, made)
    if wrapped is not value:
        bind(patch, space, owner, mangled(unit["bind"], unit["owner"]), wrapped)
    return True


def set_attributes(patch: Patch, unit: dict, function: FunctionType, donor: object) -> None:
    if "defaults" in unit["parts"]:
        unchanged = [mangled(name, unit["owner"]) for name in unit["keep"]]
        defaults, keyword = kept_defaults(function, donor, unchanged)
        write_function(patch.writes, function, "__defaults__", defaults)
        write_function(patch.writes, function, "__kwdefaults__", keyword)
    if "annotations" in unit["parts"]:
        write_annotations(patch.writes, function, donor)
    if "typeParameters" in unit["parts"]:
        write_function(patch.writes, function, "__type_params__", donor.__type_params__)
    # What the program has made of its doc string is not known to be that of the former source.
    if "doc" in unit["parts"] or "ownDoc" in unit["parts"] and function.__doc__ == doc_of(function.__code__):
        write_function(patch.writes, function, "__doc__", unit["doc"])


def decorate(patch: Patch, space: Space, unit: dict, located: Located, names: dict, outside: list) -> None:
    """Binds the existing inner function, decorated anew; its doc string and annotations are still the old ones then."""
    inner = (located.by_name or located.functions)[0]
    inner = patch.successors.get(id(inner), inner)
    owner = owner_of(space, unit["owner"])
    name = mangled(unit["bind"], unit["owner"])
    value = decorated_again(patch, unit, inner, names["__midflight_decorators__"], owner)
    tell_table(patch, space, unit, names["__midflight_decorators__"])
    change_copies(patch, unit, value, inner, names[name])
    tell_former(patch, space, unit, located, inner, outside)
    tell_bound(patch, unit, located, inner, value)
    tell_gathered(patch, owner, unit, value)
    if located.by_name or unit["chained"] or not unit["shadowed"]:
        bind(patch, space, owner, name, value)
    tell_attributes(patch, unit, inner, names["__midflight_decorators__"])


def decorated_again(patch: Patch, unit: dict, inner: FunctionType, decorators: tuple, owner: object) -> object:
    """The function decorated anew; `abc.abstractmethod` has marked the function itself, which may lose its mark."""
    marks = own_attributes(inner)
    was_abstract = marks.pop("__isabstractmethod__", False)
    try:
        return decorated(inner, decorators, owner, mangled(unit["bind"], unit["owner"]), unit)
    finally:
        if was_abstract and "__isabstractmethod__" not in marks:
            marks["__isabstractmethod__"] = was_abstract
            write_deletion(patch.writes, marks, "__isabstractmethod__")


def rebind(patch: Patch, space: Space, unit: dict, located: Located, outside: list) -> None:
    """Definitions of one name changed places: the name leads to what the last one made."""
    if located.by_name:
        return
    # A decorator that returned the function itself has put it elsewhere; one that wrapped it holds it in a closure.
    is_wrapped = unit["decorated"] and (not outside or CellType in map(type, outside))
    if type(located.value) is FunctionType and owns(space, located.value) and not is_wrapped:
        owner = owner_of(space, unit["owner"])
        bind(patch, space, owner, mangled(unit["bind"], unit["owner"]), located.functions[0])
    elif type(located.value) is not property:
        message = "the name stays with the other definition: a decorator made what it leads to, or is to lead to"
        keep(patch, unit, "ambiguous-definition", message)


def decorated(function: FunctionType, decorators: tuple, owner: object, name: str, unit: dict) -> object:
    """Applies decorators, last to first, and tells the result its name in a class."""
    value = function
    try:
        for decorator in reversed(decorators):
            value = decorator(value)
        if is_class(owner) and holder_of(type(value), "__set_name__") is not None:
            type.__getattribute__(type(value), "__set_name__")(value, owner, name)
    except BaseException as error:
        line = line_in(error, unit["path"], unit["at"])
        raise rejection("decorator-failed", unit["path"], line, describe(error)) from None
    return value
