#!/usr/bin/env python3
"""What a checkout of many files costs: files renamed into place while git's lock is held, as git switch does it.

  Benchmarks/checkout/checkout.py [--files 200] [--functions 17] [--rounds 10] [--python PY] [--binary BIN] [--check]

A program imports a generated package; each round changes every function of it. settle: milliseconds from the end of
the last write (git's lock is gone) to midflight's report. gap: the longest time in which a thread of the program that
wants to run every millisecond did not, less what it is late without a save. compile: the program's own interpreter
compiles the same files once, one after the other, beside which settle is to be read on a slow machine.
Needs the release binary (make build). --check ends with 1 if a goal is missed: one burst, every function in, settle
within 3 s and 6 times compile, gap p95 within 20 ms.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from shop_session import Lines, SessionError, default_python, release_binary  # noqa: E402

PROGRAM = '''
import importlib, sys, threading, time

modules = [importlib.import_module("many.part%d" % number) for number in range(int(sys.argv[1]))]
widest = [0]


def beat():
    last = time.monotonic_ns()
    while True:
        time.sleep(0.001)
        now = time.monotonic_ns()
        widest[0] = max(widest[0], now - last - 1_000_000)
        last = now


threading.Thread(target=beat, daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "reset":
        widest[0] = 0
        print("reset", flush=True)
    else:
        names = [name for name in vars(modules[0]) if name.startswith("work")]
        answers = {getattr(module, name)(1) for module in modules for name in names}
        print(widest[0], len(answers), sorted(answers)[0], flush=True)
'''


def source(number: int, functions: int, version: int) -> str:
    """A module whose functions all answer `version`, among others."""
    lines = [f'"""Part {number}."""', "", "import collections", "", f"LIMIT = {number}", ""]
    for index in range(functions):
        lines += [
            "",
            f"def work{index}(value, *, scale=1, names=()):",
            f'    """Answers {version}."""',
            "    counts = collections.Counter(names)",
            "    for name in names:",
            "        counts[name] += len(name) * scale",
            "    if counts and value > LIMIT:",
            "        return [count for count in counts.values() if count > value]",
            f"    return {version}",
            "",
        ]
    return "\n".join(lines)


class Checkout:
    """A program with the generated package, and a midflight attached to it."""

    def __init__(self, options: argparse.Namespace, tree: pathlib.Path) -> None:
        self.options, self.tree = options, tree
        (tree / "many").mkdir()
        (tree / ".git").mkdir()
        (tree / "many" / "__init__.py").write_text("")
        (tree / "main.py").write_text(PROGRAM)
        self.switch(0)
        self.program = subprocess.Popen(
            [options.python, "-B", "main.py", str(options.files)],
            cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.lines = Lines(self.program.stdout)
        self.lines.until("ready", 60)
        self.tool = subprocess.Popen(
            [str(options.binary), "attach", str(self.program.pid), "--json"], stdout=subprocess.PIPE, text=True
        )
        self.events = Lines(self.tool.stdout)
        self.events.until('"event":"ready"', 60)

    def switch(self, version: int) -> None:
        lock = self.tree / ".git" / "index.lock"
        lock.write_text("")
        for number in range(self.options.files):
            path = self.tree / "many" / f"part{number}.py"
            draft = path.with_suffix(".draft")
            draft.write_text(source(number, self.options.functions, version))
            draft.rename(path)
        lock.unlink()

    def ask(self, word: str) -> str:
        self.program.stdin.write(word + "\n")
        self.program.stdin.flush()
        return self.lines.next(60) or ""

    def round(self, version: int) -> dict[str, Any]:
        self.ask("reset")
        time.sleep(1)
        idle = int(self.ask("report").split()[0])
        self.ask("reset")
        self.switch(version)
        start = time.monotonic()
        line = self.events.until('"event":"(reload|rejected|error)"', 120)[-1]
        settled = (time.monotonic() - start) * 1000
        event = json.loads(line)
        widest, answers, answer = map(int, self.ask("report").split())
        return {
            "settle": settled, "gap": max(0, widest - idle) / 1e6, "applied": len(event.get("applied", [])),
            "is_live": (answers, answer) == (1, version), "stages": event.get("stages"), "event": event["event"],
        }  # fmt: skip

    def end(self) -> None:
        self.tool.terminate()
        self.tool.wait(10)
        self.program.kill()
        self.program.wait()


def compile_time(options: argparse.Namespace) -> float:
    """Milliseconds in which the interpreter compiles all files once."""
    text = source(0, options.functions, 1)
    code = "import sys, time; t = sys.stdin.read(); s = time.monotonic()\nfor _ in range(%d): compile(t, 'x', 'exec')\n"
    code += "print((time.monotonic() - s) * 1000)"
    done = subprocess.run(
        [options.python, "-c", code % options.files], input=text, stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="\n".join(__doc__.splitlines()[1:]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--functions", type=int, default=17)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--python", default=default_python())
    parser.add_argument("--binary", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    options.binary = options.binary or release_binary()
    with tempfile.TemporaryDirectory(prefix="midflight-checkout-") as name:
        checkout = Checkout(options, pathlib.Path(name))
        try:
            rounds = [checkout.round(version) for version in range(1, options.rounds + 1)]
        finally:
            checkout.end()
    wanted = options.files * options.functions
    compiled = compile_time(options)
    settle = statistics.median([each["settle"] for each in rounds])
    gaps = sorted([each["gap"] for each in rounds])
    gap = gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))]
    bursts = sum('"event":"reload"' in line for line in checkout.events.seen)
    whole = sum(each["applied"] == wanted and each["is_live"] for each in rounds)
    print(f"{options.files} files, {wanted} functions, {options.rounds} rounds")
    worst = max(each["settle"] for each in rounds)
    print(f"settle p50 {settle:.0f} ms, worst {worst:.0f} ms; compile {compiled:.0f} ms")
    print(f"gap    p50 {statistics.median(gaps):.1f} ms, p95 {gap:.1f} ms")
    print(f"whole  {whole} of {options.rounds}, bursts {bursts}")
    print("stages", json.dumps(rounds[-1]["stages"]))
    if not options.check:
        return 0
    missed = []
    if whole < options.rounds or bursts != options.rounds:
        missed.append("every round is one burst with every function")
    if settle > 3000 or settle > 6 * compiled + 300:
        missed.append("settle within 3 s, and 6 times compile")
    if gap > 20:
        missed.append("gap p95 within 20 ms")
    for goal in missed:
        print(f"missed: {goal}")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SessionError as error:
        sys.exit(f"checkout: {error}")
