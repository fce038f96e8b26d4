"""What a call looks like to expressions, and the values of those expressions."""


def argument_texts(gate: BaseException, values: tuple) -> list:
    """[name, text] of every parameter; the object of a method as its class only."""
    return [[name, text_of_variable(gate, name, value)] for name, value in zip(gate.unit["parameters"], values)]


def text_of_variable(gate: BaseException, name: str, value: object) -> str:
    if gate.spec["redact"] and is_secret(name):
        return HIDDEN
    if gate.unit["bound"] and name == gate.unit["parameters"][0]:
        return "<%s>" % short_name(value if is_class(value) else type(value))
    return shown_text(gate.spec, value)


def shown_text(spec: dict, value: object) -> str:
    """Of a parameter, a variable or a result."""
    if not spec["raw"]:
        return render(value, 0, call_bounds(spec))
    try:
        return repr(value)[:LONGEST_TEXT]
    except BaseException as failure:
        if not is_exception(failure):
            raise
        return "<unreadable>"


def shown_values(gate: BaseException, values: tuple) -> tuple:
    """For expressions that are shown: secrets have given way, unless they were asked for."""
    unit, names = gate.unit, gate.unit["parameters"]
    if not gate.spec["redact"] or not any([is_secret(name) for name in names]):
        return values
    shown = []
    for index, (name, value) in enumerate(zip(names, values)):
        if is_secret(name) and value is not None:
            if unit["keywords"] and index == len(names) - 1:
                value = dict.fromkeys(value, SECRET)
            elif unit["variable"] and index == unit["positional"]:
                value = (SECRET,) * len(value)
            else:
                value = SECRET
        shown.append(value)
    return tuple(shown)


def names_of_line(gate: BaseException, values: list) -> dict:
    """The variables that have a value; `target` is the object of a method."""
    names = dict(values)
    first = gate.unit["parameters"][0] if gate.unit["bound"] else None
    unknown = dict.fromkeys(("args", "kwargs", "return_obj", "exc"))
    return {**unknown, "target": names.get(first), "cost": 0.0, **names}


def names_of_call(gate: BaseException, values: tuple, result: object, error: object, cost: float) -> dict:
    """What expressions may use: every parameter by name, and target, args, kwargs, return_obj, cost, exc."""
    unit = gate.unit
    names = dict(zip(unit["parameters"], values))
    positional = list(values[: unit["positional"]])
    rest = list(values[unit["positional"] :])
    variable = rest.pop(0) if unit["variable"] else ()
    more = rest.pop() if unit["keywords"] else {}
    target = positional.pop(0) if unit["bound"] and positional else None
    only = dict(zip(unit["parameters"][unit["positional"] + unit["variable"] :], rest))
    names.update(target=target, args=(*positional, *variable), kwargs={**only, **more})
    names.update(return_obj=result, cost=cost, exc=error)
    return names


def passes(gate: BaseException, probe: Record, names: dict) -> bool:
    try:
        value = eval(probe.filter, namespace_of(probe, gate, names))
        return bool(value) if probe.spec["allow_calls"] else truth(value, "the filter")
    except BaseException as failure:
        if is_passing(failure, probe.filter) and not (probe.spec["allow_calls"] and is_exception(failure)):
            raise
        probe.failures += 1
        if len(probe.results) < MOST_RESULTS:
            probe.results.append({"name": gate.name, "filter_failed": failure_text(failure)})
            probe.shown += 1
        return False


def namespace_of(probe: Record, gate: BaseException, names: dict) -> dict:
    if probe.spec["allow_calls"]:
        return {**module_dict(sys.modules.get(gate.name[: -len(gate.unit["title"]) - 1])), **names}
    return {**GUARDS, "_slice": slice, "__builtins__": {}, **names}


def value_of(probe: Record, gate: BaseException, code: CodeType, names: dict) -> list:
    """[type, text], or ["", message] of an expression that failed."""
    spec = probe.spec
    try:
        value = eval(code, namespace_of(probe, gate, names))
        text = repr(value) if spec["raw"] else render(value, spec["depth"], new_bounds(spec["verbose"], spec["redact"]))
        return ["<class '%s'>" % full_name(type(value)), text[:LONGEST_TEXT]]
    except BaseException as failure:
        runs_program = spec["allow_calls"] or spec["raw"]
        if is_passing(failure, code) and not (runs_program and is_exception(failure)):
            raise
        return ["", failure_text(failure)]


def failure_text(failure: BaseException) -> str:
    return failure.args[4] if failure.args[:1] == (MISSING,) else describe(failure)
