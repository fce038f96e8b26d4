"""GET /cart, /stock and /price/NAME; every answer is JSON and carries the pid and the hit counter."""

import json
import os
from http.server import BaseHTTPRequestHandler
from typing import Any, Dict, Tuple

from shop import prices
from shop.cart import Cart
from shop.catalogue import ARTICLES
from shop.hits import HitCounter
from shop.inventory import Inventory

CART = Cart(tea=2, mug=1)
HITS = HitCounter()
INVENTORY = Inventory()


def cart() -> Dict[str, Any]:
    return {"total": prices.label(CART.total()), "lines": dict(CART.lines())}


def stock() -> Dict[str, Any]:
    return {"stock": INVENTORY.levels()}


def price(name: str) -> Dict[str, Any]:
    return {"price": prices.label(prices.unit_price(name)), "available": INVENTORY.available(name)}


def answer(path: str) -> Tuple[int, Dict[str, Any]]:
    if path == "/cart":
        return 200, cart()
    if path == "/stock":
        return 200, stock()
    if path.startswith("/price/") and path[len("/price/") :] in ARTICLES:
        return 200, price(path[len("/price/") :])
    return 404, {"error": "not found", "path": path}


class ShopHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = answer(self.path)
        body.update(pid=os.getpid(), hits=HITS.next())
        data = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *unused: Any) -> None:
        """Keeps the terminal for the person who edits."""
