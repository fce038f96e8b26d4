"""The variables of one call, read in one C call, in which nobody else runs.

Where a look fills a dict that stays in the frame (before `FRAME_LOCALS_ARE_VIEWS`), that dict must be the frame's alone
and empty before and after: the program may have it from `locals()`, and what is in it when a trace or profile function
returns becomes the variables.
"""

CO_OPTIMIZED = 1
READS_LOCALS = ("locals", "vars", "dir", "eval", "exec", "_getframe", "inspect")
SHORTEST_INTERVAL = 0.001  # seconds; CPython's own is 0.005


def items_of_frame(frame: object, known: object, alone: int, inner: object) -> tuple:
    """(variables, why there are none). `inner`: what is known of the call that it made, and its variables."""
    code = frame.f_code
    if not code.co_flags & CO_OPTIMIZED:
        return None, "module" if code.co_name == "<module>" else "body"
    if FRAME_LOCALS_ARE_VIEWS:
        return frame.f_locals.items(), ""
    if alone == 0:
        return None, "layout"
    # Threads change so often that the program may read its locals between two of our steps.
    if known is None or sys.getswitchinterval() < SHORTEST_INTERVAL:
        return None, "changing"
    if known[2]:
        return None, known[2]
    if frame.f_trace is not None or (may_be_traced(frame, inner) if FRAMES_ARE_INNER else is_being_traced(frame)):
        return None, "traced"
    if COMPREHENSION_ENDS < 256 and is_in_comprehension(code, frame.f_lasti):
        return None, "comprehension"
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


def may_be_traced(frame: object, inner: object) -> bool:
    """Whether a trace or profile function may be at work in a frame: C code calls it, with the frame and an event.

    It is the call that the frame made, then. Where it has let go of both, nothing tells.
    """
    if inner is None:
        return False
    known, items = inner
    if known is None or known[3] is None:
        return True
    if not known[3]:
        return False
    return items is None or has_hooks() or any([is_of_a_tracer(value) for _, value in items])


def has_hooks() -> bool:
    """Whether any thread has a trace or profile function, where the interpreter says it: they are tools 6 and 7."""
    monitoring = sys.__dict__.get("monitoring")
    return monitoring is not None and any([tools & 0xC0 for tools in monitoring._all_events().values()])


def is_of_a_tracer(value: object) -> bool:
    if type(value) is tuple:  # def tracer(*arguments)
        return any([is_of_a_tracer(part) for part in value if type(part) is not tuple])
    return type(value) is FRAME_TYPE or type(value) is str and value in EVENT_NAMES


FRAME_TYPE = type((lambda: (yield))().gi_frame)
EVENT_NAMES = ("call", "line", "return", "exception", "opcode", "c_call", "c_return", "c_exception")


def is_in_comprehension(code: CodeType, place: int) -> bool:
    """By the table of exceptions: start, length, handler and depth, each in pieces of six bits."""
    numbers, number = [], 0
    for piece in code.co_exceptiontable:
        number = number << 6 | piece & 63
        if not piece & 64:
            numbers.append(2 * number)
            number = 0
    content = code.co_code
    return any([
        start <= place < start + length and content[handler] == COMPREHENSION_ENDS
        for start, length, handler in zip(numbers[::4], numbers[1::4], numbers[2::4])
    ])  # fmt: skip


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
    if FRAME_LOCALS_ARE_VIEWS:
        return -1
    try:
        return posix.open("/proc/self/mem", posix.O_RDONLY | posix.O_CLOEXEC)
    except OSError:
        return -1


def dict_of_frame(frame: object, memory: int) -> tuple:
    """(why the frame's dict cannot be filled and emptied, empty if there is none or an empty one of the frame's own;
    whether C code has called the frame, None if that is not known)."""
    try:
        words = words_at(memory, id(frame), 8)
        is_from_c = None
        if FRAMES_ARE_INNER:
            words = words_at(memory, words[3], 9)
            is_from_c = is_called_by_c(words, memory)
        wanted = (id(frame.f_code), id(frame.f_globals), id(frame.f_builtins))
        if tuple([words[at] for at in FRAME_WORDS[:3]]) != wanted:
            return "layout", None
        place = words[FRAME_WORDS[3]]
        return "held" if place and words_at(memory, place, 3) != [1, id(dict), 0] else "", is_from_c
    except (OSError, OverflowError):
        return "layout", None


def is_called_by_c(words: list, memory: int) -> bool:
    """Of the part of a frame that these words are."""
    if VERSION < (3, 12):
        return words[8] >> 32 & 255 != 0  # is_entry
    return words[1] == 0 or words_at(memory, words[1], 9)[8] >> 48 & 255 == 3  # the former one's owner is the C stack


def words_at(memory: int, address: int, count: int) -> list:
    content = posix.pread(memory, 8 * count, address)
    return [int.from_bytes(content[at : at + 8], "little") for at in range(0, 8 * count, 8)]
