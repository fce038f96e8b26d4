"""Floods a control socket with what is no request, as its owner, and as users who have no business there."""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import random
import socket
import sys
import time

STRANGER = 65533
FORBIDDEN = "not permitted"
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 4


def garbage(foreign: int) -> bytes:
    """`foreign`: a process that the sender may not ask about."""
    return random.choice(
        [
            lambda: random.randbytes(random.randrange(5000)) + b"\n",
            lambda: b"x" * 300_000,
            lambda: b"[" * 100_000 + b"\n",
            lambda: b'{"v":1,"do":"status","pid":' + b"9" * 5000 + b"}\n",
            lambda: b'{"v":1,"do":"sync","files":[' + b'"/x",' * 20_000 + b'"/y"],"timeout_ms":1}\n',
            lambda: b'{"v":1,"do":"sync","files":["x\\u0000"],"timeout_ms":-1}\n',
            lambda: b'{"v":1,"do":"status"}\n' * 500,
            lambda: b"\n" * 1000,
            lambda: b"",
            lambda: json.dumps({"v": 1, "do": "pause", "pid": foreign}).encode() + b"\n",
            lambda: json.dumps({"v": 1, "do": "detach", "pid": foreign}).encode() + b"\n",
            lambda: json.dumps({"v": 1, "do": "status", "pid": foreign}).encode()[:-3],
        ]
    )()


def flood(path: str, seconds: float, foreign: int) -> list[str]:
    """Many clients at once; some never read, some never say anything. The answers that were got."""
    answers: list[str] = []
    clients: list[socket.socket] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(0.2)
        try:
            client.connect(path)
            client.sendall(garbage(foreign))
            if random.random() < 0.3:
                answers.append(client.recv(1 << 20).decode(errors="replace"))
        except OSError as error:
            if isinstance(error, PermissionError):
                answers.append(FORBIDDEN)
        clients.append(client)
        while len(clients) > 60:
            clients.pop(random.randrange(len(clients))).close()
    return [answer for answer in answers if answer]


def become(user: int, overrides: bool) -> None:
    """`overrides`: root's rights over files stay, so that only the socket's own check is left."""
    if overrides:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        os.setresuid(user, user, user)
    else:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def flood_as(user: int, path: str, seconds: float, foreign: int, overrides: bool = False) -> list[str]:
    """`flood` in a process of that user; what it was answered."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            if user != os.getuid():
                become(user, overrides)
            answers = sorted(set(flood(path, seconds, foreign)))
            with os.fdopen(writing, "w") as pipe:
                json.dump(answers, pipe)
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    if status != 0:
        raise RuntimeError(f"the flood as user {user} ended with {status}")
    return json.loads(text)


def socket_of(tool: int, owner: int) -> str | None:
    found = list(pathlib.Path(f"/tmp/midflight-{owner}").glob(f"{tool}-*.sock"))
    return str(found[0]) if found else None
