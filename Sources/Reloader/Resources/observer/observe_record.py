"""The hooks that instrumented code calls. They never raise what is ours into the program, and never run its code.

A call on its way is a list: when it began, the values of its parameters, their texts if they were wanted before the
body, the result.
"""

MOST_RESULTS = 1000
MOST_BYTES = 1 << 20
MOST_COSTS = 20_000
STARTED, VALUES, TEXTS, RESULT, YIELDED, TRACE = range(6)
wall_clock = builtin_module("time").time


def entered(gate: BaseException, probe: Record, values: tuple) -> object:
    """The call's own list, or None if it is not watched."""
    began = clock()
    try:
        if began > probe.until:
            put_first(probe)
            leave_inner(probe)
            return None
        probe.calls += 1
        is_asked = probe.filter is not None and not probe.spec["late"]
        if is_asked and not passes(gate, probe, names_of_call(gate, values, None, None, 0.0)):
            spend(probe, began)
            return None
        texts = argument_texts(gate, values) if probe.spec["before"] else None
        spend(probe, began)
        call = [began, values, texts, MISSING, 0, None]
        if probe.spec["trace"] is not None:
            call[TRACE] = open_trace(probe, began)
            if call[TRACE] is None:
                return None
            call[STARTED] = clock()
        return call
    except BaseException as error:
        fail(probe, error)
        return None


def returned(call: list, value: object, place: int = RESULT) -> object:
    call[place] = value
    return value


def yielded(call: object, value: object, place: int = YIELDED) -> object:
    if call is not None:
        call[place] += 1
    return value


def finished(gate: BaseException, probe: Record, call: list) -> None:
    """At the end of every watched call. Without a result it has raised, or a generator was closed."""
    ended = clock()
    try:
        error = sys.exc_info()[1] if call[RESULT] is MISSING else None
        if call[TRACE] is not None:
            close_trace(call[TRACE], ended, error)
        if call[RESULT] is MISSING and (error is None or type(error) is GeneratorExit):
            return
        record(gate, probe, call, error, (ended - call[STARTED]) / 1e6)
    except BaseException as failure:
        fail(probe, failure)
    finally:
        call[VALUES] = call[RESULT] = call[TRACE] = None
        spend(probe, ended)


def fail(probe: Record, error: BaseException) -> None:
    """What is ours ends here; what was on its way to the program (a signal handler's exception) goes on."""
    if is_passing(error):
        raise error
    probe.failures += 1


def spend(probe: Record, began: int) -> None:
    now = clock()
    probe.hook_time += now - began
    if probe.is_in and has_spent_too_much(probe, now):
        probe.is_over = True
        put_first(probe)


def record(gate: BaseException, probe: Record, call: list, error: object, cost: float) -> None:
    spec = probe.spec
    if spec["only_errors"] and error is None or has_enough(probe):
        return
    result = None if error is not None else call[RESULT]
    is_asked = probe.filter is not None and spec["late"]
    if is_asked and not passes(gate, probe, names_of_call(gate, call[VALUES], result, error, cost)):
        return
    if call[TRACE] is not None and cost < spec["trace"]["over"]:
        return
    probe.passed += 1
    if spec["counts"]:
        count_call(gate, probe, error, cost)
        return
    if not has_room(probe):
        return
    answer = new_answer(gate, cost, error is None)
    answer.update(yielded=call[YIELDED])
    if call[TRACE] is not None:
        answer["trace"] = traced(call[TRACE], gate.name, cost)
        probe.size += 60 * len(answer["trace"]["rows"]) + sum([len(text) for text in answer["trace"]["texts"]])
    elif probe.expressions:
        names = names_of_call(gate, shown_values(gate, call[VALUES]), result, error, cost)
        answer["values"] = [[text, *value_of(probe, gate, code, names)] for text, code in probe.expressions]
    else:
        answer["arguments"] = call[TEXTS] or argument_texts(gate, call[VALUES])
        answer["result"] = shown_text(spec, result) if error is None else ""
    if error is not None:
        answer["exception"] = [short_name(type(error)), exception_text(spec, error), *raised_at(error)]
    add_result(probe, answer, callers(spec["callers"]) if spec["callers"] else [])


def new_answer(gate: BaseException, cost: float, is_done: bool) -> dict:
    answer = {"name": gate.name, "file": gate.file, "line": gate.unit["at"], "ms": cost, "ok": is_done}
    answer.update(thread=thread_name(), end=wall_clock())
    return answer


def has_room(probe: Record) -> bool:
    """Counts one that is shown; False if it must be dropped."""
    probe.shown += 1
    if has_enough(probe):
        put_first(probe)  # nothing more is wanted of this process
    if len(probe.results) >= MOST_RESULTS or probe.size >= MOST_BYTES:
        probe.dropped += 1
        return False
    return True


def add_result(probe: Record, answer: dict, led: list) -> None:
    answer["callers"] = led
    probe.size += sum([len(str(part)) for name, part in answer.items() if name != "trace"])
    probe.results.append(answer)


def reached(gate: BaseException, probe: Record, values: list) -> None:
    """A statement is about to run. `values`: [name, value] of the variables that have one."""
    began = clock()
    try:
        if began > probe.until:
            put_first(probe)
            leave_inner(probe)
            return
        probe.calls += 1
        record_line(gate, probe, values)
    except BaseException as error:
        fail(probe, error)
    finally:
        spend(probe, began)


def record_line(gate: BaseException, probe: Record, values: list) -> None:
    spec, names = probe.spec, names_of_line(gate, values)
    if spec["only_errors"] or has_enough(probe) or probe.filter is not None and not passes(gate, probe, names):
        return
    probe.passed += 1
    if spec["counts"]:
        count_call(gate, probe, None, 0.0)
        return
    if not has_room(probe):
        return
    answer = new_answer(gate, 0.0, True)
    answer.update(name=gate.name[: gate.name.rindex(":")], point=True)
    if probe.expressions:
        if spec["redact"]:
            names.update([(name, SECRET) for name, value in values if is_secret(name) and value is not None])
        answer["values"] = [[text, *value_of(probe, gate, code, names)] for text, code in probe.expressions]
    else:
        answer["arguments"] = [[name, text_of_variable(gate, name, value)] for name, value in values]
    add_result(probe, answer, callers(spec["callers"]) if spec["callers"] else [])


def count_call(gate: BaseException, probe: Record, error: object, cost: float) -> None:
    """Nothing of the call but its time."""
    costs = gate.costs if error is None else gate.costs_raised
    if len(costs) < MOST_COSTS:
        costs.append(cost)
    else:
        probe.dropped += 1


def call_bounds(spec: dict) -> Record:
    bounds = new_bounds(spec["verbose"], spec["redact"])
    if not spec["verbose"]:
        bounds.nodes, bounds.size = 60, 600
    return bounds
