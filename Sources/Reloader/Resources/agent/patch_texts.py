"""What a decorator has read of a function when it took it, and may have stored: its signature, doc string or source."""


def tell_read_by_decorators(patch: Patch, space: Space, unit: dict, located: Located) -> None:
    """Names decorators that did so, of what changes; they are not run again."""
    if "decorators" in unit["parts"] or is_dry(patch):
        return
    owner = owner_of(space, unit["owner"])
    changed = [(words, reason, what) for words, reason, what in READ_TEXTS if changes_text(unit, located, what)]
    for path, is_maker in unit.get("by", ()) if owner is not None else ():
        read = words_at_call(led_to(space, owner, path), is_maker, READ_DEPTH, set())
        if "__code__" in read:
            note_codes(patch, path, led_to(space, owner, path), is_maker, located)
        for words, reason, what in changed:
            if read & words and not any([remark[1] == reason for remark in patch.notes]):
                message = path + " has read its " + what + " when it decorated it; what it made of that stays"
                note(patch, unit, reason, message, 1)
    if "doc" in unit["parts"] and not any([remark[1] == "read-at-import" for remark in patch.notes]):
        holders = holders_of_doc(located)
        if holders:
            note(patch, unit, "read-at-import", kinds_of(holders) + " goes on with its former doc string", len(holders))


def holders_of_doc(located: Located) -> list:
    """Objects that the name leads to, and that have stored its doc string as text under a name of their own."""
    docs = [one.__doc__.split() for one in located.functions if type(one.__doc__) is str]
    found = []
    for value in [located.value, *readers_passed(located)] if docs else ():
        for key, text in list(own_attributes(value).items()) if type(value) is not FunctionType else ():
            if type(key) is type(text) is str and key != "__doc__" and text.split() in docs and text.split():
                found.append(value)
                break
    return found


READ_DEPTH = 3
WRAPS = ("functools", "contextlib", "abc", "typing")
SIGNATURE_WORDS = {"signature", "getfullargspec", "getargspec", "get_type_hints", "get_annotations", "from_callable"}
SIGNATURE_WORDS |= {"__annotations__", "__defaults__", "__kwdefaults__", "co_varnames", "co_argcount", "__signature__"}
READ_TEXTS = (
    (SIGNATURE_WORDS, "signature-captured", "signature"),
    ({"__doc__", "getdoc"}, "read-at-import", "doc string"),
    ({"getsource", "getsourcelines", "findsource"}, "read-at-import", "source"),
)


def changes_text(unit: dict, located: Located, what: str) -> bool:
    if what == "signature":
        is_other = any([parameters(f.__code__) != parameters(unit["code"]) for f in located.functions])
        return is_other or bool({"defaults", "annotations"} & set(unit["parts"]))
    if what == "doc string":  # of a wrapper it is a copy, which follows, or one of its own
        return "doc" in unit["parts"] and not [f for f in wrappers(located) if f.__doc__ is not None]
    return True


def words_at_call(value: object, is_maker: bool, depth: int, seen: set) -> set:
    """Names, and texts, in the code that runs when the value is called; `is_maker`: what that gives is called too."""
    found = set()
    if id(value) in seen or not depth:
        return found
    seen.add(id(value))
    for function in run_by_call(value) if value is not MISSING else ():
        if type(function) is FunctionType and plain(function.__module__) not in WRAPS:
            for code in run_at_call(function.__code__, is_maker):
                found.update(code.co_names, texts(code.co_consts))
                for name in [name for name, is_called in globals_read(code).items() if is_called]:
                    found |= words_at_call(function.__globals__.get(name, MISSING), False, depth - 1, seen)
    return found


def run_at_call(code: CodeType, is_maker: bool) -> list:
    """The code, comprehensions in it, and of a maker what is nested in it directly."""
    inner = [one for one in nested(code) if one.co_name[:1] != "<"] if is_maker else []
    return [one for part in [code, *inner] for one in run_with(part)]


def change_doc(patch: Patch, space: Space, unit: dict) -> None:
    """The doc string of a module, if the live one is still what the old source says."""
    if not same_value(space.names.get("__doc__"), unit["was"]):
        keep(patch, unit, "live-value-kept", "the program changed it since")
        return
    if not is_dry(patch):
        bind(patch, space, space.names, "__doc__", unit["doc"])
    count(patch, unit, 1, 0)
