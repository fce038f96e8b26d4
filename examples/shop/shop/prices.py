"""Prices in cents; nothing else knows what a thing costs."""

from shop.catalogue import ARTICLES


def unit_price(name: str) -> int:
    return ARTICLES[name].cents


def shipping(subtotal: int) -> int:
    return 490


def label(cents: int) -> str:
    return f"{cents / 100:.2f} EUR"
