"""`stack --locals`: the calls of every thread but ours, each with its local variables as text.

The variables of a call are read in one C call, in which nobody else runs. Where a look fills a dict that stays in the
frame (before `FRAME_LOCALS_ARE_VIEWS`), that dict must be the frame's alone and empty before and after: the program may
have it from `locals()`, and what is in it when a trace or profile function returns becomes the variables.
"""

MOST_CALLS = 200  # of one thread, the inner ones
MOST_LOCALS = 50  # of one call
MOST_LOCALS_TEXT = 1 << 20  # characters of all values
MOST_ROWS = 20_000  # calls of all threads
MOST_LOOKS = 4  # at a thread whose calls change meanwhile
CO_OPTIMIZED = 1
READS_LOCALS = ("locals", "vars", "dir", "eval", "exec", "_getframe", "inspect")
F_LOCALS = type(sys._getframe()).__dict__["f_locals"].__get__


def local_variables(spec: dict) -> dict:
    """All threads. A call has `locals`, rows of name, type and text, or `unread`: why there are none."""
    answer = {"python": "%d.%d" % VERSION[:2], "threads": [], "left_out": 0, "audited": has_audit_hook()}
    if answer["audited"]:
        return answer
    room = Record(size=MOST_LOCALS_TEXT, rows=MOST_ROWS)
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
    known = {}  # of frames by their ids: the frame, which keeps the id its own, where it stood, what its dict is
    frames = frames_of(ident)
    for _ in range(0 if FRAME_LOCALS_ARE_VIEWS or FRAMES_WRITE_BACK else MOST_LOOKS):
        for frame in frames[:MOST_CALLS]:
            if id(frame) not in known:
                known[id(frame)] = (frame, frame.f_lasti, dict_of_frame(frame, memory))
        frames = frames_of(ident)  # from here to the end nobody else runs, as a rule
        if all([id(frame) in known for frame in frames[:MOST_CALLS]]):
            break
    return [
        (row_of(frame, None), *items_of_frame(frame, known.get(id(frame)), alone)) for frame in frames[:MOST_CALLS]
    ], len(frames)


SHORTEST_INTERVAL = 0.001  # seconds; CPython's own is 0.005


def frames_of(ident: int) -> list:
    frame = sys._current_frames().get(ident)
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found


def items_of_frame(frame: object, known: object, alone: int) -> tuple:
    code = frame.f_code
    if not code.co_flags & CO_OPTIMIZED:
        return None, "module" if code.co_name == "<module>" else "body"
    if FRAME_LOCALS_ARE_VIEWS:
        return F_LOCALS(frame).items(), ""
    if FRAMES_WRITE_BACK:
        return None, "version"
    if alone == 0:
        return None, "layout"
    # Threads change so often that the program may read its locals between two of our steps.
    if known is None or sys.getswitchinterval() < SHORTEST_INTERVAL:
        return None, "changing"
    if known[2]:
        return None, known[2]
    if frame.f_trace is not None or is_being_traced(frame):
        return None, "traced"
    if frame.f_lasti != known[1] and any([name in READS_LOCALS for name in code.co_names]):
        return None, "changing"
    items = items_left_alone(frame, alone)
    return (items, "") if items is not None else (None, "held")


def is_being_traced(frame: object) -> bool:
    """Whether a profile function has just filled the dict: what is in there when it returns becomes the variables."""
    held = gc.get_referents(frame)
    at = 3 + (frame.f_back is not None)
    found = held[at] if len(held) > at else None
    code = frame.f_code
    names = code.co_varnames + code.co_cellvars + code.co_freevars
    return type(found) is dict and any([type(key) is str and key in names for key in list(found)[:1]])


def items_left_alone(frame: object, alone: int) -> object:
    """Fills the frame's dict, copies it and empties it in one C call; None if somebody else has that dict too.

    `alone`: how often it is referred to then if nobody has. Two more steps of the loop would be two places where other
    threads can go on.
    """
    held = []
    step = (dict.copy, dict.clear).__getitem__
    steps = (
        map(held.append, map(F_LOCALS, (frame,))),
        map(dict.copy, held),
        map(C_METHOD.__call__, map(step, map(alone.__eq__, map(sys.getrefcount, held))), held),
    )
    collects = gc.isenabled()
    gc.disable()
    try:
        _, copies, cleared = list(map(list, steps))
    finally:
        if collects:
            gc.enable()
    return list(copies[0].items()) if cleared == [None] else None


def references_of_own() -> int:
    """How often the dict of a frame is referred to while it is read; 0, as never, if that cannot be told."""
    own = (lambda value: (yield value))(1)
    next(own)
    held = []
    counts = list(map(list, (map(held.append, map(F_LOCALS, (own.gi_frame,))), map(sys.getrefcount, held))))[1]
    held.clear()
    return counts[0] if items_left_alone(own.gi_frame, counts[0]) == [("value", 1)] else 0


def own_memory() -> int:
    """A descriptor for reading this process's memory, where it is needed; -1 if it cannot be had."""
    if FRAME_LOCALS_ARE_VIEWS or FRAMES_WRITE_BACK:
        return -1
    try:
        return posix.open("/proc/self/mem", posix.O_RDONLY | posix.O_CLOEXEC)
    except OSError:
        return -1


def dict_of_frame(frame: object, memory: int) -> str:
    """Why the frame's dict cannot be filled and emptied; empty if there is none, or an empty one of the frame's own."""
    try:
        words = words_at(memory, id(frame), 8)
        wanted = (id(frame.f_code), id(frame.f_globals), id(frame.f_builtins))
        if tuple([words[at] for at in FRAME_WORDS[:3]]) != wanted:
            return "layout"
        place = words[FRAME_WORDS[3]]
        return "held" if place and words_at(memory, place, 3) != [1, id(dict), 0] else ""
    except (OSError, OverflowError):
        return "layout"


def words_at(memory: int, address: int, count: int) -> list:
    content = posix.pread(memory, 8 * count, address)
    return [int.from_bytes(content[at : at + 8], "little") for at in range(0, 8 * count, 8)]


OBSERVERS.update(locals=local_variables)
