"""Values as text, without running any code of the program.

The type of a value decides, never its methods: a subclass of a built-in type is read by the built-in's own methods, an
instance by its stored attributes. The text has bounds in nodes, characters and depth; what is left out is counted.
"""

SHOWN_AT_EACH_END = 10  # elements of a container with more than twice as many
TEXT_AT_EACH_END = 128  # characters of a string with more than twice as many
SECRET_WORDS = ("password", "passwd", "secret", "token", "api_key", "apikey", "authorization", "cookie", "credential")
HIDDEN = "‹redacted›"
SECRET = Record()  # stands for a value that is not shown: of no type that expressions can work with
NUMBERS = (int, float, complex)
SINGLE = (bool, type(None), type(...), type(NotImplemented))
SEQUENCES = ((list, "[", "]"), (tuple, "(", ")"), (set, "set(", ")"), (frozenset, "frozenset(", ")"))
FUNCTIONS = (FunctionType, type(len), type([].append), type(str.join), type(dict.__dict__["fromkeys"]))


def new_bounds(verbose: bool, redact: bool) -> Record:
    """What one value's text may still take: nodes and characters. `full`: containers are not cut at 20 elements."""
    nodes, size = (20_000, 60_000) if verbose else (500, 4_000)
    return Record(nodes=nodes, size=size, full=verbose, redact=redact, around=[])


def render(value: object, depth: int, bounds: Record) -> str:
    """`depth` levels of containers get lines of their own, what lies deeper stands in one line; -1 is no limit."""
    try:
        return node(value, 20 if depth < 0 else depth, 0, bounds)
    except BaseException as error:  # a container that the program changes meanwhile, a recursion limit
        if is_passing(error):
            raise
        return "<unreadable>"


def is_passing(error: BaseException, code: object = None) -> bool:
    """Whether it was on its way to the program: a signal handler's exception begins in code that is not ours.

    `code`: an expression whose own errors are ours too.
    """
    if type(error) is not BaseException and not is_exception(error):
        return True
    if SWALLOWED_RECURSION_ENDS and is_one_of(RecursionError, bases_of(type(error))):
        return True
    place = BaseException.__dict__["__traceback__"].__get__(error)
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None or place.tb_frame.f_globals is globals():
        return False
    return code is None or place.tb_frame.f_code.co_filename != code.co_filename


def is_exception(error: BaseException) -> bool:
    return is_one_of(Exception, bases_of(type(error)))


def node(value: object, depth: int, level: int, bounds: Record) -> str:
    bounds.nodes -= 1
    if is_spent(bounds):
        return "…"
    kind = type(value)
    if is_one_of(kind, SINGLE) or is_one_of(kind, NUMBERS) or kind is str or kind is bytes:
        text = string_text(value) if kind is str or kind is bytes else number_text(value)
        bounds.size -= len(text) + 2 * level + 3  # with what stands around it
        return text
    if value is SECRET:
        return HIDDEN
    if any([value is other for other in bounds.around]) or level > 30:
        return "…"
    bounds.around.append(value)
    try:
        return compound(value, kind, depth, level, bounds)
    finally:
        bounds.around.pop()


def is_spent(bounds: Record) -> bool:
    return bounds.nodes < 0 or bounds.size < 0


def number_text(value: object) -> str:
    if type(value) is int and int.bit_length(value) > 4000:
        return "<int of %s bits>" % counted(int.bit_length(value))
    return repr(value)


def string_text(value: object) -> str:
    """In double quotes; bytes as Python writes them. The middle of a long one is left out, its length is given."""
    if len(value) <= 2 * TEXT_AT_EACH_END:
        return repr(value) if type(value) is bytes else '"' + value + '"'
    first, last = value[:TEXT_AT_EACH_END], value[-TEXT_AT_EACH_END:]
    if type(value) is bytes:
        return "%r...%r %s bytes" % (first, last, counted(len(value)))
    return '"%s...%s" %s characters' % (first, last, counted(len(value)))


def counted(number: int) -> str:
    return f"{number:,}"


def compound(value: object, kind: type, depth: int, level: int, bounds: Record) -> str:
    for builtin, opening, closing in SEQUENCES:
        if kind is builtin:
            return sequence(value, builtin, opening, closing, depth, level, bounds)
    if kind is dict:
        return mapping(value, depth, level, bounds)
    if kind is ModuleType:
        return "<module %s>" % text_of(module_dict(value).get("__name__"))
    if is_class(value):
        return "<class '%s'>" % full_name(value)
    if is_one_of(kind, FUNCTIONS):
        return "<function %s>" % text_of(value.__qualname__ if kind is FunctionType else value.__name__)
    return instance(value, kind, depth, level, bounds)


def text_of(name: object) -> str:
    return name if type(name) is str else "?"


def full_name(cls: type) -> str:
    module = class_dict(cls).get("__module__")
    if type(module) is not str:
        module = type.__dict__["__module__"].__get__(cls)  # of a C type: a part of its name
    name = type.__dict__["__qualname__"].__get__(cls)
    return name if module == "builtins" or type(module) is not str else module + "." + name


def lines(items: list, opening: str, closing: str, depth: int, level: int, separator: str) -> str:
    """One line for each item while there is depth, else all in one."""
    if not items:
        return opening + closing
    if depth <= 0:
        return opening + ", ".join(items) + closing
    indent = "\n" + "  " * (level + 1)
    return opening + indent + (separator + indent).join(items) + "\n" + "  " * level + closing


def items_of(values: list, bounds: Record, text: object) -> tuple:
    """The texts of all elements, or of those at both ends; and how many there are if some are left out, else ""."""
    is_cut = not bounds.full and len(values) > 2 * SHOWN_AT_EACH_END
    texts = []
    for value in values[:SHOWN_AT_EACH_END] if is_cut else values:
        if is_spent(bounds):
            break
        texts.append(text(value))
    is_cut = is_cut or len(texts) < len(values)
    if is_cut:
        texts.append("...")
    if is_cut and not is_spent(bounds):
        texts += [text(value) for value in values[-SHOWN_AT_EACH_END:]]
    return texts, " %s items" % counted(len(values)) if is_cut else ""


def sequence(value: object, kind: type, opening: str, closing: str, depth: int, level: int, bounds: Record) -> str:
    texts, count = items_of(list(kind.__iter__(value)), bounds, lambda item: node(item, depth - 1, level + 1, bounds))
    return lines(texts, opening, closing, depth, level, ",") + count


def mapping(value: dict, depth: int, level: int, bounds: Record) -> str:
    pairs = list(dict.items(value))
    if len(pairs) <= max(bounds.nodes, 0) and all([type(key) is str for key, _ in pairs]):
        pairs.sort(key=first_of)
    texts, count = items_of(pairs, bounds, lambda pair: pair_text(*pair, depth, level, bounds))
    return lines(texts, "{", "}", depth, level, ", ") + count


def first_of(pair: tuple) -> object:
    return pair[0]


def pair_text(key: object, value: object, depth: int, level: int, bounds: Record) -> str:
    text = node(key, 0, level + 1, bounds)
    if bounds.redact and type(key) is str and is_secret(key):
        return text + ": ‹redacted›"
    return text + ": " + node(value, depth - 1, level + 1, bounds)


def is_secret(name: str) -> bool:
    lowered = str.lower(name).replace("-", "_")
    return any([word in lowered for word in SECRET_WORDS])
