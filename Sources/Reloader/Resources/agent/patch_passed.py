"""Parameters about which a change and what stays out would not agree."""


def changes_call(step: Patch, other: Patch) -> bool:
    """Whether one of the two calls the other, and only the old code or only the new code of both agrees."""
    if step.unit["kind"] not in ("function", "define"):
        return False
    if step.unit.get("incompatible") and step.unit["bind"] in names_of(other.old):
        return True
    if all([parameters(old) == parameters(other.unit["code"]) for old in other.old]):
        return False
    code = step.unit["code"] or step.unit["make"]
    return step.unit["bind"] != other.unit["bind"] and other.unit["bind"] in names_of([code])


def is_passed(step: Patch, other: Patch) -> bool:
    """Whether another name of a parameter comes with another statement that passes the function on, or its class: a
    statement that was run at import and is not run again, as a route that has the parameter's name in its path."""
    if not step.unit.get("incompatible") or other.unit["kind"] not in ("constant", "assign", "block"):
        return False
    now = step.unit["code"].co_varnames if step.unit["code"] is not None else ()
    if all([name in now for code in live_codes(step) for name in arguments_of(code)]):
        return False
    owners, name = step.unit["owner"], step.unit["bind"]
    target = owner_of(step.space, owners[:1]) if owners else bound_to(step.space, [], name)
    owner = owner_of(other.space, other.unit["owner"])
    is_call = not other.unit.get("binds") and not other.unit["bind"]
    passed = other.unit["reads"] if owners and is_call else other.unit["bare"]
    paths = [path.split(".") for path in passed] if owner is not None and target is not MISSING else []
    starts = {".".join(path[:count]) for path in paths for count in range(1, len(path) + 1)}
    found = [led_to(other.space, owner, start) for start in starts]
    return any([one is target or is_class(target) and type(one) is target for one in found])


def arguments_of(code: CodeType) -> tuple:
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
