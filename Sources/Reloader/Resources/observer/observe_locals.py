"""`stack --locals`: the calls of every thread but ours, each with its local variables as text."""

MOST_CALLS = 200  # of one thread, the inner ones
MOST_LOCALS = 50  # of one call
MOST_LOCALS_TEXT = 1 << 20  # characters of all values
MOST_CALLS_IN_ALL = 20_000  # calls of all threads
MOST_LOOKS = 4  # at a thread whose calls change meanwhile


def local_variables(spec: dict) -> dict:
    """All threads. A call has `locals`, rows of name, type and text, or `unread`: why there are none."""
    answer = {"python": "%d.%d" % VERSION[:2], "threads": [], "left_out": 0, "audited": has_audit_hook()}
    if answer["audited"]:
        return answer
    room = Record(size=MOST_LOCALS_TEXT, rows=MOST_CALLS_IN_ALL)
    memory = own_memory()
    try:
        alone = references_of_own() if memory >= 0 else 0
        for ident in list(sys._current_frames()):
            if ident == get_ident():
                continue
            if room.rows <= 0:
                answer["left_out"] += 1
                continue
            thread = thread_with_locals(ident, memory, alone, room, spec)
            if thread is not None:
                answer["threads"].append(thread)
    finally:
        if memory >= 0:
            posix.close(memory)
    answer["threads"].sort(key=order_of_thread)
    return answer


def order_of_thread(thread: dict) -> tuple:
    return thread["name"] != "MainThread", thread["id"], thread["name"]


def thread_with_locals(ident: int, memory: int, alone: int, room: Record, spec: dict) -> object:
    """What is read is held by nobody when this returns. None for a thread that has ended."""
    found, count = read_calls(ident, memory, alone)
    if not found:
        return None
    calls = []
    while found:
        row, items, reason = found.pop()  # the outer one first
        room.rows -= 1
        calls.append([row, *texts_of_locals(items, reason, room, spec)])
    cut = count - len(calls)
    return {"ident": ident, "id": native_id(ident), "name": name_of_thread(ident), "calls": calls, "cut": cut}


def native_id(ident: int) -> int:
    """As gettid(2), if `threading` knows it; else 0."""
    active = module_dict(sys.modules.get("threading")).get("_active")
    thread = active.get(ident) if type(active) is dict else None
    number = (instance_dict(thread, type(thread)) or {}).get("_native_id") if thread is not None else None
    return number if type(number) is int else 0


def texts_of_locals(items: object, reason: str, room: Record, spec: dict) -> list:
    """Rows of name, type and text; how many there are; why there are none."""
    if items is None or room.size < 0:
        return [[], 0, reason or "full"]
    named = [(name, value) for name, value in items if type(name) is str and name[:1] != "."]
    rows = []
    for name, value in named[:MOST_LOCALS]:
        if room.size < 0:
            break
        hidden = spec["redact"] and is_secret(name)
        bounds = new_bounds(spec["verbose"], spec["redact"]) if spec["verbose"] else short_bounds(spec["redact"])
        text = "‹redacted›" if hidden else render(value, 0, bounds)
        rows.append([shortened(name), "<class '%s'>" % shortened(full_name(type(value))), text])
        room.size -= len(text) + len(name) + 20
    return [rows, len(named), ""]


def short_bounds(redact: bool) -> Record:
    bounds = new_bounds(False, redact)
    bounds.nodes, bounds.size = 60, 600
    return bounds


def read_calls(ident: int, memory: int, alone: int) -> tuple:
    """(row, variables, why there are none) of each call, the inner one first, and how many calls there are."""
    # Of frames by their ids: the frame, which keeps the id its own, where it stood, what its dict is, who called it.
    known = {}
    frames = frames_of(ident)
    for _ in range(0 if FRAME_LOCALS_ARE_VIEWS else MOST_LOOKS):
        for frame in frames[:MOST_CALLS]:
            if id(frame) not in known:
                known[id(frame)] = (frame, frame.f_lasti, *dict_of_frame(frame, memory))
        frames = frames_of(ident)  # from here to the end nobody else runs, as a rule
        if all([id(frame) in known for frame in frames[:MOST_CALLS]]):
            break
    calls, inner = [], None
    for frame in frames[:MOST_CALLS]:
        items, reason = items_of_frame(frame, known.get(id(frame)), alone, inner)
        inner = known.get(id(frame)), items
        calls.append((row_of(frame, None), items, reason))
    return calls, len(frames)


def frames_of(ident: int) -> list:
    frame = sys._current_frames().get(ident)
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found


OBSERVERS.update(locals=local_variables)
