#!/usr/bin/env python3
"""What a save of one function costs, by size of its module and by number of live objects; beside jurigged, in one run.

  Benchmarks/cost/cost.py [--saves 30] [--python PY] [--lines 50 500 5000] [--objects 1000 1000000] [--out results.json]

p50, p95: milliseconds from the writer's close to the first call that returns the new value. after 2 s: the same for
a save after a pause, when midflight has left the process. +line: the same for saves that move everything below.
CPU: milliseconds of CPU time of the process for one save, while its own threads sleep (after 2 s, +line: as before).
A tool's programs run side by side and are saved in turn.
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
from typing import Any, Callable, Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(ROOT / "Benchmarks" / "latency"))

from latency import jurigged_environment, quantile  # noqa: E402
from shop_session import Lines, default_python, release_binary  # noqa: E402

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


class Case:
    """A target, the tool that reloads it, and what was measured."""

    def __init__(self, tool: str, options: argparse.Namespace, lines: int, objects: int) -> None:
        command = [options.python]
        if tool == "jurigged":
            command = [str(jurigged_environment(options.python) / "bin" / "python"), "-m", "jurigged"]
        self.tool, self.lines, self.objects = tool, lines, objects
        self.found: dict[str, Any] = {"missed": 0}
        self.saved = 0.0
        self.watch: Watch | None = None
        self.target = Target(command, lines, objects)
        try:
            if tool == "midflight":
                self.watch = Watch(self.target)
            else:
                time.sleep(1)
        except BaseException:
            self.close()
            raise

    def save(self, extra: int) -> float:
        self.saved = time.monotonic()
        return self.target.write(extra)

    def note(self, name: str, nanoseconds: float) -> None:
        self.found.setdefault(name, []).append(nanoseconds / 1e6)

    def close(self) -> None:
        if self.watch is not None:
            self.watch.close()
        self.target.close()


def latency(case: Case, name: str, extra: int) -> None:
    """Milliseconds to the new value; a save that is not seen in five seconds is missed."""
    case.target.begin("wait", case.target.number + 1)
    time.sleep(0.003)
    saved = case.save(extra)
    seen = case.target.end()
    if seen:
        case.note(name, seen - saved)
    else:
        case.found["missed"] += 1


def cpu_time(case: Case, name: str, extra: int) -> None:
    """Milliseconds of the process's CPU time for one save, while its own threads sleep."""
    before = case.target.cpu
    case.save(extra)
    time.sleep(0.4)
    used = case.target.cpu - before
    if case.target.ask("ask", 0) == case.target.number:
        case.note(name, used)


def gap(case: Case, name: str, extra: int) -> None:
    """Milliseconds in which a busy thread did not run, less those of the same time without a save."""
    idle = case.target.ask("spin", 150_000_000)
    case.target.begin("spin", 150_000_000)
    time.sleep(0.03)
    case.save(extra)
    case.note(name, max(0, case.target.end() - idle))


def rounds(cases: list[Case], one: Callable[[Case, str, int], None], name: str, saves: int, **how: Any) -> None:
    """One save of every case after the other, `saves` times: what slows the machine down slows all of them down.

    `pause`: seconds since the case's last save, otherwise less than two; `extra`: lines that every second save adds.
    """
    dice = random.Random(7)
    for index in range(saves):
        for case in cases:
            if "pause" not in how and time.monotonic() - case.saved > 1.5:
                case.save(0)
                time.sleep(0.3)
            time.sleep(max(dice.uniform(0.05, 0.15), case.saved + how.get("pause", 0) - time.monotonic()))
            one(case, name, how.get("extra", 0) and index % 2)
    for case in cases:
        if case.watch is not None:
            case.found[name + "_stages"] = case.watch.times()


