#!/usr/bin/env python3
"""What looking at a process a thousand times a second costs: midflight perf beside py-spy record, in turns.

The program has one busy thread and some that wait. Own CPU is that of a long run less that of a short one, so that
starting counts for neither. `work`: what the program gets done meanwhile, as a part of what it does alone.

    Benchmarks/perf/perf.py [--check]        --check: ends with 1 if own CPU is above a fifth of py-spy's
    MIDFLIGHT          the binary, instead of .build/release/midflight
    PY_SPY             instead of the one of PyPI, which comes into .venv-bench
    MIDFLIGHT_PYTHONS  interpreters, separated by spaces, instead of this one
    ROUNDS             turns of each, instead of three; medians are told
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1 / 5
RATE = 1000
PY_SPY = "0.4.3"
SHORT, LONG = 2, 7
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MAIN = """
import threading, time
done = 0

def wait(): time.sleep(10000)
def leaf(n):
    total = 0
    for i in range(n):
        total += i
    return total
def middle(n): return leaf(n) + leaf(n)
def outer(depth, n): return outer(depth - 1, n) if depth else middle(n)
def busy():
    global done
    while True:
        outer(10, 40)
        done += 1

for _ in range(WAITING):
    threading.Thread(target=wait, daemon=True).start()
threading.Thread(target=busy, daemon=True).start()
while True:
    input()
    print(done, flush=True)
"""


def installed() -> str:
    """py-spy of a known version."""
    folder = ROOT / ".venv-bench"
    if not (folder / "bin" / "py-spy").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "-q", f"py-spy=={PY_SPY}"], check=True)
    return str(folder / "bin" / "py-spy")


class Program:
    def __init__(self, python: str, waiting: int) -> None:
        source = MAIN.replace("WAITING", str(waiting))
        self.process = subprocess.Popen(
            [python, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.count()
        time.sleep(0.5)

    def count(self) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        return int(self.process.stdout.readline())

    def during(self, seconds: float) -> float:
        """What it does in a second."""
        before, start = self.count(), time.monotonic()
        time.sleep(seconds)
        return (self.count() - before) / (time.monotonic() - start)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def run(program: Program, words: list[str]) -> tuple[float, float]:
    """(own CPU in seconds, work in a second) of a tool."""
    before, start = program.count(), time.monotonic()
    tool = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(tool.pid, 0)
    tool.returncode = os.waitstatus_to_exitcode(status)
    assert tool.returncode == 0, words
    work = (program.count() - before) / (time.monotonic() - start)
    return usage.ru_utime + usage.ru_stime, work


def samples(file: str) -> int:
    return sum(int(line.rsplit(" ", 1)[1]) for line in Path(file).read_text().splitlines())


def compare(python: str, waiting: int, tools: dict[str, list[str]]) -> dict[str, tuple[float, float, float]]:
    """Of each tool: own CPU as a part of one processor, work, samples in a second."""
    program = Program(python, waiting)
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in tools}
    for _ in range(ROUNDS):
        for name, words in tools.items():
            file = words[-1]
            pair = []
            for seconds in (SHORT, LONG):
                alone = program.during(1)
                cpu, work = run(program, [word.format(pid=program.process.pid, d=seconds) for word in words])
                pair.append((cpu, work / alone, samples(file)))
            (short, _, few), (long, work, many) = pair
            span = LONG - SHORT
            found[name].append(((long - short) / span, work, (many - few) / span))
    program.close()
    return {name: tuple(map(statistics.median, zip(*rows))) for name, rows in found.items()}  # type: ignore[misc]


def main() -> int:
    midflight = os.environ.get("MIDFLIGHT", str(ROOT / ".build" / "release" / "midflight"))
    spy = os.environ.get("PY_SPY") or installed()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        tools = {
            "midflight": [midflight, "perf", "{pid}", "-d", "{d}s", "-r", str(RATE), "-o", f"{folder}/m.collapsed"],
            "py-spy": [spy, "record", "-p", "{pid}", "-d", "{d}", "-r", str(RATE), "-f", "raw", "-o", f"{folder}/p"],
        }
        for python in os.environ.get("MIDFLIGHT_PYTHONS", "").split() or [sys.executable]:
            version = subprocess.check_output([python, "-V"], text=True).split()[1]
            for waiting in (3, 30):
                rows = compare(python, waiting, tools)
                for name, (cpu, work, rate) in rows.items():
                    print(
                        f"{version:8} {waiting:3} waiting  {name:10} own CPU {cpu:6.1%}  "
                        f"work {work:6.1%}  {rate:5.0f} samples/s",
                        flush=True,
                    )
                worst = max(worst, rows["midflight"][0] / rows["py-spy"][0])
    print(f"worst ratio {worst:.2f}; the limit is {LIMIT}")
    return 1 if "--check" in sys.argv and worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
