#!/bin/bash
# CPython 3.8 to 3.15: a metaclass that gets `ABCMeta` as its base by assignment breaks isinstance and issubclass for the classes that
# it has made.
#
# `type.__bases__` may be assigned, and `Meta.__bases__ = (ABCMeta,)` is accepted. What `ABCMeta.__new__` adds to each class when the
# class is made, `_abc_impl`, is not there for older ones; from then on their checks go through ABCMeta's methods, which need it, and
# raise AttributeError. Only a class whose object is asked about its own type still answers, because that question takes a shorter way.
#
# Seen with 3.8.18, 3.11.2, 3.13.0 and 3.15.2. Nothing is installed: the behaviour is CPython's alone. Runs with every python3 and
# python3.N in the PATH; ends with 1 if one of them behaves in another way.
set -u
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat >"$folder/look.py" <<'PYTHON'
import abc
import sys


class Meta(type):
    pass


class Plain(metaclass=Meta):
    pass


class Child(Plain):
    pass


def answers():
    found = []
    for ask in (
        lambda: isinstance(Plain(), Plain),
        lambda: isinstance(Child(), Plain),
        lambda: isinstance(1, Plain),
        lambda: issubclass(Child, Plain),
    ):
        try:
            found.append(ask())
        except AttributeError as error:
            found.append(str(error).split()[-1])
    return found


before = answers()
Meta.__bases__ = (abc.ABCMeta,)
after = answers()
print(sys.version.split()[0], "before:", before, " after:", after)
missing = "'_abc_impl'"
sys.exit((before, after) != ([True, True, False, True], [True, missing, missing, missing]))
PYTHON
tried=0 status=0
for python in python3 python3.{8..15}; do
    "$python" -c '' 2>/dev/null || continue
    tried=$((tried + 1))
    "$python" "$folder/look.py" || status=1
done
[ $tried -gt 0 ] || { echo "no python3 in the PATH"; exit 1; }
exit $status
