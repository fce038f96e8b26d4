#!/usr/bin/env python3
"""What a save of one function costs, by size of its module and by number of live objects; beside jurigged, in one run.

  Benchmarks/cost/cost.py [--saves 30] [--python PY] [--lines 50 500 5000] [--objects 1000 1000000] [--out results.json]

p50, p95: milliseconds from the writer's close to the first call that returns the new value. after 2 s: the same for
a save after a pause, when midflight has left the process. +line: the same for saves that move everything below.
CPU: milliseconds of CPU time of the process for one save, while its own threads sleep (after 2 s, +line: as before).
gap: the longest time in which a busy thread of the program did not run, less that of the same time without a save.
Needs the release binary (make build). jurigged comes from PyPI into .venv-bench.
--check ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(ROOT / "Benchmarks" / "latency"))

from latency import jurigged_environment, quantile  # noqa: E402
from shop_session import Lines, SessionError, default_python, release_binary  # noqa: E402

PROGRAM = '''
import sys, threading, time
import module

objects = [[] for _ in range(int(sys.argv[1]))]
widest = [0, 0]


def spin(until):
    last = time.monotonic_ns()
    while last < until:
        now = time.monotonic_ns()
        if now - last > widest[0]:
            widest[0] = now - last
        last = now


print("ready", flush=True)
for line in sys.stdin:
    command, number = line.split()
    if command == "wait":
        end = time.monotonic_ns() + 5_000_000_000
        while module.middle(0) != int(number) and time.monotonic_ns() < end:
            time.sleep(0.0002)
        print(time.monotonic_ns() if module.middle(0) == int(number) else 0, flush=True)
    elif command == "spin":
        widest[0] = 0
        spin(time.monotonic_ns() + int(number))
        print(widest[0], flush=True)
    elif command == "ask":
        print(module.middle(0), flush=True)
'''
FUNCTION = '''def {name}(value, scale=1):
    """Adds {number} to what it is given."""
    total = value
    for step in range(3):
        total += step * scale
    if total > {number}:
        total -= 3
    text = str(total)
    return int(text) - 3 + {number}

'''


def source(lines: int, number: int, extra: int = 0) -> str:
    """A module of functions of ten lines; the one in the middle returns `number` for 0."""
    count = max(1, lines // FUNCTION.count("\n"))
    parts = [FUNCTION.format(name=f"function_{index}", number=index) for index in range(count)]
    body = f"    result = {number}\n" + "    result += 0\n" * extra + "    return value + result\n\n"
    parts[count // 2] = "def middle(value):\n" + body
    return "import os\nimport sys\n\n" + "".join(parts)


class Target:
    """A program with a module of `lines` lines and `objects` live objects that the collector looks at."""

    def __init__(self, command: list[str], lines: int, objects: int) -> None:
        self.lines_of_module = lines
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-cost-"))
        (self.folder / "program.py").write_text(PROGRAM)
        self.number = 0
        self.write(0)
        self.process = subprocess.Popen(
            [*command, "program.py", str(objects)],
            cwd=str(self.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            start_new_session=True,
        )
        self.clock = 0
        self.answers = Lines(self.process.stdout)
        self.answers.until(r"^ready", 60)
        # CPUCLOCK_SCHED of a whole process, as clock_getcpuclockid(3) makes it.
        self.clock = ~self.process.pid << 3 | 2

    def write(self, extra: int) -> float:
        """Saves a new number in place; when it was written and about to be closed (monotonic ns)."""
        self.number += 1
        with open(self.folder / "module.py", "w") as file:
            file.write(source(self.lines_of_module, self.number, extra))
            file.flush()
            return time.monotonic_ns()

    def begin(self, command: str, number: int) -> None:
        self.process.stdin.write(f"{command} {number}\n")
        self.process.stdin.flush()

    def end(self, seconds: float = 20) -> int:
        return int(self.answers.until(r"^-?[0-9]+$", seconds)[-1])

    def ask(self, command: str, number: int) -> int:
        self.begin(command, number)
        return self.end()

    @property
    def cpu(self) -> int:
        return time.clock_gettime_ns(self.clock)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(str(self.folder), ignore_errors=True)


class Watch:
    """`midflight attach --json` beside a target: what it said of where the time went."""

    def __init__(self, target: Target) -> None:
        command = [str(release_binary()), "attach", str(target.process.pid), "--json"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True
        )
        self.lines = Lines(self.process.stdout)
        self.lines.until(r'"event":"ready"', 30)

    def times(self) -> list[dict[str, float]]:
        """`stages` of every save since the last call."""
        events = [json.loads(line) for line in self.lines.rest()]
        return [event["stages"] for event in events if event["event"] == "reload"]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def latencies(target: Target, saves: int, rest: tuple[float, float], extra: int = 0) -> tuple[list[float], int]:
    """Milliseconds to the new value, and how many saves were not seen in five seconds."""
    dice = random.Random(7)
    found, missed = [], 0
    for index in range(saves):
        time.sleep(dice.uniform(*rest))
        target.begin("wait", target.number + 1)
        time.sleep(0.003)
        saved = target.write(extra and index % 2)
        seen = target.end()
        if seen:
            found.append((seen - saved) / 1e6)
        else:
            missed += 1
    return sorted(found), missed


def cpu_times(target: Target, saves: int, rest: float, extra: int = 0) -> list[float]:
    """Milliseconds of the process's CPU time for one save, while its own threads sleep."""
    found = []
    for index in range(saves):
        time.sleep(rest)
        before = target.cpu
        target.write(extra and index % 2)
        time.sleep(0.4)
        found.append((target.cpu - before) / 1e6)
        if target.ask("ask", 0) != target.number:
            found.pop()
    return sorted(found)


