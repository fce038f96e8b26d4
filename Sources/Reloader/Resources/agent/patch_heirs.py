"""Classes that a function has made at import, one for each class below another: a class that is new gets none."""


def tell_made_for_each(patch: Patch) -> None:
    """Names what a fresh process would have made for each new class, and the tables with all others of its kind."""
    for step in patch.steps:
        unit = step.unit
        if unit["kind"] != "define" or step.failure is not None or step.space.is_copy:
            continue
        cls = bound_to(step.space, unit["owner"], unit["bind"])
        for base in type.__dict__["__bases__"].__get__(cls) if is_class(cls) else ():
            if is_program_class(base):
                tell_made_like(patch, unit, cls, base)


def tell_made_like(patch: Patch, unit: dict, cls: type, base: type) -> None:
    near = [one for one in type.__subclasses__(base) if module_of_class(one) == module_of_class(cls)]
    others = [one for one in near if one is not cls and not is_new(patch, one)]
    if len(others) < 2 or type.__subclasses__(cls):
        return
    for module, before, after, made in made_of(others):
        names = names_of_module(module)
        if names is None or not makes_classes(names, before, after):
            continue
        ids = {id(one) for one in made}
        tables = [key for key, held in containers_in(names) if held_count(held, ids) == len(ids)]
        message = "made at import for each class that is derived from " + name_of_class(base) + "; not for a new one"
        for name in [before + short_name(cls) + after, *tables]:
            patch.notes.append([-1, "derived-value", message, 1, module + "." + name, unit["path"], unit["at"]])


def is_new(patch: Patch, cls: type) -> bool:
    return any([new is cls and old is MISSING for _, _, _, old, new in patch.renewed.values()])


def made_of(classes: list) -> list:
    """[(module, what comes before the name, and after it, the classes)] of those that each of the classes has below it,
    named after it."""
    found = {}
    for cls in classes:
        name = short_name(cls)
        for heir in type.__subclasses__(cls):
            before, _, after = short_name(heir).partition(name)
            if len(short_name(heir)) > len(name) and before + name + after == short_name(heir):
                found.setdefault((module_of_class(heir), before, after), []).append(heir)
    return [(*key, made) for key, made in found.items() if len(made) == len(classes)]


def makes_classes(names: dict, before: str, after: str) -> bool:
    """Whether a function of the module calls `type` and holds the parts of such names."""
    for function in [value for value in list(names.values()) if type(value) is FunctionType]:
        code = function.__code__
        held = "\n".join([text for inner in [code, *all_nested(code)] for text in texts(inner.co_consts)])
        if "type" in globals_read(code) and before in held and after in held:
            return True
    return False


def held_count(container: object, ids: set) -> int:
    items = list(container) + (list(container.values()) if type(container) is dict else [])
    return len({id(one) for one in items} & ids)
