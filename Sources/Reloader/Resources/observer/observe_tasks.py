"""`stack --async`: the asyncio tasks of the process, and the chain of calls that each of them awaits.

What C code stores is read, past every method of a task's class. Tasks with equal chains are one group.
"""

MOST_TASKS = 20_000  # that are read; the others are counted
MOST_STEPS = 400_000  # calls that are passed for all of them
MOST_GROUPS = 500
MOST_GROUP_TEXT = 1 << 20  # characters
MOST_NAMES = 20  # of one group
REFERENCE = builtin_module("_weakref").ref


def tasks(spec: dict) -> dict:
    """All tasks that are not done, in groups. `left_out`: tasks that were not read or have no room."""
    try:
        return read_tasks()
    finally:
        READERS.clear()


def read_tasks() -> dict:
    answer = {"python": "%d.%d" % VERSION[:2], "loaded": True, "total": 0, "left_out": 0, "loops": [], "groups": []}
    found, is_searched = known_tasks()
    pending = [task for task in found if text_of(stored(task, "_state")) == "PENDING"]
    answer.update(total=len(pending), frozen=gc.get_freeze_count() if is_searched and heap_is_frozen() else 0)
    if not pending:
        answer["loaded"] = "asyncio.events" in sys.modules
        answer["idle_loops"] = count_open_loops()
        return answer
    named = sorted([(task_name(task), place) for place, task in enumerate(pending)], key=order_of_name)
    loops, groups, steps = [], {}, 0
    for name, place in named[:MOST_TASKS]:
        if steps > MOST_STEPS:
            break
        state, rows, awaited, passed = steady(pending[place])
        steps += passed
        loop = place_of(stored(pending[place], "_loop"), loops)
        key = (loop, state, rows, awaited[0], "" if awaited[0] == "task" else awaited[1], passed)
        group = groups.setdefault(key, {"count": 0, "names": [], "awaited": awaited})
        group["count"] += 1
        if len(group["names"]) < MOST_NAMES:
            group["names"].append(name)
    answer["loops"] = [thread_of_loop(loop) for loop in loops]
    answer["groups"] = groups_with_room(groups)
    answer["left_out"] = len(pending) - sum([group["count"] for group in answer["groups"]])
    return answer


def order_of_name(pair: tuple) -> tuple:
    return len(pair[0]), pair[0]


def place_of(value: object, known: list) -> int:
    for place, other in enumerate(known):
        if other is value:
            return place
    known.append(value)
    return len(known) - 1


def groups_with_room(groups: dict) -> list:
    shown, size = [], 0
    for (loop, state, rows, _, _, passed), group in list(groups.items())[:MOST_GROUPS]:
        size += sum([len(row[0]) + len(row[1]) + len(row[2]) + len(row[4]) + 20 for row in rows])
        if size > MOST_GROUP_TEXT:
            break
        if group["count"] > 1 and group["awaited"][0] == "task":
            group["awaited"] = ("task", "")
        shown.append({**group, "loop": loop, "state": state, "rows": rows, "cut": max(0, passed - len(rows))})
    return shown


def known_tasks() -> tuple:
    """The tasks that the modules of asyncio keep, and whether the heap was searched: for C code's own, from 3.14 on."""
    found = {}
    for module in ("asyncio.tasks", "_asyncio"):
        names = module_dict(sys.modules.get(module))
        for name in ("_all_tasks", "_scheduled_tasks", "_eager_tasks"):
            found.update([(id(task), task) for task in elements_of_set(names.get(name))])
    names = module_dict(sys.modules.get("_asyncio"))
    is_searched = "all_tasks" in names and is_class(names.get("Task"))
    if is_searched:
        found.update([(id(task), task) for task in instances_of(with_subclasses(names["Task"]))])
    return list(found.values()), is_searched


def elements_of_set(value: object) -> list:
    """Of a set, or of a WeakSet."""
    if type(value) is set:
        return list(value)
    held = (instance_dict(value, type(value)) or {}).get("data")
    references = list(held) if type(held) is set else []
    alive = [reference() for reference in references if type(reference) is REFERENCE]
    return [value for value in alive if value is not None]


def count_open_loops() -> int:
    cls = module_dict(sys.modules.get("asyncio.events")).get("AbstractEventLoop")
    if not is_class(cls):
        return 0
    wanted = {id(cls) for cls in with_subclasses(cls)}
    loops = [value for value in gc.get_objects() if id(type(value)) in wanted]
    return len([loop for loop in loops if stored(loop, "_closed") is not True])


def thread_of_loop(loop: object) -> tuple:
    """Name and identity of the thread that runs it; empty and 0 if it does not run, or does not say."""
    ident = stored(loop, "_thread_id")
    return (name_of_thread(ident), ident) if type(ident) is int else ("", 0)


OBSERVERS.update(tasks=tasks)
