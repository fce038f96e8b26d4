"""A running copy of examples/shop and a midflight attached to it, for the demo and the benchmarks."""

from __future__ import annotations

import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from typing import IO, Any, Dict

ROOT = pathlib.Path(__file__).resolve().parent.parent
Answer = Dict[str, Any]


class SessionError(Exception):
    """What did not hold, in words for the reader."""


class Lines:
    """The lines of a stream, read by a thread so that waiting for one has a deadline."""

    def __init__(self, stream: IO[str]) -> None:
        self.seen = []
        self._queue = queue.Queue()
        threading.Thread(target=self._pump, args=(stream,), daemon=True).start()

    def _pump(self, stream: IO[str]) -> None:
        for line in stream:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def next(self, seconds: float) -> str | None:
        """The next line, or None at the end of the stream or of the time."""
        try:
            line = self._queue.get(timeout=seconds)
        except queue.Empty:
            return None
        if line is not None:
            self.seen.append(line)
        return line

    def until(self, pattern: str, seconds: float) -> list[str]:
        """The lines up to the first that matches; raises SessionError when none does in time."""
        end, lines = time.monotonic() + seconds, []
        while True:
            line = self.next(max(0, end - time.monotonic()))
            if line is None:
                raise SessionError(f"no line like {pattern!r} in {seconds:g} s; seen: {lines or 'nothing'}")
            lines.append(line)
            if re.search(pattern, line):
                return lines

    def rest(self, quiet: float = 0.15) -> list[str]:
        """What is there by now; ends after `quiet` seconds without a line."""
        lines = []
        while True:
            line = self.next(quiet)
            if line is None:
                return lines
            lines.append(line)


def allow_tracing() -> None:
    """Yama 1 lets only parents attach; a process may allow others itself (prctl(2), PR_SET_PTRACER of anybody)."""
    import ctypes

    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)


def only_parents_may_attach() -> bool:
    try:
        with open("/proc/sys/kernel/yama/ptrace_scope") as scope:
            return os.geteuid() != 0 and scope.read().strip() == "1"
    except OSError:
        return False


class Shop:
    """examples/shop, copied to a temporary folder and started from there: the checkout is never touched."""

    def __init__(self, python: str, command: list[str] | None = None) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-shop-"))
        self.sources = self.folder / "shop"
        caches = shutil.ignore_patterns("__pycache__")
        shutil.copytree(str(ROOT / "examples" / "shop"), str(self.sources), ignore=caches)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment.update(PYTHONUNBUFFERED="1", PYTHONDONTWRITEBYTECODE="1")
        self.process = subprocess.Popen(
            (command or [python]) + ["serve.py", "0"],
            cwd=str(self.sources),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            start_new_session=True,
            preexec_fn=allow_tracing if only_parents_may_attach() else None,
        )
        self.lines = Lines(self.process.stdout)
        self.pid = self.process.pid
        try:
            self.url = self.lines.until(r"^http://", 30)[-1]
        except SessionError:
            self.close()
            raise

    def get(self, path: str = "/cart") -> Answer:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return json.loads(answer.read().decode())
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise SessionError(f"GET {path} failed: {error}") from error

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def read(self, name: str) -> str:
        return (self.sources / name).read_text()

    def save(self, name: str, text: str) -> None:
        """Saves in place, as nano and VS Code do."""
        (self.sources / name).write_text(text)

    def change(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        if text.count(old) != 1:
            raise SessionError(f"{name} does not hold {old!r} exactly once")
        self.save(name, text.replace(old, new))

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(str(self.folder), ignore_errors=True)


class Midflight:
    """`midflight attach PID DIR`, its lines, and its end."""

    def __init__(self, binary: pathlib.Path, shop: Shop, *options: str) -> None:
        environment = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
        self.process = subprocess.Popen(
            [str(binary), "attach", str(shop.pid), str(shop.sources)] + list(options),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            encoding="utf-8",
            errors="replace",
        )
        self.lines = Lines(self.process.stderr)

    def wait_until_attached(self, seconds: float = 20) -> list[str]:
        try:
            lines = self.lines.until(r"^attached [0-9]+", seconds)
        except SessionError as error:
            status = self.process.poll()
            ended = "" if status is None else f" (it ended with {status})"
            raise SessionError(f"midflight did not attach{ended}: {error}") from error
        return lines + self.lines.rest()

    def end(self) -> int:
        """SIGTERM; returns the exit status, which is 0 when it left in order."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            self.process.wait()
            raise SessionError("midflight did not end in 10 s after SIGTERM") from error


def release_binary() -> pathlib.Path:
    return pathlib.Path(os.environ.get("MIDFLIGHT_BINARY") or ROOT / ".build" / "release" / "midflight")


def default_python() -> str:
    """Debian's interpreter if it is there: what a fresh machine has."""
    given = os.environ.get("MIDFLIGHT_PYTHON")
    if given:
        return given
    return "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
