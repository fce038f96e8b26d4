"""The first line that a class's code stores: from 3.14 on the kind of instruction that loads it depends on its value.

Up to 255 it is the operand of LOAD_SMALL_INT, above a constant that LOAD_CONST loads. Moving such code over that border
changes an instruction, and a wrong one ends the process: nothing is written unless both opcodes are known and the
instruction in question is one of them. The compiler twin uses this file too, and compares the opcodes with its own.
"""

CLASS_NAMES = ("__name__", "__module__", "__qualname__", "__firstlineno__")
PROLOGUE = 64  # bytes, in which the names of a class are stored


def class_line_place(code: CodeType) -> int:
    """The index in co_code of the instruction that loads a class's first line; -1 where that is not a matter.

    STORE_NAME __qualname__ (the name with index 2) stands before it, STORE_NAME __firstlineno__ (3) behind it.
    """
    if not HAS_SMALL_INT or code.co_names[:4] != CLASS_NAMES or len(code.co_consts) > 256:
        return -1
    content = code.co_code
    for index in range(2, min(len(content) - 3, PROLOGUE), 2):
        if (content[index - 1], content[index + 3]) == (2, 3) and content[index - 2] == content[index + 2]:
            return index if content[index] in (LOAD_CONST, LOAD_SMALL_INT) and has_opcodes() else -1
    return -1


def has_opcodes() -> bool:
    return 0 not in (LOAD_CONST, LOAD_SMALL_INT) and LOAD_CONST != LOAD_SMALL_INT


def without_class_line(code: CodeType, place: int) -> tuple:
    """Instructions and constants as they would be if the class had no line: constants in the order in which they are
    loaded, their indexes left out, and nothing of the instruction at `place`."""
    content = bytearray(code.co_code)
    content[place] = content[place + 1] = 0
    loaded = []
    for index in range(0, len(content), 2):
        if content[index] == LOAD_CONST:
            loaded.append(code.co_consts[content[index + 1]])
            content[index + 1] = 0
    return bytes(content), loaded


def with_class_line(code: CodeType, place: int, line: int, constants: list) -> CodeType:
    """The code of a class with another first line; `constants` are its new ones. If there is no room
    for another one, the class keeps the line that it stores."""
    content = bytearray(code.co_code)
    index = free_constant(content, place, constants) if line > 255 else line
    if index > 255:
        return code.replace(co_firstlineno=line, co_consts=tuple(constants))
    if line > 255:
        constants[index:] = [line, *constants[index + 1 :]]
    content[place] = LOAD_CONST if line > 255 else LOAD_SMALL_INT
    content[place + 1] = index
    return code.replace(co_firstlineno=line, co_consts=tuple(constants), co_code=bytes(content))


def free_constant(content: bytearray, place: int, constants: list) -> int:
    """Where a line can stand: in place of the old one or of a number that nothing loads any more; else at the end."""
    taken = {content[i + 1] for i in range(0, len(content), 2) if content[i] == LOAD_CONST and i != place}
    for index, value in enumerate(constants):
        if type(value) is int and index not in taken:
            return index
    return len(constants)
