"""Whether live functions are what the files on disk compile to."""


def compare(request: tuple) -> list:
    """Per file and module: definitions that differ, that have no live function, and that equal but lie elsewhere."""
    return [
        {"path": file["path"], "module": name, **compare_module(Space(name, file["paths"]), file["units"])}
        for file in request[1]
        for name in file["modules"]
    ]


def compare_module(space: Space, units: list) -> dict:
    differ = []
    missing = []
    moved = 0
    for unit in units:
        value = space.bound(unit["owner"], unit["bind"])
        live = Reached(space, value).functions if value is not MISSING else []
        live = [function for function in live if function.__code__.co_name == unit["name"]]
        equal = [function for function in live if fingerprint(function.__code__) == unit["old"]]
        if not live:
            missing.append([unit["qualname"], unit["line"]])
        elif not equal:
            differ.append([unit["qualname"], unit["line"]])
        elif all([function.__code__.co_firstlineno != unit["line"] for function in equal]):
            moved += 1
    return {"differ": differ, "missing": missing, "moved": moved, "definitions": len(units)}
