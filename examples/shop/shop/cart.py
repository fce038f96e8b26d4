"""A cart and its sums."""

from typing import Dict, Iterator, Tuple

from shop import prices


class Cart:
    def __init__(self, **counts: int) -> None:
        self._counts: Dict[str, int] = dict(counts)

    def lines(self) -> Iterator[Tuple[str, int]]:
        for name, count in sorted(self._counts.items()):
            yield name, count * prices.unit_price(name)

    def subtotal(self) -> int:
        return sum(cents for _, cents in self.lines())

    def total(self) -> int:
        subtotal = self.subtotal()
        return subtotal + prices.shipping(subtotal)
