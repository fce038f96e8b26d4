#!/bin/bash
# CPython: an enumeration that is given `__new__` after it was made does not find its members any more.
#
# While an enumeration is made its own `__new__` is put away as `__new_member__`, and a `__new__` that only looks members up takes its
# place (EnumType in Lib/enum.py). A reloader that sets a new method under its name, as it does with every other class, replaces what
# looks up: Color(1) makes an object that is no member, with no error. What the class statement does must be done, or nothing.
#
# Seen with CPython 3.8.18, 3.11.7, 3.12.1 and 3.13.0. Ends with 1 if the member is found.
set -eu
python3 - <<'PYTHON'
import enum
import sys


class Color(enum.Enum):
    RED = 1


def new(cls, value):
    made = object.__new__(cls)
    made._value_ = value
    return made


before = Color(1) is Color.RED
Color.__new__ = staticmethod(new)
print("CPython", sys.version.split()[0])
print("Color(1) is Color.RED: before", before, "after", Color(1) is Color.RED)
print("value", Color(1).value, "among the members:", any(Color(1) is member for member in Color))
sys.exit(not before or Color(1) is Color.RED)
PYTHON
