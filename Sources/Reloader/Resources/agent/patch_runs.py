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
    """Values of the module that code names, and attributes that it may mean of modules and classes among these."""
    found = [names.get(name, MISSING) for name in globals_read(code)]
    inside = [one for value in found for one in attributes_in(code, value)]
    classes = [one for one in inside if is_class(one)]
    return found + inside + [one for value in classes for one in attributes_in(code, value)]


def attributes_in(code: CodeType, value: object) -> list:
    """Attributes of a class or a module that the code has the names of."""
    if not is_class(value) and not is_below(type(value), ModuleType):
        return []
    holders = [(holder_of(value, name), name) for name in code.co_names]
    dicts = [(class_dict(one) if is_class(one) else one, name) for one, name in holders if one is not None]
    return [names.get(name, MISSING) for names, name in dicts]
