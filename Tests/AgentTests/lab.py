"""A target under a given interpreter, a real compiler twin, and the agent over real pipes; attach itself is played."""

from __future__ import annotations

import marshal
import os
import re
import select
import subprocess
import tempfile
import time
from pathlib import Path

import edits

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "Sources" / "Reloader" / "Resources"
BOOT = (
    "import sys,posix,marshal;sys.path.pop(0);posix.chdir('/');f=sys.stdin.buffer;"
    "P=f.read(int.from_bytes(f.read(4),'little'));C=compile(P[4:],'<midflight twin>','exec');exec(C)"
)


# For a program: objects that note in `looked`, and refuse, whatever is asked of them.
LOUD = """def loud(name):
    def method(self, *arguments):
        looked.append(name)
        raise ValueError(name)
    return method

class Loud:
    __repr__, __str__, __eq__, __bool__, __len__ = map(loud, ("repr", "str", "eq", "bool", "len"))
    __hash__, __iter__, __getattr__, __getattribute__ = map(loud, ("hash", "iter", "getattr", "getattribute"))
    __format__, __lt__, __gt__, __call__ = map(loud, ("format", "lt", "gt", "call"))
"""


def program_source(name: str) -> bytes:
    """The Python files of one program, in the order that AgentProgram.swift lists."""
    text = (ROOT / "Sources" / "Reloader" / "Agent" / "AgentProgram.swift").read_text()
    files = re.findall(r"PackageResources\.(\w+)_py", text.split(f"let {name} = join([")[1].split("])")[0])
    folders = (RESOURCES / "agent", RESOURCES / "observer", RESOURCES / "twin")
    paths = [folder / f"{file}.py" for file in files for folder in folders if (folder / f"{file}.py").exists()]
    assert len(paths) == len(files), files
    return b"\n".join(path.read_bytes() for path in paths)


def agent_source() -> bytes:
    return program_source("agent")


def twin_source() -> bytes:
    return program_source("twin")


COPIES = marshal.dumps(("copies",), 2)
REQUEST, TAKEN, ANSWER, EVENT, END = range(1, 6)
HEADER = 9


def frame(number: int, content: bytes) -> bytes:
    """A request: docs/protocols.md."""
    return len(content).to_bytes(4, "little") + number.to_bytes(4, "little") + bytes([REQUEST]) + content


def read_exactly(fd: int, count: int, timeout: float) -> bytes:
    content = b""
    end = time.monotonic() + timeout
    while len(content) < count:
        ready, _, _ = select.select([fd], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise TimeoutError("no answer")
        part = os.read(fd, count - len(content))
        if not part:
            raise EOFError("the other side closed")
        content += part
    return content


def read_frame(fd: int, timeout: float = 20) -> tuple[int, int, object]:
    """(id, kind, value)"""
    header = read_exactly(fd, 9, timeout)
    content = read_exactly(fd, int.from_bytes(header[:4], "little"), timeout)
    return int.from_bytes(header[4:8], "little"), header[8], marshal.loads(content)


class Twin:
    """The compiler twin of one interpreter."""

    def __init__(self, python: str, flags: tuple = ()) -> None:
        command = [python, "-S", "-s", "-B", "-W", "ignore", *flags, "-c", BOOT]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, cwd="/")
        self.number = 0
        program = bytes(4) + twin_source()
        self.process.stdin.write(len(program).to_bytes(4, "little") + program)
        kind, self.facts, self.agent, self.program = self.ask(("hello", agent_source(), 0))
        assert kind == "hello", self.facts

    def ask(self, request: tuple) -> tuple:
        self.number += 1
        self.process.stdin.write(frame(self.number, marshal.dumps(request, 2)))
        self.process.stdin.flush()
        replies = self.process.stdout.fileno()
        number, kind, value = read_frame(replies)
        assert (number, kind, read_frame(replies)) == (self.number, ANSWER, (self.number, END, None))
        return value

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


class Agent:
    """A conversation with the agent in a target."""

    def __init__(self, folder: str, twin: Twin, request: bytes = b"") -> None:
        place = Path(tempfile.mkdtemp(dir=folder))
        os.mkfifo(place / "in")
        os.mkfifo(place / "out")
        (place / "agent").write_bytes(twin.agent)
        (place / "request").write_bytes(request)
        order = [place / "in", place / "out", place / "agent", place / "request" if request else ""]
        with open(Path(folder) / "lab", "w") as orders:
            orders.write("\n".join(str(part) for part in order))
        self.to_agent = os.open(place / "in", os.O_WRONLY)
        self.from_agent = os.open(place / "out", os.O_RDONLY)

        self.number = 1 if request else 0

    def ask(self, content: bytes) -> tuple:
        self.send(content)
        return self.answer()

    def send(self, content: bytes) -> None:
        self.number += 1
        os.write(self.to_agent, frame(self.number, content))

    def answer(self) -> object:
        """The answer of the request that was sent last, which was acknowledged before."""
        assert self.next() == (TAKEN, None)
        kind, value = self.next()
        assert kind == ANSWER
        return value

    def end(self) -> object:
        """What the last frame of a request says."""
        kind, value = self.next()
        assert kind == END
        return value

    def next(self) -> tuple[int, object]:
        number, kind, value = read_frame(self.from_agent)
        assert number == self.number
        return kind, value

    def close(self) -> None:
        """Ends the conversation and waits until the agent has left."""
        os.close(self.to_agent)
        while os.read(self.from_agent, 65536):
            pass
        os.close(self.from_agent)


