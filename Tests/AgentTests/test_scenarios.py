"""Every scenario of scenarios/*.txt, one program for all of them."""

from __future__ import annotations

import ast

import pytest
from lab import Session, Target, Twin
from scenario import FOLDER, Scenario, all_scenarios
from test_bodies import LOOP

PROGRAM = (FOLDER / "stage.py").read_text()
SCENARIOS = all_scenarios()


class Scene:
    """A scenario's files in a folder of their own, as a package of the program."""

    def __init__(self, session: Session, scenario: Scenario, number: int) -> None:
        self.session = session
        self.scenario = scenario
        self.package = f"scene{number}"
        for file in scenario.lines:
            session.target.write(f"{self.package}/{file}", scenario.source(file, 1))
        modules = [file[:-3] for file in scenario.lines]
        answer = session.say(repr((self.package + ".", modules, scenario.preparation)).join(["prepare(*", ")"]))
        assert answer == "None", answer

    def see(self, save: int) -> dict[str, str]:
        """Expressions and their values, as they should be after that save, or as they are."""
        return {q[0]: self.session.say(f"see({self.package + '.'!r}, {q[0]!r})") for q in self.scenario.questions}

    def wanted(self, save: int) -> dict[str, str]:
        return {question[0]: question[save + 1] for question in self.scenario.questions}

    def save(self, save: int) -> list[str]:
        """The reason ids of the reply."""
        flags = self.scenario.flags
        files = {f"{self.package}/{file}": text for file, text in self.scenario.changed(save + 1).items()}
        options = {name.replace("-", "_"): True for name in ("strict", "force", "keep-caches") if name in flags}
        reply = self.session.save(files, **options)
        if reply["rejected"]:
            return ["rejected", reply["rejected"][0]]
        failed = [failure[1] for failure in reply["failed"] if not failure[5]]
        if failed and not reply["applied"]:
            return ["rejected", failed[0]]
        return failed + [remark[1] for remark in [*reply["kept"], *reply["notes"]]] + reply["unplanned"]

    def strange(self, version: int) -> list:
        """Definitions whose live code or lines are not those of the files."""
        request = []
        for file in self.scenario.lines:
            path = self.session.path(f"{self.package}/{file}")
            source = self.scenario.source(file, version).encode()
            modules = [f"{self.package}.{file[:-3]}"]
            request.append({"path": path, "paths": [path], "modules": modules, "source": source})
        kind, content, refused = self.session.twin.ask(("compare", request))
        assert (kind, refused) == ("request", [])
        found = self.session.talk(content)[0][1]
        return [[module["module"], module["differ"], module["moved"]] for module in found if strange(module)]


def can_parse(scenario: Scenario) -> bool:
    try:
        for file in scenario.lines:
            for version in range(1, scenario.saves + 2):
                ast.parse(scenario.source(file, version))
    except SyntaxError:
        return False
    return True


def strange(module: dict) -> bool:
    return bool(module["differ"] or module["moved"])


@pytest.fixture(scope="module")
def stage(python: str, twin: Twin) -> list:
    end = "__import__('os')._exit(0)\n"  # threads and tasks of the scenarios are left as they are
    sessions = [Session(Target(python, {"main.py": PROGRAM + LOOP + end}), twin)]
    assert sessions[0].say("0") == "0"
    yield sessions
    assert sessions[0].target.close() == (0, "")


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=[scenario.title for scenario in SCENARIOS])
def test_scenario(stage: list, twin: Twin, number: int) -> None:
    scenario = SCENARIOS[number]
    if not scenario.runs_on(tuple(twin.facts["version"][:2])):
        pytest.skip("for other versions")
    if not can_parse(scenario):
        pytest.skip("these tests cannot parse it themselves; the end-to-end tests run it")
    scene = Scene(stage[0], scenario, number)
    assert scene.see(0) == scene.wanted(0)
    told: set[str] = set()
    for save in range(1, scenario.saves + 1):
        reasons = scene.save(save)
        told |= set(reasons)
        assert (scene.see(save), sorted(reasons)) == (scene.wanted(save), sorted(scenario.expected(save)))
        if not told - {"caches-cleared"}:
            assert scene.strange(save + 1) == []
