"""The instrument itself: it sees what differs, it takes a word of midflight for it, and it takes nothing else."""

from __future__ import annotations

import sys
import textwrap
import types

import graph
import verdict


def made(text: str, name: str = "lab") -> dict:
    """The description of a module with this source."""
    module = types.ModuleType(name)
    sys.modules[name] = module
    try:
        exec(compile(textwrap.dedent(text), "/lab.py", "exec"), module.__dict__)
        found = graph.dump([name], [name])
        return {**found["texts"], **found["deep"]}
    finally:
        del sys.modules[name]


def test_equal_sources_are_equal() -> None:
    text = "import re\nN = [1, {2: re.compile('a')}]\nclass A:\n    x: int = 1\n    p = property(lambda self: N)\n"
    assert made(text) == made(text)


def test_moved_lines_are_equal() -> None:
    assert made("def f(a=1): return a") == made("\n\ndef f(a=1): return a")


def test_every_part_of_a_definition_counts() -> None:
    pairs = [
        ("def f(): return 1", "def f(): return 2", "lab:f"),
        ("def f(a=1): pass", "def f(a=2): pass", "lab:f"),
        ("def f(a: int): pass", "def f(a: str): pass", "lab:f"),
        ("def f(): 'a'", "def f(): 'b'", "lab:f"),
        ("class A:\n  def m(self): return 1", "class A:\n  def m(self): return 2", "lab:A.m"),
        ("class A: pass", "class A(Exception): pass", "lab:A"),
        ("class A:\n  x = 1", "class A:\n  x = 2", "lab:A.x"),
        ("class A:\n  @staticmethod\n  def s(): 1", "class A:\n  @classmethod\n  def s(): 1", "lab:A.s"),
        ("class A:\n  @property\n  def p(self): return 1", "class A:\n  @property\n  def p(self): return 2", "lab:A.p"),
        ("x = {1: [2]}", "x = {1: [3]}", "lab:x"),
        ("x = (lambda n: lambda: n)(1)", "x = (lambda n: lambda: n)(2)", "lab:x"),
    ]
    for old, new, path in pairs:
        first, second = made(old), made(new)
        assert [p for p in {**first, **second} if first.get(p) != second.get(p)] == [path], (old, new)


def test_a_copy_that_its_name_does_not_lead_to_is_detached() -> None:
    text = made("def f(): pass\ng = f\ndef f(): return 2")
    assert text["lab:g"].startswith("detached function")
    assert text["lab:f"].startswith("function")


def test_values_that_contain_themselves_end() -> None:
    assert "<list>" in made("x = []\nx.append(x)")["lab:x"]


def event(**members: object) -> dict:
    return {"event": "reload", "ms": {"pause": 1.5}, "applied": [], "kept": [], "notes": [], **members}


def judged(*events: dict) -> verdict.Verdict:
    old = {"m:A.f": "function 1", "m:x": "1"}
    live = {"m:A.f": "function 1", "m:x": "1"}
    fresh = {"m:A.f": "function 2", "m:x": "2"}
    told = verdict.told_by(list(events), {"m.py": "m"})
    return verdict.judge(described(old), described(live), described(fresh), described(fresh), told)


def described(texts: dict, deep: dict | None = None, names: dict | None = None) -> verdict.Description:
    return {"texts": texts, "deep": deep or {}, "names": names or {}}


def test_what_nobody_named_is_unreported() -> None:
    found = judged()
    assert [row[0] for row in found.unreported] == ["m:A.f", "m:x"]
    assert (found.functions, found.applied, found.holds) == (1, 0, False)


def test_a_name_covers_itself_and_what_it_contains() -> None:
    found = judged(event(kept=[{"name": "m.A, x", "file": "m.py", "reason": "class-layout"}]))
    assert found.holds
    assert found.held == {"class-layout": 2}


def test_what_was_claimed_is_counted_apart() -> None:
    found = judged(event(applied=[{"name": "m.A.f"}, {"name": "m.x"}]))
    assert [row[0] for row in found.claimed] == ["m:A.f", "m:x"]


def test_a_rejected_file_covers_its_module() -> None:
    found = judged({"event": "rejected", "files": ["m.py"], "reason": "syntax"})
    assert found.holds
    assert found.held == {"rejected: syntax": 2}


def test_chance_is_left_out() -> None:
    told = verdict.told_by([], {})
    live, fresh, again = (described({"m:x": text}) for text in "123")
    assert verdict.judge(described({}), live, fresh, again, told).differences == 0


def test_what_the_order_of_imports_decides_is_left_out() -> None:
    told = verdict.told_by([], {})
    live, fresh, reverse = (described({"m:x": text}) for text in "122")
    assert len(verdict.judge(live, live, fresh, fresh, told, reverse).unreported) == 1
    reverse["texts"]["m:x"] = "3"
    assert verdict.judge(live, live, fresh, fresh, told, reverse).differences == 0
    assert len(verdict.judge(live, live, fresh, fresh, told, described({})).unreported) == 1


