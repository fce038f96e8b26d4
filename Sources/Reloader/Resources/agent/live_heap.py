"""All functions of some files, looked for in the heap before the pause, in slices between which the program runs."""

FEW_BLOCKS = 600_000  # memory blocks: all objects of such a heap are listed within some two milliseconds, in one piece
SLICE = 5_000  # objects that are looked at between two rests: half a millisecond
YOUNG = 20_000  # objects that were made since the last collection


def find_functions(paths: object, steps: int) -> Record:
    """The functions of these files (None: all), generators and coroutines.

    `is_whole`: every object was looked at. In a large heap, and in a frozen one, it is only what classes and the
    program's modules lead to, up to `steps` objects.
    """
    index = Record(functions=[], suspended=[], is_whole=True, passed=set())
    if heap_is_frozen() or sys.getallocatedblocks() > FEW_BLOCKS:
        index.is_whole = False
        walk(index, paths, steps)
        index.functions = list({id(function): function for function in index.functions}.values())
        index.passed.clear()
        return index
    objects = gc.get_objects()  # in no other hand: it gets shorter while it is looked at
    while objects:
        part = objects[-SLICE:]
        del objects[-SLICE:]
        take_found(index, paths, part)
        part.clear()
        if objects:
            rest()
    return index


IDLE = Record(pipes=None)  # the conversation, while something is done that nobody waits for


def rest() -> None:
    """Between two slices the program runs. What nobody waits for ends here as soon as something else is asked for."""
    if IDLE.pipes is not None and is_asked(IDLE.pipes):
        raise InterruptedError
    step_aside()


def take_found(index: Record, paths: object, items: list) -> None:
    functions = [item for item in items if type(item) is FunctionType]
    index.functions.extend([f for f in functions if paths is None or f.__code__.co_filename in paths])
    index.suspended.extend([item for item in items if short_name(type(item)) in GENERATORS])


def objects_of_classes(classes: list, known: dict) -> list | None:
    """All objects of just these classes, looked for once for what `known` has of them; None where the heap cannot be
    listed."""
    if heap_is_frozen() or sys.getallocatedblocks() > FEW_BLOCKS:
        return None
    kinds = frozenset(map(id, classes))
    if kinds not in known:
        found = known[kinds] = []
        objects = gc.get_objects()
        while objects:
            found += [one for one in objects[-SLICE:] if id(type(one)) in kinds]
            del objects[-SLICE:]
            rest()
    return known[kinds]


# What the last look over the heap has found. `rows`: for each file marks of the namespaces that its functions run in;
# `ours`: those of the program's files. `collections`: of the two older generations by then; what was made later is in
# the younger ones until the next, which moves it into the oldest. `is_known`: there was a look, maybe of an earlier
# agent; `is_fresh`: it was ours. `is_news`: the tool has not been told of it.
HEAP = Record(rows={}, ours=set(), collections=-1, is_known=False, is_fresh=False, is_whole=True, is_news=False)


def old_collections() -> int:
    """-1 where it says nothing: from 3.14 on generations are collected bit by bit."""
    if VERSION >= (3, 14) or heap_is_frozen() or gc.get_count()[0] > YOUNG:
        return -1
    return sum([generation["collections"] for generation in gc.get_stats()[1:]])


def look_over_heap(is_partial: bool) -> dict:
    """Looks which namespaces functions of which files run in. `is_partial`: at what was made since the last look, where
    that is known and makes no definition of a known file once more. Returns the namespaces of what was looked at by
    their ids, by file.

    Before a save is answered this is not done: see `know_heap`."""
    collections = old_collections()
    is_partial = is_partial and HEAP.is_known and 0 <= collections == HEAP.collections
    if is_partial:
        young = [item for part in (0, 1) for item in gc.get_objects(part)]
        found = [item for item in young if type(item) is FunctionType]
        young.clear()
        is_partial = not any([is_definition(f.__code__) and low(f.__code__.co_filename) in HEAP.ours for f in found])
    if not is_partial:
        index = find_functions(None, NEARBY)
        found = index.functions
        HEAP.is_whole = index.is_whole
        HEAP.rows.clear()
        HEAP.ours.clear()
    places = {}
    for function in found:
        path = function.__code__.co_filename
        if path[:1] != "<":
            places.setdefault(path, {})[id(function.__globals__)] = function.__globals__
    remember_places(places, is_partial)
    if not is_partial:
        remember_generations(places, found)
    found.clear()
    HEAP.collections = collections
    HEAP.is_known = HEAP.is_fresh = True
    return places


