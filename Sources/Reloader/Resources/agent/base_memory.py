"""Two words of this process's own objects that Python code cannot write, from 3.13 on.

The version of a function. The interpreter specialises a call for it. `def` takes it from the code object; whoever
assigns `__code__` clears it, and the function gets none again: calls of it stay a fifth slower, properties take twice
as long. The code that a patch assigns has a number of its own, no other function's, as good as that of a `def`.

The first line of a code object. The line table is relative to it, so that a function only moves if it is written.

A wrong word would end the process. So the compiler twin tries all this on itself first, then the agent on objects that
it made; and each object must have in its place what it must have, or nothing is written.
"""

CODE_VERSION = 0x5C  # offsets in a 64-bit PyCodeObject
CODE_FIRST_LINE = 0x44
CALL_ONCE = (lambda function: function()).__code__


def open_memory() -> int:
    """A descriptor of this process's memory, if both words are where they should be; else -1."""
    if not FUNCTION_VERSION:
        return -1
    try:
        memory = posix.open("/proc/self/mem", posix.O_RDWR | posix.O_CLOEXEC)
    except OSError:
        return -1
    try:
        if are_words_known(memory):
            return memory
    except OSError:
        pass
    posix.close(memory)
    return -1


def read_word(memory: int, address: int) -> int:
    return int.from_bytes(posix.pread(memory, 4, address), "little")


def write_word(memory: int, address: int, value: int) -> None:
    posix.pwrite(memory, value.to_bytes(4, "little"), address)


def read_version(memory: int, function: FunctionType) -> tuple:
    """(what is called for it, its version): the two stand side by side."""
    content = posix.pread(memory, 12, id(function) + FUNCTION_VERSION - 8)
    return content[:8], int.from_bytes(content[8:], "little")


def are_words_known(memory: int) -> bool:
    def made() -> int:
        return 7

    first = made.__code__
    second = first.replace(co_firstlineno=first.co_firstlineno + 1000)
    call, number = read_version(memory, made)
    if number < 2 or number != read_word(memory, id(first) + CODE_VERSION):
        return False
    for code in (first, second):
        if read_word(memory, id(code) + CODE_FIRST_LINE) != code.co_firstlineno:
            return False
    made.__code__ = second
    number = read_word(memory, id(second) + CODE_VERSION)
    if read_version(memory, made) not in ((call, 0), (call, 1)) or number < 2:
        return False
    restore_versions(memory, [made])
    is_moved = move_code(memory, second, 5) and second == first.replace(co_firstlineno=first.co_firstlineno + 1005)
    caller = FunctionType(CALL_ONCE.replace(), {})
    results = [caller(made) for _ in range(16)]
    return is_moved and results == [7] * 16 and read_version(memory, made) == (call, number)


def restore_versions(memory: int, functions: list) -> None:
    """Functions that got code of their own have its number, as `def` would have given it to them.

    Functions that share code must be called alike: with as many defaults."""
    call, _ = read_version(memory, read_version)
    shapes = {}
    for function in functions:
        shape = (len(function.__defaults__ or ()), *sorted(function.__kwdefaults__ or ()))
        shapes.setdefault(id(function.__code__), set()).add(shape)
    for function in functions:
        code = function.__code__
        number = read_word(memory, id(code) + CODE_VERSION)
        is_cleared = read_version(memory, function) in ((call, 0), (call, 1))
        if is_cleared and number > 1 and len(shapes.get(id(code), ())) == 1:
            write_word(memory, id(function) + FUNCTION_VERSION, number)
            if function.__code__ is not code:  # another thread assigned it meanwhile; to assign clears the version
                function.__code__ = function.__code__


def move_code(memory: int, code: CodeType, delta: int) -> bool:
    """Moves code that no other object holds but its function; False if it stays where it is."""
    line = code.co_firstlineno
    if line + delta < 1 or read_word(memory, id(code) + CODE_FIRST_LINE) != line:
        return False
    write_word(memory, id(code) + CODE_FIRST_LINE, line + delta)
    return code.co_firstlineno == line + delta
