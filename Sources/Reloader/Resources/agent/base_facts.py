"""What differs between CPython's versions: one table, read by name. The compiler twin uses this file too.

No other file asks which version it runs on, but for base_ files that are about one version only.
"""

VERSION = tuple(sys.version_info[:3])

# The attribute of a code object that holds its line table; the positions in it are relative to co_firstlineno.
LINE_TABLE = "co_linetable" if VERSION >= (3, 10) else "co_lnotab"

# The lowest bit of LOAD_GLOBAL's argument says whether a NULL is pushed too; the name's index is in the others.
GLOBAL_SHIFT = 1 if VERSION >= (3, 11) else 0

# The instruction that reads a name of the module: the first in which these two differ.
LOAD_GLOBAL = [
    one for one, two in zip((lambda: len).__code__.co_code[::2], (lambda: None).__code__.co_code[::2]) if one != two
][0]


def _an_item() -> None:
    _an_item[_an_item] = _an_item


def _a_name() -> None:
    global _a_name
    _a_name = _an_item


def _an_attribute() -> None:
    _an_item.name = _an_item


def _a_value() -> object:
    return _an_item


def _nothing() -> None:
    return None


# `a[b] = c`, what assigns a name of the module in a function, and `a.b = c`.
STORE_SUBSCR, STORE_GLOBAL, STORE_ATTR = [
    (set(one.__code__.co_code[::2]) - set(_a_value.__code__.co_code[::2]) - set(_nothing.__code__.co_code[::2])).pop()
    for one in (_an_item, _a_name, _an_attribute)
]


def _an_attribute_given() -> object:
    return _an_item.name, _an_item.name()


def _behind_globals(content: bytes) -> set:
    """Instructions that come next after one that reads a name of the module, past the caches between."""
    used = [at for at in range(0, len(content), 2) if content[at]]
    return {content[two] for one, two in zip(used, used[1:]) if content[one] == LOAD_GLOBAL}


# `a.b` and what begins `a.b()`; from 3.12 on the lowest bit of the argument says which it is.
LOAD_ATTRIBUTE = _behind_globals(_an_attribute_given.__code__.co_code)
ATTRIBUTE_SHIFT = 1 if VERSION >= (3, 12) else 0


def _an_item_given() -> object:
    return _an_item[_an_item]


def _from_last(content: bytes) -> bytes:
    """From the last instruction but one on, past the caches between: these are 0 in `co_code`."""
    at = len(content) - 4
    while not content[at]:
        at -= 2
    return content[at:]


# `return a[b]`.
RETURNED_ITEM = _from_last(_an_item_given.__code__.co_code)

# An instance of a class that a class statement made refers to its class: the collector finds it from there.
INSTANCES_REFER_TO_CLASS = VERSION >= (3, 9)

# Who swallows a RecursionError near the limit, and goes on calling, ends the process.
SWALLOWED_RECURSION_ENDS = VERSION < (3, 9)

# sys.setprofile() for one thread changes the code that all threads run, whenever it runs next.
PROFILES_ALL_CODE = VERSION >= (3, 12)

# os.fork() beside another thread of the process warns on stderr.
WARNS_OF_FORK = VERSION >= (3, 12)

# Objects that gc.freeze() has set aside before the program begins: 3.12 freezes some hundred of its own.
FROZEN_AT_START = 1000 if VERSION[:2] == (3, 12) else 0

# A class has `__firstlineno__`, which its body sets.
CLASSES_KNOW_LINES = VERSION >= (3, 13)

# The offset of func_version in a 64-bit PyFunctionObject, where calls of a function whose `__code__` was assigned stay
# unspecialised; 0 where they do not. A build with other layouts is found out before anything is written.
FUNCTION_VERSION = {(3, 13): 0x88, (3, 14): 0x90, (3, 15): 0x90}.get(VERSION[:2], 0)

# A frame's `f_locals` is a view of its variables; before, a dict that stays in the frame and is filled at each look.
FRAME_LOCALS_ARE_VIEWS = VERSION >= (3, 13)

# The dict is in a part of the frame that its object points to. What it has when a trace or profile function returns
# becomes the variables.
FRAMES_ARE_INNER = (3, 11) <= VERSION < (3, 13)

# The words of a 64-bit frame object (or of that part), of its code, globals, builtins and that dict.
FRAME_WORDS = {(3, 11): (4, 1, 2, 3), (3, 12): (0, 3, 4, 5)}.get(VERSION[:2], (4, 6, 5, 7))

# Where comprehensions are part of a function's code, a look at a frame that is in one is a copy of its dict. SWAP
# begins what handles an exception there, and nowhere else. (256: it has code of its own, or a look is a view.)
COMPREHENSION_ENDS = 99 if VERSION[:2] == (3, 12) else 256

# Functions, classes and modules have `__annotate__`, which computes their annotations when somebody asks.
ANNOTATES_LATE = VERSION >= (3, 14)

# Small whole numbers are loaded by an instruction of their own: in a class body its first line, up to 255.
HAS_SMALL_INT = VERSION >= (3, 14)

# The opcode module is not in the target: opcodes are read from code that has them. From 3.14 on they are the last but
# one instruction (RESUME has an inline cache from 3.15 on); before, LOAD_CONST is the first, after RESUME in 3.11.
if HAS_SMALL_INT:
    LOAD_CONST = (lambda: 0.5).__code__.co_code[-4]
    LOAD_SMALL_INT = (lambda: 5).__code__.co_code[-4]
else:
    LOAD_CONST = (lambda: 0.5 .real).__code__.co_code[2 if VERSION >= (3, 11) else 0]
    LOAD_SMALL_INT = 0
