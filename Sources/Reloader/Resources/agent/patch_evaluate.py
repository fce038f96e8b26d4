"""Runs what a change needs evaluated, with the real globals, before anything is swapped."""


def rejection(reason: str, path: str, line: int, message: str) -> BaseException:
    """To raise: nothing of the burst is applied."""
    return BaseException(MISSING, reason, path, line, message)


def refusal(error: BaseException) -> list:
    """[reason, path, line, message]; an exception that is no rejection is a fault of ours."""
    if type(error) is BaseException and error.args[:1] == (MISSING,):
        return list(error.args[1:])
    return ["verify-failed", "", 0, describe(error)]


def line_in(error: BaseException, path: str, line: int) -> int:
    """The last line of `path` in the error's traceback; else `line`."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def run(code: CodeType, step: Patch, space: Space, owner: object, reason: str) -> dict:
    """The namespace after running `code` in the module, or in the body of the class `owner`."""
    unit = step.unit
    names = namespace(step, space, owner)
    if unit["active"]:
        publish(step)
    try:
        if unit.get("lazy"):
            return {**names, **lazily_imported(code, {**space.names, **names}, unit["binds"])}
        cells = cells_for(code.co_freevars, owner, None)
        if cells:
            exec(code, space.names, names, closure=cells)
        elif only_comprehensions(code) and space.staged:
            exec(code, {**space.names, **names} if owner is space.names else front(space), names)
        else:
            exec(code, space.names, names)
    except BaseException as error:
        line = line_in(error, unit["path"], unit["at"])
        if reason == "default-failed" and unit["kind"] in DECORATED and "__midflight_decorators__" not in names:
            reason = "decorator-failed"  # they are evaluated first
        raise rejection(reason, unit["path"], line, describe(error)) from None
    return names


def lazily_imported(code: CodeType, scratch: dict, names: list) -> dict:
    """What `lazy import` binds: it wants globals that are the locals too. No module is loaded by that."""
    exec(code, scratch)
    return {name: scratch[name] for name in names}


ANNOTATION_NAMES = (
    *("__annotations__", "__annotations_cache__", "__annotate__", "__annotate_func__", "__conditional_annotations__"),
)


def namespace(step: Patch, space: Space, owner: object) -> dict:
    """What code sees at first; annotations are gathered apart from the live ones."""
    names = overlay(step, space, step.unit)
    if is_class(owner):
        names.update(class_dict(owner))
        names.update(space.class_staged.get(id(owner), {}))
    for name in ANNOTATION_NAMES:  # code with annotations would write into the live ones
        names.pop(name, None)
    return names


def only_comprehensions(code: CodeType) -> bool:
    """Whether no function, class or lambda is made: then it may see other globals than the module's."""
    inner = nested(code)
    return bool(inner) and all([one.co_name in COMPREHENSIONS and only_inert(one) for one in inner])


def only_inert(code: CodeType) -> bool:
    return all([inner.co_name in COMPREHENSIONS and only_inert(inner) for inner in nested(code)])


COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


DECORATED = ("function", "define")


def cells_for(free: tuple, owner: object, function: object) -> object:
    """A closure for these names: by name from `function`, else what a class body provides; None if one is missing."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ())) if function is not None else {}
    if is_class(owner):
        if "__class__" in free and "__class__" not in cells:
            cells["__class__"] = CellType(owner)
        for hidden in (".type_params", ".generic_base"):
            if hidden in free:
                cells[hidden] = CellType(class_dict(owner).get("__type_params__", ()))
        if "__classdict__" in free:
            cells["__classdict__"] = CellType(dict(class_dict(owner)))
        for parameter in class_dict(owner).get("__type_params__", ()):
            cells.setdefault(parameter.__name__, CellType(parameter))
    if any([name not in cells for name in free]):
        return None
    return tuple([cells[name] for name in free])


def default_values(function: FunctionType) -> dict:
    """Default values by parameter name."""
    code = function.__code__
    values = dict(function.__kwdefaults__ or {})
    defaults = function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    values.update(zip(positional[len(positional) - len(defaults) :], defaults))
    return values


def kept_defaults(old: FunctionType, donor: FunctionType, keep: list) -> tuple:
    """(defaults, kwdefaults) of `donor`, but what `old` has accumulated for parameters whose expression is the same."""
    have = default_values(old)
    code = donor.__code__
    defaults = donor.__defaults__ or ()
    names = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    positional = [have[n] if n in keep and n in have else value for n, value in zip(names, defaults)]
    keyword = {
        name: have[name] if name in keep and name in have else value
        for name, value in (donor.__kwdefaults__ or {}).items()
    }
    return tuple(positional) or None, keyword or None
