"""What is on the shelf, kept in memory."""

import threading
from typing import Dict

from shop.catalogue import ARTICLES


class Inventory:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = {name: article.stock for name, article in ARTICLES.items()}

    def available(self, name: str, count: int = 1) -> bool:
        with self._lock:
            return self._left[name] >= count

    def levels(self) -> Dict[str, int]:
        with self._lock:
            return dict(self._left)
