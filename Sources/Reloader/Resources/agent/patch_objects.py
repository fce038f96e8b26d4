"""Objects that were made while the program ran, by what a save changes: they have what was read then."""


def tell_made_objects(patch: Patch, classes: list, stale: dict) -> None:
    """Names classes of the program whose making of an object reads a changed name, and that have objects."""
    found = [(cls, read_by_maker(cls, stale)) for cls in classes] if stale else []
    read = {id(cls): (cls, name) for cls, name in found if name}
    told = [remark[4] for remark in patch.notes if remark[1] == "derived-value" and len(remark) > 4]
    for cls, name, made in objects_of(read):
        place = str(module_of_class(cls)) + "." + name_of_class(cls)
        held = [one for one in made if not is_told_of(one, told)]
        if held:
            code = makers_of(cls)[0].__code__
            message = "objects of it were made with " + name + ", which is another one now; they keep what they took"
            patch.notes.append([-1, "derived-value", message, len(held), place, code.co_filename, code.co_firstlineno])


def makers_of(cls: type) -> list:
    own = [class_dict(cls).get(name) for name in MAKERS]
    return [one for one in own if type(one) is FunctionType]


def read_by_maker(cls: type, stale: dict) -> str:
    """The changed name that is read when an object is made, by methods of the class's own."""
    for one in makers_of(cls):
        changes = Record(stale=stale, names=None, at=0, seen=set(), waiting=WAITING)
        name = name_in_method(changes, cls, one) or name_read(changes, one, 2, False)
        if name:
            return name
    return ""


def objects_of(read: dict) -> list:
    """[class, name, its objects]; [] in a heap that is too large to be looked through for this."""
    if not read or heap_is_frozen() or sys.getallocatedblocks() > FEW_BLOCKS:
        return []
    found = {}
    classes = [cls for cls, _ in read.values()]
    for one in gc.get_referrers(*classes) if INSTANCES_REFER_TO_CLASS else gc.get_objects():
        if id(type(one)) in read:
            found.setdefault(id(type(one)), []).append(one)
    return [(*read[key], made) for key, made in found.items()]


def is_told_of(value: object, told: list) -> bool:
    """Whether a name of a module that was told of leads to it, or to what has it."""
    for place in told:
        module, _, name = place.rpartition(".")
        for key in name.split(", "):
            held = module_dict(sys.modules.get(module)).get(key)
            if held is value or any([one is value for one in gc.get_referents(held)]):
                return True
    return False
