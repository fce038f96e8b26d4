"""What classes, frames and the program's modules lead to: for heaps that cannot be listed while the program waits."""

NEARBY = 20_000  # objects: some ten milliseconds
DISTANT = 200_000
WIDE = 1_000  # items of one container
BATCH = 300  # objects between two rests: some 0.3 ms
UNLEADING = set(
    map(id, (str, bytes, bytearray, int, float, complex, bool, type(None), CodeType, type(len), type(Ellipsis), range))
)


def walk(index: Record, paths: object, steps: int) -> None:
    """Adds the functions that are met, nearer objects first."""
    seen = index.passed
    modules = list(sys.modules.values())
    spaces = [module_dict(module) for module in modules]
    seen.update(map(id, [sys.modules, seen, index, vars(index), globals(), *vars(index).values(), *modules, *spaces]))
    roots = [names for names in spaces if is_program_file(plain(names.get("__file__")))]
    level = [value for names in roots for value in list(names.values())] + thread_frames()
    level += values_of_classes(index, paths, {names.get("__name__") for names in roots})
    limit = len(seen) + steps
    while level and len(seen) < limit:
        following = []
        for start in range(0, len(level), BATCH):
            part = {id(item): item for item in level[start : start + BATCH] if id(item) not in seen}
            seen.update(part)
            take_found(index, paths, list(part.values()))
            for item in part.values():
                following.extend([one for one in leads_to_more(item) if id(type(one)) not in UNLEADING])
            rest()
            if len(seen) >= limit:
                break
        level = following


def leads_to_more(item: object) -> list:
    """What an object refers to; of a wide container its first items. No code of the program runs."""
    kind = type(item)
    if is_class(item):
        return []
    if is_below(kind, ModuleType):
        return [module_dict(item)]
    if is_below(kind, dict):
        firsts = list(zip(range(WIDE), dict.values(item)))
        return [value for _, value in firsts] + rest_of(item, kind)
    if kind is list or kind is tuple:
        return list(item[:WIDE])
    if id(kind) in WIDE_KINDS and len(item) > WIDE:
        return []
    return gc.get_referents(item)


def rest_of(item: object, kind: type) -> list:
    """The attributes of a dict that is more than a dict."""
    names = None if kind is dict else attributes_of(item)
    return [names] if type(names) is dict else []


WIDE_KINDS = {id(kind) for kind in (set, frozenset, builtin_module("_collections").deque)}


def values_of_classes(index: Record, paths: object, modules: set) -> list:
    """Adds the methods of all classes. What else those have that are of these modules, or of one that nobody knows."""
    found = []
    for number, cls in enumerate(all_classes()):
        values = list(class_dict(cls).values())
        name = class_dict(cls).get("__module__")
        if name in modules or type(name) is str and name not in sys.modules:
            found.extend(values)
        else:
            take_found(index, paths, values)
        if number % BATCH == BATCH - 1:
            rest()
    return found


def is_program_file(file: object) -> bool:
    """Neither the standard library's nor an installed package's."""
    if type(file) is not str:
        return False
    return is_outside(file, folder_of_library())


def folder_of_library() -> str:
    """Where the standard library is."""
    library = plain(module_dict(sys.modules.get("os")).get("__file__")) or ""
    return library.rpartition("/")[0] + "/"


def is_outside(file: str, library: str) -> bool:
    return not (file.startswith(library) or "/site-packages/" in file or "/dist-packages/" in file)
