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
    if running is not None and not running.over or now < probe.rest:
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
    set_function, anything, gone, probe = set_profile, BaseException, NameError, trace.probe
    opened, pending, chain, folds = trace.opened, trace.pending, trace.chain, trace.folds
    place_of, time_of, count_of, quick_of, ends_of = PLACE, TIME, COUNT, QUICK, ENDS
    over, until, count = trace.over, probe.until, 0

    def follow(frame: object, event: str, value: object) -> None:
        nonlocal count, until
        if over:
            trace.hook = None
            set_function(None)
            return
        try:
            now = tick()
            count += 1
            is_new = True
            # What happens most goes without calls of ours: one more of a row that is there, and its end.
            if opened and not pending and not chain and folds:
                last, row, since = opened[-1]
                if event == "call":
                    caller = frame.f_back
                    if last == number(caller):
                        found = row[quick_of].get(number(frame.f_code))
                        if found and (not found[place_of] or caller.f_lasti in found[place_of][1]):
                            found[count_of] += 1
                            opened.append((number(frame), found, now))
                            is_new = False
                elif event == "return":
                    if last == number(frame):
                        ends = row[ends_of]
                        if ends is not None and (value is not None or frame.f_lasti in ends):
                            row[time_of] += now - since
                            del opened[-1]
                            is_new = False
                elif event == "c_return":
                    if last == -number(frame):
                        row[time_of] += now - since
                        del opened[-1]
                        is_new = False
                elif event == "c_call" and last == number(frame):
                    found = row[quick_of].get(number(value))
                    if found and (not found[place_of] or frame.f_lasti in found[place_of][1]):
                        found[count_of] += 1
                        opened.append((-last, found, now))
                        is_new = False
            if now > until:
                until = probe.until
                if now > until:
                    end(trace, "lease")
                    is_new = False
            if is_new:
                if not trace.since:
                    events[event](trace, frame, value, now)
                elif event == "call" and number(frame) == trace.root:
                    wake(trace, now)
            if count < 64 or not count & 15:
                if count >= most:
                    end(trace, "events")
                cost = tick() - now
                # Of many, one in sixteen tells what all take, unless the thread lost its processor meanwhile.
                trace.spent += cost if count < 64 or cost > 50_000 else cost * 16
        except gone:
            over.append(True)
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
    if trace.over:
        return
    trace.over.append(True)
    trace.why = trace.why or why
    close_all(trace, clock())
    if TRACING.get(trace.thread) is trace:
        TRACING.pop(trace.thread, None)


def close_all(trace: Record, now: int) -> None:
    if trace.since:
        count_wait(trace, now)
    while len(trace.opened) > 1:
        close_row(trace, trace.opened.pop(), now, False)


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
        trace.over.append(True)
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
        trace.over.append(True)
        if TRACING.get(trace.thread) is trace:
            TRACING.pop(trace.thread, None)
    probe.traces = []
