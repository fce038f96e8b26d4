"""A stack that tells what it is, for whoever reads it from outside at the same time.

It answers one request with the frames that it stands in, newest first, and then waits in the same line for the end
of its input, which comes with the end of the one who reads. No frame stands in the first or the last line of its code:
these are what a wrong place in the code is likely to lead to.
"""

import marshal
import sys

ANSWER, END = 3, 5
HEADER = 9


def message(number: int, kind: int, value: object) -> bytes:
    """As the agent's: u32 length, u32 id, u8 kind, little-endian, then marshal version 2."""
    content = marshal.dumps(value, 2)
    return b"".join([len(content).to_bytes(4, "little"), number.to_bytes(4, "little"), bytes((kind,)), content])


def tell(number: int, frame: object) -> None:
    """Answers with file, name and line of `frame` and of those that led to it."""
    rows = []
    while frame is not None:
        rows.append((frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    replies = sys.stdout.buffer
    replies.write(message(number, ANSWER, ("stack", rows)) + message(number, END, None))
    replies.flush()


def größe(number: int) -> list:
    """A function whose name is not ASCII, C code, and a generator, whose frame lies elsewhere than others."""

    def steps() -> object:
        frame = sys._getframe()
        yield tell(number, frame) or sys.stdin.buffer.read(1)
        yield number

    found = list(steps())
    return [*found, number]


def serve() -> None:
    """Waits for the request."""
    header = sys.stdin.buffer.read(HEADER)
    sys.stdin.buffer.read(int.from_bytes(header[:4], "little"))
    if len(header) == HEADER:
        größe(int.from_bytes(header[4:8], "little"))
        header = b""


serve()
sys.exit()
