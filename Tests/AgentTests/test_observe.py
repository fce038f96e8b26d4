"""Looking at values: what is shown, that nothing of the program runs for it, and that it is refused where it would."""

from __future__ import annotations

import marshal

import pytest
from lab import Agent, Session, program_source
from test_bodies import LOOP

SHY = '''
import datetime, decimal, enum

looked = []

class Shy:
    __slots__ = ("value", "_key", "__dict__")
    kind = 8

    def __init__(self, value):
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "extra", [value])

    def __repr__(self):
        looked.append("repr")
        return "Shy"

    def __eq__(self, other):
        looked.append("eq")
        return True

    def __hash__(self):
        looked.append("hash")
        return 1

    def __len__(self):
        looked.append("len")
        return 3

    def __bool__(self):
        looked.append("bool")
        return True

    def __iter__(self):
        looked.append("iter")
        return iter(())

    def __getattribute__(self, name):
        looked.append("getattribute " + name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        looked.append("getattr " + name)
        raise AttributeError(name)

    @property
    def loud(self):
        looked.append("property")
        return 1

    def method(self):
        return 42

class Sly(Shy):
    pass

class Strange(dict):
    def items(self):
        looked.append("items")
        return []

    def __iter__(self):
        looked.append("iter")
        return iter(())

class Meta(type):
    def __getattribute__(cls, name):
        looked.append("meta " + name)
        return type.__getattribute__(cls, name)

    def __eq__(cls, other):
        looked.append("meta eq")
        return True

    def __hash__(cls):
        looked.append("meta hash")
        return 1

class Odd(metaclass=Meta):
    field = 3

class Colour(enum.Enum):
    RED = 1

class Money(int):
    def __repr__(self):
        looked.append("money")
        return "much"

class Bare:
    pass

shy = Shy(7)
sly = [Sly(number) for number in range(3)]
config = {"host": "localhost", "password": "hunter2", "Api-Key": "k-123", "deep": {"a": {"b": [1, 2, 3]}}, "shy": shy}
strange = Strange(one=1)
loop = []
loop.append(loop)
huge = {number: "value %d" % number for number in range(30_000)}
text = "x" * 5_000_000
mixed = {1: "x", "y": 2, None: 3, shy: 4}
looked.clear()
values = [Colour.RED, Money(5), datetime.date(2020, 1, 2), decimal.Decimal("1.5"), Bare(), len, Bare, datetime]
number = 10 ** 5
words = ("a", "b", ["c"])
odd = Odd()
odds = [odd, Odd, {"odd": odd}]
looked.clear()
'''


class Looking:
    """An agent that has the observer's program."""

    def __init__(self, session: Session) -> None:
        self.twin = session.twin
        kind, code = self.twin.ask(("program", program_source("observer")))
        assert kind == "program"
        self.program = code
        self.agent = Agent(session.target.folder, session.twin)

    def code(self, text: str, names: tuple, allow: bool) -> tuple:
        return self.twin.ask(("expression", {"text": text, "names": list(names), "allow_calls": allow}))

    def ask(self, kind: str, text: str, names: tuple = ("target",), **options: object) -> dict:
        allow = bool(options.get("allow_calls"))
        answer = self.code(text, names, allow)
        if answer[0] == "refused":
            return {"failed": list(answer[1:])}
        spec = {"module": "shop", "class": "", "depth": 2, "verbose": False, "redact": True, "code": answer[1], **options}
        return self.look(kind, spec)

    def look(self, kind: str, spec: dict) -> dict:
        name, result = self.agent.ask(marshal.dumps(("look", self.program, kind, spec), 2))
        assert (name, self.agent.end()) == ("look", None), result
        return result

    def value(self, field: str, text: str = "target", **options: object) -> str:
        result = self.ask("value", text, field=field, **options)
        return result["text"] if "text" in result else " ".join(result.get("failed", [result.get("absent")]))


@pytest.fixture
def looking(start: object) -> Looking:
    session = start({"main.py": "import shop\n" + LOOP, "shop.py": SHY})
    found = Looking(session)
    found.session = session
    yield found
    found.agent.close()


def test_values_have_bounds_and_secrets_stay(looking: Looking) -> None:
    config = looking.value("config", depth=4)
    assert "hunter2" not in config and "k-123" not in config
    assert config.count("‹redacted›") == 2
    assert '"host": "localhost"' in config and "Shy({" in config and '"value": 7' in config
    assert "hunter2" in looking.value("config", redact=False)
    assert looking.value("loop") == "[\n  …\n]"
    assert looking.value("text").endswith('" 5,000,000 characters') and len(looking.value("text")) < 400
    huge = looking.value("huge")
    assert huge.startswith('{\n  0: "value 0", \n') and huge.endswith('29999: "value 29999"\n} 30,000 items')
    full = looking.value("huge", verbose=True)
    assert len(full) < 70_000 and "30,000 items" in full
    assert looking.value("strange") == 'Strange({\n  "one": 1\n})'
    assert looking.value("words") == '(\n  "a",\n  "b",\n  [\n    "c"\n  ]\n)'
    assert looking.value("words", depth=1) == '(\n  "a",\n  "b",\n  ["c"]\n)'
    assert looking.session.say("shop.looked") == "[]"


