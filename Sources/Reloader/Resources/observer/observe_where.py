"""Where a call is: its thread, its callers, the place of its exception."""


def exception_text(spec: dict, error: BaseException) -> str:
    """The exception's text without its __str__: its arguments."""
    arguments = BaseException.args.__get__(error)
    if len(arguments) == 1:
        return arguments[0] if type(arguments[0]) is str else render(arguments[0], 0, call_bounds(spec))
    return render(arguments, 0, call_bounds(spec)) if arguments else ""


def raised_at(error: BaseException) -> list:
    """[file, line] of the innermost frame of its traceback."""
    trace = BaseException.__traceback__.__get__(error)
    place = ["", 0]
    while trace is not None:
        place = [trace.tb_frame.f_code.co_filename, trace.tb_lineno]
        trace = trace.tb_next
    return place


def thread_name() -> str:
    return name_of_thread(get_ident())


def name_of_thread(ident: int) -> str:
    """What `threading` calls it; empty if it does not know it."""
    active = module_dict(sys.modules.get("threading")).get("_active")
    thread = active.get(ident) if type(active) is dict else None
    name = (instance_dict(thread, type(thread)) or {}).get("_name") if thread is not None else None
    return name if type(name) is str else ""


def callers(count: int) -> list:
    """[function, file, line] of the frames that led to the call, innermost first."""
    frame = sys._getframe(4).f_back
    found = []
    while frame is not None and len(found) < count:
        found.append([frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno])
        frame = frame.f_back
    return found
