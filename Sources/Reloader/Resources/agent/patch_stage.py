"""The namespaces that stand in front of the live ones while a burst is evaluated.

Every change is a step of its own, with its own writes: it can be taken out again, with what depends on it, until all
steps are put together for the one swap.
"""


def new_step(patch: Patch, space: Space, unit: dict) -> Patch:
    """What one change is going to do. `failure`: [reason, path, line, message] of one that cannot go in; `arrived`:
    modules that it has imported; `stored`: code that decorators may have put somewhere.

    Operations take a step for the patch: requests, spaces and stages are shared, everything that is noted is its own.
    """
    step = Patch(request=patch.request, spaces=patch.spaces, fresh=patch.fresh, space=space, unit=unit)
    step.writes = no_writes()
    step.applied = {}
    step.successors = {}
    step.failure = step.mentioned = step.former = None
    step.bound = []
    for name in STEP_LISTS:
        setattr(step, name, [])
    for name in ("open", "pending", "blocks", "lost", "steps"):
        setattr(step, name, getattr(patch, name))
    step.is_needed = False
    step.arrived, step.stored = [], []
    step.changed = {}
    step.old = []
    return step


STEP_LISTS = ("kept", "notes", "caches", "expected", "swapped", "early", "wanted", "fields", "same_bases", "new_bases")


def join_step(patch: Patch, step: Patch) -> None:
    """Adds a step to the patch that will be swapped."""
    for function, name, value in step.writes.functions.values():
        write_function(patch.writes, function, name, value)
    for owner, name, value in [*step.writes.classes.values(), *step.writes.items.values()]:
        write_name(patch.writes, owner, name, value)
    for owner, name in [*step.writes.class_deletions.values(), *step.writes.item_deletions.values()]:
        write_deletion(patch.writes, owner, name)
    patch.writes.annotates.update(step.writes.annotates)
    patch.writes.docs.update(step.writes.docs)
    for key, counts in step.applied.items():
        known = patch.applied.setdefault(key, [0, 0])
        known[0] += counts[0]
        known[1] += counts[1]
    for name in STEP_LISTS:
        if name != "kept":
            getattr(patch, name).extend(getattr(step, name))
    patch.kept.extend([kept for kept in step.kept if kept not in patch.kept])


def stage(step: Patch, space: Space, owner: object, name: str, value: object) -> None:
    """Names that later steps see before the live ones, until the swap."""
    staged = space.staged if owner is space.names else space.class_staged.setdefault(id(owner), {})
    step.bound.append((staged, name, staged.get(name, MISSING), value, owner))
    staged[name] = value


def unstage(step: Patch) -> None:
    """Nothing of the step is seen any more."""
    for staged, name, before, value, _ in reversed(step.bound):
        if staged.get(name, MISSING) is value:
            if before is MISSING:
                del staged[name]
            else:
                staged[name] = before
    take_back_names(step)
    step.early.clear()


def publish(step: Patch) -> None:
    """Puts new names of modules into the modules: code of the program that is about to run may look for them there."""
    for space in step.spaces:
        for name, value, owner in space.unpublished:
            if name not in space.names and space.staged.get(name, MISSING) is value:
                space.names[name] = value
                owner.early.append((space.names, name, value))
        space.unpublished.clear()


def take_back_names(step: Patch) -> None:
    for names, name, value in reversed(step.early):
        if names.get(name) is value:
            del names[name]


def waits(patch: Patch, space: Space, unit: dict) -> bool:
    """Whether the unit reads a module of this burst whose own steps are not done yet."""
    for module in modules_read(space, unit):
        other = patch.open.get(module)
        if other is not None and other is not space and not other.is_done:
            return True
    return False


