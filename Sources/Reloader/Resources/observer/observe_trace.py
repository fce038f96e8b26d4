"""Traces: a profile function of one thread, for as long as one watched call lasts.

It is set when the call begins and taken out when it ends, or by itself at the next event once nobody asks any more, the
trace was ended, or it has taken too long. What the program has of its own stays: where it profiles itself, or hears of
`sys.setprofile` through an audit hook, only the call is timed.
"""

QUIET_TIME = 500_000_000  # nanoseconds between two traces where one changes the code that all threads run
MOST_EVENTS = 500_000  # of one trace: about a second of the program's time
TRACING = {}  # by thread: one trace at a time
OURS = called.__code__.co_filename
thread_time = builtin_module("time").thread_time_ns
set_profile, get_profile = sys.setprofile, sys.getprofile


def open_trace(probe: Record, now: int) -> object:
    """Begins the trace of the call that is about to run; None if this one is not traced."""
    thread = get_ident()
    running = TRACING.get(thread)
    if running is not None and not running.is_over or now < probe.rest:
        return None
    trace = new_trace(probe, sys._getframe(3))
    trace.thread, trace.hook, trace.has_profiled = thread, None, False
    TRACING[thread] = trace
    probe.traces.append(trace)
    if has_own_profile():
        trace.why = "profiled"
    elif has_audit_hook():
        trace.why = "audited"
    else:
        trace.hook, trace.has_profiled = new_hook(trace), True
        set_profile(trace.hook)
    return trace


def has_own_profile() -> bool:
    """yappi sets its function without an object that sys.getprofile() could show."""
    is_plain = all([type(function) is BUILTIN for function in (set_profile, get_profile, sys.setprofile)])
    return not is_plain or get_profile() is not None or "_yappi" in sys.modules


def new_hook(trace: Record) -> object:
    """What it needs to get out of the way it holds itself: the agent's names are gone once the agent has left.

    Whenever it runs it is its thread's profile function, so it may take that out without a look.
    """
    tick, events, end, most, number, wake, failed = clock, EVENTS, leave, MOST_EVENTS, id, go_on, fail
    set_function, anything, gone = set_profile, BaseException, NameError

    def follow(frame: object, event: str, value: object) -> None:
        if trace.is_over:
            trace.hook = None
            set_function(None)
            return
        try:
            now = tick()
            if now > trace.probe.until:
                end(trace, "lease")
            elif not trace.since:
                events[event](trace, frame, value, now)
            elif event == "call" and number(frame) == trace.root:
                wake(trace, now)
            trace.events += 1
            if trace.events >= most:
                end(trace, "events")
            trace.spent += tick() - now
        except gone:
            trace.is_over = True
            trace.hook = None
            set_function(None)
        except anything as error:
            try:
                end(trace, "failed")
                failed(trace.probe, error)
            except gone:
                set_function(None)

    return follow


def leave(trace: Record, why: str) -> None:
    """Only in the trace's own thread. Calls that are open then have the time that they took so far."""
    hook, trace.hook = trace.hook, None
    if hook is not None and get_profile() is hook:
        set_profile(None)
    if trace.is_over:
        return
    trace.is_over = True
    trace.why = trace.why or why
    close_all(trace, clock())
    if TRACING.get(trace.thread) is trace:
        TRACING.pop(trace.thread, None)


def close_all(trace: Record, now: int) -> None:
    if trace.since:
        count_wait(trace, now)
    while len(trace.opened) > 1:
        close_row(trace, trace.opened.pop(), now, False)


def on_call(trace: Record, frame: object, value: object, now: int) -> None:
    trace.chain = []
    if trace.pending:
        name_exceptions(trace, sys.exc_info()[1])
    called(trace, frame, now)


def on_builtin(trace: Record, frame: object, value: object, now: int) -> None:
    trace.chain = []
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
    if number == trace.root:
        if is_suspended:
            suspend(trace, value, now)
        else:
            leave(trace, "lost")  # a signal's exception came before the recorder's own block
        return
    row = ended(trace, number, now, has_raised, is_suspended)
    if row is not None and is_suspended:
        trace.suspended[number] = row
        trace.chain = [*waiting_for(trace, value), row]
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
    trace.chain = waiting_for(trace, value)
    while len(trace.opened) > 1:
        close_row(trace, trace.opened.pop(), now, True)
    trace.since = now
    trace.opened = []


def go_on(trace: Record, now: int) -> None:
    count_wait(trace, now)
    trace.opened = [[trace.root, trace.top, now]]


def count_wait(trace: Record, now: int) -> None:
    """The coroutines that waited have this time too; it is a row below the innermost one."""
    chain, trace.chain = trace.chain, []
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


def close_trace(trace: Record, now: int, error: object) -> None:
    """The watched call has ended, in whatever thread."""
    probe = trace.probe
    is_elsewhere = trace.hook is not None and (trace.since or get_profile() is not trace.hook)
    if trace.thread != get_ident() or is_elsewhere:
        trace.why = trace.why or "lost"
    if trace.thread == get_ident():
        trace.cpu = thread_time() - trace.cpu
        leave(trace, "")
    else:
        trace.is_over = True
        close_all(trace, now)
    name_exceptions(trace, error)
    probe.hook_time += trace.spent
    if PROFILES_ALL_CODE and trace.has_profiled:
        probe.rest = now + QUIET_TIME
    probe.traces = [other for other in probe.traces if other is not trace]


def traced(trace: Record, name: str, cost: float) -> dict:
    trace.top[NAME], trace.top[TIME] = name, int(cost * 1e6)
    answer = packed(trace)
    answer["daemon"] = is_daemon(trace.thread)
    answer["ident"] = trace.thread
    answer["cpu"] = trace.cpu / 1e6
    return answer


def is_daemon(thread: int) -> bool:
    active = module_dict(sys.modules.get("threading")).get("_active")
    found = active.get(thread) if type(active) is dict else None
    return found is not None and (instance_dict(found, type(found)) or {}).get("_daemonic") is True


def end_traces(probe: Record) -> None:
    """Their profile functions leave at the next event of their threads."""
    for trace in probe.traces:
        trace.is_over = True
        if TRACING.get(trace.thread) is trace:
            TRACING.pop(trace.thread, None)
    probe.traces = []


EVENTS = {
    "call": on_call, "return": on_return, "c_call": on_builtin, "c_return": on_builtin_end,
    "c_exception": on_builtin_error,
}  # fmt: skip
