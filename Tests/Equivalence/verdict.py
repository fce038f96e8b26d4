"""Values in, values out: what differs between two descriptions of processes, and whether it was said."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass
class Told:
    """What midflight said of an upgrade. Names are dotted: module and qualified name."""

    named: dict[str, str]
    applied: set[str]
    errors: list[str]
    rejected: int
    pause: float

    def reason(self, dotted: str) -> str:
        """The reason that covers this name: its own, or that of what contains it; "" if nothing was said."""
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):
            found = self.named.get(".".join(parts[:count]))
            if found:
                return found
        return ""


@dataclasses.dataclass
class Verdict:
    """How one upgrade went. `unreported` and `claimed` list paths with both texts."""

    functions: int = 0
    applied: int = 0
    differences: int = 0
    named: int = 0
    lines: int = 0
    unreported: list[list[str]] = dataclasses.field(default_factory=list)
    claimed: list[list[str]] = dataclasses.field(default_factory=list)
    held: dict[str, int] = dataclasses.field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.unreported and not self.claimed


def told_by(events: list[dict[str, Any]], module_of: dict[str, str]) -> Told:
    """`module_of`: the module of each file, as events name files."""
    told = Told({}, set(), [], 0, 0.0)
    for event in events:
        if event["event"] == "reload":
            told.pause = max(told.pause, event["ms"].get("pause", 0.0))
            told.applied.update(change["name"] for change in event["applied"])
            for remark in event["kept"] + event.get("notes", []):
                for name in names_of(remark.get("name", "")) or [module_of.get(remark.get("file", ""), "")]:
                    told.named.setdefault(name, remark["reason"])
        elif event["event"] == "rejected":
            told.rejected += 1
            for file in event["files"]:
                told.named.setdefault(module_of.get(file, file), "rejected: " + event["reason"])
        elif event["event"] == "change" and event["reason"] != "unchanged":
            for file in event["files"]:
                told.named.setdefault(module_of.get(file, file), event["reason"])
        elif event["event"] == "error":
            told.errors.append(event["message"])
    return told


def names_of(text: str) -> list[str]:
    """`shop.a, b` names shop.a and shop.b."""
    first, *rest = text.split(", ")
    module = first.rpartition(".")[0]
    return ([first] + [f"{module}.{name}" for name in rest]) if first else []


def is_function(text: str) -> bool:
    return text.startswith(("function ", "staticmethod function ", "classmethod function "))


def judge(
    old: dict[str, str], live: dict[str, str], fresh: dict[str, str], again: dict[str, str], told: Told
) -> Verdict:
    """`again`: a second fresh process; what differs between the two is chance and is left out."""
    verdict = Verdict()
    for path, text in fresh.items():
        if is_function(text) and old.get(path) != text and again.get(path) == text:
            verdict.functions += 1
            verdict.applied += live.get(path) == text
    for path in sorted(set(live) | set(fresh)):
        if live.get(path) == fresh.get(path) or fresh.get(path) != again.get(path):
            continue
        verdict.differences += 1
        dotted = path.replace(":", ".")
        reason = told.reason(dotted)
        row = [path, old.get(path, "-"), live.get(path, "-"), fresh.get(path, "-")]
        if reason:
            verdict.named += 1
            verdict.held[reason] = verdict.held.get(reason, 0) + 1
        elif dotted in told.applied:
            verdict.claimed.append(row)
        else:
            verdict.unreported.append(row)
    return verdict
