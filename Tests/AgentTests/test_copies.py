"""Every live copy of a file follows it, each with its own state."""

from __future__ import annotations

import os

from lab import ANSWER, COPIES, Agent, Session, frame, read_frame
from test_bodies import LOOP

FILE = """sent = []
LIMIT = 1

def send(text):
    sent.append(text)

def label():
    return "v1", len(sent), LIMIT

class Channel:
    def name(self):
        return "v1"
"""
LOAD = """
import importlib.util, sys, os
def load(name, path):
    spec = importlib.util.spec_from_file_location(name, os.path.abspath(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""


def start_with(start: object, main: str, file: str = FILE) -> Session:
    return start({"main.py": LOAD + main + LOOP, "shop.py": file})


def test_a_private_module_follows_with_its_state(start: object) -> None:
    session = start_with(
        start, "one = load('chat', 'shop.py'); two = load('chat', 'shop.py'); import shop\none.send(1)\n"
    )
    outside = [module for module in session.inventory()["modules"] if module.get("is_stray")]
    assert outside == []  # the file is known by its module
    reply = session.save({"shop.py": FILE.replace("v1", "v2").replace("LIMIT = 1", "LIMIT = 2")})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert reply["pause"] > 0  # the search for the copies came before it
    assert session.say("[m.label() for m in (one, two, shop)]") == "[('v2', 1, 2), ('v2', 0, 2), ('v2', 0, 2)]"
    assert session.say("[m.Channel().name() for m in (one, two, shop)]") == "['v2', 'v2', 'v2']"
    reply = session.save({"shop.py": FILE.replace('"v1", len', "more(), len") + "\ndef more():\n    return 'v3'\n"})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("[m.label() for m in (one, two, shop)]") == "[('v3', 1, 1), ('v3', 0, 1), ('v3', 0, 1)]"


def test_a_file_that_only_a_private_module_has_is_known(start: object) -> None:
    session = start_with(start, "one = load('chat', 'shop.py')\n")
    outside = [module for module in session.inventory()["modules"] if module.get("is_stray")]
    assert [module["file"] for module in outside] == [session.path("shop.py")]
    session.save({"shop.py": FILE.replace("v1", "v2")})
    assert session.say("one.label()") == "('v2', 0, 1)"


def test_a_file_that_was_executed_follows(start: object) -> None:
    main = (
        "space = {'__name__': 'macro'}\npath = os.path.abspath('shop.py')\n"
        "exec(compile(open(path).read(), path, 'exec'), space)\n"
    )
    session = start_with(start, main)
    session.say("space['send'](1)")
    session.save({"shop.py": FILE.replace("v1", "v2")})
    assert session.say("space['label'](), space['Channel']().name()") == "(('v2', 1, 1), 'v2')"


def test_a_module_that_was_imported_again_and_its_former_self_follow(start: object) -> None:
    main = "import shop\nold, held = shop.Channel(), shop.label\ndel sys.modules['shop']\nimport shop\n"
    session = start_with(start, main)
    session.save({"shop.py": FILE.replace("v1", "v2")})
    assert session.say("old.name(), held()[0], shop.label()[0], shop.Channel().name()") == "('v2', 'v2', 'v2', 'v2')"


def test_an_instance_in_the_place_of_its_module(start: object) -> None:
    text = FILE + (
        "\nimport sys\nclass Api:\n    def get(self):\n        return label()[0]\nsys.modules[__name__] = Api()\n"
    )
    session = start_with(start, "import shop\n", text)
    session.save({"shop.py": text.replace("v1", "v2")})
    assert session.say("shop.get()") == "'v2'"


def test_a_main_file_whose_names_were_copied_into_the_module(start: object) -> None:
    main = (
        "import runpy, types\nmade = types.ModuleType('__mp_main__')\n"
        "made.__dict__.update(runpy.run_path(os.path.abspath('shop.py'), run_name='__mp_main__'))\n"
        "sys.modules['__mp_main__'] = made\n"
    )
    session = start_with(start, main)
    reply = session.save({"shop.py": FILE.replace("v1", "v2").replace("LIMIT = 1", "LIMIT = 7") + "\nnew = 5\n"})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("made.label(), made.LIMIT, made.new, made.label.__globals__['new']") == "(('v2', 0, 7), 7, 5, 5)"


def test_functions_that_came_by_value_follow_although_names_are_missing_there(start: object) -> None:
    text = FILE + "\ndef keep(function):\n    return function\n"
    main = (
        "import shop, types\nglobe = {'__name__': '__main__', 'sent': [], 'LIMIT': 1}\n"
        "code = compile(open('shop.py').read(), os.path.abspath('shop.py'), 'exec')\n"
        "inner = [c for c in code.co_consts if getattr(c, 'co_name', '') == 'label'][0]\n"
        "job = types.FunctionType(inner, globe)\n"
    )
    session = start_with(start, main, text)
    reply = session.save({"shop.py": text.replace("v1", "v2") + "\n@keep\ndef late():\n    return 1\n"})
    assert reply["rejected"] is None
    assert [kept[1] for kept in reply["kept"]] == ["other-copy"]
    assert session.say("job(), shop.label(), shop.late()") == "(('v2', 0, 1), ('v2', 0, 1), 1)"


def test_a_copy_that_cannot_follow_holds_nothing_up(start: object) -> None:
    main = "import shop\none = load('chat', 'shop.py')\none.LIMIT = 9\none.__dict__.pop('Channel')\n"
    session = start_with(start, main)
    reply = session.save({"shop.py": FILE.replace("v1", "v2").replace("LIMIT = 1", "LIMIT = 2")})
    assert reply["rejected"] is None
    assert [kept[1] for kept in reply["kept"]] == ["live-value-kept"]
    assert "the copy of chat" in reply["kept"][0][2]
    assert session.say("shop.label(), one.label()") == "(('v2', 0, 2), ('v2', 0, 9))"


LARGE = "import shop\nheap = [[n] for n in range(700_000)]\n"


def test_a_large_heap_is_not_listed_and_that_is_told(start: object) -> None:
    session = start_with(start, LARGE + "held = {'code': shop.label.__code__}\n")
    reply = session.save({"shop.py": FILE.replace("v1", "v2")})
    assert reply["searched"] is False
    assert [note[1] for note in reply["notes"]] == ["decorator-held", "heap-too-large"]
    assert session.say("shop.label()") == "('v2', 0, 1)"


def test_copies_in_a_large_heap_are_found_by_what_leads_to_them(start: object) -> None:
    main = (
        "class Manager:\n    def __init__(self):\n        self.plugins = {'one': load('chat', 'shop.py')}\n"
        "manager = Manager()\nspace = {'__name__': 'macro'}\npath = os.path.abspath('shop.py')\n"
        "exec(compile(open(path).read(), path, 'exec'), space)\nmacros = [[space['label']]]\ndel space\n"
    )
    session = start_with(start, LARGE + main)
    reply = session.save({"shop.py": FILE.replace("v1", "v2")})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("manager.plugins['one'].label()[0], macros[0][0]()[0], shop.label()[0]") == "('v2', 'v2', 'v2')"


def test_closures_in_a_large_heap_follow(start: object) -> None:
    text = FILE + "\ndef counted(function):\n    def inner():\n        return 'v1', function()\n    return inner\n"
    main = "import shop\nroutes = {'/': [shop.counted(lambda: 5)]}\n"
    session = start_with(start, LARGE + main, text)
    session.save({"shop.py": text.replace("v1", "v2")})
    assert session.say("routes['/'][0]()") == "('v2', 5)"


def test_a_copy_that_comes_between_two_saves_is_found_when_nobody_waits(start: object) -> None:
    session = start_with(start, "import shop, gc\n")
    session.save({"shop.py": FILE.replace("v1", "v2")})
    session.say("globals().update(late=load('late', 'shop.py'), rest=gc.collect()) or late.send(1)")
    reply = session.save({"shop.py": FILE.replace("v1", "v3").replace("LIMIT = 1", "LIMIT = 2")}, is_last=True)
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert reply["late"] == [[session.path("shop.py"), 3, ""]]
    assert session.say("late.label(), shop.label(), late.Channel().name()") == "(('v3', 1, 2), ('v3', 0, 2), 'v3')"
    reply = session.save({"shop.py": FILE.replace("v1", "v4")}, is_last=True)
    assert (reply["late"], session.say("late.label(), shop.label()[0]")) == ([], "(('v4', 1, 1), 'v4')")


def test_a_young_copy_is_found_when_nobody_waits(start: object) -> None:
    session = start_with(start, "import shop, gc\ngc.collect()\ngc.disable()\n")
    session.inventory()
    session.say("globals().update(late=load('late', 'shop.py')) or late.send(1)")
    reply = session.save({"shop.py": FILE + "\ndef more():\n    return sent\n"}, is_last=True)
    assert reply["late"] == [[session.path("shop.py"), 1, ""]]
    assert session.say("late.more(), shop.more()") == "([1], [])"
    session.save({"shop.py": FILE.replace("v1", "v2")})
    assert session.say("late.label()[0]") == "'v2'"  # it was told to the next agent


def test_a_copy_that_a_collection_has_moved_is_found(start: object) -> None:
    session = start_with(start, "import shop, gc\ngc.collect()\ngc.disable()\n")
    session.inventory()
    session.say("globals().update(late=load('late', 'shop.py')) or gc.collect(1)")
    reply = session.save({"shop.py": FILE.replace("v1", "v2")}, is_last=True)
    assert (reply["late"], session.say("late.label()[0]")) == ([[session.path("shop.py"), 2, ""]], "'v2'")


def test_a_copy_of_the_saved_file_is_left_alone(start: object) -> None:
    session = start_with(start, "import shop, gc\n")
    session.inventory()
    new = FILE.replace("v1", "v2").replace("LIMIT = 1", "LIMIT = 2")
    session.say(f"open('shop.py', 'w').write({new!r}) and globals().update(late=load('late', 'shop.py')) or late.send(1)")
    reply = session.save({"shop.py": new}, is_last=True)
    assert (reply["late"], session.say("late.label()")) == ([], "('v2', 1, 2)")


def test_what_a_late_copy_cannot_follow_is_told(start: object) -> None:
    session = start_with(start, "import shop\n")
    session.inventory()
    session.say("globals().update(late=load('late', 'shop.py')) or late.__dict__.update(LIMIT=9)")
    reply = session.save({"shop.py": FILE.replace("v1", "v2").replace("LIMIT = 1", "LIMIT = 2")}, is_last=True)
    [[path, changed, kept]] = reply["late"]
    assert (path, changed) == (session.path("shop.py"), 2)
    assert "in the copy of late" in kept
    assert session.say("late.label(), shop.label()") == "(('v2', 0, 9), ('v2', 0, 2))"


def test_what_nobody_waits_for_ends_where_something_is_asked(start: object) -> None:
    session = start_with(start, "import shop\nheap = [[n] for n in range(200_000)]\n")
    agent = Agent(session.target.folder, session.twin, session.request({"shop.py": FILE.replace("v1", "v2")})[1])
    assert (agent.answer()[0], agent.end()[0]) == ("patch", "done")
    session.say("globals().update(late=load('late', 'shop.py')) or __import__('gc').collect()")
    content = session.request({"shop.py": FILE.replace("v1", "v3")})[1]
    assert agent.ask(content)[1]["rejected"] is None and agent.end()
    os.write(agent.to_agent, frame(3, COPIES) + frame(4, COPIES))
    answers = [read_frame(agent.from_agent) for _ in range(6)]
    [first, second] = [value[1] for _, kind, value in answers if kind == ANSWER]
    assert (first["is_done"], first["late"]) == (False, [])
    assert (second["is_done"], len(second["late"])) == (True, 1)
    agent.close()
    assert session.say("late.label()[0]") == "'v3'"


def test_a_module_that_is_replaced_between_two_saves_is_found(start: object) -> None:
    session = start_with(start, "import shop\n")
    session.save({"shop.py": FILE.replace("v1", "v2")})
    session.say("globals().update(old=shop, gone=sys.modules.pop('shop')) or __import__('shop').label()")
    session.save({"shop.py": FILE.replace("v1", "v3")})
    assert session.say("old.label()[0], sys.modules['shop'].label()[0]") == "('v3', 'v3')"


def test_a_new_function_of_a_copy_reads_the_state_of_the_copy(start: object) -> None:
    session = start_with(start, "import shop\none = load('chat', 'shop.py')\none.send(1)\n")
    more = FILE + "\n\ndef first():\n    return sent[0] if sent else None\n"
    reply = session.save({"shop.py": more})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    assert session.say("one.first(), shop.first(), one.first.__globals__ is one.__dict__") == "(1, None, True)"


def test_a_class_of_a_copy_is_not_taken_for_that_of_the_file(start: object) -> None:
    session = start_with(start, "import shop\none = load('shop', 'shop.py')\n")
    reply = session.save({"shop.py": FILE + "\n    def more(self):\n        return LIMIT\n"})
    assert (reply["rejected"], reply["kept"]) == (None, [])
    session.say("globals()['one'].__dict__.update(LIMIT=8)")
    assert session.say("one.Channel().more(), shop.Channel().more()") == "(8, 1)"


def test_a_change_that_its_file_refuses_does_not_go_into_the_copy(start: object) -> None:
    text = FILE + "\n\ndef keep(function):\n    return function\n"
    session = start_with(start, "import shop\none = load('chat', 'shop.py')\none.there = 1\n", text)
    changed = text.replace("v1", "v2") + "\n\n@there\ndef late():\n    return 1\n"
    reply = session.save({"shop.py": changed})
    assert [failed[1] for failed in reply["failed"]] == ["decorator-failed"]
    assert session.say("one.label()[0], hasattr(one, 'late'), hasattr(shop, 'late')") == "('v2', False, False)"


def test_the_next_agent_need_not_search_again(start: object) -> None:
    session = start_with(start, "import shop\n")
    told = session.inventory()["heap"]
    assert told
    reply = session.save({"shop.py": FILE.replace("v1", "v2")})
    assert (reply["heap"], reply["searched"]) == (b"", False)  # it went on with what was told


def test_a_module_that_left_sys_modules_after_the_search_is_a_copy(start: object) -> None:
    session = start_with(start, "import shop, gc\ngc.collect()\n")
    session.inventory()
    session.say("globals().update(old=shop, gone=sys.modules.pop('shop')) or __import__('shop').label()")
    session.save({"shop.py": FILE.replace("v1", "v2")})
    assert session.say("old.label()[0], sys.modules['shop'].label()[0]") == "('v2', 'v2')"
