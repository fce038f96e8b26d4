"""Every live copy of a file: the namespaces that its functions run in, whether sys.modules leads there or not.

A plugin loader keeps its modules to itself, `exec` runs a file in a dict, a spawned worker runs the main file in a dict
whose copy is the module, what was pickled by value has globals of its own, and a module that was imported again leaves
its former self with whoever holds a function of it.
"""


def new_search(files: list) -> Record:
    """What is looked for in the heap for these files, once, when it is first needed. `spent`: nanoseconds of that, in
    which the program runs on."""
    return Record(paths={path for file in files for path in file["paths"]}, index=None, spent=0)


def searched(search: Record) -> Record:
    if search.index is None:
        started = clock()
        search.index = find_functions(search.paths, DISTANT)
        search.spent += clock() - started
    return search.index


def places_of(file: dict, search: Record) -> list:
    """The spaces of one file: modules that sys.modules names, each once, then the others.

    A module that only has copies of the names of such a namespace stands for it: it is written to with it."""
    spaces = []
    for name in file["modules"]:
        space = open_space(name, file["paths"])
        if space.names and not any([space.names is known.names for known in spaces]):
            spaces.append(space)
    known = {id(space.names) for space in spaces}
    if any([places_beside(path, [space.names for space in spaces]) for path in file["paths"]]):
        for space in list(spaces):
            space.search = search
            spaces.extend(former_spaces(space, file))
        for names, functions in strays(file["paths"], known, searched(search).functions):
            space = stray_space(names, functions, file)
            spaces = [one for one in spaces if not any([one.names is mirror for mirror in space.mirrors])]
            space.is_copy = bool(spaces) or space.is_partial
            spaces.append(space)
        if len(spaces) == len(known):
            settle_row(file["paths"], spaces)
    for space in spaces:
        space.search = search
    return spaces


def strays(paths: list, known: set, every: list) -> list:
    """(namespace, functions) of functions of these files that run in none of the `known` namespaces."""
    groups = {}
    for function in every:
        if function.__code__.co_filename in paths and id(function.__globals__) not in known:
            groups.setdefault(id(function.__globals__), (function.__globals__, []))[1].append(function)
    return list(groups.values())


def stray_space(names: dict, functions: list, file: dict) -> Space:
    """`is_partial`: it has some functions of the file only, so that what it lacks is no difference."""
    space = new_space(plain(names.get("__name__")) or "", names, file["paths"])
    space.memory = functions
    space.is_stray = True
    space.mirrors = mirrors_of(space)
    wanted = {unit["bind"] for unit in file["units"] if not unit["owner"] and unit.get("old")}
    space.is_partial = bool(wanted) and len([name for name in wanted if name in names]) * 2 < len(wanted)
    return space


def mirrors_of(space: Space) -> list:
    """Modules that were filled with the names of this namespace, as runpy.run_path does it for a spawned worker."""
    found = []
    for name in ("__main__", "__mp_main__", space.name):
        names = module_dict(sys.modules.get(name))
        if names is space.names or any([names is known for known in found]):
            continue
        if [f for f in space.memory if names.get(f.__name__) is f and space.names.get(f.__name__) is f]:
            found.append(names)
    return found


def described(space: Space) -> str:
    """What a message says of a space that no name of sys.modules leads to."""
    if space.generation:
        return "in what " + space.name + " had before it was loaded again"
    return "in the copy of " + space.name if space.name else "in a copy without a name"
