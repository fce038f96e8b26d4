"""What a process is and has loaded, read without importing or calling anything of the program."""


def plain(value: object) -> object:
    """Strings as they are, None for all else: a program can put anything into these attributes."""
    return value if type(value) is str else None


def attribute(value: object, name: str) -> object:
    """An instance attribute, without __getattr__ or properties."""
    found = attributes_of(value)
    return found.get(name) if type(found) is dict else None


def code_filename(names: dict) -> object:
    """co_filename of a function that this module made: what new code must be compiled with."""
    for value in list(names.values()):
        functions = [value]
        if is_class(value) and class_dict(value).get("__module__") == names.get("__name__"):
            functions = list(class_dict(value).values())
        for function in functions:
            if type(function) is FunctionType and function.__globals__ is names:
                name = function.__code__.co_filename
                if not name.startswith("<"):
                    return name
    return None


def module_facts(name: str, module: object) -> object:
    names = module_dict(module)
    file = plain(names.get("__file__"))
    if type(name) is not str or file is None or not file.endswith((".py", ".pyw")):
        return None
    spec = names.get("__spec__")
    loader = names.get("__loader__")
    code_file = code_filename(names)
    if spec is None and name != "__main__" and code_file is None:
        return None  # the program made it, and gave it the name of a file whose code it has not run
    return {
        "name": name,
        "file": file,
        "cached": plain(names.get("__cached__")),
        "code_file": code_file,
        "loader": type(loader).__name__,
        "plain_loader": is_plain_loader(loader),
        "is_main": name == "__main__",
        "is_lazy": type(module).__name__ == "_LazyModule",
        "is_importing": attribute(spec, "_initializing") is True,
        "origin": plain(attribute(spec, "origin")),
    }


def compiled_files() -> list:
    """Files of modules that were loaded as machine code or out of an archive, where a source file may lie beside."""
    files = [plain(module_dict(module).get("__file__")) for module in list(sys.modules.values())]
    return [file for file in files if file is not None and (file.endswith(".so") or ".zip/" in file)]


def is_plain_loader(loader: object) -> bool:
    """Whether the module's code came from its file by the standard way."""
    for cls in type(loader).__mro__:
        if cls.__module__ in ("_frozen_importlib_external", "importlib._bootstrap_external"):
            return True
        if "source_to_code" in class_dict(cls) or "get_code" in class_dict(cls) or "exec_module" in class_dict(cls):
            return False
    return loader is None


def main_filename() -> object:
    """co_filename of the program's running main module."""
    main = module_dict(sys.modules.get("__main__"))
    for frame in thread_frames():
        if frame.f_code.co_name == "<module>" and frame.f_globals is main:
            return frame.f_code.co_filename
    return None


def debug_ranges() -> bool:
    """Whether code objects carry columns (3.11+; off with -X no_debug_ranges and PYTHONNODEBUGRANGES).

    Asked of our own code: the columns go when code is made, from marshalled bytes too, but frozen modules keep theirs.
    """
    code = working_directory.__code__
    return hasattr(code, "co_positions") and any([position[2] is not None for position in code.co_positions()])


def other_interpreters() -> int:
    """How many interpreters the process has beside the main one, if it has the module that makes them."""
    for name in ("_interpreters", "_xxsubinterpreters"):  # from 3.13 on, before
        list_all = module_dict(sys.modules.get(name)).get("list_all")
        if type(list_all) is type(len):
            return len(list_all()) - 1
    return 0


def working_directory() -> str:
    try:
        return posix.getcwd()
    except OSError:
        return ""


def copies_outside(known: set, told: set) -> list:
    """Files whose functions run in namespaces that are no modules of sys.modules. `known`: ids of those that are."""
    found = []
    for file, places in look_over_heap(False).items():
        if file.endswith(".py") and file not in told and not places.keys() <= known:
            facts = {"name": "", "file": file, "cached": None, "code_file": file, "loader": "", "plain_loader": True}
            found.append({**facts, "is_main": False, "is_lazy": False, "origin": None, "is_stray": True})
    return found


def inventory(request: tuple) -> dict:
    modules = []
    names_of = {}
    for name, module in list(sys.modules.items()):
        facts = module_facts(name, module)
        if facts is not None:
            first = names_of.setdefault(id(module), name)
            facts["other_name"] = first if first != name else None
            if facts["is_main"]:
                facts["code_file"] = main_filename() or facts["code_file"]
            modules.append(facts)
    known = {id(module_dict(module)) for module in list(sys.modules.values())}
    modules.extend(copies_outside(known, {facts[name] for facts in modules for name in ("file", "code_file")}))
    flags = {name: getattr(sys.flags, name) for name in ("optimize", "isolated", "no_site", "utf8_mode", "debug")}
    os_file = module_dict(sys.modules.get("os")).get("__file__")
    return {
        "version": list(VERSION),
        "hexversion": sys.hexversion,
        "implementation": sys.implementation.name,
        "flags": {name: int(value) for name, value in flags.items()},
        "executable": plain(sys.executable),
        "base_executable": plain(getattr(sys, "_base_executable", None)),
        "prefix": plain(sys.prefix),
        "base_prefix": plain(sys.base_prefix),
        "argv": [plain(item) for item in getattr(sys, "argv", ())],
        "cwd": working_directory(),
        "path": [plain(item) for item in sys.path],
        "debug_ranges": debug_ranges(),
        "free_threaded": not getattr(sys, "_is_gil_enabled", lambda: True)(),
        "stdlib": plain(os_file)[: -len("/os.py")] if plain(os_file) else None,
        "frozen_objects": gc.get_freeze_count(),
        "audit_hook": has_audit_hook(),
        "names": [name for name in list(sys.modules) if type(name) is str],
        "modules": modules,
        "compiled": compiled_files(),
        "heap": heap_told(),
    }
