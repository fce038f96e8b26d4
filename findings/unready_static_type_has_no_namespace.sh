#!/bin/bash
# CPython 3.8 to 3.11: a class can have no namespace at all.
#
# `_socket.socket` is a static type of C that the module does not make ready (PyType_Ready): it is made ready by its first use.
# Until then the getter of `type.__dict__["__dict__"]` gives None for it, where it gives a mappingproxy for every other class.
# A program that imports `socket` has such a class in a module's namespace for a moment; whoever looks at the modules of a running
# process from a thread, past `__getattr__` and metaclasses, meets it. Any attribute access makes it ready.
# From 3.12 on the module makes the type itself, with a namespace from the start.
#
# Seen with 3.8.18, 3.9.18, 3.10.13, 3.11.2, 3.11.7 (None), 3.12.1 and 3.13.0 (mappingproxy). Nothing is installed: the fault is in CPython
# alone. Runs with every python3 and python3.N in the PATH; ends with 1 if one of them behaves in another way.
set -u
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat >"$folder/look.py" <<'PYTHON'
import sys

assert "socket" not in sys.modules
import _socket

namespace = type.__dict__["__dict__"].__get__
before = type(namespace(_socket.SocketType)).__name__
_socket.SocketType.__name__
after = type(namespace(_socket.SocketType)).__name__
print(sys.version.split()[0], "before its first use:", before, " after:", after)
expected = "NoneType" if sys.version_info < (3, 12) else "mappingproxy"
sys.exit((before, after) != (expected, "mappingproxy"))
PYTHON
tried=0 status=0
for python in python3 python3.{8..15}; do
    "$python" -c '' 2>/dev/null || continue
    tried=$((tried + 1))
    "$python" -S "$folder/look.py" || status=1
done
[ $tried -gt 0 ] || { echo "no python3 in the PATH"; exit 1; }
exit $status
