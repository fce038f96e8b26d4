"""Calls: whether old ones still bind, and code that passes them on to a function with another closure."""


def binds_old_calls(before: CodeType, after: CodeType, old: Version, new: Version, change: dict) -> bool:
    """Whether every call that the old signature accepted is accepted by the new one."""
    node, _ = new.nodes[(change["new"][1], change["name"])]
    optional = {name for name, _ in default_nodes(node)}
    former, _ = old.nodes[(change["old"][1], change["name"])]
    names = after.co_varnames[: after.co_argcount + after.co_kwonlyargcount]
    if any([name in names and name not in optional for name, _ in default_nodes(former)]):
        return False
    if parameters(before) == parameters(after):
        return True
    was = signature(before)
    now = signature(after)
    kept = now["positional"][: len(was["positional"])] == was["positional"]
    added = now["positional"][len(was["positional"]) :]
    keywords = set(was["keyword"]) <= set(now["keyword"]) | set(now["positional"])
    new_required = [n for n in [*added, *now["keyword"]] if n not in was["keyword"] and n not in optional]
    stars = now["stars"] & was["stars"] == was["stars"] and now["only"] <= was["only"]
    return kept and keywords and stars and not new_required


LOOKUPS = {opcode.opmap["LOAD_GLOBAL"]: GLOBAL_SHIFT, opcode.opmap["LOAD_NAME"]: 0}


def global_names(code: CodeType) -> set:
    """Names that the code and what is nested in it look up in the module, then in builtins."""
    names = set()
    content = code.co_code
    argument = 0
    for index in range(0, len(content), 2):
        argument = argument << 8 | content[index + 1]
        if content[index] == opcode.EXTENDED_ARG:
            continue
        if content[index] in LOOKUPS:
            names.add(code.co_names[argument >> LOOKUPS[content[index]]])
        argument = 0
    for inner in nested(code):
        names |= global_names(inner)
    return names


def signature(code: CodeType) -> dict:
    count = code.co_argcount
    return {
        "positional": list(code.co_varnames[:count]),
        "only": code.co_posonlyargcount,
        "keyword": list(code.co_varnames[count : count + code.co_kwonlyargcount]),
        "stars": code.co_flags & PARAMETER_FLAGS,
    }


def trampolines(before: CodeType, after: CodeType, new: Version) -> list:
    """[fingerprint of new code, code] for new code that takes other names from around it than the code it replaces."""
    found = []
    for old_code, new_code in [(before, after), *nested_pairs(before, after)]:
        if old_code.co_freevars != new_code.co_freevars and ".0" not in new_code.co_varnames:
            code = trampoline(old_code.co_freevars, new_code, new)
            if code is not None:
                found.append([new.digest(new_code, True), code])
    return found


def trampoline(free: tuple, code: CodeType, version: Version) -> object:
    """Code with the closure names `free` and the kind and signature of `code`, that calls the constant 'TARGET'."""
    if code.co_flags & 0x200:  # an asynchronous generator cannot be delegated to
        return None
    sign = signature(code)
    names = list(sign["positional"])
    passed = list(sign["positional"])
    if sign["only"]:
        names.insert(sign["only"], "/")
    rest = list(code.co_varnames[code.co_argcount + code.co_kwonlyargcount :])
    if code.co_flags & 4:
        passed.append("*" + rest[0])
        names.append("*" + rest.pop(0))
    elif sign["keyword"]:
        names.append("*")
    names += sign["keyword"]
    passed += ["%s=%s" % (name, name) for name in sign["keyword"]]
    if code.co_flags & 8:
        names.append("**" + rest[0])
        passed.append("**" + rest[0])
    call = "'TARGET'(%s)" % ", ".join(passed)
    result = "(yield from %s)" % call if code.co_flags & 0x20 else call
    header = "async def" if code.co_flags & 0x80 else "def"
    if code.co_flags & 0x80:
        result = "await " + call
    text = "def outer(%s):\n %s inner(%s):\n  if 0: (%s)\n  return %s\n" % (
        ", ".join(free),
        header,
        ", ".join(names),
        ", ".join(free) or "0",
        result,
    )
    module = compile(text, version.path, "exec", 0, True, version.optimize)
    made = [inner for inner in every_code(module) if inner.co_name == "inner"]
    return made[0].replace(co_name=code.co_name, co_firstlineno=code.co_firstlineno)
