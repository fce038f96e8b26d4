def text(name: str) -> str:
    return "Hello " + name