def test_values_of_many_kinds(looking: Looking) -> None:
    lines = [line.strip(" ,") for line in looking.value("values").splitlines()[1:-1]]
    assert lines[:4] == ["Colour.RED", "Money(5)", "datetime.date(2020, 1, 2)", "Decimal('1.5')"]
    assert lines[4:] == ["Bare({})", "<function len>", "<class 'shop.Bare'>", "<module datetime>"]
    assert looking.session.say("shop.looked") == "[]"


def test_nothing_is_asked_of_a_metaclass(looking: Looking) -> None:
    assert looking.value("odds") == "[\n  Odd({}),\n  <class 'shop.Odd'>,\n  {\n    \"odd\": Odd({})\n  }\n]"
    assert looking.value("odd", "target.field") == "3"
    assert looking.value("odds", "isinstance(target[0], type(1))") == "False"
    for text in ("target[0]", "len(target)", "not target", "target + 1", "target in [1]", "[x for x in target]"):
        looking.ask("value", text, field="odd")
    assert looking.session.say("shop.looked") == "[]"


def test_expressions_read_and_compute(looking: Looking) -> None:
    for text, result in (
        ("target * 2", "200000"),
        ("-target + 1", "-99999"),
        ("target > 5 and 'big' or 'small'", '"big"'),
        ("[n for n in [1, 2, 3] if n > 1]", "[\n  2,\n  3\n]"),
        ("sum(n * n for n in [1, 2])", "5"),
        ("len(str(target))", "6"),
        ("isinstance(target, type(1))", "True"),
        ("'a,b'.split(',')[1]", '"b"'),
        ("1 < target < 10", "False"),
        ("not target", "False"),
    ):
        assert looking.value("number", text) == result, text
    assert looking.value("config", 'target["deep"]["a"]["b"][1:]') == "[\n  2,\n  3\n]"
    assert looking.value("config", '"host" in target and target.get("none", 5)') == "5"
    assert looking.value("mixed", 'target["y"]') == "2"
    assert looking.value("shy", "target.value") == "7"
    assert looking.value("shy", "target.extra[0]") == "7"
    assert looking.value("shy", "target.kind") == "8"
    assert looking.value("shy", "[target] == 1") != "True"
    assert looking.ask("value", "target", field="kind", **{"class": "Shy"})["text"] == "8"
    assert looking.ask("value", "target", field="field", **{"class": "Odd"})["text"] == "3"
    assert looking.session.say("shop.looked") == "[]"


def test_what_would_run_the_program_is_refused(looking: Looking) -> None:
    for text in (
        "target.loud", "target.method()", "target.missing", "target == 1", "target[0]", "len(target)", "not target",
        "[x for x in target]", "sorted([target, target])", "target and 1", "str.join", "min(target, 1)", "f'{target}'",
        "lambda: 1", "{target: 1}", "target in [1, 2]", "'%s' % target", "(x := 1)",
    ):  # fmt: skip
        result = looking.ask("value", text, field="shy")
        assert result.get("failed", ["?"])[0].startswith("expression-"), (text, result)
    assert looking.session.say("shop.looked") == "[]"
    assert looking.value("shy", "target.loud").startswith("expression-refused target.loud is a property")
    assert "--allow-calls" in looking.value("shy", "target.method()")
    assert looking.value("shy", "target.method()", allow_calls=True) == "42"
    assert looking.value("number", "target / 0") == "expression-failed ZeroDivisionError: division by zero"
    wanted = "expression-failed TypeError: 'int' object is not subscriptable"
    assert looking.value("number", 'target["q"]') == wanted
    assert looking.value("number", "target +").startswith("expression-failed SyntaxError")
    assert looking.value("number", "other").startswith("expression-failed NameError: no name other here; there are target")


def test_what_would_take_too_much_is_refused(looking: Looking) -> None:
    for text in ("target ** target", "1 << 10 ** 9", "[0] * 10 ** 9", "'%1000000000d' % 1", "'a'.ljust(10 ** 9)"):
        assert looking.value("number", text).startswith("expression-refused"), text


def test_what_is_not_there_is_named(looking: Looking) -> None:
    assert looking.value("nothing") == "field"
    assert looking.ask("value", "target", field="x", module="none") == {"absent": "module"}
    assert looking.ask("value", "target", field="x", **{"class": "None_"}) == {"absent": "class"}


def test_instances_are_found_with_those_of_subclasses(looking: Looking) -> None:
    def found(text: str, **options: object) -> dict:
        spec = {"class": "Shy", "limit": 10, "exact": False, **options}
        return looking.ask("instances", text, ("instances", "target"), **spec)

    assert found("len(instances)")["text"] == "4"
    assert found("len(instances)", exact=True)["text"] == "1"
    limited = found("len(instances)", limit=2)
    assert (limited["text"], limited["total"]) == ("2", 4)
    assert found("instances")["text"].count("Sly({") == 3
    assert found("instances", **{"class": "Absent"}) == {"absent": "class"}
    assert looking.session.say("shop.looked") == "[]"


def test_the_collector_runs_when_it_is_asked_to(looking: Looking) -> None:
    looking.session.say("__import__('gc').disable()")
    looking.session.say("[a.append(a) for a in [[]]]")
    assert looking.ask("collect", "1")["freed"] >= 1
