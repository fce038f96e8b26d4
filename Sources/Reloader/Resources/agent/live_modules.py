"""What a process has loaded, read without importing or calling anything of the program."""


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
        if is_class(value) and module_of_class(value) == plain(names.get("__name__")):
            functions = list(class_dict(value).values())
        for function in functions:
            if type(function) is FunctionType and function.__globals__ is names:
                name = function.__code__.co_filename
                if not name.startswith("<"):
                    return name
    return None


def names_of_module(name: str) -> dict:
    """The namespace that the module's file runs in, also where the program has put something else into sys.modules,
    which leads to the module, or has a function or a class that the file made."""
    found = sys.modules.get(name)
    if type(found) is ModuleType or found is None:
        return module_dict(found)
    places = [*map(class_dict, bases_of(type(found))), module_dict(found)]
    made = [value for names in places for value in list(names.values()) if type(value) is FunctionType]
    made = [one.__globals__ for one in made if plain(dict.get(one.__globals__, "__name__")) == name]
    own = module_dict(found)
    if not made or any([names is own for names in made]):  # it may have functions of a former copy too
        return own or names_behind(found, name)
    return made[0]


def names_behind(value: object, name: str) -> dict:
    """Those of the module with this name that an object holds; {} if it holds none."""
    level = [value]
    for _ in range(2):  # it may hold it in its dict
        level = [inner for one in level for inner in gc.get_referents(one)]
        for inner in level:
            if plain(module_dict(inner).get("__name__")) == name:
                return module_dict(inner)
        level = [inner for inner in level if type(inner) is dict and len(inner) < MANY_ATTRIBUTES]
    return {}


MANY_ATTRIBUTES = 100


def module_facts(name: str, module: object) -> object:
    names = names_of_module(name)
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
        "loader": short_name(type(loader)),
        "plain_loader": is_plain_loader(loader),
        "is_main": name == "__main__",
        "is_lazy": short_name(type(module)) == "_LazyModule",
        "is_importing": attribute(spec, "_initializing") is True,
        "origin": plain(attribute(spec, "origin")),
    }


def is_plain_loader(loader: object) -> bool:
    """Whether the module's code came from its file by the standard way."""
    for cls in bases_of(type(loader)):
        if module_of_class(cls) in ("_frozen_importlib_external", "importlib._bootstrap_external"):
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


def working_directory() -> str:
    try:
        return posix.getcwd()
    except OSError:
        return ""


def loaded_modules() -> list:
    """What sys.modules has of source files, in its order; a module that has two names twice."""
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
    return modules
