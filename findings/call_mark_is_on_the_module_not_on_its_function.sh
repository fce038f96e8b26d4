#!/bin/bash
# CPython 3.11 and later: which instruction says that `a.b()` is a call depends on how the name `a` came into the module.
#
# LOAD_GLOBAL can push a NULL beside the value, and an attribute can be loaded as a method: one of the two marks what is called, so that
# code tells calls from values that are only passed on. For `a.b()` it is the attribute that is loaded as a method, but where an import
# statement of the module binds `a`, the compiler takes it for a module, whose functions are no methods: then the mark is on LOAD_GLOBAL,
# on `a`, which is not called (maybe_optimize_method_call in Python/compile.c, is_import_originated), or, from 3.13 on, on a PUSH_NULL
# behind. A tool that reads calls from code by the attribute's mark alone sees none of those of modules.
#
# Seen with CPython 3.11.7, 3.12.1 and 3.13.0. Ends with 1 if both are compiled alike.
set -eu
python3 - <<'PYTHON'
import dis
import sys

if sys.version_info < (3, 11):
    sys.exit("needs CPython 3.11 or later")


def compiled(line):
    space = {}
    exec(compile(line + "\ndef f():\n    return a.b()\n", "file", "exec"), {"x": 0}, space)
    shown = [(one.opname, one.argrepr) for one in dis.get_instructions(space["f"])]
    return shown[1:4]


def marks(found):
    return [name for name, argument in found if "NULL" in argument or name in ("LOAD_METHOD", "PUSH_NULL")]


imported, assigned = compiled("import os as a"), compiled("a = x")
print("CPython", sys.version.split()[0])
print("import os as a:", *imported)
print("a = x:         ", *assigned)
print("marked:", *marks(imported), "and", *marks(assigned))
sys.exit(marks(imported) == marks(assigned))
PYTHON