def measure(cases: list[Case], saves: int) -> None:
    few = max(4, saves // 3)
    rounds(cases, latency, "warm", saves)
    rounds(cases, latency, "moved", saves, extra=1)
    rounds(cases, cpu_time, "cpu", few)
    rounds(cases, cpu_time, "cpu_moved", few, extra=1)
    rounds(cases, gap, "gaps", few)
    if any(case.watch for case in cases):
        rounds(cases, latency, "cold", saves, pause=2.5)
        rounds(cases, cpu_time, "cpu_cold", few, pause=2.5)


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


NAMES = ("warm", "moved", "cold", "cpu", "cpu_moved", "cpu_cold")
HEAD = (
    f"{'':10} {'lines':>6} {'objects':>8} | {'p50':>6} {'p95':>6} {'after 2 s':>9} {'+line':>6}"
    f" | {'CPU':>6} {'after 2 s':>9} {'+line':>6} | {'gap':>6} {'pause':>6} | missed"
)


def row(case: Case) -> str:
    found = case.found
    pause = median([stage["pause"] for stage in found.get("warm_stages", [])])
    middle = {name: median(found.get(name, [])) for name in (*NAMES, "gaps")}
    return (
        f"{case.tool:10} {case.lines:6} {case.objects:8} | {middle['warm']:6.2f}"
        f" {quantile(sorted(found.get('warm', [])), 0.95):6.2f} {middle['cold']:9.2f} {middle['moved']:6.2f}"
        f" | {middle['cpu']:6.2f} {middle['cpu_cold']:9.2f} {middle['cpu_moved']:6.2f}"
        f" | {middle['gaps']:6.2f} {pause:6.2f} | {found['missed']}"
    )


def stages(case: Case, name: str) -> str:
    """Medians of the stages, in milliseconds, as midflight tells them."""
    found = case.found[name + "_stages"]
    stage_names = list(dict.fromkeys(stage for times in found for stage in times))
    text = "  ".join(f"{stage} {median([times.get(stage, 0.0) for times in found]):.2f}" for stage in stage_names)
    return f"{case.lines:6} {case.objects:8} {name:5} stages: {text}"


def goals(cases: list[Case]) -> list[str]:
    """What was to be reached and was not."""
    missed = []
    for name, limit in (("warm", 5), ("cold", 10), ("cpu", 2), ("cpu_cold", 2), ("cpu_moved", 2)):
        values = [median(case.found[name]) for case in cases if case.tool == "midflight"]
        if values and max(values) > limit:
            missed.append(f"{name}: {max(values):.2f} ms, goal {limit} ms")
        if values and name in ("warm", "cold", "cpu") and max(values) > 1.5 * min(values):
            missed.append(f"{name}: {max(values) / min(values):.2f} times from best to worst, goal 1.5")
    return missed


def opened(options: argparse.Namespace) -> Iterator[Case]:
    for objects in options.objects:
        for lines in options.lines:
            for tool in [options.only] if options.only else ("midflight", "jurigged"):
                yield Case(tool, options, lines, objects)


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
    cases: list[Case] = []
    try:
        cases += opened(options)
        for tool in ("midflight", "jurigged"):
            measure([case for case in cases if case.tool == tool], options.saves)
    finally:
        for case in cases:
            case.close()
    print(f"{options.python}, {options.saves} saves; milliseconds, medians but for p95\n{HEAD}")
    for case in cases:
        print(row(case))
    for case in cases:
        for name in ("warm", "moved", "cold"):
            if case.found.get(name + "_stages"):
                print(stages(case, name))
    missed = goals(cases)
    for line in missed:
        print("missed: " + line)
    if options.out:
        rows = [{"tool": case.tool, "lines": case.lines, "objects": case.objects, **case.found} for case in cases]
        pathlib.Path(options.out).write_text(json.dumps(rows, indent=1) + "\n")
    unseen = sum(case.found["missed"] for case in cases if case.tool == "midflight")
    return 1 if missed and options.check or unseen else 0


if __name__ == "__main__":
    sys.exit(main())
