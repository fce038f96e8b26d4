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
            step_aside()
    return index


def take_found(index: Record, paths: object, items: list) -> None:
    functions = [item for item in items if type(item) is FunctionType]
    index.functions.extend([f for f in functions if paths is None or f.__code__.co_filename in paths])
    index.suspended.extend([item for item in items if type(item).__name__ in GENERATORS])


# What is known of the heap. `collections`: of the oldest generation by then; what was made later is in the younger ones
# until the next. `places`: ids of the namespaces that functions of a file run in. `former`: marks of them, as an
# earlier agent knew them. `is_news`: nobody has been told of it yet.
HEAP = Record(collections=-1, places={}, former={}, is_whole=True, is_news=False)


def old_collections() -> int:
    """-1 where it says nothing: from 3.14 on generations are collected bit by bit."""
    if VERSION >= (3, 14) or heap_is_frozen() or gc.get_count()[0] > YOUNG:
        return -1
    return gc.get_stats()[2]["collections"]


def remember_places(functions: list) -> None:
    for function in functions:
        HEAP.places.setdefault(function.__code__.co_filename, set()).add(id(function.__globals__))


def look_over_heap(paths: object) -> None:
    """Brings what is known of these files (None: all) up to date: since the last look there are mostly few objects."""
    collections = old_collections()
    if collections >= 0 and HEAP.collections == collections:
        young = [item for part in (0, 1) for item in gc.get_objects(part) if type(item) is FunctionType]
        found = [function for function in young if paths is None or function.__code__.co_filename in paths]
        young.clear()
    else:
        HEAP.places.clear()
        HEAP.former = {}
        index = find_functions(None, NEARBY)
        HEAP.collections, HEAP.is_whole, HEAP.is_news = collections, index.is_whole, True
        found = index.functions
    remember_places(found)
    found.clear()


def places_beside(path: str, known: set) -> bool:
    """Whether functions of this file may run in other namespaces than those with the ids `known`."""
    former = HEAP.former.get(low(path))
    return former is not None and former != mark(known) or not HEAP.places.get(path, known) <= known


def low(value: object) -> bytes:
    """Four bytes that this process makes of a value."""
    return (hash(value) & 0xFFFFFFFF).to_bytes(4, "little")


def mark(ids: set) -> bytes:
    return low(tuple(sorted(ids)))


HEAP_MARK = b"\0heap\0\1\xff"
MANY_FILES = 4_000


def heap_told() -> bytes:
    """What the next agent of this process is to be given at the end of its first request: eight bytes for each file of
    the program, their number, the collections, a mark."""
    if not HEAP.is_news or HEAP.collections < 0:
        return b""
    HEAP.is_news = False
    files = [path for path in HEAP.places if path.endswith(".py") and is_program_file(path)]
    rows = [low(path) + mark(HEAP.places[path]) for path in files]
    if len(rows) > MANY_FILES:
        return b""
    return b"".join([*rows, len(rows).to_bytes(8, "little"), HEAP.collections.to_bytes(8, "little"), HEAP_MARK])


def take_told(request: bytes) -> None:
    """Knows what an earlier agent has told, if the request ends with it."""
    if request[-8:] != HEAP_MARK:
        return
    count = int.from_bytes(request[-24:-16], "little")
    rows = request[-24 - 8 * count : -24]
    HEAP.former = {rows[at : at + 4]: rows[at + 4 : at + 8] for at in range(0, len(rows), 8)}
    HEAP.collections = int.from_bytes(request[-16:-8], "little")
