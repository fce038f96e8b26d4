"""Keeps CPython 3.12 from mixing functions up after their code was assigned.

A specialised call knows the function that it was specialised for by a number. A function made by `def` has its code's
number; one whose `__code__` was assigned gets, when a call of it is specialised, the next number of another counter,
which starts at 1 in 3.12 although code objects have these numbers already. Two functions with one number are one for a
call: the second is entered without what its parameters need, and the process crashes. 3.11 and 3.13 have one counter.
"""

VERSION_OF_FUNCTION = 0x88  # offset of func_version in a 64-bit PyFunctionObject of 3.12
VERSION_OF_CODE = 0x5C  # offset of co_version in a PyCodeObject of 3.12
FAR = 1 << 31  # the second counter continues here, and code objects never come so far
SEARCHED = 1 << 20  # bytes: the runtime's static data has half of them


def separate_versions() -> None:
    """Moves the second counter out of the way, once in a process's life; does nothing if anything is unclear."""
    if VERSION[:2] != (3, 12):
        return
    try:
        memory = posix.open("/proc/self/mem", posix.O_RDWR | posix.O_CLOEXEC)
    except OSError:
        return
    try:
        if is_layout_known(memory) and 0 < next_version(memory) < FAR and not is_one_counter(memory):
            for _ in range(3):  # a thread that takes a number meanwhile can undo the write
                place = counter_place(memory)
                if place:
                    posix.pwrite(memory, b"\x80", place + 3)
                if next_version(memory) >= FAR:
                    break
    except OSError:
        pass
    finally:
        posix.close(memory)


def word_at(memory: int, address: int) -> int:
    return int.from_bytes(posix.pread(memory, 4, address), "little")


def is_layout_known(memory: int) -> bool:
    def made() -> None:
        pass

    number = word_at(memory, id(made) + VERSION_OF_FUNCTION)
    return number != 0 and number == word_at(memory, id(made.__code__) + VERSION_OF_CODE)


def next_version(memory: int) -> int:
    """Has the interpreter number a function; the number, 0 if it gave none."""
    function = FunctionType(PROBE.replace(), {})
    call = FunctionType(CALLER.replace(), {})  # new code: its call is not specialised yet
    for _ in range(8):
        call(function)
    return word_at(memory, id(function) + VERSION_OF_FUNCTION)


PROBE = (lambda: None).__code__
CALLER = (lambda function: function()).__code__


def is_one_counter(memory: int) -> bool:
    before = PROBE.replace()
    number = next_version(memory)
    after = PROBE.replace()
    return word_at(memory, id(before) + VERSION_OF_CODE) < number < word_at(memory, id(after) + VERSION_OF_CODE)


def counter_place(memory: int) -> int:
    """The address of the one word in the main interpreter's state that is, three times, what comes next; 0 if it is
    not clear. The state lies behind the empty tuple, in one static structure."""
    start = id(()) & ~3
    places = None
    for _ in range(4):
        number = next_version(memory)
        content = posix.pread(memory, SEARCHED, start)
        wanted = (number + 1).to_bytes(4, "little")
        found = set()
        index = content.find(wanted)
        while index >= 0:
            if index % 4 == 0:
                found.add(index)
            index = content.find(wanted, index + 1)
        places = found if places is None else places & found
    return start + places.pop() if len(places) == 1 else 0
