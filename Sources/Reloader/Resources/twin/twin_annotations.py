"""Annotated names of modules and classes, and doc strings of modules."""


def annotated_scopes(version: Version) -> dict:
    """By names of the classes around them: (class nodes, [(statement, whether it stands inside of another statement)]).

    Every class is there, and the module, with or without annotated names; of classes with one name the last one.
    """
    scopes = {}

    def collect(body: list, owners: tuple, is_inside: bool) -> None:
        found = scopes.setdefault(tuple([owner.name for owner in owners]), (owners, []))[1]
        for node in body:
            if isinstance(node, ast.AnnAssign) and node.simple:
                found.append((node, is_inside))
            elif isinstance(node, ast.ClassDef):
                scopes.pop((*[owner.name for owner in owners], node.name), None)
                collect(node.body, (*owners, node), False)
            elif not isinstance(node, FUNCTIONS):
                for inner in blocks(node):
                    collect(inner, owners, True)

    collect(version.tree.body, (), False)
    return scopes


def annotated_units(units: list, old: Version, new: Version) -> list:
    """For each module or class whose annotated names are not the same: what they are now, with code that makes them.

    `changed`: names with another annotation, new and gone ones too. Where only functions change, no tree is made.
    """
    if old.future == new.future and all([unit["kind"] in ("function", "import", "doc") for unit in units]):
        return []
    before, after = annotated_scopes(old), annotated_scopes(new)
    flag = __future__.annotations.compiler_flag
    has_other_kind = bool((old.future ^ new.future) & flag)
    found = []
    for names, (owners, nodes) in after.items():
        if names not in before or not (nodes or before[names][1]):
            continue
        was = [(node.target.id, inside, dump(node.annotation)) for node, inside in before[names][1]]
        now = [(node.target.id, inside, dump(node.annotation)) for node, inside in nodes]
        if was == now and not has_other_kind:
            continue
        same = set() if has_other_kind else {(name, text) for name, _, text in set(was) & set(now)}
        changed = {name for name, _, _ in set(was) ^ set(now)} if not has_other_kind else {name for name, _, _ in now}
        unit = {"kind": "annotation", "path": new.path, "owner": list(names), "changed": sorted(changed)}
        unit["at"] = nodes[0][0].lineno if nodes else 1
        unit["is_other_kind"] = has_other_kind
        unit["names"] = [[name, (name, text) not in same, inside] for name, inside, text in now]
        unit["old"] = [[name, inside] for name, inside, _ in was]
        wanted = [node for node, _ in nodes if ANNOTATES_LATE or (node.target.id, dump(node.annotation)) not in same]
        unit["make"] = new.synthetic([without_value(node) for node in wanted], owners) if wanted else None
        unit["units"] = [u for u in units if u.get("owner") == list(names) and u["bind"] in changed]
        unit["units"] = [{"id": u["id"], "bind": u["bind"]} for u in unit["units"]]
        found.append(unit)
    return found


def without_value(node: ast.AnnAssign) -> ast.AnnAssign:
    bare = ast.AnnAssign(target=node.target, annotation=node.annotation, value=None, simple=1)
    return ast.copy_location(bare, node)


def annotation_unit(change: dict, old: Version, new: Version) -> dict:
    """An annotated name that is gone from the source."""
    node, owners = find_statement(old, change, change["old"])
    unit = {"id": change["id"], "kind": "annotation", "path": new.path, "at": change["old"][0], "make": None}
    unit.update({"again": change.get("again"), **NO_READS})
    unit.update({"owner": [owner.name for owner in owners], "bind": change["name"], "name": change["name"]})
    return {**unit, "qualname": change["qualname"], "has_value": getattr(node, "value", None) is not None}


def doc_unit(change: dict, old: Version, new: Version) -> dict:
    """The doc string of the module."""
    unit = {"id": change["id"], "kind": "doc", "path": new.path, "at": 1, "owner": [], "bind": "__doc__", "make": None}
    unit.update({"again": change.get("again"), **NO_READS})
    return {**unit, "name": "__doc__", "qualname": change["qualname"], "was": module_doc(old), "doc": module_doc(new)}


def module_doc(version: Version) -> object:
    """As the compiler stores it: 3.13 takes the indentation away, -OO leaves none."""
    if version.optimize > 1 or ast.get_docstring(version.tree, False) is None:
        return None
    names = {}
    module = ast.Module(body=version.tree.body[:1], type_ignores=[])
    exec(compile(module, "<doc>", "exec", 0, True, version.optimize), names)
    return names["__doc__"]
