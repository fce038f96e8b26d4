"""What a process is, read without importing or calling anything of the program."""


def compiled_files() -> list:
    """Files of modules that were loaded as machine code or out of an archive, where a source file may lie beside."""
    files = [plain(module_dict(module).get("__file__")) for module in list(sys.modules.values())]
    return [file for file in files if file is not None and (file.endswith(".so") or ".zip/" in file)]


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


def copies_outside(known: set, told: set) -> list:
    """Files whose functions run in namespaces that are no modules of sys.modules. `known`: ids of those that are."""
    found = []
    for file, places in look_over_heap(False).items():
        if file.endswith(".py") and file not in told and not places.keys() <= known:
            facts = {"name": "", "file": file, "cached": None, "code_file": file, "loader": "", "plain_loader": True}
            found.append({**facts, "is_main": False, "is_lazy": False, "origin": None, "is_stray": True})
    return found


def inventory(request: tuple) -> dict:
    modules = loaded_modules()
    known = {id(module_dict(module)) for module in list(sys.modules.values())}
    known |= {id(names_of_module(facts["name"])) for facts in modules}
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
