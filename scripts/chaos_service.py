"""A server with workers, and what soak-services does to it and to its files."""

from __future__ import annotations

import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

WORKERS = 3

SERVER = '''
import os, sys, time
import lib

if len(sys.argv) > 1:  # as servers do that open their port as root
    os.setgid(int(sys.argv[1]))
    os.setuid(int(sys.argv[1]))

def work():
    name = "out/%d" % os.getpid()
    held = []
    while True:
        try:
            if os.path.exists("full"):
                while True:
                    held.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            time.sleep(0.05)
            while held:
                os.close(held.pop())
        try:
            with open(name + ".new", "w") as file:
                file.write(str(lib.answer()))
            os.rename(name + ".new", name)
        except OSError:
            pass
        time.sleep(0.01)

def spawn():
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as error:
            with open("errors", "a") as file:
                file.write("%d %r\\n" % (os.getpid(), error))
            os._exit(9)

for _ in range(WORKERS):
    spawn()
while True:
    pid, status = os.wait()
    with open("ends", "a") as file:
        file.write("%d %d\\n" % (pid, status))
    spawn()
'''.replace("WORKERS", str(WORKERS))


def source(value: int) -> str:
    return f"def answer():\n    return {value}\n"


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def facts(pid: int) -> dict[str, str]:
    """The lines of /proc/PID/status; empty once it is gone."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: rest.strip() for name, _, rest in (line.partition(":") for line in lines)}


def descriptors(pid: int) -> dict[int, str]:
    found = {}
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
    except OSError:
        return {}  # it has ended
    return found


def anonymous_code(pid: int) -> list[str]:
    """Executable mappings that are of no file."""
    try:
        words = [line.split() for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()]
    except OSError:
        return []
    return [" ".join(word) for word in words if len(word) == 5 and "x" in word[1]]


def send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


class Service:
    """A supervisor and its three workers; each worker writes its answer to a file of its own.

    With `user` it gives its rights up once it has started, as servers do.
    """

    def __init__(self, folder: pathlib.Path, python: str, user: int | None) -> None:
        self.folder = folder
        self.python = python
        self.user = user
        self.value = 1
        self.killed: set[int] = set()
        (folder / "out").mkdir(parents=True)
        (folder / "src").mkdir()
        (folder / "src" / "lib.py").write_text(source(1))
        (folder / "main.py").write_text(SERVER)
        if user is not None:
            for path in (folder, folder / "out"):
                os.chown(path, user, user)
        self.start()

    def start(self) -> None:
        environment = dict(os.environ, PYTHONPATH="src", PYTHONDONTWRITEBYTECODE="1")
        command = [self.python, str(self.folder / "main.py")]
        if self.user is not None:
            command.append(str(self.user))
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment)

    def workers(self) -> list[int]:
        return children(self.process.pid)

    def pids(self) -> list[int]:
        return [self.process.pid, *self.workers()]

    def stop(self) -> None:
        # The supervisor first: it would replace the workers.
        for pid in self.pids():
            self.killed.add(pid)
            send(pid, signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill_worker(self) -> None:
        workers = self.workers()
        if workers:
            pid = random.choice(workers)
            self.killed.add(pid)
            send(pid, signal.SIGKILL)

    # Files

    def save(self) -> None:
        self.value += 1
        random.choice([self._write, self._replace, self._recreate, self._write_slowly, self._swap_directory])()

    def _write(self) -> None:
        (self.folder / "src" / "lib.py").write_text(source(self.value))

    def _replace(self) -> None:
        new = self.folder / "src" / "lib.tmp"
        new.write_text(source(self.value))
        new.rename(self.folder / "src" / "lib.py")

    def _recreate(self) -> None:
        path = self.folder / "src" / "lib.py"
        path.unlink()
        path.write_text(source(self.value))

    def _write_slowly(self) -> None:
        text = source(self.value)
        with (self.folder / "src" / "lib.py").open("w", buffering=1) as file:
            file.write(text[:15])
            time.sleep(random.random() / 20)
            file.write(text[15:])

    def _swap_directory(self) -> None:
        """Another directory takes the name, as a deployment does it."""
        folder, new, old = (self.folder / name for name in ("src", "new", "old"))
        new.mkdir()
        (new / "lib.py").write_text(source(self.value))
        folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old)

    def break_and_mend(self) -> None:
        (self.folder / "src" / "lib.py").write_text("def answer(:\n    return 0\n")
        time.sleep(random.random() / 5)
        self.save()

    def move_away_and_back(self) -> None:
        source_folder, away = self.folder / "src", self.folder / "away"
        source_folder.rename(away)
        time.sleep(random.random() / 5)
        away.rename(source_folder)

    # What became of it

    def answers(self) -> dict[int, str]:
        found = {}
        for pid in self.workers():
            try:
                found[pid] = (self.folder / "out" / str(pid)).read_text()
            except OSError:
                found[pid] = "nothing"
        return found

    def harm(self) -> list[str]:
        """What happened to processes that nobody did to them."""
        name = self.folder.name
        found = []
        if self.process.poll() is not None:
            found.append(f"{name}: its supervisor ended with {self.process.returncode}")
        ends = self.folder / "ends"
        for line in ends.read_text().splitlines() if ends.exists() else []:
            if int(line.split()[0]) not in self.killed:
                found.append(f"{name}: a worker ended by itself (pid, status): {line}")
        errors = self.folder / "errors"
        if errors.exists():
            found += [f"{name}: a worker raised (pid, error): {line}" for line in errors.read_text().splitlines()]
        return found

    def traces(self) -> list[str]:
        """What midflight has left in the processes; nothing, two seconds after its last word."""
        found = []
        for pid in self.pids():
            state = facts(pid)
            if state.get("Threads", "1") != "1":
                found.append(f"{self.folder.name}: process {pid} has {state['Threads']} threads")
            if state.get("TracerPid", "0") != "0" or state.get("State", "S")[0] in "tT":
                found.append(f"{self.folder.name}: process {pid} is {state['State']}, traced by {state['TracerPid']}")
            pipes = [link for number, link in descriptors(pid).items() if number > 2 and link.startswith("pipe:")]
            if pipes:
                found.append(f"{self.folder.name}: process {pid} holds {pipes}")
            code = anonymous_code(pid)
            if code:
                found.append(f"{self.folder.name}: process {pid} has executable memory of no file: {code}")
        return found
