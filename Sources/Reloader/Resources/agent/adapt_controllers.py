"""Litestar and falcon read the names of a class when it is registered, and route by what they have read.

Read of Litestar 2.25: options of a controller are the `__slots__` of `Controller`, handlers are of `BaseRouteHandler`;
what is registered is an instance. Of falcon 4.4: a `CompiledRouterNode` has a `resource`, whose methods named by
`COMBINED_METHODS` are bound once, in its `method_map`.
"""


def tell_controllers(patch: Patch) -> None:
    """After the swap: names members of registered classes that come, go or change without a route."""
    try:
        readers = [reader for reader in (litestar_reader(), falcon_reader()) if reader is not None]
        for step, owner, name, old, new in patch.renewed.values() if readers and not is_dry(patch) else ():
            is_told = any([key == step.unit["id"] and reason in ROUTE_REASONS for key, reason, *_ in patch.notes])
            if step.failure is None and is_class(owner) and type(name) is str and not is_told:
                for has_read, message in readers:
                    if has_read(owner, name, old, new):
                        note(patch, step.unit, "read-at-import", message, 1)
    except BaseException as error:
        note(patch, None, "read-at-import", "what is routed could not be looked at: " + describe(error), 1)


ROUTE_REASONS = ("read-at-import", "decorator-held")


def litestar_reader() -> tuple | None:
    """(whether it has read a member of a class, what to say); None where Litestar is not there."""
    controller = module_dict(sys.modules.get("litestar.controller")).get("Controller")
    handler = module_dict(sys.modules.get("litestar.handlers.base")).get("BaseRouteHandler")
    if not is_class(controller) or not is_class(handler):
        return None
    options = class_dict(controller).get("__slots__")
    known = {}

    def has_read(owner: type, name: str, old: object, new: object) -> bool:
        is_handler = is_below(type(old), handler) or is_below(type(new), handler)
        is_read = is_handler or type(options) is tuple and name in options
        kinds = [one for one in with_derived([owner]) if is_below(one, controller)] if is_read else []
        return bool(kinds) and objects_of_classes(kinds, known) != []

    return has_read, "Litestar reads it when the controller is registered, and goes on with what it found then"


def falcon_reader() -> tuple | None:
    """The same of falcon."""
    node = module_dict(sys.modules.get("falcon.routing.compiled")).get("CompiledRouterNode")
    methods = module_dict(sys.modules.get("falcon.constants")).get("COMBINED_METHODS")
    if not is_class(node) or not is_one_of(type(methods), (list, tuple)):
        return None
    responders = ["on_" + method.lower() for method in methods if type(method) is str]
    known = {}

    def has_read(owner: type, name: str, old: object, new: object) -> bool:
        if not any([name == one or name.startswith(one + "_") for one in responders]):
            return False
        found = objects_of_classes([node], known)
        if found is None:
            return True
        nodes = [names for names in map(own_attributes, found) if is_below(type(names.get("resource")), owner)]
        return bool(nodes) if old is MISSING else any([calls_method(names, old) for names in nodes])

    return has_read, "falcon takes the methods of a resource when its route is added, and goes on with those"


def calls_method(node: dict, member: object) -> bool:
    """Whether a node of falcon's router calls the method: one that came after the route was added was never called."""
    methods = node.get("method_map")
    bound = list(methods.values()) if type(methods) is dict else []
    member = member.__func__ if is_one_of(type(member), (staticmethod, classmethod)) else member
    return any([member is (one.__func__ if type(one) is MethodType else one) for one in bound])


MethodType = type((lambda value: value).__get__(1))
