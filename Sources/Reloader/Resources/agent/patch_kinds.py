"""What has asked whether a function is a plain one, a coroutine or a generator."""


def taken_by_kind(located: Located, unit: dict) -> str:
    """What has asked for the kind of the functions when it took them: django's views ask it of the methods of a class,
    its signals of what they refer to weakly; "" if there is nothing."""
    weak = module_dict(sys.modules.get("_weakref")).get("getweakrefs")
    is_django = weak is not None and "django.dispatch.dispatcher" in sys.modules
    if is_django and any([weak(function) for function in located.functions]):
        return "a weak reference to it"
    cls = owner_of(located.space, unit["owner"]) if unit["owner"] else None
    heirs = {id(one): one for one in with_derived([cls])} if is_class(cls) else {}
    for holder in [one for heir in heirs.values() for one in gc.get_referrers(heir)]:
        if type(holder) is dict and "view_initkwargs" in holder and id(holder.get("view_class")) in heirs:
            return "a view of " + name_of_class(cls)
    return ""


def changes_kind(located: Located, unit: dict) -> bool:
    """`def` and `async def`, `yield` or none: callers treat these differently."""
    return any([(f.__code__.co_flags ^ unit["code"].co_flags) & KIND_FLAGS for f in located.functions])


def kind_of(function: FunctionType) -> str:
    flags = function.__code__.co_flags
    named = ((0x200, "an asynchronous generator"), (0x80, "a coroutine function"), (0x20, "a generator"))
    return [name for flag, name in (*named, (flags, "a plain function")) if flags & flag][0]


def chooses_by_kind(space: Space, wrapper: FunctionType) -> bool:
    """A wrapper of a kind of its own, or made by a function that asks for the kind."""
    if wrapper.__code__.co_flags & KIND_FLAGS:
        return True
    makers = [f for f in wrapper.__globals__.values() if type(f) is FunctionType]
    for maker in makers:
        inside = [maker.__code__]
        for code in inside:
            inside.extend(nested(code))
        if any([code is wrapper.__code__ for code in inside[1:]]):
            return any([name in KIND_QUESTIONS for code in inside for name in code.co_names])
    return False
