PRICE = 12


def total(pieces: int) -> int:
    return PRICE * pieces
