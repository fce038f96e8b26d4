"""The shop's package: catalogue, prices, inventory, cart, and the HTTP handlers on top."""
