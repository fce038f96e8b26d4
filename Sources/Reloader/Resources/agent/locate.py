"""From a definition of the old source to the live functions that were made from it."""


class Located:
    """All live functions of one definition in one module, and what was passed on the way to them."""

    def __init__(self, space: Space, unit: dict) -> None:
        self.space = space
        self.unit = unit
        self.value = space.bound(unit["owner"], unit["bind"])
        self.caches = []
        self.by_name = []
        reached = []
        if self.value is not MISSING:
            behind_name = Reached(space, self.value)
            reached = behind_name.functions
            self.caches = behind_name.caches
            self.by_name = self.matching(reached, drift=True)
        self.functions = list(self.by_name)
        self.unreachable = 0
        self.holders = Holders(space, self.functions)
        self.search_heap_if_needed()

    def search_heap_if_needed(self) -> None:
        groups = same_code(self.functions)
        others = sum([self.holders.others(group) for group in groups])
        closures = any([self.holders.closures(group[0].__code__) for group in groups])
        if groups and not others and not closures:
            return
        if heap_is_frozen():
            self.unreachable = others or 1
            return
        known = {id(function) for function in self.functions}
        for function in self.matching(self.space.every_function(), drift=False):
            if id(function) not in known:
                self.functions.append(function)

    def matching(self, functions: list, drift: bool) -> list:
        """Those with the old source's name and line; else those equal to its code; else, by name only, its qualname."""
        unit = self.unit
        named = [f for f in functions if f.__code__.co_name == unit["name"]]
        at_line = [f for f in named if f.__code__.co_firstlineno == unit["line"]]
        equal = [f for f in at_line or named if fingerprint(f.__code__) == unit["old"]]
        if at_line:
            return equal or at_line
        if equal or not drift or unit["repeated"]:
            return equal
        return [f for f in named if f.__qualname__ == unit["qualname"]]

    def live_closures(self, pairs: list) -> list:
        """(function, new code) for the live functions that were made by nested code; `pairs` as nested_pairs gives."""
        if self.space.memory is None:
            return []
        by_code = {id(old): new for old, new in pairs}
        return [
            (function, by_code[id(function.__code__)])
            for function in self.space.memory
            if id(function.__code__) in by_code
        ]

    def running(self, code: CodeType) -> int:
        """Frames that are on this code or on code nested in it, in any thread."""
        return self.holders.running(code) + sum([self.running(inner) for inner in nested(code)])
