"""Functions that only moved: which, by how many lines."""


def same_but_lines(old: CodeType, new: CodeType, tables: bool) -> bool:
    """Equality without absolute line numbers; with `tables`, relative positions count. Cheaper than fingerprints."""
    if class_line_place(old) >= 0 and class_line_place(new) >= 0:
        return fingerprint(old, tables) == fingerprint(new, tables)
    for name in COMPARED:
        if getattr(old, name, None) != getattr(new, name, None):
            return False
    if tables and getattr(old, LINE_TABLE) != getattr(new, LINE_TABLE) or len(old.co_consts) != len(new.co_consts):
        return False
    for one, two in zip(old.co_consts, new.co_consts):
        if type(one) is CodeType and type(two) is CodeType:
            inside = one.co_firstlineno - old.co_firstlineno == two.co_firstlineno - new.co_firstlineno
            if tables and not inside or not same_but_lines(one, two, tables):
                return False
        elif constant_bytes(one, old) != constant_bytes(two, new):
            return False
    return True


def constant_bytes(value: object, code: CodeType) -> bytes:
    """Equal for equal constants of equal types."""
    return marshal.dumps(constant_shape(value, code, code.co_firstlineno, False), 2)


COMPARED = (
    *("co_code", "co_name", "co_qualname", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_stacksize", "co_exceptiontable"),
)


# As the agent reads them from code; what it writes depends on them.
OPCODES = [opcode.opmap["LOAD_CONST"], opcode.opmap.get("LOAD_SMALL_INT", 0)]


def moved_units(changes: list, old: Version, new: Version) -> dict:
    """Unchanged functions that lie elsewhere now: line ranges of the old file with their distance, and the code
    of those in which lines moved too."""
    touched = {(change["old"][0], change["name"]) for change in changes if change["old"]}
    fresh = {(change["new"][0], change["name"]) for change in changes if change["new"]}
    candidates = {}
    for owner, code in [*new.units, *new.lambda_units]:
        if (code.co_firstlineno, code.co_name) not in fresh:
            candidates.setdefault((owner, code.co_name), []).append(code)
    ranges = []
    exact = []
    for owner, code in sorted([*old.units, *old.lambda_units], key=lambda unit: unit[1].co_firstlineno):
        left = candidates.get((owner, code.co_name))
        if (code.co_firstlineno, code.co_name) in touched or not left:
            continue
        same = [after for after in left if same_but_lines(code, after, False)]
        if not same:
            continue
        left.remove(same[0])
        delta = same[0].co_firstlineno - code.co_firstlineno
        if not same_but_lines(code, same[0], True):
            exact.append({**known_unit(owner, code, old), "code": same[0]})
        elif ranges and ranges[-1][2] == delta:
            ranges[-1][1] = code.co_firstlineno
        else:
            ranges.append([code.co_firstlineno, code.co_firstlineno, delta])
    ranges = ranges if any([delta for _, _, delta in ranges]) else []
    return {"ranges": ranges, "exact": exact, "classes": moved_classes(old, new)}


def moved_classes(old: Version, new: Version) -> list:
    """[names, old first line, new first line] of classes: from 3.13 on a class knows its line."""
    if not CLASSES_KNOW_LINES:
        return []
    lines = dict(class_lines(new.code, ()))
    return [
        [list(names), line, lines[names]]
        for names, line in class_lines(old.code, ())
        if lines.get(names, line) != line
    ]


def class_lines(code: CodeType, owner: tuple) -> object:
    for inner in nested(code):
        if inner.co_name.startswith("<generic parameters of "):
            yield from class_lines(inner, owner)
        elif is_class_code(inner):
            yield (*owner, inner.co_name), inner.co_firstlineno
            yield from class_lines(inner, (*owner, inner.co_name))
