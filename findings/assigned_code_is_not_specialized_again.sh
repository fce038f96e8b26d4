#!/bin/bash
# CPython 3.13 to 3.15: calls of a function whose `__code__` was assigned are never specialized again.
#
# The interpreter specializes a call by the version number of the function that it calls. Assigning `__code__` (or defaults)
# clears the number, and from 3.13 on a function whose number was cleared gets no other (_PyFunction_GetVersionForCurrentState in
# Objects/funcobject.c). A caller that has learned nothing yet then stays with the general CALL for the life of the process; in 3.11 and
# 3.12 it becomes CALL_PY_EXACT_ARGS again. No result differs: only the calls are slower.
#
# Seen with 3.11.7 and 3.12.1 (CALL_PY_EXACT_ARGS), 3.13.0, 3.14.10 and 3.15.2 (CALL). Nothing is installed: the behaviour is CPython's
# alone. Runs with every python3 and python3.N (3.11 and newer) in the PATH; ends with 1 if one of them behaves in another way.
set -u
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat >"$folder/look.py" <<'PYTHON'
import dis
import sys


def callee(value):
    return value


def other(value):
    return value + 0


def caller():
    for _ in range(200):
        callee(1)


def kind_of_call():
    names = [entry.opname for entry in dis.get_instructions(caller, adaptive=True)]
    return [name for name in names if name.startswith("CALL")][-1]


caller()
before = kind_of_call()
callee.__code__ = other.__code__
caller.__code__ = caller.__code__.replace()  # a caller that has learned nothing yet
for _ in range(50):
    caller()
after = kind_of_call()
print(sys.version.split()[0], "before:", before, " after:", after)
expected = "CALL_PY_EXACT_ARGS" if sys.version_info < (3, 13) else "CALL"
sys.exit((before, after) != ("CALL_PY_EXACT_ARGS", expected))
PYTHON
tried=0 status=0
for python in python3 python3.{11..15}; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    tried=$((tried + 1))
    "$python" "$folder/look.py" || status=1
done
[ $tried -gt 0 ] || { echo "no python3.11 or newer in the PATH"; exit 1; }
exit $status
