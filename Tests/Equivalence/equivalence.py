#!/usr/bin/env python3
"""Real upgrades of real packages over a live process: is it then equal to a fresh one, or was every difference named?

  Tests/Equivalence/equivalence.py [--binary B] [--python PY] [--only NAME …] [--bounded] [--table FILE] [--details]

A process imports the old release, midflight attaches, the files of the new release are saved over it. Then the process
is compared with a fresh one: every function, class and value that its modules reach. Releases come from PyPI into
--cache. Ends with 1 if anything differs that was not named, was claimed to be applied, or harmed the process.
The bounded set is skipped, and says so, where nothing can be had from PyPI.
docs/equivalence.md is the table that --table writes.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import sys
import tempfile
from typing import Any, Dict

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

import session  # noqa: E402
import verdict  # noqa: E402
import wheels  # noqa: E402

Row = Dict[str, Any]
COLUMNS = (
    "upgrade", "files", "changed functions", "applied", "differences", "named", "unreported", "claimed", "pause ms",
    "seconds", "MB before", "MB more",
)  # fmt: skip


def listed(bounded: bool, only: list[str]) -> list[tuple[str, str, str]]:
    found = []
    for line in (HERE / "upgrades.txt").read_text().splitlines():
        words = line.split()
        if not words or words[0] == "#" or (bounded and words[0] != "*"):
            continue
        name, old, new = words[-3:]
        if not only or name in only or f"{name}-{new}" in only:
            found.append((name, old, new))
    return found


def one(options: argparse.Namespace, name: str, old: str, new: str) -> tuple[Row, verdict.Verdict]:
    releases = [wheels.release(options.cache, name, version) for version in (old, new)]
    needs = wheels.dependencies(options.cache, name, new)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-equivalence-"))
    try:
        names = wheels.modules(releases[0])
        seen = session.measure(options.binary, options.python, folder, *releases, needs, names)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    module_of = {file: file[:-3].replace("/", ".").replace(".__init__", "") for file in seen["changed"]}
    told = verdict.told_by(seen["events"], module_of)
    found = verdict.judge(seen["before"], seen["after"], seen["fresh"], seen["again"], told, seen["reverse"])
    lines = seen["after"]["lines"]
    found.lines = sum(
        lines.get(path) not in (None, line)
        for path, line in seen["fresh"]["lines"].items()
        if seen["after"]["texts"].get(path) == seen["fresh"]["texts"].get(path)
    )
    row = (
        f"{name} {old} → {new}", len(seen["changed"]), found.functions, found.applied, found.differences, found.named,
        len(found.unreported), len(found.claimed), round(told.pause, 1), round(seen["seconds"], 1),
        round(seen["memory"]), round(seen["grown"], 1),
    )  # fmt: skip
    result = dict(zip(COLUMNS, row))
    result.update(errors=told.errors + ([seen["errors"]] if seen["errors"] else []), rejected=told.rejected)
    return result, found


def show(row: Row, found: verdict.Verdict, details: bool) -> None:
    print("  ".join(f"{key} {row[key]}" for key in COLUMNS), flush=True)
    for error in row["errors"]:
        print("    error:", error.strip()[-300:])
    if row["rejected"]:
        print("    rejected bursts:", row["rejected"])
    if found.lines:
        print("    functions with other line numbers:", found.lines)
    if found.held:
        print("    named:", ", ".join(f"{count} {reason}" for reason, count in sorted(found.held.items())))
    most = 10_000 if details else 5
    for title, rows in (("not reported", found.unreported), ("claimed", found.claimed)):
        for path, old, live, fresh in rows[:most]:
            print(f"    {title}: {path}")
            start = max(0, len(os.path.commonprefix([live, fresh])) - 100)
            for name, text in (("old", old), ("live", live), ("fresh", fresh)):
                print(f"        {name:5} {text[start : start + 300]}")


def table(rows: list[Row]) -> str:
    head = "| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS) + "\n"
    return head + "".join("| " + " | ".join(str(row[key]) for key in COLUMNS) + " |\n" for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/midflight"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--cache", type=pathlib.Path, default=ROOT / ".equivalence")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--bounded", action="store_true", help="only the starred upgrades")
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    options.cache.mkdir(exist_ok=True)
    rows, bad = [], 0
    for name, old, new in listed(options.bounded, options.only):
        try:
            row, found = one(options, name, old, new)
        except wheels.Missing as error:
            print(f"{name} {old} → {new}: cannot be had: {error}", flush=True)
            continue
        except session.Failed as error:
            print(f"{name} {old} → {new}: {error}", flush=True)
            bad += 1
            continue
        show(row, found, options.details)
        bad += not found.holds
        rows.append(row)
    functions, applied = (sum(row[key] for row in rows) for key in ("changed functions", "applied"))
    print(f"{len(rows)} upgrades; {applied} of {functions} changed functions applied; {bad} do not hold the promise")
    if options.table:
        options.table.write_text(table(rows))
    if options.bounded and not rows and not bad:
        print("skipped: no release can be had from PyPI here")
        return 0
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
