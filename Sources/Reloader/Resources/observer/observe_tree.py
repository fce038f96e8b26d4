"""The tree of one call: rows of what it called, with times, and the calls that are open now.

A row is a list. Where rows are folded, all calls of one function from one row are one row with a count. Frames are
known by their address while they run: nothing here refers to a frame, its locals live no longer than they would.
QUICK: rows below that the profile function itself may count, by the address of the code or of a module's function in
C; ENDS: where plain code is known to return, None for other rows. `opened`, `chain` and `pending` stay the same lists.
"""

MOST_ROWS = 10_000
MOST_PENDING = 100
NAME, FILE, LINE, PLACE, KIND, TIME, COUNT, RAISED, BELOW, CODE, LEVEL, QUICK, ENDS = range(13)
FRAME, ROW, SINCE = range(3)  # of an open call
SEVERAL_LINES = 0
BUILTIN = type(len)
BUILTIN_SELF = BUILTIN.__dict__["__self__"]


def new_trace(probe: Record, frame: object) -> Record:
    """Of a call that has just begun in this thread; `frame` is its own."""
    code = frame.f_code
    trace = Record(probe=probe, root=id(frame), code=code, over=[], why="", spent=0, rows=1, since=0)
    trace.top = ["", code.co_filename, code.co_firstlineno, 0, "python", 0, 1, "", {}, code, 1, {}, None]
    trace.opened = [(trace.root, trace.top, clock())]
    trace.suspended, trace.chain, trace.passed_on, trace.pending, trace.kept = {}, [], 0, [], []
    trace.depth, trace.folds, trace.least = [probe.spec["trace"][name] for name in ("depth", "folds", "least")]
    trace.returns, trace.yields, trace.delegates, trace.resume = probe.spec["trace"]["opcodes"]
    trace.cpu = thread_time()
    return trace


def python_name(frame: object) -> str:
    """Module and qualified name; before 3.11 code does not know more than its own name."""
    code = frame.f_code
    module = dict.get(frame.f_globals, "__name__")
    name = getattr(code, "co_qualname", code.co_name)
    return module + "." + name if type(module) is str else name


def builtin_name(function: object) -> tuple:
    """(what equal functions have in common, name)."""
    if type(function) is not BUILTIN:
        return id(type(function)), short_name(type(function))
    name, owner = function.__name__, BUILTIN_SELF.__get__(function)
    if type(owner) is ModuleType:
        module = module_dict(owner).get("__name__")
        return (name, id(owner)), name if module == "builtins" or type(module) is not str else module + "." + name
    cls = owner if is_class(owner) else type(owner)
    return (name, id(cls)), name if owner is None else full_name(cls) + "." + name


def row_below(trace: Record, parent: list, key: object, caller: object, kind: str) -> object:
    """The row of a call, a new one or that of its siblings; None where there is no room or it lies too deep."""
    below = parent[BELOW]
    row = below.get(key) if trace.folds else None
    if row is not None:
        place = row[PLACE]
        if place and caller is not None and caller.f_lasti not in place[1]:
            row[PLACE] = (place[0], place[1] | {caller.f_lasti}) if place[0] == caller.f_lineno else None
        return row
    if trace.depth and parent[LEVEL] >= trace.depth:
        return None
    if trace.rows >= MOST_ROWS:
        trace.why = trace.why or "rows"
        return None
    trace.rows += 1
    place = caller and (caller.f_lineno, {caller.f_lasti})
    row = ["", "", 0, place, kind, 0, 0, "", {}, None, parent[LEVEL] + 1, {}, None]
    below[key if trace.folds else len(below)] = row
    return row


def called(trace: Record, frame: object, now: int) -> None:
    """A Python frame begins, or goes on after it was suspended."""
    code, caller = frame.f_code, frame.f_back
    opened = trace.opened
    if code.co_filename == OURS or not is_open(trace, caller):
        return
    parent = opened[-1][ROW]
    is_fresh = not code.co_flags & KIND_FLAGS or begins(trace, frame, code)
    row = trace.suspended.pop(id(frame), None) if code.co_flags & KIND_FLAGS else None
    if row is not None and row[CODE] is code and not is_fresh:
        opened.append((id(frame), row, now))
        return
    row = row_below(trace, parent, id(code), caller, "python")
    if row is None:
        return
    if row[CODE] is None:
        row[CODE], row[FILE], row[LINE] = code, code.co_filename, code.co_firstlineno
        row[NAME] = python_name(frame)
        if trace.folds and not code.co_flags & KIND_FLAGS:
            parent[QUICK][id(code)], row[ENDS] = row, set()
    row[COUNT] += is_fresh or row[COUNT] == 0  # a generator may be older than the trace
    opened.append((id(frame), row, now))


