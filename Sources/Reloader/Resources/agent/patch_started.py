"""What ran once when an application started: handlers that a framework holds for that, and does not call again."""


def tell_made_once(patch: Patch, stale: dict, functions: dict) -> None:
    """What ran when classes were made, when a cached function was called first, and when an application started."""
    if stale or functions:
        if patch.around:  # what has a metaclass may name what changed
            tell_made_classes(patch, stale, functions)
        spaces = spaces_of_program()
        classes = [(names, classes_made_in(names)) for names in spaces]
        for names, made in classes:
            tell_made_members(patch, made, stale, functions)
            tell_cached(patch, names, made, stale, functions)
        tell_made_objects(patch, [cls for _, made in classes for cls in made], stale)
        tell_started(patch, spaces, stale, functions)
    tell_class_decorators(patch)


def spaces_of_program() -> list:
    """The names of modules that are no library's. There may be thousands of modules, and each save asks."""
    library = folder_of_library()
    found = [names for names in map(module_dict, list(sys.modules.values())) if names]
    return [names for names in found if is_outside(names.get("__file__"), library)]


def tell_started(patch: Patch, spaces: list, stale: dict, functions: dict) -> None:
    """Names handlers that have done something else then than they would do now."""
    seen = set()
    for names in spaces:
        for key, value in possible_applications(names):
            for where, held in holders_of_handlers(key, value, names):
                for name in () if STARTS.isdisjoint(held) else [one for one in START_NAMES if one in held]:
                    for function in handlers_in(held[name]):
                        if id(function) not in seen:
                            seen.add(id(function))
                            tell_handler(patch, where + "." + name, function, stale, functions)


# Starlette and FastAPI, Litestar, aiohttp, Quart, Sanic, taskiq, discord.py and arq.
START_NAMES = (
    *("on_startup", "_on_startup", "lifespan", "lifespan_context", "_lifespan_managers", "cleanup_ctx", "_cleanup_ctx"),
    *("before_serving_funcs", "while_serving_gens", "_future_listeners", "event_handlers", "setup_hook"),
    *("on_after_configure", "on_after_finalize"),  # of celery
)
STARTS = set(START_NAMES)


def possible_applications(names: dict) -> list:
    """(name, value) of classes, and of objects of what is no built-in type. Cheap, as `possible_caches` is."""
    kinds = [kind for kind in set(map(type, list(names.values()))) if module_of_class(kind) != "builtins"]
    kinds.append(type)
    return [(key, value) for key, value in list(names.items()) if type(value) in kinds]


def holders_of_handlers(key: str, value: object, names: dict) -> list:
    """(place, names and values) of what may hold handlers under such names. Of classes only those that the module has
    made: their names may be the settings of a worker."""
    if is_class(value):
        return [(key, class_dict(value))] if module_of_class(value) == names.get("__name__") else []
    return [*attributes_behind(key, value), (key, slots_of_start(value))]


def slots_of_start(value: object) -> dict:
    """What an object without a dict has under such names."""
    kind = type(value)
    found = {}
    is_bare = attributes_of(value) is None
    for name in START_NAMES if is_bare else ():
        holder = holder_of(kind, name)
        slot = class_dict(holder)[name] if holder is not None else None
        if type(slot).__name__ == "member_descriptor":
            try:
                found[name] = slot.__get__(value)
            except AttributeError:  # it is empty
                continue
    return found


WeakReference = builtin_module("_weakref").ref


def tell_handler(patch: Patch, place: str, function: FunctionType, stale: dict, functions: dict) -> None:
    code = function.__code__
    if id(function) in functions:
        cause = "has run already, when the application started; what it did then stays"
    else:
        is_left_running = any([name in LEFT_RUNNING for name in code.co_names])
        used = used_by(function, stale, functions, WAITING if is_left_running else 0)
        cause = used and "ran when the application started, with " + used + ", which is another one now"
    if cause:
        name = str(plain(function.__module__)) + "." + function.__qualname__
        message = cause + " (" + place + ")"
        patch.notes.append([-1, "derived-value", message, 1, name, code.co_filename, code.co_firstlineno])


# What they start goes on, and reads names again.
LEFT_RUNNING = ("create_task", "ensure_future", "start_soon", "spawn", "start", "add_task", "add_job", "gather")


def handlers_in(held: object) -> list:
    """Functions of the program in what a framework has under such a name: themselves, in lists, wrapped; where a word
    says for which event, only those of a start."""
    found = []
    level = [held]
    seen = set()
    for _ in range(DEPTH):
        following = []
        for item in level:
            kind = type(item)
            if id(item) in seen or len(seen) > NODES:
                continue
            seen.add(id(item))
            if kind is FunctionType and is_program_file(item.__code__.co_filename):
                found.append(item)
            elif kind is FunctionType:
                following += [one for one in behind(item) if type(one) in (FunctionType, CellType)]
                following += [one.cell_contents for one in item.__closure__ or () if is_full(one)]
            elif is_container(item) or tuple in bases_of(kind):
                following += entries_of_start(item)
            elif kind is WeakReference:
                following.append(item())
            elif not is_class(item) and not is_plain(item):
                inside = [*gc.get_referents(item), *list(own_attributes(item).values())[:FEW]]
                following += [one for one in inside if type(one) in (FunctionType, WeakReference, list, tuple)]
        level = following
    return found


def entries_of_start(container: object) -> list:
    """What is in a container, and in pairs of it; not what stands beside a word for the end."""
    kinds = bases_of(type(container))
    if dict in kinds:
        entries = list(dict.items(container))
    else:
        entries = [tuple(tuple.__iter__(container))] if tuple in kinds else entries_in(container)
    found = []
    for entry in entries:
        parts = list(entry) if type(entry) is list or tuple in bases_of(type(entry)) else [entry]
        words = [one if type(one) is str else own_attributes(one).get("_name_") for one in parts]
        if not any([type(one) is str and word in one.lower() for one in words for word in ("stop", "shutdown")]):
            found += parts
    return found


def taken_stale(step: Patch, stuck: dict) -> str:
    """A name that a new import takes from where it is still the old one."""
    place = step.unit.get("from_module")
    source = names_of_module(absolute(step.space, place)) if place else None
    taken = [name for name, _ in step.unit["taken"] if (id(source), name) in stuck] if place else []
    return ", ".join(taken)
