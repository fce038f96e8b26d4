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
        self.early = []
        self.wanted = []
        self.fresh = set()

    def run(self) -> dict:
        started = clock()
        try:
            self.resolve()
            self.check_names()
            if self.request.get("dry_run"):
                self.take_back_names()
            else:
                self.verify(swap(self.writes))
        except Rejection as rejection:
            self.take_back_names()
            return {
                "rejected": [rejection.reason, rejection.path, rejection.line, str(rejection)],
                "pause": clock() - started,
            }
        except BaseException as error:
            self.take_back_names()
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

    def resolve(self) -> None:
        """Imports first, those that need another file of the burst after that file; then names; then the rest."""
        waiting = []
        for file in self.request["files"]:
            for name in file["modules"]:
                space = Space(name, file["paths"])
                space.returning = file["returning"]
                if space.names:
                    self.spaces.append(space)
                    waiting.append((space, file["units"]))
        patient = True
        while waiting:
            left = []
            for space, units in waiting:
                try:
                    self.resolve_module(space, units, patient and len(waiting) > 1)
                except Postponed:
                    left.append((space, units))
            patient = len(left) < len(waiting)
            waiting = left

    def resolve_module(self, space: Space, units: list, patient: bool) -> None:
        space.patient = patient
        for unit in units:
            self.remember(unit.get("code"))
            self.remember(unit["make"])
        for kinds in PHASES:
            for unit in units:
                if unit["kind"] in kinds:
                    OPERATIONS[unit["kind"]](self, space, unit)

    def remember(self, code: object) -> None:
        """Notes code of the new source: its lines are right already."""
        if code is not None:
            self.fresh.add(id(code))
            for inner in nested(code):
                self.remember(inner)

    def check_names(self) -> None:
        """Global names that new code looks up must exist, or will exist after the swap."""
        known = module_dict(sys.modules.get("builtins"))
        for space, unit in self.wanted:
            missing = [n for n in unit["names"] if n not in space.names and n not in space.staged and n not in known]
            missing = [name for name in missing if not name.startswith("__")]
            if missing and self.request.get("strict"):
                raise Rejection("name-missing", unit["path"], unit["at"], "no global name " + ", ".join(missing))
            if missing:
                self.note(unit, "name-missing", "no global name " + ", ".join(missing), len(missing))

    def bind(self, space: Space, owner: object, name: str, value: object) -> None:
        """Binds at the swap. A name that a module does not have yet is there at once: new code may need it earlier."""
        self.writes.bind(owner, name, value)
        if owner is space.names:
            space.staged[name] = value
            if name not in space.names:
                space.names[name] = value
                self.early.append((space.names, name, value))

    def take_back_names(self) -> None:
        for names, name, value in reversed(self.early):
            if names.get(name) is value:
                del names[name]

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


class Postponed(Exception):
    """An import needs another file of the burst first."""


PHASES = (("import",), ("assign",), ("function", "define"), ("class",), ("constant",), ("delete",))