def gaps(target: Target, saves: int) -> list[float]:
    """Milliseconds in which a busy thread did not run, less those of the same time without a save."""
    found = []
    for _ in range(saves):
        idle = target.ask("spin", 150_000_000)
        target.begin("spin", 150_000_000)
        time.sleep(0.03)
        target.write(0)
        found.append(max(0.0, (target.end() - idle) / 1e6))
    return sorted(found)


def measure(target: Target, saves: int, watch: Watch | None) -> dict[str, Any]:
    warm, missed = latencies(target, saves, (0.1, 0.3))
    result: dict[str, Any] = {"warm": warm}
    if watch is not None:
        result["stages"] = watch.times()
    moved, missed_moved = latencies(target, saves, (0.1, 0.3), extra=1)
    if watch is not None:
        result["moved_stages"] = watch.times()
    result.update({"moved": moved, "missed": missed + missed_moved})
    result["cpu"] = cpu_times(target, max(3, saves // 3), 0.05)
    result["cpu_moved"] = cpu_times(target, max(3, saves // 3), 0.05, extra=1)
    result["gaps"] = gaps(target, max(3, saves // 3))
    if watch is not None:
        watch.times()
        result["cold"], missed_cold = latencies(target, max(3, saves // 4), (2.4, 2.6))
        result["cold_stages"] = watch.times()
        result["cpu_cold"] = cpu_times(target, max(3, saves // 6), 2.5)
        result["missed"] += missed_cold
    return result


def run(tool: str, options: argparse.Namespace, lines: int, objects: int) -> dict[str, Any]:
    command = [options.python]
    if tool == "jurigged":
        command = [str(jurigged_environment(options.python) / "bin" / "python"), "-m", "jurigged"]
    target = Target(command, lines, objects)
    watch = None
    try:
        if tool == "midflight":
            watch = Watch(target)
        else:
            time.sleep(1)
        return measure(target, options.saves, watch)
    finally:
        if watch is not None:
            watch.close()
        target.close()


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


HEAD = (
    f"{'':10} {'lines':>6} {'objects':>8} | {'p50':>6} {'p95':>6} {'after 2 s':>9} {'+line':>6}"
    f" | {'CPU':>6} {'after 2 s':>9} {'+line':>6} | {'gap':>6} {'pause':>6} | missed"
)


def row(tool: str, lines: int, objects: int, result: dict[str, Any]) -> str:
    pause = median([stage["pause"] for stage in result.get("stages", [])])
    return (
        f"{tool:10} {lines:6} {objects:8} | {median(result['warm']):6.2f} {quantile(result['warm'], 0.95):6.2f}"
        f" {median(result.get('cold', [])):9.2f} {median(result['moved']):6.2f}"
        f" | {median(result['cpu']):6.2f} {median(result.get('cpu_cold', [])):9.2f} {median(result['cpu_moved']):6.2f}"
        f" | {median(result['gaps']):6.2f} {pause:6.2f} | {result['missed']}"
    )


def stages(result: dict[str, Any], kind: str) -> str:
    """Medians of the stages, in milliseconds, as midflight tells them."""
    found = result.get(kind) or []
    names = list(dict.fromkeys(name for times in found for name in times))
    return "  ".join(f"{name} {median([times.get(name, 0.0) for times in found]):.2f}" for name in names)


def goals(results: list[dict[str, Any]]) -> list[str]:
    """What was to be reached and was not."""
    ours = [result for result in results if result["tool"] == "midflight"]
    missed = []
    for name, limit in (("warm", 5), ("cold", 10), ("cpu", 2)):
        values = [median(result[name]) for result in ours]
        if values and max(values) > limit:
            missed.append(f"{name}: {max(values):.2f} ms, goal {limit} ms")
        if values and max(values) > 1.5 * min(values):
            missed.append(f"{name}: {max(values) / min(values):.2f} times from best to worst, goal 1.5")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=30)
    parser.add_argument("--python", default=default_python())
    parser.add_argument("--lines", type=int, nargs="+", default=[50, 500, 5000])
    parser.add_argument("--objects", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--only", choices=("midflight", "jurigged"))
    parser.add_argument("--check", action="store_true", help="end with 1 if a goal is missed")
    parser.add_argument("--out", help="file for the figures as JSON")
    options = parser.parse_args()
    results = []
    print(f"{options.python}, {options.saves} saves; milliseconds, medians but for p95\n{HEAD}")
    for objects in options.objects:
        for lines in options.lines:
            for tool in [options.only] if options.only else ("midflight", "jurigged"):
                try:
                    result = run(tool, options, lines, objects)
                except (SessionError, subprocess.CalledProcessError) as error:
                    print(f"{tool:10} {lines:6} {objects:8} | could not be measured: {error}")
                    continue
                results.append({"tool": tool, "lines": lines, "objects": objects, **result})
                print(row(tool, lines, objects, result), flush=True)
    missed = goals(results)
    for line in missed:
        print("missed: " + line)
    for result in results if missed else []:
        for kind in ("stages", "cold_stages"):
            if kind in result:
                print(f"{result['lines']:6} {result['objects']:8} {kind}: {stages(result, kind)}")
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1) + "\n")
    return 1 if missed and options.check or any(r["missed"] for r in results if r["tool"] == "midflight") else 0


if __name__ == "__main__":
    sys.exit(main())
