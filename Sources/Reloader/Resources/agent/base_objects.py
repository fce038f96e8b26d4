"""What an object is and has, read past everything that the program may have put in the way."""


def class_dict(cls: type) -> object:
    """A class's namespace; {} where a type of C has none before its first use (`_socket.socket` up to 3.11)."""
    found = type.__dict__["__dict__"].__get__(cls)
    return {} if found is None else found


known_module = type.__dict__["__module__"].__get__


def module_of_class(cls: type) -> str:
    """"" for a class that was made where no name of a module is known, and for what is no text."""
    try:
        found = known_module(cls)
    except AttributeError:
        return ""
    return found if type(found) is str else ""


def is_class(value: object) -> bool:
    """Asks C code's flags: a metaclass may have its own `__getattribute__` and `__eq__`."""
    return TYPE_FLAGS(type(value)) & TYPE_SUBCLASS != 0


TYPE_FLAGS = type.__dict__["__flags__"].__get__
TYPE_SUBCLASS = 1 << 31  # Py_TPFLAGS_TYPE_SUBCLASS


def is_one_of(kind: type, kinds: tuple) -> bool:
    """By identity: `in` would ask the `__eq__` of a metaclass."""
    return any([one is kind for one in kinds])


def attributes_of(value: object) -> object:
    """Its own dict, past whatever its class calls `__dict__`: None if it has none.

    What stands for another object (a proxy of celery) has a property there, which would make that object.
    """
    for kind in bases_of(type(value)):
        slot = class_dict(kind).get("__dict__")
        if is_one_of(type(slot), SLOTS):
            try:
                return slot.__get__(value)
            except BaseException:
                return None
    return None


SLOTS = (type(FunctionType.__dict__["__dict__"]), type(ModuleType.__dict__["__dict__"]))  # of C code


def thread_frames() -> list:
    """The frames of all threads but this one; its own in a local variable would be a reference cycle."""
    frames = []
    running = sys._current_frames()
    running.pop(get_ident(), None)
    for frame in running.values():
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
    return frames


def describe(error: BaseException) -> str:
    """`TypeError: text`; the text is left out if the exception cannot make it."""
    name = type.__dict__["__name__"].__get__(type(error))
    try:
        text = str(error)
    except BaseException:
        text = ""
    return name + ": " + text if text else name