def remember_places(places: dict, is_partial: bool) -> None:
    """A file whose other functions are known by a mark only has copies if a new one runs in no module."""
    known = {id(module_dict(module)) for module in list(sys.modules.values())} if is_partial else set()
    for path, spaces in places.items():
        key = low(path)
        row = mark(spaces.values())
        if is_partial and key in HEAP.rows:
            row = HEAP.rows[key] if spaces.keys() <= known else UNLIKE
        if HEAP.rows.get(key) != row:
            HEAP.rows[key] = row
            HEAP.is_news = True
        if is_program_file(path):
            HEAP.ours.add(key)
    HEAP.is_news = HEAP.is_news or not is_partial


UNLIKE = bytes(4)  # the mark of no namespaces


def remember_generations(places: dict, found: list) -> None:
    """Files of which a module has functions from before it was loaded again: they are looked for at each save."""
    ours = {path for path in places if low(path) in HEAP.ours}
    functions = {}
    for function in found:
        path = function.__code__.co_filename
        if path in ours:
            functions.setdefault((path, id(function.__globals__)), []).append(function)
    for (path, _), some in functions.items():
        if has_generations(some):
            HEAP.rows[low(path)] = UNLIKE


def know_heap() -> None:
    """What the last look has found is enough for a save. Copies that were made since are looked for after it, when the
    program's files have not been saved for a while."""
    if not HEAP.is_known:
        look_over_heap(False)


def places_beside(path: str, known: list) -> bool:
    """Whether functions of this file may run in other namespaces than `known`, or be of an earlier generation."""
    row = HEAP.rows.get(low(path))
    return row is not None and row != mark(known)


def low(value: object) -> bytes:
    """Four bytes that this process makes of a value."""
    return (hash(value) & 0xFFFFFFFF).to_bytes(4, "little")


def mark(spaces: object) -> bytes:
    """Of namespaces; a module that is loaded again has another `__spec__` in the same namespace, maybe where the one
    before the last was. What is still held of its definitions has its place for itself."""
    return low((1, *sorted([(id(names), id(dict.get(names, "__spec__")), definitions_in(names)) for names in spaces])))


def definitions_in(names: dict) -> int:
    """Of all functions and classes that its names lead to."""
    return sum([id(value) for value in list(dict.values(names)) if type(value) is FunctionType or is_class(value)])


HEAP_MARK = b"\0heap\0\2\xff"


def heap_told() -> bytes:
    """What the next agent of this process is to be given at the end of its first request: eight bytes for each file of
    the program, their number, whether every object was looked at, the collections and one, a mark."""
    if not HEAP.is_news:
        return b""
    HEAP.is_news = False
    rows = [key + HEAP.rows[key] for key in HEAP.ours]
    numbers = (len(rows), int(HEAP.is_whole), HEAP.collections + 1)
    return b"".join([*rows, *[number.to_bytes(8, "little") for number in numbers], HEAP_MARK])


def take_told(request: bytes) -> None:
    """Knows what an earlier agent has told, if the request ends with it."""
    if request[-8:] != HEAP_MARK:
        return
    count, is_whole, collections = [int.from_bytes(request[at : at + 8], "little") for at in (-32, -24, -16)]
    rows = request[-32 - 8 * count : -32]
    HEAP.rows = {rows[at : at + 4]: rows[at + 4 : at + 8] for at in range(0, len(rows), 8)}
    HEAP.ours = set(HEAP.rows)
    HEAP.collections = collections - 1
    HEAP.is_whole = bool(is_whole)
    HEAP.is_known = True
