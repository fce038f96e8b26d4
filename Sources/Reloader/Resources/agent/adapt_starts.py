"""Handlers that an application has run when it started, and does not run again.

Known are applications by module and name of their class, where a module of the program has them under a name, with the
attributes that lead to a list of handlers. A handler with a `yield` is left alone: it is running, and told of as that.
"""

STARTING = (
    # 3.14. A signal is a list of the library's own.
    ("aiohttp.web_app", "Application", ("_on_startup",)),
    # FastAPI 0.165; a starlette from 1.0 on has no such handlers itself.
    ("starlette.applications", "Starlette", ("router", "on_startup")),
)


def tell_started(patch: Patch) -> None:
    """After the swap: names handlers that have done something else then than they would do now."""
    try:
        kinds = starting_kinds() if not is_dry(patch) else {}
        found = [one for names in spaces_near(patch) for one in handlers_in(names, kinds)] if kinds else []
        if found:
            changed = {id(function): step for step in patch.steps if step.failure is None for function in step.swapped}
            stale = renewed_names(patch)
            known = {}
            for application, path, handler in found:
                step, cause = changed.get(id(handler)), why_changed(handler, changed, stale)
                if cause and has_started(application, path, known):
                    tell_handler(patch, step, handler, cause)
    except BaseException as error:
        note(patch, None, "derived-value", "what an application ran could not be looked at: " + describe(error), 1)


def starting_kinds() -> dict:
    """Paths of `STARTING` by the ids of the classes that are there, and of those derived from them."""
    found = {}
    for module, name, path in STARTING:
        cls = module_dict(sys.modules.get(module)).get(name)
        found.update([(id(one), path) for one in with_derived([cls])] if is_class(cls) else ())
    return found


def spaces_near(patch: Patch) -> list:
    """The names of modules in the packages of what changed, and of those of the program that are in none. There may be
    thousands of modules: most are told by their names."""
    near = {space.name.partition(".")[0] for space in patch.spaces}
    known = [(name.partition("."), one) for name, one in list(sys.modules.items()) if type(name) is str]
    modules = [one for (first, dot, _), one in known if not dot or first in near]
    library = folder_of_library()
    found = [NAMES_OF(one) if type(one) is ModuleType else module_dict(one) for one in modules]
    files = [(names, names.get("__file__")) for names in found]
    return [names for names, file in files if type(file) is str and is_outside(file, library)]


NAMES_OF = ModuleType.__dict__["__dict__"].__get__


def handlers_in(names: dict, kinds: dict) -> list:
    """(application, its path, function) for handlers of applications that the module has under a name."""
    found = {}
    for application in [value for value in list(names.values()) if id(type(value)) in kinds]:
        path = kinds[id(type(application))]
        held = application
        for name in path:
            held = own_attributes(held).get(name)
        lists = [held] if type(held) is list else [one for one in gc.get_referents(held) if type(one) is list]
        for function in [one for some in lists for handler in list(some) for one in functions_called(handler)]:
            if is_program_file(function.__code__.co_filename):
                found[id(function)] = (application, path, function)
    return list(found.values())


def functions_called(handler: object) -> list:
    """The function that a handler is, is bound to, or is a partial call of, and those that it says it wraps."""
    found = []
    pending = [handler]
    for one in pending:
        if type(one) is FunctionType and not any([one is known for known in found]) and len(found) < DEPTH:
            found.append(one)
            pending.append(own_attributes(one).get("__wrapped__"))
        elif type(one) is MethodType or type(one) is module_dict(sys.modules.get("functools")).get("partial"):
            pending += [inner for inner in gc.get_referents(one) if type(inner) is FunctionType]
    return found


def has_started(application: object, path: tuple, known: dict) -> bool:
    """aiohttp freezes an application once its handlers have run. Starlette has a coroutine that waits with the router
    for the end of the server; where coroutines cannot be listed it is taken for started."""
    if path[0][:1] == "_":
        return own_attributes(application).get("_frozen") is True
    router = own_attributes(application).get(path[0])
    kind = module_dict(sys.modules.get("types")).get("CoroutineType")
    coroutines = objects_of_classes([kind], known)
    return coroutines is None or any([waits_with(one, router) for one in coroutines if one.__name__ == "lifespan"])


def waits_with(coroutine: object, router: object) -> bool:
    frame = coroutine.cr_frame
    held = gc.get_referents(coroutine) + (gc.get_referents(frame) if frame is not None else [])
    return any([one is router for one in held])


def why_changed(handler: FunctionType, changed: dict, stale: dict) -> str:
    """What a handler was run with, that is another one now; its own name if it is that itself; "" if nothing is."""
    if handler.__code__.co_flags & 0x220:  # with a `yield`
        return ""
    if id(handler) in changed:
        return handler.__name__
    return read_then(handler, stale) or called_then(handler, changed, DEPTH, set())


def tell_handler(patch: Patch, step: Patch | None, handler: FunctionType, cause: str) -> None:
    if step is not None:
        note(patch, step.unit, "derived-value", "it ran when the application started, and does not run again", 1)
        return
    message = "ran when the application started, with " + cause + ", which is another one now"
    name, code = str(plain(handler.__module__)) + "." + handler.__qualname__, handler.__code__
    patch.notes.append([-1, "derived-value", message, 1, name, code.co_filename, code.co_firstlineno])


def read_then(handler: FunctionType, stale: dict) -> str:
    """A changed name that the code of the function itself reads; "" if there is none."""
    changes = Record(stale=stale, names=None, at=0)
    for code in run_with(handler.__code__) if stale else ():
        for name in globals_read(code):
            if is_changed(changes, handler.__globals__, name):
                return name
            found = attribute_read(changes, handler.__globals__.get(name, MISSING), code)
            if found:
                return name + "." + found
    return ""


def called_then(handler: FunctionType, changed: dict, depth: int, seen: set) -> str:
    """A changed function that the handler has called, where code tells calls from names that are only read. Not a
    coroutine: it may be a task that goes on."""
    inner = [code for code in nested(handler.__code__) if code.co_name[:1] != "<"]
    if id(handler) in seen or not depth or not GLOBAL_SHIFT or inner:
        return ""
    seen.add(id(handler))
    for name, is_called in globals_read(handler.__code__).items():
        inside = handler.__globals__.get(name)
        is_plain_call = is_called and type(inside) is FunctionType and not inside.__code__.co_flags & 0x2A0
        if is_plain_call and is_program_file(inside.__code__.co_filename):
            found = name if id(inside) in changed else called_then(inside, changed, depth - 1, seen)
            if found:
                return found
    return ""
