"""What a call looks like to expressions, and the values of those expressions."""


def argument_texts(gate: BaseException, values: tuple) -> list:
    """[name, text] of every parameter; the object of a method as its class only."""
    texts = []
    for index, (name, value) in enumerate(zip(gate.unit["parameters"], values)):
        is_self = index == 0 and gate.unit["bound"]
        cls = value if is_class(value) else type(value)
        if is_secret(name):
            texts.append([name, "‹redacted›"])
        else:
            texts.append([name, "<%s>" % short_name(cls) if is_self else render(value, 0, call_bounds())])
    return texts


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


def passes(gate: BaseException, probe: Record, values: tuple, result: object, error: object, cost: float) -> bool:
    names = names_of_call(gate, values, result, error, cost)
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
        return {**module_dict(sys.modules.get(gate.name[: -len(gate.unit["qualname"]) - 1])), **names}
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
