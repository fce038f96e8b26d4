#!/usr/bin/env python3
"""make demo and midflight demo: attach to a running shop, edit it four times, show each answer before and after.

demo.py [MIDFLIGHT PYTHON]: the program to show (it is built without), and the shop's interpreter. Ends with 0 when
everything held, otherwise says what did not and ends with 1. Environment: MIDFLIGHT_BINARY, MIDFLIGHT_PYTHON (the same;
the default is /usr/bin/python3).
"""

from __future__ import annotations

import difflib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

from shop_session import ROOT, Answer, Midflight, SessionError, Shop, default_python, release_binary

DEADLINE = 10.0
COLORED = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def paint(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if COLORED else text


def say(text: str = "") -> None:
    print(text, flush=True)


def title(text: str) -> None:
    say("\n" + paint(text, "1"))


def quote(lines: list[str]) -> None:
    """midflight's own words."""
    for line in lines:
        say(f"  {paint('midflight |', '2')} {line}")


def show_answer(word: str, answer: Answer) -> None:
    say(f"  {word:6} GET /cart -> total {answer['total']:10} pid {answer['pid']}  hits {answer['hits']}")


def show_edit(name: str, before: Answer, after: Answer) -> None:
    say(f"  examples/shop/{name}")
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0):
        if line.startswith(("+++", "---", "@@")):
            continue
        say("    " + paint(line[0] + " " + line[1:].strip(), "32" if line[0] == "+" else "31"))


def build() -> None:
    title("Build")
    start = time.monotonic()
    result = subprocess.run(["make", "--no-print-directory", "build"], cwd=str(ROOT))
    if result.returncode != 0:
        raise SessionError("the build failed")
    say(f"  done in {time.monotonic() - start:.1f} s")


def wait_for_total(shop: Shop, total: str) -> tuple[Answer, int]:
    """The first answer with this total and the number of requests it took."""
    end, requests = time.monotonic() + DEADLINE, 0
    while True:
        answer = shop.get()
        requests += 1
        if answer["total"] == total:
            return answer, requests
        if time.monotonic() > end:
            raise SessionError(f"after {DEADLINE:g} s the total is {answer['total']}, not {total}")
        time.sleep(0.002)


def check_same_process(before: Answer, after: Answer, requests: int) -> None:
    if after["pid"] != before["pid"]:
        raise SessionError(f"the pid changed: {before['pid']} -> {after['pid']}")
    if after["hits"] != before["hits"] + requests:
        raise SessionError(f"the hit counter jumped: {before['hits']} -> {after['hits']}")


def edit(shop: Shop, tool: Midflight, heading: str, name: str, old: str, new: str, total: str) -> None:
    """Saves an edit and waits for the answer that shows it."""
    title(heading)
    text = shop.read(name)
    before = shop.get()
    show_edit(name, text, text.replace(old, new))
    show_answer("before", before)
    start = time.monotonic()
    shop.change(name, old, new)
    after, requests = wait_for_total(shop, total)
    elapsed = (time.monotonic() - start) * 1000
    show_answer("after", after)
    check_same_process(before, after, requests)
    quote(tool.lines.rest())
    say("  " + paint(f"save -> new answer: {elapsed:.0f} ms, same process, counter kept", "32"))


def break_syntax(shop: Shop, tool: Midflight, name: str, old: str, new: str) -> None:
    """Saves a file that does not parse: midflight must say where, and the old code must go on serving."""
    title("A syntax error")
    text = shop.read(name)
    before = shop.get()
    show_edit(name, text, text.replace(old, new))
    show_answer("before", before)
    shop.change(name, old, new)
    lines = tool.lines.until(r"SyntaxError", DEADLINE)
    lines += tool.lines.rest()
    if not any(name.rsplit("/", 1)[-1] + ":" in line for line in lines):
        raise SessionError(f"midflight did not name {name}: {lines}")
    after = shop.get()
    show_answer("after", after)
    quote(lines)
    if after["total"] != before["total"]:
        raise SessionError("a file that does not parse changed the answer")
    check_same_process(before, after, 1)
    say("  " + paint("nothing was changed, the old code serves", "32"))


def walk(shop: Shop, tool: Midflight) -> None:
    edit(
        shop, tool, "Edit a function", "shop/prices.py",
        "return 490", "return 0 if subtotal >= 2000 else 490", "21.00 EUR",
    )  # fmt: skip
    edit(
        shop, tool, "Edit a method", "shop/cart.py",
        "return subtotal + prices.shipping(subtotal)",
        "return subtotal * 9 // 10 + prices.shipping(subtotal)", "18.90 EUR",
    )  # fmt: skip
    broken = "return subtotal * 8 // 10 + prices.shipping(subtotal"
    break_syntax(shop, tool, "shop/cart.py", "return subtotal * 9 // 10 + prices.shipping(subtotal)", broken)
    edit(shop, tool, "Mend it", "shop/cart.py", broken, broken + ")", "16.80 EUR")


def leave(shop: Shop, tool: Midflight, threads: int) -> None:
    title("Leave")
    status = tool.end()
    quote(tool.lines.rest())
    if status != 0:
        raise SessionError(f"midflight ended with {status}")
    end = time.monotonic() + DEADLINE
    while shop.threads() > threads:
        if time.monotonic() > end:
            raise SessionError(f"threads in the shop: {threads} before, {shop.threads()} after")
        time.sleep(0.02)
    answer = shop.get()
    show_answer("still", answer)
    if shop.lines.rest():
        raise SessionError(f"something was written to the shop's streams: {shop.lines.seen}")
    say("  " + paint(f"threads as before ({threads}), nothing on the shop's streams", "32"))


def run() -> None:
    if not os.environ.get("MIDFLIGHT_BINARY"):
        build()
    python = default_python()
    title("Start examples/shop")
    say(f"  {python} serve.py 0   (a temporary copy)")
    start = time.monotonic()
    shop = Shop(python)
    tool = None
    try:
        say(f"  pid {shop.pid}, {shop.url}, up after {time.monotonic() - start:.1f} s")
        shop.get()
        time.sleep(0.2)  # the thread of that answer ends meanwhile
        threads = shop.threads()
        title("Attach")
        say(f"  midflight attach {shop.pid}")
        tool = Midflight(release_binary(), shop)
        quote(tool.wait_until_attached())
        walk(shop, tool)
        leave(shop, tool, threads)
    finally:
        if tool and tool.process.poll() is None:
            tool.process.kill()
        shop.close()


def end(number: int, _: Any) -> None:
    """Leaves as Ctrl-C does: whatever was started is ended, and the temporary folders are removed."""
    raise SystemExit(128 + number)


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    if len(sys.argv) == 3:
        os.environ["MIDFLIGHT_BINARY"] = sys.argv[1]
        os.environ["MIDFLIGHT_PYTHON"] = shutil.which(sys.argv[2]) or sys.executable
    try:
        run()
    except (SessionError, OSError) as error:
        say("\n" + paint("demo failed: ", "31") + str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    title("Everything held: four saves, one process, no restart. Now with yours: midflight attach PID")
    return 0


if __name__ == "__main__":
    sys.exit(main())
