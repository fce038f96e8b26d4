"""All changes of a burst in one C-level call, during which no byte code of any thread runs."""


def has_audit_hook() -> bool:
    """sys.audit looks at its arguments only if there is a hook; this call reaches none."""
    try:
        sys.audit(None)
    except TypeError:
        return True
    return False


class Writes:
    """What the swap will do: exact functions, `type.__setattr__`, dicts with str keys. No code of the program runs."""

    def __init__(self) -> None:
        self.functions = []
        self.classes = []
        self.items = []
        self.class_deletions = []
        self.item_deletions = []

    def function(self, function: FunctionType, name: str, value: object) -> None:
        self.functions.append((function, name, value))

    def bind(self, owner: object, name: str, value: object) -> None:
        """`owner` is a class or a module's dict."""
        (self.classes if is_class(owner) else self.items).append((owner, name, value))

    def class_bases(self, cls: type, bases: tuple) -> None:
        self.classes.append((cls, "__bases__", bases))

    def unbind(self, owner: object, name: str) -> None:
        (self.class_deletions if is_class(owner) else self.item_deletions).append((owner, name))

    def before(self) -> "Writes":
        """What puts everything back."""
        back = Writes()
        for function, name, _ in self.functions:
            back.function(function, name, getattr(function, name))
        for owner, name, *_ in self.classes + self.items + self.class_deletions + self.item_deletions:
            if name == "__bases__" and is_class(owner):
                back.class_bases(owner, type.__dict__["__bases__"].__get__(owner))
                continue
            old = (class_dict(owner) if is_class(owner) else owner).get(name, MISSING)
            if old is MISSING:
                back.unbind(owner, name)
            else:
                back.bind(owner, name, old)
        return back

    def existing_deletions(self) -> None:
        """Drops deletions of what is not there: an undo after half a swap must not fail."""
        self.class_deletions = [(c, n) for c, n in self.class_deletions if n in class_dict(c)]
        self.item_deletions = [(d, n) for d, n in self.item_deletions if n in d]

    def perform(self) -> None:
        collecting = gc.isenabled()
        gc.disable()  # a collection inside would run destructors
        try:
            list(
                map(
                    list,
                    (
                        map(setattr, *columns(self.functions, 3)),
                        map(type.__setattr__, *columns(self.classes, 3)),
                        map(dict.__setitem__, *columns(self.items, 3)),
                        map(type.__delattr__, *columns(self.class_deletions, 2)),
                        map(dict.__delitem__, *columns(self.item_deletions, 2)),
                    ),
                )
            )
        finally:
            if collecting:
                gc.enable()

    def rehearse(self) -> None:
        """Gives every function its own code once more: an audit hook that forbids it shows before anything changed."""
        targets = [function for function, name, _ in self.functions if name == "__code__"]
        list(map(setattr, targets, ["__code__"] * len(targets), [function.__code__ for function in targets]))

    def hold(self) -> bool:
        """Whether every change is there."""
        for function, name, value in self.functions:
            if getattr(function, name) is not value:
                return False
        for owner, name, value in self.classes + self.items:
            if name == "__bases__" and is_class(owner):
                continue
            if (class_dict(owner) if is_class(owner) else owner).get(name, MISSING) is not value:
                return False
        return True


def columns(rows: list, width: int) -> list:
    return [[row[index] for row in rows] for index in range(width)]


def swap(writes: Writes) -> Writes:
    """Performs `writes` whole or not at all; returns what puts everything back."""
    back = writes.before()
    if has_audit_hook():
        writes.rehearse()
    try:
        writes.perform()
    except BaseException:
        back.existing_deletions()
        back.perform()
        raise
    return back
