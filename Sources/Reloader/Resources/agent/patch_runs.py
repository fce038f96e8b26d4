"""What calling a value runs, by way of other functions too, as far as names in their code tell."""


def runs_changed(
    value: object, functions: dict, depth: int, is_whole: bool = True, gives_called: bool = False
) -> bool:
    """Whether calling the value runs one of `functions`, by way of at most `depth` others. `is_whole`: code that is
    nested in a function may run too, else only what runs at once; `gives_called`: what the call gives is called."""
    latest = [value] if functions else []
    seen = {}
    while latest:
        following = []
        for one in latest:  # it grows
            if id(one) in seen:
                continue
            seen[id(one)] = one
            if is_run_changed(one, functions):
                return True
            if type(one) is FunctionType:
                following += run_by_function(one, is_whole, gives_called) if depth else []
            else:
                latest += run_by_class(one)
        latest, depth, gives_called = following, depth - 1, False
    return False


def is_run_changed(value: object, functions: dict) -> bool:
    """Whether it changed itself; a coroutine has not begun when it was called."""
    if is_class(value):
        return any([id(base) in functions for base in bases_of(value)])
    known = functions[id(value)][0] if id(value) in functions else None
    return known is not None and not known.__code__.co_flags & 0x280


def run_by_class(value: object) -> list:
    """What makes the instances of a class, with its own methods that this names; what a static or class method is."""
    if is_one_of(type(value), (staticmethod, classmethod)):
        return [value.__func__]
    holders = [(holder_of(value, name), name) for name in MAKERS] if is_class(value) else []
    made = [class_dict(cls)[name] for cls, name in holders if cls is not None and cls is not object]
    named = {name for one in made if type(one) is FunctionType for name in names_of([one.__code__])}
    holders = [(holder_of(value, name), name) for name in named]
    return made + [class_dict(cls)[name] for cls, name in holders if cls is not None and cls is not object]


def run_by_function(function: FunctionType, is_whole: bool, gives_called: bool) -> list:
    """Functions and classes that its code names, or that it wraps; none of a coroutine."""
    if function.__code__.co_flags & 0x280:
        return []
    key = (id(function), is_whole, gives_called)
    if READS.following is None or key not in READS.following:
        codes = [function.__code__, *all_nested(function.__code__)]
        codes = codes if is_whole else run_at_call(function.__code__, gives_called)
        found = [inner for inner in behind(function) if type(inner) is FunctionType]
        found += [cell.cell_contents for cell in function.__closure__ or () if is_full(cell)]
        found += [one for code in codes for one in named_in(code, function.__globals__)]
        found = [one for one in found if is_class(one) or is_one_of(type(one), HAVE_CODE)]
        if READS.following is None:
            return found
        READS.following[key] = found
    return READS.following[key]


HAVE_CODE = (FunctionType, staticmethod, classmethod)


def named_in(code: CodeType, names: dict) -> list:
    """Values of the module that code names, and what it reads of modules and classes among these: `a.B.c`."""
    found = [names.get(name, MISSING) for name in globals_read(code)]
    content = code.co_code
    value = MISSING
    for at in range(0, len(content), 2):
        opcode, argument = content[at], content[at + 1]
        if opcode == LOAD_GLOBAL:
            value = names.get(name_at(code, argument >> GLOBAL_SHIFT), MISSING)
        elif opcode in LOAD_ATTRIBUTE:
            value = attribute_in(value, name_at(code, argument >> ATTRIBUTE_SHIFT))
            found.append(value)
        elif opcode:  # no cache
            value = MISSING
    return found


def name_at(code: CodeType, index: int) -> str:
    """Beyond the 127th name the argument has another part before it: none is taken for another."""
    return code.co_names[index] if index < len(code.co_names) < 128 else ""


def attribute_in(value: object, name: str) -> object:
    """What a class or a module has of that name."""
    if not is_class(value) and not is_below(type(value), ModuleType):
        return MISSING
    holder = holder_of(value, name)
    names = {} if holder is None else class_dict(holder) if is_class(holder) else holder
    return names.get(name, MISSING)
