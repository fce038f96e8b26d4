"""Probes: instrumented code put into live functions, a gate that it asks, and the way back, whatever happens.

A probe is in force as long as somebody drains it: each drain renews its lease. A call after the lease puts the first
code back itself, without any thread of ours: after kill -9 or SIGSTOP of midflight, and in children of a fork.
"""

LEASE = 3_000_000_000  # nanoseconds
FREE_TIME = 50_000_000  # nanoseconds in hooks that the budget does not count
PLACEHOLDER = "\0the gate of a probe"
PROBES = {}
COUNTS = ("calls", "passed", "dropped", "hook_time", "unwatched", "failures")


def start_probe(packed: bytes) -> dict:
    """Installs all functions of a probe in one step. `installed`: how many live functions; `failed`: why none."""
    spec = marshal.loads(packed)
    stop_probe(spec)
    probe = Record(spec=spec, functions=[], until=clock() + LEASE, began=clock(), is_in=False, is_over=False)
    probe.results, probe.size, probe.gates, probe.traces, probe.rest, probe.inner = [], 0, [], [], 0, []
    probe.calls = probe.passed = probe.shown = probe.dropped = probe.hook_time = probe.unwatched = probe.failures = 0
    probe.filter = spec["filter"] and marshal.loads(spec["filter"])
    probe.expressions = [(text, marshal.loads(code)) for text, code in spec["expressions"]]
    missing = []
    for file in spec["files"]:
        for module in file["modules"]:
            space = open_space(module, file["paths"])
            for unit in file["units"]:
                if not (space.names and add_function(probe, space, unit)):
                    missing.append([module + "." + unit["title"], why_not(space, unit)])
    if not probe.functions:
        return {"failed": missing, "installed": 0}
    separate_versions()
    put_in(probe)
    PROBES[spec["id"]] = probe
    return {"failed": missing, "installed": len(probe.functions)}


def why_not(space: Space, unit: dict) -> str:
    """A reason id."""
    if not space.names or bound_to(space, unit["owner"], unit["bind"]) is MISSING:
        return "not-loaded"
    return "drifted"


def add_function(probe: Record, space: Space, unit: dict) -> bool:
    """The live functions of this definition that run what their file says, with the code that watches them."""
    found = [f for f in locate(space, unit).functions if fingerprint(f.__code__) == unit["old"]]
    if not found:
        return False
    gate = new_gate(probe, space.name, unit)
    probe.gates.append(gate)
    for function in found:
        first = function.__code__
        code = with_gate(unit["code"], gate, first)
        gate.file = first.co_filename
        probe.functions.append((function, first, code))
        if unit["inner"]:
            pairs = [(old, new) for old, new in nested_pairs(first, code) if new is not old]
            probe.inner += pairs
            probe.functions += [(inner, old, new) for old, new in pairs for inner in functions_of(old)]
    return True


def functions_of(code: CodeType) -> list:
    """Living functions that a nested `def` has made."""
    return [f for f in gc.get_referrers(code) if type(f) is FunctionType and f.__code__ is code]


def with_gate(code: CodeType, gate: object, first: CodeType) -> CodeType:
    """Nested code that is not watched stays the very object that it is."""
    constants = []
    own = nested(first)
    for value in code.co_consts:
        if type(value) is CodeType:
            same = [other for other in own if other == value]
            older = [other for other in own if other.co_name == value.co_name]
            value = same[0] if same else with_gate(value, gate, older[0] if older else value)
        elif type(value) is str and value == PLACEHOLDER:
            value = gate
        constants.append(value)
    return code.replace(co_consts=tuple(constants))


def new_gate(probe: Record, module: str, unit: dict) -> BaseException:
    """What instrumented code asks. An exception object: it is hashed by identity, and needs no class of ours."""
    gate = BaseException()
    gate.on = True
    begin, end, gone = entered, finished, NameError

    def enter(values: tuple) -> object:
        try:
            return begin(gate, probe, values)
        except gone:  # the agent has left meanwhile, and its names with it
            return None

    def done(call: list) -> None:
        try:
            end(gate, probe, call)
        except gone:
            return

    reach = reached

    def line(values: list) -> None:
        try:
            reach(gate, probe, values)
        except gone:
            return

    gate.enter, gate.done, gate.line = enter, done, line
    gate.value, gate.yielded = returned, yielded
    gate.begin, gate.unbound = list, NameError
    gate.name = module + "." + unit["title"]
    gate.unit, gate.spec = unit, probe.spec
    gate.costs, gate.costs_raised = [], []
    gate.__reduce_ex__ = shut_copy
    return gate


def shut_copy(protocol: int) -> tuple:
    """Code that is pickled by value goes elsewhere with its gate shut."""
    return BaseException, (), {"on": False}


def put_in(probe: Record) -> None:
    """All first codes give way in one step; a function that something else changed meanwhile is left alone."""
    rows = [(f, new) for f, first, new in probe.functions if f.__code__ is first]
    exchange(rows)
    probe.is_in = True
    for gate in probe.gates:
        gate.on = True


def put_first(probe: Record) -> None:
    for gate in probe.gates:
        gate.on = False
    exchange([(f, first) for f, first, new in probe.functions if f.__code__ is new])
    probe.is_in = False


def leave_inner(probe: Record) -> None:
    """Functions that a watched `def` has made meanwhile get their first code too."""
    for old, new in probe.inner:
        exchange([(function, old) for function in functions_of(new)])


def exchange(rows: list) -> None:
    list(map(setattr, [f for f, _ in rows], ["__code__"] * len(rows), [code for _, code in rows]))


def stop_probe(spec: dict) -> dict:
    """Ends a probe: the first code is back when this returns. Calls under way find a gate that does nothing."""
    probe = PROBES.pop(spec["id"], None)
    if probe is None:
        return {"restored": False}
    put_first(probe)
    leave_inner(probe)
    end_traces(probe)
    restored = all([f.__code__ is not new for f, _, new in probe.functions])
    answer = {"restored": restored, **taken(probe)}
    for gate in probe.gates:
        gate.enter, gate.value, gate.done, gate.yielded = nothing, second_of, nothing, second_of
        gate.line, gate.unit = nothing, None
    probe.functions, probe.gates, probe.inner = [], [], []
    return answer


def nothing(value: object) -> None:
    return None


def second_of(call: object, value: object) -> object:
    return value


OBSERVERS.update(probe=start_probe, drain=drain, unprobe=stop_probe)
LEAVING.append(rest_probes)