def test_a_module_that_one_process_has_is_one_difference() -> None:
    live = described({"m:x": "1", "m:y": "1", "p:m": "<module m>", "p:z": "1"})
    fresh = described({"p:z": "1"})
    told = verdict.told_by([event(applied=[{"name": "m.y"}])], {})
    assert verdict.judge(live, live, fresh, fresh, told).unreported == [["m", "loaded", "loaded", "-"]]
    told.named["m"] = "derived-value"
    assert verdict.judge(live, live, fresh, fresh, told).holds


def test_the_table_of_modules_is_no_value_of_a_module() -> None:
    assert made("import sys\nx = sys.modules")["lab:x"] == "<sys.modules>"
    assert "<sys.path_hooks>" in made("import sys\ndef f(hooks=sys.path_hooks): pass")["lab:f"]


def test_an_object_is_described_once() -> None:
    source = "class C:\n  def __init__(self, n): self.n = n\nx = C(%d)\ny = [x]\nz = C(y)\n"
    first, second = made(source % 1), made(source % 2)
    assert [path for path in first if first[path] != second[path]] == ["lab:x"]
    assert first["lab:y"] == "list(=> lab:x)"


def test_that_an_object_is_another_one_counts() -> None:
    source = "class C: pass\nx = C()\ny = %s\n"
    assert made(source % "x")["lab:y"] != made(source % "C()")["lab:y"]


def test_how_a_method_of_a_module_is_called_is_no_difference() -> None:
    source = "%s\ndef f(a):\n  for one in a:\n    if one: return json.dumps(one)\n"
    assert made(source % "import json")["lab:f"] == made(source % "json = None")["lab:f"]


def test_an_object_is_named_by_each_of_its_names() -> None:
    live = described({}, {"m:x": "1"}, {"m:x": ["m:A.y"]})
    fresh = described({}, {"m:x": "2"})
    for name, holds in (("m.A", True), ("m.x", True), ("m.B", False)):
        told = verdict.told_by([event(kept=[{"name": name, "file": "m.py", "reason": "class-layout"}])], {})
        assert verdict.judge(described({}), live, fresh, fresh, told).holds is holds


def test_a_part_of_an_object_is_named_by_each_name_of_the_object() -> None:
    was, now = ({"texts": {}, "deep": {"lab:cart.owner[0]": text}, "names": {}} for text in ("old", "new"))
    now["names"]["lab:cart"] = ["other:cart"]
    for name, count in (("other.cart", 0), ("other.car", 1)):
        told = verdict.Told({name: "kept"}, set(), [], 0, 0.0)
        assert len(verdict.judge(was, was, now, now, told).unreported) == count


def test_the_order_of_names_tells_nothing() -> None:
    first = made("class C: pass\ndef f(n=C()): pass\nx = f.__defaults__[0]\ny = x\n")
    second = made("class C: pass\ny = C()\nx = y\ndef f(n=x): pass\n")
    assert first == second


def test_an_object_without_state_is_named_by_the_package_that_has_it() -> None:
    other = types.ModuleType("elsewhere")
    sys.modules["elsewhere"] = other
    try:
        exec("class Missing: __slots__ = ()\nMISSING = Missing()", other.__dict__)
        one = "import elsewhere\ndef f(x=elsewhere.MISSING): 1\ndef g(x=elsewhere.MISSING): 1"
        two = "import elsewhere\ndef g(x=elsewhere.MISSING): 1\ndef f(x=elsewhere.MISSING): 1"
        assert made(one) == made(two)
        assert "<elsewhere:MISSING>" in made(one)["lab:f"]
    finally:
        del sys.modules["elsewhere"]


def test_a_proxy_is_not_asked() -> None:
    source = """
        x = None
        class P:
            seen = []
            @property
            def __class__(self):
                P.seen.append(1)
                return int
            @property
            def __dict__(self):
                P.seen.append(2)
                return {}
        x = P()
    """
    assert made(source)["lab:P.seen"] == "list()"


def test_a_kept_field_names_what_its_class_has_of_fields() -> None:
    told = verdict.told_by([event(kept=[{"name": "m.A.x", "file": "m.py", "reason": "class-layout"}])], {})
    live = {"m:A._fields": "tuple('x')"}
    assert verdict.of_fields("m:A.__new__", live, told) == "class-layout"
    assert not verdict.of_fields("m:A.f", live, told)
    assert not verdict.of_fields("m:A.__new__", {}, told)


def test_a_kept_member_is_named_where_an_object_has_it() -> None:
    told = verdict.told_by([event(kept=[{"name": "n.A.f", "file": "n.py", "reason": "class-layout"}])], {})
    named = described({}, {}, {"m:A": ["n:A"]})
    assert verdict.of_member("m:A._attrs.f", told, named, named) == "class-layout"
    assert not verdict.of_member("m:A._attrs.g", told, named, named)
    assert not verdict.of_member("m:B._attrs.f", told, named, named)


