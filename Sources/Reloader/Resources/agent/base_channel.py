"""The agent's modules, and the frames on its two pipes.

The files of this folder are concatenated in the order of AgentProgram.swift and compiled as one module by the compiler
twin. They run in a dict of their own, on a thread of their own, and may import nothing: other modules can be patched
(gevent) or absent. Prefixes: base_ is what all need, live_ reads the process, patch_ changes it.
"""

import _imp
import _thread
import marshal
import posix
import sys

ModuleType = type(sys)
FunctionType = type(lambda: None)
CodeType = type((lambda: None).__code__)
CellType = type((lambda value: lambda: value)(None).__closure__[0])
Record = type(sys.implementation)
MISSING = object()

# The agent defines no class: a class is a reference cycle, which would stay until the program's collector finds it, or
# for ever where gc.disable() was called. These names say what a Record holds.
Pipes = Turn = Space = Reached = Holders = Located = Writes = Patch = Record


def builtin_module(name: str) -> object:
    """A built-in module, without leaving it in sys.modules if the program has not imported it."""
    present = sys.modules.get(name)
    if type(present) is ModuleType:
        return present
    module = _imp.create_builtin(Record(name=name, origin="built-in", parent="", loader=None))
    _imp.exec_builtin(module)
    if present is None:
        sys.modules.pop(name, None)
    return module


gc = builtin_module("gc")
clock = builtin_module("time").perf_counter_ns


REQUEST, TAKEN, ANSWER, EVENT, END = range(1, 6)
HEADER = 9


def open_pipes(read_fd: int, write_fd: int) -> Pipes:
    """Both ends, with what tells them from what the program may open under their numbers after it closed them."""
    ends = {fd: posix.fstat(fd).st_ino for fd in (read_fd, write_fd)}
    return Pipes(ends=ends, read_fd=read_fd, write_fd=write_fd, ahead=b"")


def is_ours(pipes: Pipes, fd: int) -> bool:
    return posix.fstat(fd).st_ino == pipes.ends[fd]


def is_over(pipes: Pipes) -> bool:
    """Whether the tool has closed its end: nobody waits for an answer any more. Takes what has come otherwise."""
    if not is_ours(pipes, pipes.read_fd):
        return True
    posix.set_blocking(pipes.read_fd, False)
    try:
        come = posix.read(pipes.read_fd, 1 << 16)
    except BlockingIOError:
        return False
    finally:
        posix.set_blocking(pipes.read_fd, True)
    pipes.ahead += come
    return not come


def is_asked(pipes: Pipes) -> bool:
    """Whether a request has come, or the end of the conversation."""
    return is_over(pipes) or bool(pipes.ahead)


def take(pipes: Pipes, count: int) -> bytes:
    parts = [pipes.ahead[:count]]
    pipes.ahead = pipes.ahead[count:]
    count -= len(parts[0])
    while count:
        part = posix.read(pipes.read_fd, min(count, 1 << 20)) if is_ours(pipes, pipes.read_fd) else b""
        if not part:
            return b""
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive(pipes: Pipes) -> tuple:
    """The next request, (id, content), or () at the end of the conversation."""
    header = take(pipes, HEADER)
    if len(header) < HEADER or header[8] != REQUEST:
        return ()
    content = take(pipes, int.from_bytes(header[:4], "little"))
    return (int.from_bytes(header[4:8], "little"), content) if content else ()


def frame(number: int, kind: int, value: object) -> bytes:
    """u32 length of the content, u32 id, u8 kind, all little-endian; then the content, marshal version 2."""
    content = marshal.dumps(value, 2)
    return b"".join([len(content).to_bytes(4, "little"), number.to_bytes(4, "little"), bytes((kind,)), content])


def send(pipes: Pipes, frames: bytes) -> bool:
    """Whether all of it was written: False once the program has closed our end."""
    rest = memoryview(frames)
    while rest:
        if not is_ours(pipes, pipes.write_fd):
            return False
        rest = rest[posix.write(pipes.write_fd, rest) :]
    return True


def is_fork_warning(text: str) -> bool:
    """The text pattern of 3.12's warning about os.fork() beside our thread, without the re module."""
    return "multi-threaded" in text


def silence_fork() -> list:
    """Keeps that warning off the program's stderr while this thread lives; what `end_silence` takes back."""
    entry = ("ignore", Record(match=is_fork_warning), DeprecationWarning, None, 0)
    if WARNS_OF_FORK:
        lists = []
        for found in warning_filters():
            if not any([found is known for known in lists]):
                found.insert(0, entry)
                lists.append(found)
        return [entry, lists]
    return [entry, []]


def warning_filters() -> list:
    found = []
    for name in ("_warnings", "warnings"):
        filters = module_dict(sys.modules.get(name)).get("filters")
        if type(filters) is list:
            found.append(filters)
    return found


def end_silence(silence: list) -> None:
    entry, lists = silence
    for found in lists + warning_filters():
        for index in range(len(found) - 1, -1, -1):
            if found[index] is entry:
                del found[index]


# What a class is, without asking its metaclass: the class and those above it, and its names.
known_bases = type.__dict__["__mro__"].__get__
name_of_class = type.__dict__["__qualname__"].__get__
short_name = type.__dict__["__name__"].__get__


def bases_of(cls: type) -> tuple:
    """The class itself first. A type of C may have none before its first use (`functools.KeyWrapper` up to 3.9)."""
    return known_bases(cls) or type.__getattribute__(cls, "__mro__")


def is_below(cls: type, base: type) -> bool:
    """Whether a class is another one or below it. C code compares them: `in` would ask the `__eq__` of a metaclass."""
    return type.__subclasscheck__(base, cls)


def module_dict(module: object) -> dict:
    """A module's namespace, past every __getattr__ and lazy loader; {} for what is no module."""
    if is_below(type(module), ModuleType):
        return ModuleType.__dict__["__dict__"].__get__(module)
    return {}


def original(name: str) -> object:
    """A function of `_thread` as CPython made it: gevent and eventlet put their own in its place, and keep it.

    Theirs take greenlets for threads, and make an event loop for every thread that calls them.
    """
    function = getattr(_thread, name)
    if type(function) is type(len):
        return function
    saved = module_dict(sys.modules.get("gevent.monkey")).get("saved", {}).get("_thread", {})
    return saved.get(name) or module_dict(sys.modules.get("__original_module__thread")).get(name, function)


allocate_lock, get_ident, start_new_thread = map(original, ("allocate_lock", "get_ident", "start_new_thread"))


def forget_thread(before: set) -> None:
    """Drops the _DummyThread that threading.current_thread() made for this thread, if a callee asked it to."""
    active = module_dict(sys.modules.get("threading")).get("_active")
    if type(active) is dict and get_ident() not in before:
        active.pop(get_ident(), None)


def known_threads() -> set:
    active = module_dict(sys.modules.get("threading")).get("_active")
    return set(active) if type(active) is dict else set()
