"""The agent's modules, and the frames on its two pipes.

The files of this folder are concatenated in name order and compiled as one module by the compiler twin. They run in a
dict of their own, on a thread of their own, and may import nothing: other modules can be patched (gevent) or absent.
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
MISSING = type("Missing", (), {"__slots__": ()})()


def builtin_module(name: str) -> object:
    """A built-in module, without leaving it in sys.modules if the program has not imported it."""
    present = sys.modules.get(name)
    if type(present) is ModuleType:
        return present
    spec = type("Spec", (), {"name": name, "origin": "built-in", "parent": "", "loader": None})()
    module = _imp.create_builtin(spec)
    _imp.exec_builtin(module)
    if present is None:
        sys.modules.pop(name, None)
    return module


gc = builtin_module("gc")
clock = builtin_module("time").perf_counter_ns


class Pipes:
    """Frames: u32 little-endian length, then marshal version 2. The numbers may be closed and reused by the program."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self.ends = {fd: posix.fstat(fd).st_ino for fd in (read_fd, write_fd)}
        self.read_fd = read_fd
        self.write_fd = write_fd

    def ours(self, fd: int) -> bool:
        return posix.fstat(fd).st_ino == self.ends[fd]

    def take(self, count: int) -> bytes:
        parts = []
        while count:
            part = posix.read(self.read_fd, min(count, 1 << 20)) if self.ours(self.read_fd) else b""
            if not part:
                return b""
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self) -> bytes:
        """The next request, or b"" at the end of the conversation."""
        header = self.take(4)
        return self.take(int.from_bytes(header, "little")) if len(header) == 4 else b""

    def send(self, value: object) -> None:
        content = marshal.dumps(value, 2)
        frame = memoryview(len(content).to_bytes(4, "little") + content)
        while frame:
            if not self.ours(self.write_fd):
                return
            frame = frame[posix.write(self.write_fd, frame) :]


class ForkWarning:
    """The text pattern of 3.12's warning about os.fork() beside our thread, without the re module."""

    def match(self, text: str) -> bool:
        return "multi-threaded" in text


class QuietFork:
    """Keeps that warning off the program's stderr while this thread lives."""

    def __init__(self) -> None:
        self.entry = ("ignore", ForkWarning(), DeprecationWarning, None, 0)
        self.lists = []
        if sys.version_info >= (3, 12):
            for found in self.filters():
                if not any(found is known for known in self.lists):
                    found.insert(0, self.entry)
                    self.lists.append(found)

    def filters(self) -> list:
        found = []
        for name in ("_warnings", "warnings"):
            filters = module_dict(sys.modules.get(name)).get("filters")
            if type(filters) is list:
                found.append(filters)
        return found

    def end(self) -> None:
        for found in self.lists + self.filters():
            for index in range(len(found) - 1, -1, -1):
                if found[index] is self.entry:
                    del found[index]


def module_dict(module: object) -> dict:
    """A module's namespace, past every __getattr__ and lazy loader; {} for what is no module."""
    if ModuleType in type(module).__mro__:
        return ModuleType.__dict__["__dict__"].__get__(module)
    return {}


def forget_thread(before: set) -> None:
    """Drops the _DummyThread that threading.current_thread() made for this thread, if a callee asked it to."""
    active = module_dict(sys.modules.get("threading")).get("_active")
    if type(active) is dict and _thread.get_ident() not in before:
        active.pop(_thread.get_ident(), None)


def known_threads() -> set:
    active = module_dict(sys.modules.get("threading")).get("_active")
    return set(active) if type(active) is dict else set()


def describe(error: BaseException) -> str:
    """`TypeError: text`; the text is left out if the exception cannot make it."""
    name = type.__dict__["__name__"].__get__(type(error))
    try:
        text = str(error)
    except BaseException:
        text = ""
    return name + ": " + text if text else name