def test_kept_members_name_the_tables_of_their_enumeration() -> None:
    kept = [{"name": "m.A.RED", "file": "m.py", "reason": "enum-members"}]
    told = verdict.told_by([event(kept=kept)], {})
    assert told.reason("m.A._member_map_.RED") and not told.reason("m.A.f")


def test_what_stands_for_a_module_is_that_module() -> None:
    text = made("import sys\nclass M(type(sys)): pass\nm = M('lab.m')\nsys.modules['lab.m'] = m\nx = m\n")
    del sys.modules["lab.m"]
    assert text["lab:x"] == "<module lab.m>"
    source = """
        import sys
        class Proxy:
            def __getattribute__(self, name):
                return type(sys) if name == "__class__" else globals() if name == "__dict__" else globals()[name]
        class C: pass
        sys.modules[__name__] = p = Proxy()
    """
    assert made(source)["lab:p"] == "<module lab>"
    assert made(source)["lab:C"].startswith("class ")


def test_an_attribute_is_a_better_name_than_a_place_in_a_container() -> None:
    source = "class C: pass\nx = C()\nx.y = C()\na = [x, x.y]\n"
    assert made(source)["lab:a"].endswith("=> lab:x.y)")


def test_how_many_instances_a_class_has_counted_is_no_difference() -> None:
    source = "class C:\n  creation_counter = %d\nx = C()\nx.creation_counter = %d\n"
    assert made(source % (1, 2)) == made(source % (3, 4))
    source = "class C: pass\nx = C()\nx._dependents = %s\n"
    assert made(source % 1) == made(source % 2)


def test_a_container_is_named_by_each_of_its_names() -> None:
    modules = {name: types.ModuleType(name) for name in ("lab", "other")}
    modules["lab"].x = modules["other"].y = {}
    sys.modules.update(modules)
    found = graph.dump(list(modules), list(modules))
    for name in modules:
        del sys.modules[name]
    assert found["names"] == {"lab:x": ["other:y"], "other:y": ["lab:x"]}
    was, now = described({"other:y": "{}"}, {}, found["names"]), described({"other:y": "{1}"}, {}, found["names"])
    told = verdict.Told({"lab.x": "derived-value"}, {"other.y"}, [], 0, 0.0)
    assert verdict.judge(was, was, now, now, told).holds


def test_an_element_of_a_list_is_of_the_list() -> None:
    was, now = (described({}, {"lab:x/7.pattern": text}) for text in ("old", "new"))
    told = verdict.Told({"lab.x": "module-statement"}, set(), [], 0, 0.0)
    assert verdict.judge(was, was, now, now, told).holds


def test_a_member_that_a_metaclass_has_put_elsewhere_is_named_by_its_own_name() -> None:
    was, now = (described({}, {"lab:Form.fields.town.label": text}) for text in ("old", "new"))
    for name, holds in (("lab.Form.town", True), ("lab.Form.city", False)):
        told = verdict.Told({name: "derived-value"}, set(), [], 0, 0.0)
        assert verdict.judge(was, was, now, now, told).holds is holds


def test_the_order_of_a_dict_is_no_difference_and_that_of_a_list_is() -> None:
    assert made("x = {1: 2, 3: 4}") == made("x = {3: 4, 1: 2}")
    assert made("x = [1, 2]") != made("x = [2, 1]")


def test_a_module_that_could_not_be_imported_before_is_no_difference() -> None:
    live, fresh = described({"m:x": "1"}), described({"m:x": "1", "m:n": "<module m.n>"})
    told = verdict.told_by([], {})
    assert verdict.judge(live, live, fresh, fresh, told).differences == 0
    fresh["texts"]["m:n"] = "<module n>"
    assert verdict.judge(live, live, fresh, fresh, told).differences == 1


def test_a_table_that_a_remark_speaks_of_is_named() -> None:
    was, now = (described({"m:Shop.commands": text}) for text in ("{}", "{1}"))
    text = "Shop.commands and Meta.all have gathered names of the class when it was made, and goes on with those"
    remark = {"name": "m.Shop.buy", "file": "m.py", "reason": "read-at-import", "message": text}
    assert verdict.judge(was, was, now, now, verdict.told_by([event(kept=[remark])], {})).holds


def test_instances_lack_what_a_base_of_their_class_has() -> None:
    base = "class of -> builtins:type bases ['-> m:Base'] flags 0"
    was, now = ({**described({"m:Shop": base}, {"m:x": f"-> m:Shop {{{n}}}"})} for n in "12")
    for name, holds in (("m.Base.town", True), ("m.Other.town", False)):
        told = verdict.Told({name: "instances-lack-field"}, set(), [], 0, 0.0)
        assert verdict.judge(was, was, now, now, told).holds is holds


def test_the_names_of_a_module_are_no_value_of_a_function() -> None:
    first, second = [made(f"N = {n}\ndef f(names=globals()): return names") for n in (1, 2)]
    assert [path for path in first if first[path] != second[path]] == ["lab:N"]
