"""Where a task stands: the chain of calls that it awaits, or that its thread runs.

Attributes of coroutines, generators and frames are C code's; those of tasks and futures are read past every method.
"""

CHAIN_ENDS = 10, 40  # calls that are shown of the outer and of the inner end of a long chain
LONGEST_CHAIN = 2000
LONGEST_NAME = 300

GENERATOR = type((lambda: (yield))())
C_METHOD = type(str.join)
C_AWAITABLES = ("async_generator_asend", "async_generator_athrow", "anext_awaitable", "coroutine_wrapper")


def types_of_coroutines() -> tuple:
    async def coroutine() -> None:
        pass

    async def generator() -> object:
        yield

    waiting = coroutine()
    waiting.close()
    return type(waiting), type(generator())


COROUTINE, ASYNC_GENERATOR = types_of_coroutines()


def stored(value: object, name: str) -> object:
    """What C code or the instance stores under this name; None if that would have to be asked of the program."""
    kind = type(value)
    known = READERS.get((id(kind), name))
    if known is None:
        known = READERS[id(kind), name] = (kind, reader_of(kind, name))
    try:
        return known[1](value)
    except BaseException:
        return None


READERS = {}  # by the id of a class and a name: the class, and what reads that name of instances; empty between looks


def reader_of(kind: type, name: str) -> object:
    """C code's own attribute, also where a class below has put something else in front of it.

    Up to 3.11 a future has a dict that no descriptor leads to: a name that no class has is read as C code would.
    """
    found = [class_dict(cls)[name] for cls in bases_of(kind) if name in class_dict(cls)]
    for attribute in found:
        if type(attribute) is GETTER or type(attribute) is MEMBER:
            return attribute.__get__
    if found:
        return lambda value: static_attribute(value, name, name)
    return lambda value: object.__getattribute__(value, name)


def task_name(task: object) -> str:
    for cls in bases_of(type(task)):
        method = class_dict(cls).get("get_name")
        if type(method) is C_METHOD and method.__objclass__ is cls:
            return shortened(method(task))
    return shortened(stored(task, "_name"))


def shortened(text: object) -> str:
    return text_of(text)[:LONGEST_NAME]


def steady(task: object) -> tuple:
    """One look that says what the look before it said; the program runs on meanwhile."""
    before = look_at(task)
    for _ in range(3):
        now = look_at(task)
        if now == before:
            break
        before = now
    return now


def look_at(task: object) -> tuple:
    """State, the chain of calls with the outermost first, what the last one waits for, and how many calls there are."""
    coroutine = stored(task, "_coro")
    if is_running(coroutine):
        calls = calls_from(frame_of(coroutine))
        return "running", rows_of(calls), ("", ""), len(calls)
    calls, last = awaited_calls(coroutine)
    future = stored(task, "_fut_waiter")
    awaited = awaited_future(future) if future is not None else ("", "")
    if future is None and last is not None:
        awaited = ("other", shortened(full_name(type(last))))
    return "ready" if future is None else "waiting", rows_of(calls), awaited, len(calls)


def rows_of(calls: list) -> tuple:
    first, last = CHAIN_ENDS
    shown = calls if len(calls) <= first + last else calls[:first] + calls[-last:]
    return tuple([row_of(frame, value) for frame, value in shown])


def frame_of(value: object) -> object:
    kind = type(value)
    if kind is COROUTINE:
        return value.cr_frame
    return value.gi_frame if kind is GENERATOR else value.ag_frame if kind is ASYNC_GENERATOR else None


def is_running(value: object) -> bool:
    kind = type(value)
    return value.cr_running if kind is COROUTINE else kind is GENERATOR and value.gi_running


def awaited_calls(value: object) -> tuple:
    """[frame, coroutine] of each suspended call, and what the last one awaits if that is no future of C code."""
    calls = []
    while len(calls) < LONGEST_CHAIN:
        frame = frame_of(value)
        if frame is None:
            inner = inner_of(value)
            if inner is None:
                break
            value = inner
            continue
        calls.append((frame, value))
        kind = type(value)
        value = value.cr_await if kind is COROUTINE else value.gi_yieldfrom if kind is GENERATOR else value.ag_await
    return calls, value


def inner_of(value: object) -> object:
    """The coroutine or generator that an awaitable of C code goes on with: it has no attribute for it."""
    if short_name(type(value)) in C_AWAITABLES:
        for inner in gc.get_referents(value):
            kind = type(inner)
            if kind is COROUTINE or kind is ASYNC_GENERATOR or kind is GENERATOR or short_name(kind) in C_AWAITABLES:
                return inner
    return None


def calls_from(frame: object) -> list:
    """The calls of a thread from this frame on; the frame alone if no thread runs it any more."""
    for top in [top for ident, top in sys._current_frames().items() if ident != get_ident()]:
        calls = []
        while top is not None and len(calls) < LONGEST_CHAIN:
            calls.insert(0, (top, None))
            if top is frame:
                return calls
            top = top.f_back
    return [(frame, None)] if frame is not None else []


def row_of(frame: object, value: object) -> tuple:
    """Qualified name, name, file, line, module. Before 3.11 a coroutine knows its qualified name, its code does not."""
    code = frame.f_code
    name = code.co_qualname if VERSION >= (3, 11) else value.__qualname__ if value is not None else code.co_name
    module = dict.get(frame.f_globals, "__name__")
    return shortened(name), shortened(code.co_name), text_of(code.co_filename), frame.f_lineno or 0, shortened(module)


def awaited_future(future: object) -> tuple:
    """Kind and name: `task` and its name, `gather` and how many it waits for, `future` and its class if that is not
    asyncio's."""
    if stored(future, "_coro") is not None:
        return "task", task_name(future)
    children = stored(future, "_children")
    if type(children) is list:
        return "gather", str(len(children))
    name = shortened(full_name(type(future)))
    return "future", "" if name in ("_asyncio.Future", "asyncio.futures.Future") else name
