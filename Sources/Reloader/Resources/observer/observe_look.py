"""`getglobal` and `vmtool`: one look at a value, or at the instances of a class."""


def names_for(spec: dict, values: dict) -> dict:
    """The namespace of an expression: guards and the named values; with calls allowed also the module's names."""
    if spec.get("allow_calls"):
        return {**module_dict(sys.modules.get(spec["module"])), **values}
    return {**GUARDS, "_slice": slice, "__builtins__": {}, **values}


def evaluated(spec: dict, values: dict) -> dict:
    """`type` and `text` of an expression's value, or `failed`: [reason id, message]."""
    try:
        value = eval(marshal.loads(spec["code"]), names_for(spec, values))
        if spec.get("raw"):
            text = repr(value)
        else:
            text = render(value, spec["depth"], new_bounds(spec["verbose"], spec["redact"]))
        return {"type": "<class '%s'>" % full_name(type(value)), "text": text[:LONGEST_TEXT]}
    except BaseException as error:
        if type(error) is BaseException and error.args[:1] == (MISSING,):
            return {"failed": [error.args[1], error.args[4]]}
        return {"failed": ["expression-failed", describe(error)]}


LONGEST_TEXT = 64_000


def look_up(spec: dict) -> dict:
    """A global, or an attribute of a class. `absent`: which of module, class, field is not there."""
    module = sys.modules.get(spec["module"])
    names = module_dict(module)
    if type(module) is not ModuleType and not names:
        return {"absent": "module"}
    if not spec["class"]:
        if spec["field"] not in names:
            return {"absent": "field"}
        return evaluated(spec, {"target": names[spec["field"]]})
    cls = class_in(names, spec["class"])
    if cls is None:
        return {"absent": "class"}
    for base in bases_of(cls):
        if spec["field"] in class_dict(base):
            return evaluated(spec, {"target": static_attribute(cls, spec["field"], spec["field"])})
    return {"absent": "field"}


def class_in(names: dict, dotted: str) -> object:
    """The class that `Outer.Inner` leads to, None if nothing or something else does."""
    found = MISSING
    for name in dotted.split("."):
        found = (names if found is MISSING else class_dict(found)).get(name)
        if not is_class(found):
            return None
    return found


def instances(spec: dict) -> dict:
    """The living instances of a class, and of its subclasses unless `exact`; `pause`: nanoseconds without others."""
    names = module_dict(sys.modules.get(spec["module"]))
    if not names:
        return {"absent": "module"}
    cls = class_in(names, spec["class"])
    if cls is None:
        return {"absent": "class"}
    started = clock()
    found = instances_of([cls] if spec["exact"] else with_subclasses(cls))
    pause = clock() - started
    total = len(found)
    if spec["limit"] >= 0:
        del found[spec["limit"] :]
    answer = evaluated(spec, {"instances": found, "target": cls})
    return {**answer, "total": total, "pause": pause, "frozen": gc.get_freeze_count() if heap_is_frozen() else 0}


def with_subclasses(cls: type) -> list:
    found = [cls]
    for known in found:
        for other in type.__subclasses__(known):
            if not any([other is one for one in found]):
                found.append(other)
    return found


def instances_of(classes: list) -> list:
    """From 3.9 on an instance of a class that a class statement made refers to its class; before, the heap is gone
    through."""
    wanted = {id(cls) for cls in classes}
    if not INSTANCES_REFER_TO_CLASS:
        return [value for value in gc.get_objects() if id(type(value)) in wanted]
    return [value for value in gc.get_referrers(*classes) if id(type(value)) in wanted]


def collect(spec: dict) -> dict:
    started = clock()
    return {"freed": gc.collect(), "pause": clock() - started}


OBSERVERS.update(value=look_up, instances=instances, collect=collect)
