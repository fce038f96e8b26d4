"""One upgrade, for real: a process that has imported the old release, midflight attached to it, the new files saved."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 180.0


class Failed(Exception):
    """The upgrade could not be measured; the message says why."""


class Program:
    """program.py under one interpreter, with a release and what it needs on its path."""

    def __init__(self, python: str, site: pathlib.Path, needs: pathlib.Path) -> None:
        read, write = os.pipe()
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0", EQUIVALENCE_FD=str(write))
        self.errors = site.parent / f"errors-{time.monotonic_ns()}"
        with open(self.errors, "w") as errors:
            self.process = subprocess.Popen(
                [python, "-u", str(HERE / "program.py"), str(site), str(needs)],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, pass_fds=(write,), cwd=str(site),
                env=environment, text=True,
            )  # fmt: skip
        os.close(write)
        self.answers = os.fdopen(read)

    def ask(self, *request: Any) -> Any:
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.answers.readline()
        except OSError:
            line = ""
        timer.cancel()
        if not line:
            raise Failed("the program has ended: " + (self.errors.read_text().strip().splitlines() or ["?"])[-1])
        return json.loads(line)

    def resident(self) -> float:
        """Resident memory in MB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def end(self) -> int:
        self.process.stdin.close()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class Midflight:
    """`midflight attach --json`, and its events."""

    def __init__(self, binary: str, pid: int, folder: pathlib.Path, options: list[str]) -> None:
        self.binary, self.pid = binary, pid
        self.events: list[dict[str, Any]] = []
        self.ready = threading.Event()
        self.process = subprocess.Popen(
            [binary, "attach", str(pid), str(folder), "--json", *options], stdout=subprocess.PIPE, text=True
        )
        threading.Thread(target=self.read, daemon=True).start()
        if not self.ready.wait(PATIENCE):
            self.end()
            raise Failed(f"midflight did not get ready: {self.events[-1:]}")

    def read(self) -> None:
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if self.events[-1]["event"] == "ready":
                self.ready.set()

    def settle(self) -> float:
        """Waits until a sync decides; returns the seconds that took."""
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE:
            command = [self.binary, "sync", str(self.pid), "--json", "--timeout", "60s"]
            answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            if answer.returncode in (0, 1):
                return time.monotonic() - started
            time.sleep(0.2)
        raise Failed("sync did not decide")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def upgrade(site: pathlib.Path, new: pathlib.Path) -> list[str]:
    """Puts the files of the new release over the old one's, as an installer does; returns the changed Python files.

    What the installer writes of the release (`NAME.dist-info`) stays: it is no source, and nobody saves it."""
    staged = site.parent / "staged"
    shutil.copytree(new, staged)
    changed = []
    for path in sorted(staged.rglob("*")):
        name = path.relative_to(staged)
        live = site / name
        if path.is_dir() or name.parts[0].endswith(".dist-info"):
            continue
        if live.is_file() and live.read_bytes() == path.read_bytes():
            continue
        live.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, live)
        if name.suffix == ".py":
            changed.append(str(name))
    for path in sorted(site.rglob("*.py")):
        name = path.relative_to(site)
        if not (new / name).exists():
            path.unlink()
            changed.append(str(name))
    shutil.rmtree(staged)
    return changed


def files_in(folder: pathlib.Path) -> set[pathlib.Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def fresh(
    python: str, site: pathlib.Path, needs: pathlib.Path, names: list[str], loaded: list[str], roots: list[str]
) -> dict[str, Any]:
    """What a process describes that was started from these files: it imports `names`, one after the other, and tells of
    those that are `loaded` in the live one."""
    program = Program(python, site, needs)
    try:
        program.ask("load", names)
        return program.ask("dump", roots, loaded)
    finally:
        program.end()


def measure(
    binary: str, python: str, folder: pathlib.Path, old: pathlib.Path, new: pathlib.Path, needs: pathlib.Path,
    names: list[str], options: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Descriptions of the live process before and after, of two fresh ones, and of one that imports the modules in
    the reverse order; events, seconds, memory."""
    site = folder / "app"
    shutil.copytree(old, site)
    files = files_in(site)
    program = Program(python, site, needs)
    midflight = None
    try:
        loaded = program.ask("load", names)
        if not loaded:
            raise Failed("no module of the old release can be imported")
        roots = sorted({name.split(".")[0] for name in loaded})
        before = program.ask("dump", roots, loaded)
        memory = program.resident()
        midflight = Midflight(binary, program.process.pid, site, options or [])
        changed = upgrade(site, new)
        seconds = midflight.settle()
        kept = [name for name in program.ask("modules", roots) if name in loaded]
        after = program.ask("dump", roots, kept)
        grown = program.resident() - memory
    finally:
        if midflight is not None:
            midflight.end()
        status = program.end()
    if status != 0:
        raise Failed(f"HARM: the program ended with {status}")
    told = program.errors.read_text()
    for path in files_in(site) - files - {site / path.relative_to(new) for path in files_in(new)}:
        path.unlink()  # what the program has written
    orders = [names, names, names[::-1]]
    again = [fresh(python, site, needs, order, loaded, roots) for order in orders]
    return {
        "before": before, "after": after, "fresh": again[0], "again": again[1], "reverse": again[2],
        "events": midflight.events,
        "changed": changed, "seconds": seconds, "memory": memory, "grown": grown, "errors": told,
    }  # fmt: skip
