"""cachetools: results of the former code, where nothing says how the cache that has them is emptied.

Read of it, in 4.2, 5.5, 6.2 and 8.0: a wrapper is a function of the library, or leads to one, that has the wrapped
function and `cache` in its closure: that is the cache, or of a method what gives the cache of an instance. A cache
has its results in `_Cache__data`, a dict.
"""


def is_of_cachetools(name: object) -> bool:
    return type(name) is str and name.partition(".")[0] == "cachetools"


def results_of(step: Patch, cache: object, known: dict) -> int:
    """How many results a cache has, or the caches that instances have under the name that `cache` asks them for; 1
    where instances cannot be listed."""
    name = attribute_asked(cache)
    cls = owner_of(step.space, step.unit["owner"]) if name and step.unit["owner"] else None
    if not is_class(cls):
        return size_of_cache(cache)
    instances = objects_of_classes(with_derived([cls]), known)
    if instances is None:
        return 1
    return sum([size_of_cache(own_attributes(one).get(name)) for one in instances])


def attribute_asked(getter: object) -> str:
    """The attribute of an instance that `operator.attrgetter`, or a function of one name, gives; "" for all else."""
    names = ()
    if type(getter) is FunctionType and getter.__code__.co_argcount == 1:
        names = getter.__code__.co_names
    elif type(getter) is module_dict(sys.modules.get("_operator")).get("attrgetter"):
        names = type(getter).__reduce__(getter)[1]
    return names[0] if len(names) == 1 and "." not in names[0] else ""


def size_of_cache(cache: object) -> int:
    if type(cache) is not dict:
        cache = own_attributes(cache).get("_Cache__data")
    return len(cache) if type(cache) is dict else 0
