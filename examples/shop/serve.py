"""A small shop: python3 serve.py [PORT]; port 0 (the default) takes a free one and prints the URL."""

import sys
from http.server import ThreadingHTTPServer

from shop.handlers import ShopHandler


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = ThreadingHTTPServer(("127.0.0.1", port), ShopHandler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
