"""Requests answered since the start; a restart would lose them."""

import threading


class HitCounter:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def next(self) -> int:
        with self._lock:
            self._count += 1
            return self._count
