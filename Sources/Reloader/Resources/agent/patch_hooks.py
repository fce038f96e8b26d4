"""After the swap: what the program wants to do itself, and results of the former code."""


def call_hooks(patch: Patch) -> None:
    """Classes first, then their modules. Exceptions are told of and change nothing: the patch is done."""
    for file in patch.request["files"]:
        units = [unit for unit in file["units"] if unit["id"] in patch.applied]
        for space in patch.spaces:
            if units and file in space.files:
                for owner, hook in hooks_of(space, units):
                    call_hook(patch, space, owner, hook, units)


def hooks_of(space: Space, units: list) -> list:
    """(qualified name of the class or "", hook), once each."""
    found = []
    for unit in units:
        names = [*unit["owner"], unit["bind"]] if unit["kind"] == "class" else unit["owner"]
        cls = owner_of(space, names) if names else None
        known = any([cls is seen for _, _, seen in found])
        if is_class(cls) and not known and any(["__on_reload__" in class_dict(base) for base in bases_of(cls)]):
            found.append((".".join(names), cls.__on_reload__, cls))
    module_hook = space.names.get("__on_reload__")
    if module_hook is not None:
        found.append(("", module_hook, None))
    return [(name, hook) for name, hook, _ in found]


def call_hook(patch: Patch, space: Space, owner: str, hook: object, units: list) -> None:
    names = [unit["qualname"] for unit in units if not owner or ".".join([*unit["owner"], ""]).startswith(owner + ".")]
    kept = [unit["qualname"] for file in patch.request["files"] for unit in file["units"] if is_kept(patch, unit)]
    try:
        hook(Record(module=space.name, owner=owner, applied=names, kept=kept))
    except BaseException as error:
        place = owner + ".__on_reload__" if owner else "__on_reload__"
        note(patch, None, "hook-failed", space.name + "." + place + ": " + describe(error), 1)


def is_kept(patch: Patch, unit: dict) -> bool:
    return any([unit["id"] == key for key, *_ in [*patch.kept, *patch.failed]])


def entries_of(cache: object) -> int:
    """How many results a wrapper of some library has, as far as it tells."""
    results = getattr(cache, "cache", None)
    if hasattr(results, "__len__"):
        return len(results)
    return int(getattr(cache.cache_info(), "currsize", 1)) if hasattr(cache, "cache_info") else 1


def clear_caches(patch: Patch) -> None:
    if patch.request.get("keep_caches"):
        return
    for unit, cache in patch.caches:
        is_ours = is_lru_wrapper(cache)
        try:
            entries = cache.cache_info().currsize if is_ours else entries_of(cache)
            cache.cache_clear()
        except BaseException:  # a wrapper of the program that only looks like one
            if not is_of_cachetools(globals_name(cache)):  # that of a method needs an instance: counted below
                note(patch, unit, "decorator-held", FORMER_RESULTS, 1)
            continue
        if entries:
            what = "lru_cache entries dropped" if is_ours else "results of a cache dropped"
            note(patch, unit, "caches-cleared", what, entries)
