"""Who holds functions beside their names: registries, objects of frameworks, wrappers that are held elsewhere."""


def holders(functions: list, known: set, bound: object = None) -> list:
    """What of the program holds one of them beside namespaces, bound methods, and what the ids `known` name.

    `bound`: a list to put the bound methods in.

    An attribute's dict stands for its object. The whole heap is searched, so: only for the few kinds of changes where a
    holder may have read more than the code.
    """
    if heap_is_frozen() or not functions:
        return []
    found = []
    dicts = []
    asked = tuple(functions)
    for holder in gc.get_referrers(*asked):
        if bound is not None and short_name(type(holder)) == "method":
            bound.append(holder)
        if holder is asked or id(holder) in known or short_name(type(holder)) in PASSING_HOLDERS:
            continue
        if type(holder) is not dict:
            found.append(holder)
        elif not is_namespace(holder) and not is_ours_dict(holder):
            dicts.append(holder)
    return found + with_owners(dicts)


PASSING_HOLDERS = ("frame", "method", "staticmethod", "classmethod", "property", "getset_descriptor", "list_iterator")


def is_namespace(names: dict) -> bool:
    """Of a module or a class."""
    return "__module__" in names and "__doc__" in names or "__name__" in names and "__spec__" in names


def is_ours_dict(names: dict) -> bool:
    """Of a Located."""
    return "by_name" in names and "holders" in names


def with_owners(dicts: list) -> list:
    """For each dict the object whose attributes it holds, else the dict; those of functions are left out."""
    wanted = {id(names): names for names in dicts}
    if not wanted:
        return []
    owners = {}
    for owner in gc.get_referrers(*dicts):
        names = attributes_of(owner)
        if names is not None and id(names) in wanted:
            owners[id(names)] = owner
    found = [owners.get(key, names) for key, names in wanted.items()]
    return [holder for holder in found if type(holder) is not FunctionType]


def kinds_of(found: list) -> str:
    """Their type names for the reader, each once: `Route, dict`."""
    names = []
    for holder in found:
        if short_name(type(holder)) not in names:
            names.append(short_name(type(holder)))
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def readers(found: list) -> list:
    """Those that may have read more of a function than they need to call it: no plain containers and wrappers."""
    return [holder for holder in found if is_reader(holder)]


def is_reader(value: object) -> bool:
    kind = type(value)
    if any([is_below(kind, one) for one in (type, ModuleType, dict, list, set, frozenset)]):
        return False
    return short_name(kind) not in PLAIN_HOLDERS and module_of_class(kind).split(".")[0] not in READ_AT_EACH_CALL


PLAIN_HOLDERS = (
    *("function", "method", "builtin_function_or_method", "cell", "tuple", "list", "dict", "set", "frozenset", "frame"),
    *("generator", "coroutine", "code", "module", "type", "classmethod", "staticmethod", "property", "partial"),
    *("partialmethod", "cached_property", "_lru_cache_wrapper", "mappingproxy", "list_iterator", "dict_values"),
    *("SimpleNamespace", "Thread", "Timer", "weakref", "ReferenceType", "singledispatchmethod"),
)
READ_AT_EACH_CALL = ("typer",)  # it makes its commands anew for every call


def dispatches(found: list, functions: list) -> bool:
    """Whether one of the holders finds a function by a class: `functools.singledispatch` read it from an annotation."""
    known = {id(function) for function in functions}
    for holder in found:
        if type(holder) is dict:
            for key, value in list(holder.items()):
                if id(value) in known and (is_class(key) or type(key) is tuple and any(map(is_class, key))):
                    return True
    return False