def module_of(file: str) -> str:
    return file[:-3].replace("/", ".").replace(".__init__", "")


class Target:
    """A Python program of several files in a folder of its own; its standard output is a list of lines."""

    def __init__(self, python: str, files: dict[str, str], arguments: tuple = ("main.py",)) -> None:
        self.folder = tempfile.mkdtemp(prefix="midflight-lab-")
        self.files = {}
        for name, text in files.items():
            self.write(name, text)
        os.mkfifo(Path(self.folder) / "lab")
        environment = {
            "PYTHONPATH": str(Path(__file__).parent / "site"),
            "MIDFLIGHT_LAB": self.folder + "/lab",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.process = subprocess.Popen(
            [python, "-u", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def write(self, name: str, text: str | bytes) -> None:
        path = Path(self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.files[name] = path.read_bytes()

    def say(self, expression: str) -> str:
        """The repr of an expression, evaluated by the program between two of its steps."""
        self.process.stdin.write(expression.encode() + b"\n")
        self.process.stdin.flush()
        line = b""
        while not line.endswith(b"\n"):
            line += read_exactly(self.process.stdout.fileno(), 1, 20)
        return line.decode().rstrip("\n")

    def close(self) -> tuple[int, str]:
        """Ends the program; its exit code and everything it wrote to stderr."""
        try:
            _, errors = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, errors = self.process.communicate()
        return self.process.returncode, errors.decode()


class Session:
    """A target that evaluates what it reads, and saves of its files."""

    def __init__(self, target: Target, twin: Twin) -> None:
        self.target = target
        self.twin = twin
        self.expected_errors = ""
        self.unplanned: list[str] = []
        self.unplanned_names: list[str] = []
        self.heap = b""
        self.names: dict[int, str] = {}

    def talk(self, content: bytes, is_last: bool = False) -> list:
        """The answer of an agent that is there for this request only, and what its end says. `is_last`: also what it finds
        before it leaves, when nothing was saved for a while."""
        agent = Agent(self.target.folder, self.twin, content + self.heap)
        answers = [agent.answer(), agent.end()]
        if is_last:
            answers += [agent.ask(COPIES), agent.end()]
        agent.close()
        for answer in answers:
            if isinstance(answer, tuple) and isinstance(answer[1], dict):
                self.heap = answer[1].get("heap") or self.heap
        return answers

    def path(self, name: str) -> str:
        """co_filename of a file of the target."""
        is_main = name == "main.py" and self.twin.facts["version"] < [3, 9]
        return name if is_main else os.path.join(self.target.folder, name)

    def request(self, saves: dict[str, str | bytes], **options: object) -> tuple:
        files = []
        around = []
        self.unplanned, self.unplanned_names, self.names = [], [], {}
        for name, text in saves.items():
            old = self.target.files[name]
            self.target.write(name, text)
            new = self.target.files[name]
            module = "__main__" if name == "main.py" else module_of(name)
            path = self.path(name)
            changes = edits.changes(old, new)
            change = [one for one in changes if one["op"] != "keep"]
            self.unplanned_names += [one["qualname"].split(".")[0] for one in changes if one["op"] == "keep"]
            self.unplanned += ["module-statement"] * (len(changes) - len(change))
            for number, one in enumerate(change, sum(len(file["changes"]) for file in files)):
                one["id"] = number
                self.names[number] = (one["scope"] if "scope" in one else one["qualname"]).split(".")[0] or one["qualname"]
            facts = {"path": path, "paths": [path], "modules": [module]}
            files.append({**facts, "old": old, "new": new, "changes": change})
            around.append(edits.around(path, module, new, changes))
        for name in [name for name in self.target.files if name not in saves and name.endswith(".py")]:
            if Path(name).parent in [Path(saved).parent for saved in saves]:
                around.append(self.around(name))
        return self.twin.ask(("patch", {"files": files, "around": around, **options}))

    def around(self, name: str) -> dict:
        """The statements of a file that is not saved."""
        source = self.target.files[name]
        try:
            return edits.around(self.path(name), module_of(name), source, [])
        except (SyntaxError, ValueError):
            return {"path": self.path(name), "modules": [], "statements": [], "stale": []}

    def save(self, saves: dict[str, str | bytes], is_last: bool = False, **options: object) -> dict:
        """Writes files, patches the target; the agent's reply, with the number of moved functions and with the reasons
        of what was kept without asking (`unplanned`). `is_last`: also copies that it finds before it leaves (`late`)."""
        kind, content, *_ = self.request(saves, **options)
        assert kind == "request", content
        reply, done, *found = self.talk(content, is_last)
        assert (reply[0], done[0]) == ("patch", "done"), (reply, done)
        assert not found or found[0][0] == "copies", found
        late = found[0][1] if found else {}
        return {**reply[1], **done[1], "late": late.get("late"), "unplanned": self.unplanned}

    def say(self, expression: str) -> str:
        return self.target.say(expression)

    def inventory(self) -> dict:
        return self.talk(marshal.dumps(("inventory",), 2))[0][1]
