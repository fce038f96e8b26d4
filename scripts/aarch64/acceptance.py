"""Runs in the emulated machine: saves, kills of midflight at random points of an attach, the register test, the demo.

acceptance.py MIDFLIGHT LIBRARY [OPTION...]    LIBRARY: registers.S, linked

Ends with 1 when a program was harmed or a save did not arrive. Times count nothing: the machine is emulated.
"""

from __future__ import annotations

import argparse
import collections
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from shop_session import Lines, SessionError  # noqa: E402

# In the order of an attach; midflight writes each as a line of MIDFLIGHT_STAGE_LOG.
STAGES = ["seize", "stopped", "framed", "mapped", "written", "fired", "detached", "pipes", "taken", "answered"]
PROGRAM = """\
import sys, threading, time
import answer
def loop():
    while True:
        print(answer.value(), flush=True)
        time.sleep(0.2)
threading.Thread(target=loop, daemon=True).start()
while True:
    time.sleep(0.1)
"""


class Program:
    """A Python program in a folder of its own, and what of it must be the same after an attach."""

    def __init__(self, arguments: list[str], files: dict[str, str]) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="midflight-aarch64-"))
        for name, text in files.items():
            (self.folder / name).write_text(text)
        self.process = subprocess.Popen(
            [sys.executable, "-B"] + arguments, cwd=str(self.folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1,
        )  # fmt: skip
        self.lines = Lines(self.process.stdout)
        self.lines.until(".", 60)
        time.sleep(0.5)
        self.before = self.state()

    def state(self) -> dict[str, str]:
        """Each thread's mask of blocked signals, and that nobody traces it."""
        masks = {}
        for status in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            try:
                fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            except OSError:
                continue  # that thread has ended
            masks[status.parent.name] = f"blocked {fields['SigBlk']} tracer {fields['TracerPid']}"
        return masks

    def check(self) -> None:
        """The agent's thread may need a moment to leave."""
        end = time.monotonic() + 20
        while self.process.poll() is None and self.state() != self.before and time.monotonic() < end:
            time.sleep(0.05)
        if self.process.poll() is not None:
            raise SessionError(f"the program ended with {self.process.returncode}: {self.lines.seen[-5:]}")
        if self.state() != self.before:
            raise SessionError(f"threads were {self.before}, and are {self.state()}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Attach:
    """One `midflight attach`."""

    def __init__(self, options: argparse.Namespace, program: Program) -> None:
        self.log = program.folder / "stages"
        self.log.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [options.midflight, "attach", str(program.process.pid), str(program.folder)],
            env=dict(os.environ, NO_COLOR="1", MIDFLIGHT_STAGE_LOG=str(self.log)),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.lines = Lines(self.process.stderr)

    def stages(self) -> list[str]:
        text = self.log.read_text() if self.log.exists() else ""
        return [line.split(" ")[1] for line in text.splitlines()]

    def kill_somewhere(self) -> str:
        """Kills it at a random stage or up to 10 ms later; returns the last stage that it came to."""
        stage, later = random.choice(STAGES), random.choice([0, random.random() / 100])
        while self.process.poll() is None and stage not in self.stages():
            time.sleep(0.001)
        time.sleep(later)
        self.process.kill()
        if self.process.wait() != -signal.SIGKILL:
            raise SessionError(f"midflight had ended with {self.process.returncode}: {self.lines.rest()}")
        return (self.stages() or ["own start"])[-1]

    def leave(self) -> None:
        self.process.terminate()
        if self.process.wait(30) != 0:
            raise SessionError(f"midflight ended with {self.process.returncode}: {self.lines.seen}")


def saves(options: argparse.Namespace) -> str:
    program = Program(["main.py"], {"main.py": PROGRAM, "answer.py": "def value():\n    return 0\n"})
    attach = Attach(options, program)
    attach.lines.until("^attached [0-9]+", 60)
    attach.lines.rest(1)
    for number in range(1, options.saves + 1):
        (program.folder / "answer.py").write_text(f"def value():\n    return {number}\n")
        program.lines.until(f"^{number}$", 30)
    attach.leave()
    told = [line for line in attach.lines.seen + attach.lines.rest() if line.startswith("  !")]
    if told:
        raise SessionError(f"something was noted at saves that change one number: {told}")
    program.check()
    program.close()
    return f"{options.saves} saves, each seen in the answer"


def kills(options: argparse.Namespace) -> str:
    program = Program(["main.py"], {"main.py": PROGRAM, "answer.py": "def value():\n    return 0\n"})
    stages = collections.Counter()
    end = time.monotonic() + options.seconds
    while sum(stages.values()) < options.kills and time.monotonic() < end:
        stages[Attach(options, program).kill_somewhere()] += 1
        program.check()
        program.lines.rest(0)
    attach = Attach(options, program)
    attach.lines.until("^attached [0-9]+", 60)
    attach.leave()
    program.check()
    program.close()
    return f"{sum(stages.values())} kills, the program alive and as before: {dict(stages)}; attached once more"


class RegisterTest:
    """Attaches and kills of one kind beside a thread that holds random bits in its registers."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.program = Program([str(HERE / "registers.py"), options.library], {})
        self.compared = self.refused = 0
        self.stages = collections.Counter()

    def compare(self) -> None:
        self.program.process.stdin.write("x")
        self.program.process.stdin.flush()
        line = self.program.lines.until(".", 60)[-1]
        if line != "equal":
            raise SessionError(f"registers after {self.compared} comparisons: {line}")
        self.compared += 1

    def attach(self) -> bool:
        attach = Attach(self.options, self.program)
        try:
            attach.lines.until("^attached [0-9]+", 60)
        except SessionError as error:
            attach.process.kill()
            print(f"  not attached: {error}", flush=True)
            return False
        finally:
            self.compare()
        attach.leave()
        return True

    def kill(self) -> bool:
        try:
            self.stages[Attach(self.options, self.program).kill_somewhere()] += 1
        except SessionError as error:  # it gave up before it could be killed
            print(f"  not killed: {error}", flush=True)
            return False
        finally:
            self.compare()
        return True

    def run(self) -> str:
        counts = []
        for one, wanted in ((self.attach, self.options.register_attaches), (self.kill, self.options.register_kills)):
            end, done, began = time.monotonic() + self.options.seconds, 0, 0
            while began < wanted and time.monotonic() < end:
                began += 1
                done += one()
                if began % 50 == 0:
                    print(f"  {began} of {wanted}", flush=True)
            self.program.check()
            counts.append(done)
            self.refused += began - done
        self.program.close()
        if self.refused * 20 > self.compared:
            raise SessionError(f"{self.refused} attaches were refused")
        return (
            f"{self.compared} comparisons after {counts[0]} attaches and {counts[1]} kills {dict(self.stages)}, "
            f"all equal; refused {self.refused}"
        )


def demo(options: argparse.Namespace) -> str:
    command = [sys.executable, str(HERE.parent / "demo.py"), options.midflight, sys.executable]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        raise SessionError(f"the demo ended with {result.returncode}:\n{result.stdout}")
    return "four saves, ended with 0"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("midflight")
    parser.add_argument("library")
    parser.add_argument("--saves", type=int, default=12)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--register-attaches", type=int, default=20)
    parser.add_argument("--register-kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=240, help="after so many seconds a part begins nothing more")
    parser.add_argument("--parts", default="saves,kills,registers,demo")
    options = parser.parse_args()
    parts = {"saves": saves, "kills": kills, "registers": lambda options: RegisterTest(options).run(), "demo": demo}
    failed = 0
    for name in options.parts.split(","):
        try:
            print(f"ok   {name}: {parts[name](options)}", flush=True)
        except SessionError as error:
            failed += 1
            print(f"FAIL {name}: {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
