#!/usr/bin/env python3
"""Random programs, changed at random: the same question as equivalence.py, for what no release happened to change.

  Tests/Equivalence/evolution.py [--binary B] [--python PY] [--seeds FROM:TO] [--packages N] [--keep DIR]

For each seed a program of N small packages is made, and a version of each with one to three changes: values, defaults,
bases, decorators, members, imports, the order of definitions. A process imports the first, midflight attaches, the
second is saved over it, and everything that its modules reach is compared with a fresh process. Packages know nothing
of each other, so a difference tells which change it comes from. The same seed makes the same programs.
"""

from __future__ import annotations

import argparse
import difflib
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import changing  # noqa: E402
import session  # noqa: E402
import verdict  # noqa: E402

MODULES = ("base", "middle", "top")


def make(package: str, generator: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """The files of a package before and after."""
    program = changing.Program(package, MODULES, generator)
    before = program.files()
    for _ in range(generator.choice((1, 1, 1, 2, 3))):
        program.change()
    return before, program.files()


def write(folder: pathlib.Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def can_be_imported(python: str, folder: pathlib.Path, packages: list[str]) -> set[str]:
    """Those packages of which all modules can be."""
    text = (
        "import importlib\n"
        f"for p in {packages!r}:\n"
        f"    try: [importlib.import_module(f'{{p}}.{{m}}') for m in {MODULES!r}]\n"
        "    except Exception as e: print('#', p, type(e), e)\n"
        "    else: print(p)\n"
    )
    shown = subprocess.run(
        [python, "-B", "-c", text], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    return set(shown.stdout.split("\n"))


def one(options: argparse.Namespace, seed: int, folder: pathlib.Path) -> int:
    """The number of packages that do not hold the promise."""
    names = [f"p{seed}_{index}" for index in range(options.packages)]
    versions = {name: make(name, random.Random(f"{name} of the evolution")) for name in names}
    good = set(names)
    for index in (0, 1):
        trial = folder / f"trial{index}"
        for name in names:
            write(trial, versions[name][index])
        good &= can_be_imported(options.python, trial, names)
        shutil.rmtree(trial)
    names = [name for name in names if name in good and versions[name][0] != versions[name][1]]
    for name in names:
        write(folder / "old", versions[name][0])
        write(folder / "new", versions[name][1])
    (folder / "needs").mkdir()
    modules = [f"{name}{suffix}" for name in names for suffix in ("", *(f".{m}" for m in MODULES))]
    work = folder / "work"
    work.mkdir()
    seen = session.measure(
        options.binary, options.python, work, folder / "old", folder / "new", folder / "needs", modules
    )
    module_of = {file: file[:-3].replace("/", ".").replace(".__init__", "") for file in seen["changed"]}
    told = verdict.told_by(seen["events"], module_of)
    found = verdict.judge(seen["before"], seen["after"], seen["fresh"], seen["again"], told)
    print(
        f"seed {seed}: {len(names)} packages, {found.functions} functions changed, {found.applied} applied, "
        f"{found.named} differences named, {len(found.unreported)} not reported, {len(found.claimed)} claimed, "
        f"{told.rejected} rejected",
        flush=True,
    )
    if seen["errors"] or told.errors:
        print("    errors:", (seen["errors"] + "; ".join(told.errors))[-600:])
    for note in [n for event in seen["events"] for n in event.get("notes", []) if not n.get("name")]:
        print("    note:", note.get("reason"), note.get("detail") or note.get("message") or note)
    if found.held:
        print("    named:", ", ".join(f"{count} {reason}" for reason, count in sorted(found.held.items())))
    bad: dict[str, list[str]] = {}
    for title, rows in (("not reported", found.unreported), ("claimed", found.claimed)):
        for path, old, live, fresh in rows:
            text = "\n".join(f"        {n:5} {t[:300]}" for n, t in (("old", old), ("live", live), ("fresh", fresh)))
            bad.setdefault(path.split(":")[0].split(".")[0], []).append(f"    {title}: {path}\n{text}")
    for name, rows in bad.items():
        print("\n".join(rows))
        if name in versions:
            print(changes(*versions[name]))
            print("\n".join(f"      > {line}" for line in remarks(seen["events"], name)))
    return len(bad)


def remarks(events: list[dict[str, Any]], package: str) -> list[str]:
    """What midflight said of this package."""
    lines = []
    for event in events:
        for kind in ("applied", "kept", "notes"):
            for one in event.get(kind, []):
                if one.get("name", "").startswith(package + "."):
                    words = (kind, one["name"], one.get("change", ""), one.get("reason", ""), one.get("detail", ""))
                    lines.append(" ".join(map(str, filter(None, words))))
        if event["event"] in ("rejected", "change") and any(f.startswith(package + "/") for f in event["files"]):
            lines.append(f"{event['event']} {event['files']} {event.get('reason')}")
    return lines


def changes(before: dict[str, str], after: dict[str, str]) -> str:
    lines = []
    for name in sorted(before):
        lines += difflib.unified_diff(before[name].split("\n"), after[name].split("\n"), name, name, lineterm="", n=3)
    return "\n".join("      | " + line for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(HERE.parents[1] / ".build/release/midflight"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--seeds", default="1:6", help="FROM:TO, TO not included")
    parser.add_argument("--packages", type=int, default=40)
    options = parser.parse_args()
    first, last = map(int, options.seeds.split(":"))
    bad = 0
    for seed in range(first, last):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-evolution-"))
        try:
            bad += one(options, seed, folder)
        except session.Failed as error:
            print(f"seed {seed}: {error}", flush=True)
            bad += 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