def modules_read(space: Space, unit: dict) -> list:
    """Names of modules that evaluating the unit imports from, reads attributes of, or calls functions of."""
    found = []
    if unit.get("from_module"):
        base = absolute(space, unit["from_module"])
        found.append(base)
        found.extend([base + "." + name for name, _ in unit["taken"]])
    found.extend([*unit.get("modules", ()), *[absolute(space, place) for place in unit.get("stars", ())]])
    for path in unit["reads"]:
        found.append(space.taken.get(path.split(".")[0], (None,))[0])
        value = MISSING
        for name in path.split("."):
            names = front(space) if value is MISSING else module_dict(value)
            value = names.get(name, MISSING)
            if value is MISSING or not is_below(type(value), ModuleType):
                break
            found.append(module_dict(value).get("__name__"))
        if type(value) is FunctionType and path in unit["called"]:
            found.append(value.__globals__.get("__name__"))
    return found


def front(space: Space) -> dict:
    """The module's names as evaluation sees them."""
    return {**space.names, **space.staged} if space.staged else space.names


def absolute(space: Space, place: list) -> str:
    """The full name of the module in a `from` statement of [level, name]."""
    level, name = place
    if not level:
        return name
    package = space.names.get("__package__")
    if type(package) is not str:
        package = space.name if "__path__" in space.names else space.name.rpartition(".")[0]
    base = package.split(".")[: len(package.split(".")) - level + 1]
    return ".".join([*base, name] if name else base)


def overlay(step: Patch, space: Space, unit: dict) -> dict:
    """What stands in front of the module's names while the unit is evaluated: what is staged, and for names whose own
    value goes nowhere a stand-in: of a changed function its new code, of a changed module its new names."""
    names = dict(space.staged)
    names.update(taken_names(step, space, unit))
    live = front(space)
    for path in unit["called"]:
        root, _, rest = path.partition(".")
        value = live.get(root, MISSING)
        if not rest and type(value) is FunctionType and id(value) in step.pending:
            names[root] = with_new_code(value, step.pending[id(value)])
    for root in {path.split(".")[0] for path in unit["reads"] if "." in path} - set(unit["bare"]):
        value = live.get(root, MISSING)
        if is_below(type(value), ModuleType):
            made = stand_in(step, unit, value, root + ".")
            if made is not value:
                names[root] = made
    return names


def stand_in(step: Patch, unit: dict, module: object, prefix: str) -> object:
    """What the unit's paths that begin with `prefix` read of a module once the swap is done; the module itself if that
    has all of it."""
    other = module_space(step, module)
    names = module_dict(module) if other is None else front(other)
    seen = {}
    is_other = False
    for name in {path[len(prefix) :].split(".")[0] for path in unit["reads"] if path.startswith(prefix)}:
        if name not in names:  # it may have `__getattr__`
            return module
        value = seen[name] = names[name]
        path = prefix + name
        if type(value) is FunctionType and id(value) in step.pending and path in unit["called"]:
            seen[name] = value if path in unit["bare"] else with_new_code(value, step.pending[id(value)])
        elif is_below(type(value), ModuleType) and path not in unit["reads"]:
            seen[name] = stand_in(step, unit, value, path + ".")
        is_other = is_other or seen[name] is not module_dict(module).get(name, MISSING)
    return Record(**seen) if is_other else module


def module_space(step: Patch, module: object) -> object:
    names = module_dict(module)
    found = [space for space in step.spaces if space.names is names]
    return found[0] if found else None


def note_pending(step: Patch) -> None:
    """What functions are about to get, for those who call them before the swap."""
    for function, name, value in step.writes.functions.values():
        if name in ("__code__", "__defaults__", "__kwdefaults__"):
            step.pending.setdefault(id(function), {})[name] = value


def with_new_code(function: FunctionType, pending: dict) -> FunctionType:
    """A function that does what `function` will do after the swap."""
    code = pending.get("__code__", function.__code__)
    if function.__code__.co_freevars != code.co_freevars:
        return function
    defaults = pending.get("__defaults__", function.__defaults__)
    made = FunctionType(code, function.__globals__, function.__name__, defaults, function.__closure__)
    made.__kwdefaults__ = pending.get("__kwdefaults__", function.__kwdefaults__)
    made.__qualname__ = function.__qualname__
    made.__module__ = function.__module__
    return made
