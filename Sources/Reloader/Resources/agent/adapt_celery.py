"""celery: a task goes on under the name, and with the options, that its decorator had when it registered it.

Read of it, in 5.7: `_apps` of `celery._state`, a WeakSet of the applications; `_tasks` of an application, a dict by
names; `run` of a task's class, which is the function or a static method of it.
"""


def served_tasks(patch: Patch) -> list:
    """(registry, name, task) of all tasks, before decorators run once more; [] where none is going to. Never raises."""
    if "celery._state" not in sys.modules or is_dry(patch):
        return []
    try:
        units = [unit for space in patch.spaces for unit in space.units]
        is_due = any(["decorators" in unit.get("parts", ()) for unit in units])
        return [row for registry in task_registries() for row in tasks_in(registry)] if is_due else []
    except BaseException:
        return []  # the remark is missing then; the save goes in


def task_registries() -> list:
    known = module_dict(sys.modules.get("celery._state")).get("_apps")
    references = own_attributes(known).get("data")
    apps = [one() for one in list(references) if type(one) is WeakReference] if type(references) is set else []
    found = [own_attributes(app).get("_tasks") for app in apps if is_kind(type(app), "celery.app.base", "Celery")]
    return [one for one in found if is_below(type(one), dict)]


WeakReference = builtin_module("_weakref").ref


def tasks_in(registry: dict) -> list:
    items = list(dict.items(registry))
    return [(registry, name, task) for name, task in items if is_kind(type(task), "celery.app.task", "Task")]


def tell_tasks(patch: Patch) -> None:
    """After the swap: tasks that are served as they were before."""
    if not patch.served:
        return
    try:
        due = [step for step in patch.steps if step.failure is None and "decorators" in step.unit.get("parts", ())]
        names = names_served(patch.served, due)
        for step in due:
            found = [name for function in step.swapped for name in names.get(id(function), ())]
            if found:
                tell_served(patch, step.unit, list(dict.fromkeys(found)))
    except BaseException as error:
        note(patch, None, "decorator-held", "tasks of celery could not be looked at: " + describe(error), 1)


def names_served(served: list, steps: list) -> dict:
    """Names of tasks by ids of the functions of the steps that they run: each task is looked behind once."""
    wanted = {id(function) for step in steps for function in step.swapped}
    found = {}
    for registry, name, task in served if wanted else ():
        if type(name) is str and dict.get(registry, name) is task:
            run = class_dict(type(task)).get("run")
            run = run.__func__ if type(run) is staticmethod else run
            for key in wanted & set(map(id, functions_behind(run))):
                found.setdefault(key, []).append(name)
    return found


def functions_behind(value: object) -> list:
    """The function that a value is, and those in closures and `__wrapped__` behind it."""
    found = []
    pending = [value]
    for one in pending:
        if type(one) is FunctionType and not any([one is known for known in found]) and len(found) < DEPTH:
            found.append(one)
            pending += [cell.cell_contents for cell in one.__closure__ or () if is_full(cell)]
            pending.append(own_attributes(one).get("__wrapped__"))
    return found


def tell_served(patch: Patch, unit: dict, names: list) -> None:
    told = [one for one in patch.notes if one[0] == unit["id"] and one[2].startswith(FORMER_STAYS)]
    message = "task " + ", ".join(names)
    if not told:
        note(patch, unit, "decorator-held", FORMER_STAYS + message, len(names))
    elif told[0][2] == FORMER_STAYS + "cell":  # that of the registration, which holds the function
        told[0][2] = FORMER_STAYS + message
    else:
        told[0][2] += ", " + message
