#!/bin/bash
# CPython up to 3.13: an object is in the oldest generation although that was not collected since the object was made.
#
# `gc.get_stats()[2]["collections"]` counts collections of the oldest generation. It seems to say whether what was made since is still in
# `gc.get_objects(0)` and `gc.get_objects(1)`. But a collection of generation 1 moves its survivors into generation 2 and counts only in
# generation 1's statistics (gc_collect_main in Modules/gcmodule.c merges into the next older one). Both counts are needed.
#
# Output seen with 3.8.18, 3.11.7, 3.12.1 and 3.13.0: "young before: True  after: False  collections of the oldest: 0 more". Runs with
# every python3 and python3.N (3.8 to 3.13) in the PATH; ends with 1 if one behaves otherwise.
set -u
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cat >"$folder/look.py" <<'PYTHON'
import gc
import sys

gc.collect()
gc.disable()
count = gc.get_stats()[2]["collections"]
made = []


def is_young():
    return any(item is made for generation in (0, 1) for item in gc.get_objects(generation))


before = is_young()
gc.collect(1)
more = gc.get_stats()[2]["collections"] - count
after = is_young()
print(sys.version.split()[0], "young before:", before, " after:", after, " collections of the oldest:", more, "more")
sys.exit((before, after, more) != (True, False, 0))
PYTHON
tried=0 status=0
for python in python3 python3.{8..13}; do
    "$python" -c 'import sys; sys.exit(not (3, 8) <= sys.version_info < (3, 14))' 2>/dev/null || continue
    tried=$((tried + 1))
    "$python" "$folder/look.py" || status=1
done
[ $tried -gt 0 ] || { echo "no python3.8 to 3.13 in the PATH"; exit 1; }
exit $status
