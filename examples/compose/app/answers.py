def text(path: str) -> str:
    return "you asked for " + path
