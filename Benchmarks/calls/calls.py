#!/usr/bin/env python3
"""What calls cost after a patch: in a process whose functions were patched or moved, beside one that was never patched.

Two processes of each interpreter run the same loops in turns; one of them is patched five times first. A row is the
ratio of the quickest rounds. CPU of the agent: what moving 250 functions of a long module takes of the process.

    Benchmarks/calls/calls.py [--check]      --check: ends with 1 if a ratio is above 1.02
    MIDFLIGHT_PYTHONS                        interpreters, separated by spaces, instead of 3.13 and newer
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "AgentTests"))

from lab import Session, Target, Twin  # noqa: E402

LIMIT = 1.02
ROUNDS = 60
MAIN = """
import sys, time
import shop

def patched(n):
    call = shop.patched
    for i in range(n):
        call(i)

def moved(n):
    call = shop.moved
    for i in range(n):
        call(i)

def patched_method(n, cart=shop.Cart()):
    for i in range(n):
        cart.patched(i)

def moved_method(n, cart=shop.Cart()):
    for i in range(n):
        cart.moved(i)

def patched_property(n, cart=shop.Cart()):
    for i in range(n):
        cart.size

def moved_property(n, cart=shop.Cart()):
    for i in range(n):
        cart.depth

LOOPS = (patched, moved, patched_method, moved_method, patched_property, moved_property)

def measure():
    times = []
    for loop in LOOPS:
        start = time.perf_counter_ns()
        loop(20000)
        times.append((time.perf_counter_ns() - start) / 20000)
    return times

for line in sys.stdin:
    print(repr(eval(line)), flush=True)
"""
SHOP = """
def patched(n):
    return n + 0

class Cart:
    def patched(self, n):
        return n + 0
    @property
    def size(self):
        return 0
    def moved(self, n):
        return n
    @property
    def depth(self):
        return 0

def moved(n):
    return n
"""


def interpreters() -> list[str]:
    lines = subprocess.check_output([sys.executable, str(ROOT / "scripts" / "interpreters")]).decode().split("\n")
    pairs = [line.split(" ", 1) for line in lines if line]
    newer = [path for version, path in pairs if tuple(map(int, version.split(".")[:2])) >= (3, 13)]
    return os.environ.get("MIDFLIGHT_PYTHONS", "").split() or newer


def patched_source(step: int) -> str:
    """Bodies and lines of what is patched change; the rest moves down."""
    source = SHOP.replace("    return n + 0\n", "\n" * step + "    return n + 0\n", 1)
    source = source.replace("return n + 0", f"return n + {step}")
    return source.replace("        return 0\n    def moved", f"        return {step}\n    def moved")


def compare(python: str, twin: Twin) -> list[tuple[str, float, float]]:
    """(loop, ns of a call never patched, ns of one patched)."""
    fresh, patched = [Session(Target(python, {"main.py": MAIN, "shop.py": SHOP}), twin) for _ in range(2)]
    for step in range(1, 6):
        reply = patched.save({"shop.py": patched_source(step)})
        assert reply["rejected"] is None, reply
    rounds = [[eval(one.say("measure()")) for one in (fresh, patched)] for _ in range(ROUNDS)]
    names = eval(fresh.say("[loop.__name__ for loop in LOOPS]"))
    for one in (fresh, patched):
        one.target.close()
    best = [[min(pair[side][index] for pair in rounds) for side in (0, 1)] for index in range(len(names))]
    return [(name, *pair) for name, pair in zip(names, best)]


def moving(python: str, twin: Twin) -> float:
    """Milliseconds of CPU that moving 250 functions takes, beyond those of a save that moves none."""
    rest = "".join(f"def f{number}(n):\n" + "    n += 1\n" * 17 + "    return n\n\n" for number in range(250))
    session = Session(Target(python, {"main.py": MAIN, "shop.py": SHOP + rest}), twin)
    spent = {}
    for step in range(40):
        source = "\n" * (step % 4 // 2) + SHOP.replace("n + 0", f"n + {step % 10}", 1) + rest
        before = eval(session.say("time.process_time()"))
        moved = session.save({"shop.py": source})["moved"]
        spent.setdefault(moved > 0, []).append(eval(session.say("time.process_time()")) - before)
    session.target.close()
    return (min(spent[True]) - min(spent[False])) * 1000


def main() -> int:
    worst = 0.0
    for python in interpreters():
        twin = Twin(python)
        version = ".".join(map(str, twin.facts["version"]))
        for name, fresh, patched in compare(python, twin):
            worst = max(worst, patched / fresh)
            print(f"{version:8} {name:18} {fresh:6.1f} ns {patched:6.1f} ns   {patched / fresh:.3f}")
        print(f"{version:8} moving 250 functions: {moving(python, twin):.2f} ms of CPU")
        twin.close()
    print(f"worst ratio {worst:.3f}; the limit is {LIMIT}")
    return 1 if "--check" in sys.argv and worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
