"""What a trace makes of the events of its thread: rows that begin, end, wait and go on."""


def on_call(trace: Record, frame: object, value: object, now: int) -> None:
    del trace.chain[:]
    if trace.pending:
        name_exceptions(trace, sys.exc_info()[1])
    called(trace, frame, now)


def on_builtin(trace: Record, frame: object, value: object, now: int) -> None:
    del trace.chain[:]
    if trace.pending:
        name_exceptions(trace, sys.exc_info()[1])
    called_builtin(trace, frame, value, now)


def on_builtin_end(trace: Record, frame: object, value: object, now: int) -> None:
    ended(trace, -id(frame), now, False, False)


def on_builtin_error(trace: Record, frame: object, value: object, now: int) -> None:
    ended(trace, -id(frame), now, True, False)


def on_return(trace: Record, frame: object, value: object, now: int) -> None:
    number, code = id(frame), frame.f_code
    is_suspended, has_raised = ending(trace, frame, code, value)
    ends = trace.opened[-1][ROW][ENDS] if trace.opened and trace.opened[-1][FRAME] == number else None
    if ends is not None and not has_raised:
        ends.add(frame.f_lasti)
    if number == trace.root:
        if is_suspended:
            suspend(trace, value, now)
        else:
            leave(trace, "lost")  # a signal's exception came before the recorder's own block
        return
    row = ended(trace, number, now, has_raised, is_suspended)
    if row is not None and is_suspended:
        trace.suspended[number] = row
        trace.chain[:] = [*waiting_for(trace, value), row]
        trace.passed_on = id(value)


def waiting_for(trace: Record, value: object) -> list:
    """The rows, innermost first, that wait for what is yielded now: it passes unchanged through whoever awaits."""
    return trace.chain if trace.passed_on == id(value) else []


def ending(trace: Record, frame: object, code: CodeType, value: object) -> tuple:
    """(whether the frame is only suspended, whether it raised): the instruction says it, the event does not."""
    if value is not None and not code.co_flags & KIND_FLAGS:
        return False, False
    content, place = code.co_code, frame.f_lasti
    operation = content[place] if place >= 0 else 0
    if operation in trace.returns:
        return False, False
    if not code.co_flags & KIND_FLAGS:
        return False, True
    # From 3.13 on the place is that of the RESUME behind; up to 3.10 it is set back to the one before YIELD_FROM.
    before = content[place - 2] if place >= 2 and operation == trace.resume else operation
    behind = content[place + 2] if len(content) > place + 2 else operation
    is_suspended = value is not None or before in trace.yields or behind in trace.delegates
    return is_suspended, not is_suspended


def suspend(trace: Record, value: object, now: int) -> None:
    """The call itself waits, or has yielded: what the thread does meanwhile is not its own."""
    trace.chain[:] = waiting_for(trace, value)
    while len(trace.opened) > 1:
        close_row(trace, trace.opened.pop(), now, True)
    trace.since = now
    del trace.opened[:]


def go_on(trace: Record, now: int) -> None:
    count_wait(trace, now)
    trace.opened[:] = [(trace.root, trace.top, now)]


def count_wait(trace: Record, now: int) -> None:
    """The coroutines that waited have this time too; it is a row below the innermost one."""
    chain = trace.chain[:]
    del trace.chain[:]
    for row in chain:
        row[TIME] += now - trace.since
    innermost = chain[0] if chain else trace.top
    kind = "yield" if innermost is trace.top and trace.code.co_flags & 0x20 else "await"
    wait = row_below(trace, innermost, kind, None, kind)
    if wait is not None:
        wait[NAME] = kind
        wait[TIME] += now - trace.since
        wait[COUNT] += 1
    trace.since = 0


EVENTS = {
    "call": on_call, "return": on_return, "c_call": on_builtin, "c_return": on_builtin_end,
    "c_exception": on_builtin_error,
}  # fmt: skip
