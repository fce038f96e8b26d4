"""The variables of one call, read in one C call, in which nobody else runs.

Where a look fills a dict that stays in the frame (before `FRAME_LOCALS_ARE_VIEWS`), that dict must be the frame's alone
and empty before and after: the program may have it from `locals()`, and what is in it when a trace or profile function
returns becomes the variables.
"""

CO_OPTIMIZED = 1
READS_LOCALS = ("locals", "vars", "dir", "eval", "exec", "_getframe", "inspect")
SHORTEST_INTERVAL = 0.001  # seconds; CPython's own is 0.005


def items_of_frame(frame: object, known: object, alone: int) -> tuple:
    code = frame.f_code
    if not code.co_flags & CO_OPTIMIZED:
        return None, "module" if code.co_name == "<module>" else "body"
    if FRAME_LOCALS_ARE_VIEWS:
        return frame.f_locals.items(), ""
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
        map(held.append, map(locals_getter(frame), (frame,))),
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
    frame = own.gi_frame
    looks = (map(held.append, map(locals_getter(frame), (frame,))), map(sys.getrefcount, held))
    counts = list(map(list, looks))[1]
    held.clear()
    return counts[0] if items_left_alone(frame, counts[0]) == [("value", 1)] else 0


def locals_getter(frame: object) -> object:
    return type(frame).__dict__["f_locals"].__get__


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
