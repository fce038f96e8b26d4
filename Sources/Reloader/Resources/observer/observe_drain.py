"""What a probe has recorded, taken by those who watch; a probe that has enough, or costs too much, rests."""


def drain(spec: dict) -> dict:
    """What was recorded since the last drain; renews the lease, and puts the probe in again where it was taken out."""
    probe = PROBES.get(spec["id"])
    if probe is None:
        return {"gone": True}
    now = clock()
    probe.until = now + LEASE
    if not probe.is_in and not has_enough(probe):
        if probe.is_over:
            probe.is_over = has_spent_too_much(probe, now)
            probe.unwatched += not probe.is_over
        if not probe.is_over:
            put_in(probe)
    return taken(probe)


def taken(probe: Record) -> dict:
    results, probe.results, probe.size = probe.results, [], 0
    counts = {name: getattr(probe, name) for name in COUNTS}
    return {"results": results, "costs": costs_taken(probe), "over": probe.is_over, **counts}


def costs_taken(probe: Record) -> list:
    """[name, milliseconds of calls that returned, of calls that raised] of each function that was called."""
    rows = []
    for gate in probe.gates:
        if gate.costs or gate.costs_raised:
            rows.append([gate.name, gate.costs, gate.costs_raised])
            gate.costs, gate.costs_raised = [], []
    return rows


def has_enough(probe: Record) -> bool:
    return 0 <= probe.spec["limit"] <= probe.shown


def has_spent_too_much(probe: Record, now: int) -> bool:
    return probe.hook_time - FREE_TIME > (now - probe.began) * probe.spec["budget"]


def rest_probes() -> None:
    """Before a save is looked at, or the agent leaves: every function has its own code."""
    for name in list(PROBES):
        stop_probe({"id": name})
