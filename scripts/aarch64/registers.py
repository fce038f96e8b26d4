"""A program whose one thread that can be borrowed waits with random bits in every register.

registers.py LIBRARY (registers.S, linked): each byte that comes in on stdin ends a wait; a line on stdout says then
"equal", or which registers are not as they were.
"""

from __future__ import annotations

import ctypes
import os
import random
import sys
import threading

SIZE, VECTORS = 784, 272
NUMBERS = [f"x{n}" for n in range(31)] + ["nzcv", "fpcr", "fpsr"]
# Bits that the processor keeps: flags; rounding, flush to zero, default NaN; what has been raised.
KEPT = {"nzcv": 0xF << 28, "fpcr": 0xF << 22, "fpsr": 0x0800009F}
OF_THE_CALL = {"x0": 1, "x2": 1, "x8": 63}


def wanted_registers() -> bytes:
    image = bytearray(random.randbytes(SIZE))
    for name, bits in KEPT.items():
        place = 8 * NUMBERS.index(name)
        image[place : place + 8] = (random.getrandbits(64) & bits).to_bytes(8, "little")
    return bytes(image)


def changed(wanted: bytes, found: bytes) -> list[str]:
    names = []
    for place, name in enumerate(NUMBERS):
        expected = int.from_bytes(wanted[8 * place : 8 * place + 8], "little")
        value = int.from_bytes(found[8 * place : 8 * place + 8], "little")
        if name != "x1" and value != OF_THE_CALL.get(name, expected):
            names.append(f"{name} is {value:x}, not {OF_THE_CALL.get(name, expected):x}")
    for number in range(32):
        part = slice(VECTORS + 16 * number, VECTORS + 16 * number + 16)
        if wanted[part] != found[part]:
            names.append(f"v{number} is {found[part].hex()}, not {wanted[part].hex()}")
    return names


def hold(library: ctypes.CDLL) -> None:
    while True:
        wanted, found = wanted_registers(), ctypes.create_string_buffer(SIZE)
        library.hold_registers(ctypes.create_string_buffer(wanted, SIZE), found)
        os.write(1, ("; ".join(changed(wanted, found.raw)) or "equal").encode() + b"\n")


def main() -> None:
    threading.Thread(target=hold, args=(ctypes.CDLL(sys.argv[1]),), daemon=True).start()
    libc = ctypes.CDLL(None)
    os.write(1, b"ready\n")
    while True:
        libc.usleep(200_000)  # a sleep of relative length: this thread is never borrowed


if __name__ == "__main__":
    main()
