"""The catalogue, loaded once at import: the second that every restart costs again."""

import time
from typing import Dict, NamedTuple


class Article(NamedTuple):
    title: str
    cents: int
    stock: int


def load() -> Dict[str, Article]:
    """Stands for a model, a cache or a remote catalogue: one second."""
    time.sleep(1)
    return {
        "tea": Article("Green tea", 450, 12),
        "mug": Article("Blue mug", 1200, 3),
        "pot": Article("Tea pot", 3900, 0),
    }


ARTICLES = load()
