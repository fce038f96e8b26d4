#!/usr/bin/env python3
"""How long whoever types a command waits, agents at every edit: midflight's short commands beside py-spy dump.

All look at the same idle program, in turns; medians of wall time are told. `reload` has a changed method each time.
`again`: a second reload straight after the first. `ps` lists fifty Python processes.

    Benchmarks/oneshot/oneshot.py [--check]  --check: ends with 1 if a goal is missed
    MIDFLIGHT      the binary, instead of .build/release/midflight
    PY_SPY         instead of the one of PyPI, which comes into .venv-bench
    ROUNDS         turns of each, instead of thirty
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
sys.path.insert(0, str(ROOT / "Benchmarks" / "perf"))

from perf import installed  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "30"))
PROCESSES = 50
MAIN = """
import shop, time
print("ready", flush=True)
while True:
    time.sleep(1000)
"""
SHOP = """
class Basket:
    def total(self):
        return {version}
"""
# As a part of py-spy dump's time, or milliseconds.
RATIOS = {"reload": 1.8, "module": 0.8}
LIMITS = {"ps": 15.0, "--version": 3.0}


def milliseconds(words: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(words, capture_output=True, check=False)
    spent = (time.perf_counter() - start) * 1000
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return spent


def program(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", MAIN], cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def measure(pid: str, shop: Path, midflight: str, spy: str) -> dict[str, float]:
    found: dict[str, list[float]] = {}

    def turn(name: str, *words: str) -> None:
        found.setdefault(name, []).append(milliseconds(list(words)))

    for version in range(ROUNDS):
        turn("py-spy dump", spy, "dump", "--pid", pid)
        for number, name in enumerate(["reload", "again"], start=1):
            shop.write_text(SHOP.format(version=2 * version + number))
            turn(name, midflight, "reload", pid, "shop", "Basket", "total")
        turn("module", midflight, "module", pid, str(shop))
        turn("--version", midflight, "--version")
    return {name: statistics.median(times) for name, times in found.items()}


def main() -> int:
    midflight = os.environ.get("MIDFLIGHT", str(ROOT / ".build" / "release" / "midflight"))
    spy = os.environ.get("PY_SPY") or installed()
    with tempfile.TemporaryDirectory() as name:
        shop = Path(name) / "shop.py"
        shop.write_text(SHOP.format(version=0))
        processes = [program(Path(name))]
        try:
            medians = measure(str(processes[0].pid), shop, midflight, spy)
            processes += [program(Path(name)) for _ in range(PROCESSES - 1)]
            medians["ps"] = statistics.median(milliseconds([midflight, "ps"]) for _ in range(ROUNDS))
        finally:
            for process in processes:
                process.kill()
    missed = False
    for command, spent in medians.items():
        ratio = spent / medians["py-spy dump"]
        goal = f"≤ {RATIOS[command]:.1f} ×" if command in RATIOS else ""
        goal = f"≤ {LIMITS[command]:.0f} ms" if command in LIMITS else goal
        missed |= ratio > RATIOS.get(command, ratio) or spent > LIMITS.get(command, spent)
        print(f"{command:12} {spent:7.2f} ms  {ratio:5.2f} ×  {goal}", flush=True)
    return 1 if "--check" in sys.argv and missed else 0


if __name__ == "__main__":
    sys.exit(main())
