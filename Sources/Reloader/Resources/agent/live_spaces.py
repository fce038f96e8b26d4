"""Namespaces that functions of a file run in, and the names in them."""


def open_space(name: str, paths: list) -> Space:
    """One live module of a file: its names, its classes, and the functions compiled from that file.

    `memory`: all its functions, once the heap was searched. `staged`: names that the swap will bind, `class_staged` the
    same by ids of classes; `unpublished`: of them, those that the module does not have yet. `returning`: names of
    deleted definitions. `units`: its changes in order; `position`: how many were evaluated. `taken`: (module, name
    there) by names that it has from others.
    """
    space = new_space(name, names_of_module(name), paths)
    there = module_dict(sys.modules.get(name))
    if there and there is not space.names:
        space.mirrors = [there]
    return space


def new_space(name: str, names: dict, paths: list) -> Space:
    """A namespace that functions of a file run in.

    `is_stray`: no name of sys.modules leads there; `is_copy`: another one is the file's own; `mirrors`: modules that
    have copies of its names. `search`: the look over the heap that it shares. `files`: what requests say of it.

    `generation`: 0, or a number for what the namespace had before it was loaded again: `memory`, and `classes` by their
    qualified names; `present` is what it has now. `has_formers`: there may be such; `formers`: ids of the functions,
    `caches`: those over any."""
    space = Space(name=name, names=names, paths=set(paths), memory=None, staged={}, wrappers=None)
    space.is_stray = space.is_copy = space.is_partial = space.has_formers = False
    space.generation, space.classes, space.present, space.formers, space.caches = 0, {}, None, set(), []
    space.mirrors, space.files = [], []
    space.search = new_search([{"paths": paths}])
    space.class_staged, space.taken = {}, {}
    space.unpublished, space.returning, space.units, space.annotated = [], [], [], []
    space.position = 0
    space.is_done = False
    return space


def owns(space: Space, function: FunctionType) -> bool:
    return function.__globals__ is space.names and function.__code__.co_filename in space.paths


def owner_of(space: Space, names: list) -> object:
    """The class with this qualified name, or the module's dict for []; None if there is none."""
    if space.generation and names:
        return space.classes.get(".".join(names))
    found = space.names
    for index, name in enumerate(names):
        around = found if index == 0 else class_dict(found)
        found = around.get(mangled(name, names[:index]))
        if not is_class(found):
            return class_by_qualname(space, ".".join(names))
    if names and (name_of_class(found) != ".".join(names) or is_fixed(found)):
        other = class_by_qualname(space, ".".join(names))
        return found if other is None and not is_fixed(found) else other
    return found


def class_by_qualname(space: Space, qualname: str) -> object:
    """A class that its name no longer leads to."""
    for cls in all_classes():
        if name_of_class(cls) == qualname and has_class(space, cls):
            return cls
    return None


def all_classes() -> object:
    """One class after the other, but `object`."""
    pending = [object]
    seen = set()
    while pending:
        for cls in type.__subclasses__(pending.pop()):
            if id(cls) not in seen:
                seen.add(id(cls))
                pending.append(cls)
                yield cls


def has_class(space: Space, cls: type) -> bool:
    """Whether a class with the right name was made in this namespace, and not in another copy of the file."""
    if module_of_class(cls) != space.name:
        return False
    functions = [value for value in list(class_dict(cls).values()) if type(value) is FunctionType]
    around = [f.__globals__ is space.names for f in functions if f.__code__.co_filename in space.paths]
    return any(around) if around else not space.is_stray


def bound_to(space: Space, owner: list, name: str) -> object:
    """What the name of a definition leads to now, or MISSING."""
    found = owner_of(space, owner)
    if found is None or space.generation and not owner:
        return MISSING
    return (class_dict(found) if owner else found).get(mangled(name, owner), MISSING)


def mirrors_with(space: Space, owner: object, name: str, value: object) -> list:
    """Where a name of the module stands too, with the same value. A new one comes only to a copy of all names."""
    places = space.mirrors if owner is space.names and (value is not MISSING or space.is_stray) else ()
    return [names for names in places if names.get(name, MISSING) is value]
