#!/usr/bin/env python3
"""What a row of a trace adds to the traced call: midflight trace -i 0 beside PyFlightProfiler's, in turns.

A function calls another one some thousand times, again and again; the program takes the processor time of each call
itself. Of as many calls as a tool showed the longest are the traced ones: what they took longer than calls take without
a tool is divided by the calls inside of them.

    Benchmarks/trace/trace.py [--check]      --check: ends with 1 if a row of midflight's adds more
    MIDFLIGHT          the binary, instead of .build/release/midflight
    MIDFLIGHT_PYTHONS  interpreters, separated by spaces, instead of this one; PyFlightProfiler comes into a
                       temporary environment of each
    ROUNDS             turns of each, instead of three; medians are told
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROFILER = "1.0.7"
ROUNDS = int(os.environ.get("ROUNDS", "3"))
TRACES = 5
ROWS = 2000
LIBRARY = """
def leaf(n): return n
def root(n):
    for i in range(n): leaf(i)
"""
MAIN = f"""
import threading, time, lib
took = []

def work():
    clock = time.thread_time
    while True:
        start = clock()
        lib.root({ROWS})
        took.append(clock() - start)
        time.sleep(0.02)

threading.Thread(target=work, daemon=True).start()
while True:
    input()
    known = took[:]
    del took[:len(known)]
    print(*known, flush=True)
"""


class Program:
    def __init__(self, python: str, folder: str) -> None:
        Path(folder, "lib.py").write_text(LIBRARY)
        Path(folder, "main.py").write_text(MAIN)
        self.process = subprocess.Popen(
            [python, "main.py"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, bufsize=1,
        )  # fmt: skip
        time.sleep(1)

    def took(self) -> list[float]:
        """Seconds of the calls since the last question."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        # PyFlightProfiler writes on the program's streams.
        while not re.fullmatch(r"[\d. e-]+", line := self.process.stdout.readline().strip()):
            pass
        return [float(word) for word in line.split()]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def added(program: Program, words: list[str]) -> float:
    """Nanoseconds that a row adds."""
    program.took()
    time.sleep(1)
    alone = statistics.median(program.took())
    shown = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=120).stdout
    assert "leaf" in shown, words
    traced = sorted(program.took())[-TRACES:]
    return (statistics.median(traced) - alone) / ROWS * 1e9


def compare(python: str, midflight: str, folder: str) -> dict[str, float]:
    environment = f"{folder}/venv"
    subprocess.run([python, "-m", "venv", environment], check=True)
    pip = [f"{environment}/bin/pip", "install", "-q", "--disable-pip-version-check", f"flight_profiler=={PROFILER}"]
    subprocess.run(pip, check=True)
    found: dict[str, list[float]] = {"midflight": [], "PyFlightProfiler": []}
    for _ in range(ROUNDS):
        for name, values in found.items():
            # Each has a program of its own: PyFlightProfiler's agent stays in.
            program = Program(f"{environment}/bin/python", folder)
            pid, limit, profiler = str(program.process.pid), str(TRACES), f"{environment}/bin/flight_profiler"
            words = {
                "midflight": [midflight, "trace", pid, "lib", "root", "-i", "0", "-n", limit],
                "PyFlightProfiler": [profiler, pid, "--cmd", f"trace lib root -i 0 -n {limit}"],
            }
            values.append(added(program, words[name]))
            program.close()
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> int:
    midflight = os.environ.get("MIDFLIGHT", str(ROOT / ".build" / "release" / "midflight"))
    worst = 0.0
    for python in os.environ.get("MIDFLIGHT_PYTHONS", "").split() or [sys.executable]:
        version = subprocess.check_output([python, "-V"], text=True).split()[1]
        with tempfile.TemporaryDirectory() as folder:
            rows = compare(python, midflight, folder)
        ratio = rows["midflight"] / rows["PyFlightProfiler"]
        worst = max(worst, ratio)
        told = "  ".join(f"{name} {value:6.0f} ns" for name, value in rows.items())
        print(f"{version:8} added by a row: {told}  ratio {ratio:.2f}", flush=True)
    print(f"worst ratio {worst:.2f}; the limit is 1")
    return 1 if "--check" in sys.argv and worst > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
