"""What calling a value runs, by way of other functions too, as far as names in their code tell."""


def runs_changed(value: object, functions: dict, depth: int, gives_called: bool = False) -> bool:
    """Whether calling the value runs one of `functions`, by way of at most `depth` others. `gives_called`: what the
    call gives is called."""
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
                following += run_by_function(one, gives_called) if depth else []
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
    """What makes the instances of a class, with its own methods that this names; what a static or class method or a
    property is; what calls an instance."""
    if is_one_of(type(value), (staticmethod, classmethod)):
        return [value.__func__]
    if type(value) is property:
        return [value.fget]
    if not is_class(value):
        holder = holder_of(type(value), "__call__") if is_program_class(type(value)) else None
        return [] if holder is None else [class_dict(holder)["__call__"]]
    holders = [(holder_of(value, name), name) for name in MAKERS]
    made = [class_dict(cls)[name] for cls, name in holders if cls is not None and cls is not object]
    named = {name for one in made if type(one) is FunctionType for name in names_of([one.__code__])}
    holders = [(holder_of(value, name), name) for name in named]
    return made + [class_dict(cls)[name] for cls, name in holders if cls is not None and cls is not object]


def run_by_function(function: FunctionType, gives_called: bool) -> list:
    """Functions and classes that its code calls, or that it wraps; none of a coroutine."""
    if function.__code__.co_flags & 0x280:
        return []
    key = (id(function), gives_called)
    if READS.following is None or key not in READS.following:
        found = [inner for inner in behind(function) if type(inner) is FunctionType]
        found += [cell.cell_contents for cell in function.__closure__ or () if is_full(cell)]
        for code in run_at_call(function.__code__, gives_called):
            found += called_in(code, function)
        found = [one for one in found if is_class(one) or is_one_of(type(one), HAVE_CODE)]
        if READS.following is None:
            return found
        READS.following[key] = found
    return READS.following[key]


HAVE_CODE = (FunctionType, staticmethod, classmethod, property)
# What calls at once what it is given; anything else may keep it for later.
APPLY = {"sorted", "sort", "map", "filter", "min", "max", "sum", "reduce", "sub", "groupby", "accumulate", "starmap"}


def called_in(code: CodeType, function: FunctionType) -> list:
    """What code of the function calls, where its name is one of the module, of a module or class that has it, of an
    import inside, or of an object that is made here, or is its own."""
    content = used_instructions(code)
    names = function.__globals__
    own = class_of_method(function)
    called = called_locals(code, content)
    known = {code.co_varnames[0]: (own,)} if is_class(own) and code.co_argcount else {}  # objects by their classes
    is_any = bool(APPLY & set(code.co_names))
    found, latest, module, takes = ancestors_called(own, code), None, None, 0
    value = MISSING
    for place, (opcode, argument) in enumerate(content):
        before = content[place - 1] if place else (0, 0)
        if opcode == LOAD_GLOBAL:
            value = names.get(name_at(code, argument >> GLOBAL_SHIFT), MISSING)
            if is_any or is_called_here(content, place):
                found.append(value)
                latest = (value,) if is_class(value) else latest
        elif opcode in LOAD_ATTRIBUTE:
            name, is_called = name_at(code, argument >> ATTRIBUTE_SHIFT), is_any or is_called_here(content, place)
            if value is MISSING:
                value = latest if before[0] in CALLED else loaded_local(code, before[1], known)
                is_called = is_called and (MARKS_CALLS or opcode == LOAD_METHOD)  # else it may be stored
            value = attribute_in(value, name)
            found += [value] if is_called or type(value) is property else []
            latest = (value,) if is_called and is_class(value) else latest
        elif opcode == IMPORT_NAME:
            value = module = imported_here(code, names, content, place)
            listed = code.co_consts[before[1]] if before[0] == LOAD_CONST else None
            takes = content[place + 1][0] if type(listed) is tuple else 0  # what takes a name from a module comes next
        elif opcode == takes:
            value = module_dict(module).get(name_at(code, argument), MISSING)
        elif opcode in STORE_LOCAL:
            stored = latest if before[0] in CALLED else value
            for name in names_at(code, argument):
                known[name] = stored
                found += [stored] if name in called else []
            value = MISSING
        else:
            value = MISSING
    inner = [one for one in nested(code) if one.co_name in called]
    return found + [one for part in inner for one in called_in(part, function)]


def loaded_local(code: CodeType, index: int, known: dict) -> object:
    """What a local name that has just been loaded is known to be; an instruction may load two."""
    some = [name for one in {index, index & 15} for name in names_at(code, one)]
    return ([known[name] for name in some if known.get(name, MISSING) is not MISSING] or [MISSING])[0]


def ancestors_called(cls: object, code: CodeType) -> list:
    """Methods of the same name that classes above one have, where its own method passes calls on."""
    if not is_class(cls) or "super" not in code.co_names:
        return []
    return [class_dict(base)[code.co_name] for base in bases_of(cls)[1:-1] if code.co_name in class_dict(base)]


def class_of_method(function: FunctionType) -> object:
    """The class in whose body the function stands, by its qualified name; MISSING if it stands in none."""
    found = MISSING
    for place, name in enumerate(function.__qualname__.split(".")[:-1]):
        holder = found if place else function.__globals__
        found = (class_dict(holder) if is_class(holder) else holder if not place else {}).get(name, MISSING)
    return found


def imported_here(code: CodeType, names: dict, content: list, place: int) -> object:
    """The module that an import inside of code gives, if it is loaded: None if it is not."""
    opcode, level = content[place - 2] if place > 1 else (0, 0)
    if opcode == LOAD_CONST:
        level = code.co_consts[level]
    level = level if type(level) is int and level < 20 else 0  # beyond 255 constants another one is read
    name = name_at(code, content[place][1] >> IMPORT_SHIFT)
    parts = (plain(names.get("__package__")) or "").split(".")
    base = parts[: len(parts) - level + 1] if level else []
    return sys.modules.get(".".join([*base, *[name] * bool(name)]))


def name_at(code: CodeType, index: int) -> str:
    """Beyond the 127th name the argument has another part before it: none is taken for another."""
    return code.co_names[index] if index < len(code.co_names) < 128 else ""


def names_at(code: CodeType, index: int) -> list:
    """Local names that an index may stand for, in the lower or in the higher half of the argument."""
    some = (code.co_varnames, [*code.co_varnames, *code.co_cellvars], [*code.co_cellvars, *code.co_freevars])
    return [names[one] for names in some for one in {index, index >> 4} if one < len(names)]


def attribute_in(value: object, name: str) -> object:
    """What a class, a module, or the class of an object of the program has of that name. An object that is not there
    yet stands as (its class,)."""
    if type(value) is tuple and len(value) == 1 and is_class(value[0]):
        holder = holder_of(value[0], name)
        return MISSING if holder is None else class_dict(holder)[name]
    is_known = is_class(value) or is_below(type(value), ModuleType)
    if not is_known and (value is MISSING or not is_program_class(type(value))):
        return MISSING
    holder = holder_of(value if is_known else type(value), name)
    names = {} if holder is None else class_dict(holder) if is_class(holder) else holder
    return names.get(name, MISSING)
