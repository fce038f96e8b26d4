"""Operations between values of built-in types."""


def make_operators() -> dict:
    """By the name of the method; of the exact built-in types that `checked` lets through, by their own rules."""
    return {
        "__add__": lambda a, b: a + b, "__sub__": lambda a, b: a - b, "__mul__": lambda a, b: a * b,
        "__truediv__": lambda a, b: a / b, "__floordiv__": lambda a, b: a // b, "__mod__": lambda a, b: a % b,
        "__pow__": lambda a, b: a**b, "__lshift__": lambda a, b: a << b, "__rshift__": lambda a, b: a >> b,
        "__and__": lambda a, b: a & b, "__or__": lambda a, b: a | b, "__xor__": lambda a, b: a ^ b,
    }  # fmt: skip


OPERATORS = make_operators()
COMPARISONS = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
               "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}  # fmt: skip
