"""One burst as one transaction: resolve everything, evaluate everything, swap in one step, verify."""


class Patch:
    """A burst on its way. `applied` maps an operation to [functions, active frames]."""

    def __init__(self, request: dict) -> None:
        self.request = request
        self.writes = Writes()
        self.spaces = []
        self.applied = {}
        self.kept = []
        self.notes = []
        self.caches = []
        self.expected = []
        self.swapped = []

    def run(self) -> dict:
        started = clock()
        try:
            for file in self.request["files"]:
                self.resolve(file)
            back = swap(self.writes)
            self.verify(back)
        except Rejection as rejection:
            return {
                "rejected": [rejection.reason, rejection.path, rejection.line, str(rejection)],
                "pause": clock() - started,
            }
        except BaseException as error:
            return {"rejected": ["verify-failed", "", 0, describe(error)], "pause": clock() - started}
        pause = clock() - started
        if has_audit_hook():
            self.note(None, "not-atomic", "an audit hook of the program runs between the changes", 1)
        self.clear_caches()
        return {
            "rejected": None,
            "applied": [[key, *counts] for key, counts in self.applied.items()],
            "kept": self.kept,
            "notes": self.notes,
            "pause": pause,
            "searched": any([space.memory is not None for space in self.spaces]),
        }

    def resolve(self, file: dict) -> None:
        for name in file["modules"]:
            space = Space(name, file["paths"])
            self.spaces.append(space)
            for unit in file["units"]:
                OPERATIONS[unit["kind"]](self, space, unit)

    def keep(self, unit: dict, reason: str, message: str) -> None:
        if [unit["id"], reason, message] not in self.kept:
            self.kept.append([unit["id"], reason, message])

    def note(self, unit: object, reason: str, message: str, count: int) -> None:
        self.notes.append([unit["id"] if unit else -1, reason, message, count])

    def count(self, unit: dict, functions: int, active: int) -> None:
        counts = self.applied.setdefault(unit["id"], [0, 0])
        counts[0] += functions
        counts[1] += active

    def set_code(self, function: FunctionType, code: CodeType) -> None:
        self.writes.function(function, "__code__", code)
        self.swapped.append(function)

    def expect(self, code: CodeType, expected: bytes) -> None:
        self.expected.append((code, expected))

    def verify(self, back: Writes) -> None:
        """Compares what the process now runs with what the twin compiled; puts everything back if they differ."""
        sound = self.writes.hold()
        for code, expected in self.expected:
            sound = sound and fingerprint(code, True) == expected
        if not sound:
            back.existing_deletions()
            back.perform()
            raise Rejection("verify-failed", "", 0, "the process does not run the code that was sent to it")

    def clear_caches(self) -> None:
        if self.request.get("keep_caches"):
            return
        for unit, cache in self.caches:
            entries = cache.cache_info().currsize
            cache.cache_clear()
            if entries:
                self.note(unit, "caches-cleared", "lru_cache entries dropped", entries)


def change_function(patch: Patch, space: Space, unit: dict) -> None:
    """Body, defaults, annotations and doc of a definition that stays what it is."""
    located = Located(space, unit)
    if not located.functions:
        patch.keep(unit, "not-loaded", "no live function was made from this definition")
        return
    donor = None
    if unit["make"] is not None:
        owner = space.owner(unit["owner"])
        names = run(unit["make"], space, owner, unit, "default-failed")
        donor = names[mangled(unit["bind"], unit["owner"])]
    new = unit["code"]
    pairs = [pair for group in same_code(located.functions) for pair in nested_pairs(group[0].__code__, new)]
    active = sum([located.running(group[0].__code__) for group in same_code(located.functions)])
    changed = 0
    for function in located.functions:
        if function.__code__.co_freevars != new.co_freevars:
            patch.keep(unit, "closure-changed", "the names it takes from around it changed")
            continue
        changed += 1
        patch.set_code(function, new)
        set_attributes(patch, unit, function, donor)
    for function, code in located.live_closures(pairs):
        if parameters(function.__code__) != parameters(code) or function.__code__.co_freevars != code.co_freevars:
            message = function.__qualname__ + ": the live closure keeps its old parameters and names"
            patch.keep(unit, "closure-changed", message)
        else:
            patch.set_code(function, code)
    if changed:
        patch.expect(new, unit["new"])
        patch.count(unit, changed, active)
        patch.caches.extend([(unit, cache) for cache in located.caches])
        if active:
            patch.note(unit, "active-frames", "finish on the old code", active)
        if located.unreachable:
            message = "held elsewhere; the heap is frozen (gc.freeze), so holders cannot be found"
            patch.note(unit, "decorator-held", message, located.unreachable)


def set_attributes(patch: Patch, unit: dict, function: FunctionType, donor: object) -> None:
    if "defaults" in unit["parts"]:
        defaults, keyword = kept_defaults(function, donor, unit["keep"])
        patch.writes.function(function, "__defaults__", defaults)
        patch.writes.function(function, "__kwdefaults__", keyword)
    if "annotations" in unit["parts"]:
        patch.writes.function(function, "__annotations__", donor.__annotations__)
    if "typeParameters" in unit["parts"]:
        patch.writes.function(function, "__type_params__", donor.__type_params__)
    if "doc" in unit["parts"]:
        patch.writes.function(function, "__doc__", unit["doc"])


OPERATIONS = {"function": change_function}
