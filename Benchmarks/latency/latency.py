#!/usr/bin/env python3
"""Save -> new answer on examples/shop, for midflight and for jurigged, in one run and by one client.

  Benchmarks/latency/latency.py [--saves 100] [--python PY] [--out results.json]

A client asks every five milliseconds, whatever happens; a save changes the shipping costs in place, each time to a new
value. Latency is from the writer's close to the first answer with that value, so it is quantised by the client's
period. Needs the release binary (make build). jurigged comes from PyPI into .venv-bench. Ends with 1 when midflight
missed a save or a request failed under it.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import subprocess
import sys
import threading
import time
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from shop_session import Midflight, SessionError, Shop, default_python, release_binary  # noqa: E402

PERIOD = 0.005
PATIENCE = 5.0


class Client(threading.Thread):
    """Asks for the cart every PERIOD seconds and remembers when each total was first seen."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(daemon=True)
        self.shop, self.requests, self.failures = shop, 0, []
        self._first_seen, self._condition, self._ending = {}, threading.Condition(), False

    def run(self) -> None:
        due = time.monotonic()
        while not self._ending:
            try:
                total = self.shop.get()["total"]
                with self._condition:
                    self._first_seen.setdefault(total, time.monotonic())
                    self._condition.notify_all()
            except (SessionError, KeyError) as error:
                self.failures.append(str(error))
            self.requests += 1
            due = max(due + PERIOD, time.monotonic())
            time.sleep(max(0, due - time.monotonic()))

    def seen(self, total: str) -> float | None:
        """When it was first answered (monotonic seconds), or None after PATIENCE."""
        with self._condition:
            self._condition.wait_for(lambda: total in self._first_seen, PATIENCE)
            return self._first_seen.get(total)

    def end(self) -> None:
        self._ending = True
        self.join()


def measure(shop: Shop, saves: int, seed: int) -> dict[str, Any]:
    """Latencies in milliseconds of the saves that were seen; how many were not; the client's figures."""
    rest = random.Random(seed)
    client = Client(shop)
    client.start()
    source, subtotal = shop.read("shop/prices.py"), 2100
    latencies, missed = [], 0
    for cents in range(1000, 1000 + saves):
        shop.save("shop/prices.py", source.replace("return 490", f"return {cents}"))
        saved = time.monotonic()
        seen = client.seen(f"{(subtotal + cents) / 100:.2f} EUR")
        if seen is None:
            missed += 1
        else:
            latencies.append((seen - saved) * 1000)
        time.sleep(rest.uniform(0.05, 0.15))
    answer = shop.get()
    client.end()
    return {
        "saves": saves,
        "missed": missed,
        "requests": client.requests,
        "failed_requests": len(client.failures),
        "hits": answer["hits"],
        "same_process": answer["pid"] == shop.pid,
        "ms": sorted(latencies),
    }


def with_midflight(options: argparse.Namespace) -> dict[str, Any]:
    shop = Shop(options.python)
    tool = None
    try:
        tool = Midflight(release_binary(), shop)
        tool.wait_until_attached()
        result = measure(shop, options.saves, seed=1)
        result["status"] = tool.end()
        return result
    finally:
        if tool and tool.process.poll() is None:
            tool.process.kill()
        shop.close()


def with_jurigged(options: argparse.Namespace) -> dict[str, Any]:
    """jurigged starts the program itself; it watches from the first import on."""
    python = str(jurigged_environment(options.python) / "bin" / "python")
    shop = Shop(python, command=[python, "-m", "jurigged"])
    try:
        time.sleep(1)
        return measure(shop, options.saves, seed=1)
    finally:
        shop.close()


def jurigged_environment(python: str) -> pathlib.Path:
    folder = ROOT / ".venv-bench"
    installed = folder / "bin" / "jurigged"
    if not installed.exists():
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "jurigged"]
        subprocess.run(pip, check=True)
    return folder


def quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def row(name: str, result: dict[str, Any]) -> str:
    ms = result["ms"]
    return (
        f"{name:10} {quantile(ms, 0.5):9.1f} {quantile(ms, 0.95):9.1f} {quantile(ms, 1):9.1f}"
        f" {result['missed']:7} of {result['saves']} {result['failed_requests']:7} of {result['requests']}"
        f"   {'kept' if result['same_process'] else 'LOST'} (hits {result['hits']})"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=100)
    parser.add_argument("--python", default=default_python())
    parser.add_argument("--only", choices=("midflight", "jurigged"))
    parser.add_argument("--out", help="file for the figures as JSON")
    options = parser.parse_args()
    ways = {"midflight": with_midflight, "jurigged": with_jurigged}
    results = {}
    print(f"{options.python}, {options.saves} saves, a request every {PERIOD * 1000:g} ms")
    print(f"{'':10} {'p50 ms':>9} {'p95 ms':>9} {'max ms':>9}  missed saves  failed requests  state")
    for name in [options.only] if options.only else ways:
        try:
            results[name] = ways[name](options)
        except (SessionError, subprocess.CalledProcessError) as error:
            print(f"{name:10} could not be measured: {error}")
            continue
        print(row(name, results[name]), flush=True)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1) + "\n")
    ours = results.get("midflight")
    if ours is None:
        return 0 if options.only == "jurigged" else 1
    return 1 if ours["missed"] or ours["failed_requests"] or not ours["same_process"] else 0


if __name__ == "__main__":
    sys.exit(main())