def begins(trace: Record, frame: object, code: CodeType) -> bool:
    """Whether this is the first step of a generator's or coroutine's frame."""
    place, content = frame.f_lasti, code.co_code
    return place < 0 or content[place] == trace.resume and content[place + 1] == 0


def called_builtin(trace: Record, frame: object, function: object, now: int) -> None:
    if trace.opened[-1][FRAME] != id(frame) and not is_open(trace, frame):
        return
    key, name = builtin_name(function)
    row = row_below(trace, trace.opened[-1][ROW], key, frame, "c")
    if row is not None:
        row[NAME] = name
        row[COUNT] += 1
        if trace.folds and type(function) is BUILTIN and type(BUILTIN_SELF.__get__(function)) is ModuleType:
            trace.kept.append(function)  # a module's function may live as long as the trace: its address stays its own
            trace.opened[-1][ROW][QUICK][id(function)] = row
        trace.opened.append((-id(frame), row, now))


def is_open(trace: Record, frame: object) -> bool:
    """Whether the innermost open call is one of this frame, or by a function in C that it called.

    Calls above it that are still open have ended unseen. False for the frames of other tasks and green threads, and of
    what lies too deep.
    """
    number, opened = id(frame), trace.opened
    if abs(opened[-1][FRAME]) == number:
        return True
    for index in range(len(opened) - 1, -1, -1):
        if abs(opened[index][FRAME]) == number:
            while len(opened) > index + 1:
                close_row(trace, opened.pop(), clock(), True)
            return True
    return False


def close_row(trace: Record, call: list, now: int, has_raised: bool) -> None:
    row = call[ROW]
    row[TIME] += now - call[SINCE]
    if has_raised:
        row[RAISED] = row[RAISED] or "?"
        if not trace.pending:
            trace.handled = id(sys.exc_info()[1])
        if len(trace.pending) < MOST_PENDING:
            trace.pending.append(row)


def ended(trace: Record, number: int, now: int, has_raised: bool, is_suspended: bool) -> object:
    """Closes the open call of a frame, or (`number` is negative) its call of a function in C; None if there is none."""
    opened = trace.opened
    if opened[-1][FRAME] != number and not any([call[FRAME] == number for call in opened]):
        return None
    while opened[-1][FRAME] != number:
        close_row(trace, opened.pop(), now, True)
    call = opened.pop()
    close_row(trace, call, now, has_raised)
    if not trace.folds and call[ROW][TIME] < trace.least and not is_suspended:
        drop_row(trace, opened[-1][ROW], call[ROW])
    return call[ROW]


def drop_row(trace: Record, parent: list, row: list) -> None:
    """Rows that stay single are many: one that took less time than is shown goes at once, with what is below it."""
    last = len(parent[BELOW]) - 1
    if parent[BELOW].get(last) is row:
        del parent[BELOW][last]
        trace.rows -= 1


def name_exceptions(trace: Record, error: object) -> None:
    """Rows that have raised get the class of the exception that is handled since then, if it came from there."""
    codes, step = [], None
    if trace.pending and error is not None and id(error) != trace.handled:
        step = BaseException.__traceback__.__get__(error)
    while step is not None and len(codes) < MOST_PENDING:
        codes.append(step.tb_frame.f_code)
        step = step.tb_next
    for row in trace.pending:
        if codes and row[RAISED] == "?" and (row[CODE] is None or any([row[CODE] is code for code in codes])):
            row[RAISED] = short_name(type(error))
    del trace.pending[:]


def packed(trace: Record) -> dict:
    """Rows as they are sent, in the order of the calls; names and files as places in one list."""
    texts, places, rows = [], {}, []

    def text(value: str) -> int:
        place = places.get(value)
        if place is None:
            place = places[value] = len(texts)
            texts.append(value)
        return place

    waiting = [trace.top]
    while waiting:
        row = waiting.pop()
        line = row[PLACE][0] if row[PLACE] else SEVERAL_LINES
        rows.append(
            (row[LEVEL], text(row[NAME]), text(row[FILE]), row[LINE], line, text(row[KIND]), row[TIME], row[COUNT])
            + (text(row[RAISED]),)
        )
        waiting += list(row[BELOW].values())[::-1]
    return {"texts": texts, "rows": rows, "cut": trace.why}
