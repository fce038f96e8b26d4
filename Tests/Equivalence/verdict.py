"""Values in, values out: what differs between two descriptions of processes, and whether it was said."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Dict

Description = Dict[str, Dict[str, Any]]  # what graph.dump gives


@dataclasses.dataclass
class Told:
    """What midflight said of an upgrade. Names are dotted: module and qualified name."""

    named: dict[str, str]
    applied: set[str]
    errors: list[str]
    rejected: int
    pause: float
    stars: set[str] = dataclasses.field(default_factory=set)
    lists: set[str] = dataclasses.field(default_factory=set)  # `Class.table`, as a remark's text has it

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
                    gathered = re.match(r"(.+) (?:has|have) gathered names", remark.get("message", ""))
                    told.lists.update(gathered.group(1).split(" and ") if gathered else ())
                    if remark["reason"] in OF_MEMBERS:  # that concerns the tables of members too
                        owner = name.rpartition(".")[0]
                        tables = ("_member_map_", "_member_names_", "_value2member_map_")
                        told.named.update({f"{owner}.{table}": remark["reason"] for table in tables})
                    if name.endswith(".*"):
                        told.stars.add(name[:-2])
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


OF_MEMBERS = ("enum-members", "module-statement")


def names_of(text: str) -> list[str]:
    """`shop.a, b` names shop.a and shop.b."""
    first, *rest = [re.sub(r"\[.*\]$", "", part) for part in text.split(", ")]
    module = first.rpartition(".")[0]
    return ([first] + [f"{module}.{name}" for name in rest]) if first else []


def is_function(text: str) -> bool:
    return text.startswith(("function ", "staticmethod function ", "classmethod function "))


def of_fields(path: str, live: dict[str, str], told: Told) -> str:
    """Fields of a class that were kept stand for what the class has of them: the reason, or ""."""
    owner, _, name = path.rpartition(".")
    is_place = name in ("_make", "_replace") or f"'{name}'" in live.get(f"{owner}._fields", "")  # of a named tuple
    if not is_place and name not in MADE_OF_FIELDS or not any(f"{owner}.{mark}" in live for mark in FIELD_MARKS):
        return ""
    inside = owner.replace(":", ".") + "."
    kept = [why for named, why in told.named.items() if named.startswith(inside) and why in KEPT_FIELDS]
    return kept[0] if kept else ""


FIELD_MARKS = ("__dataclass_fields__", "__attrs_attrs__", "_fields", "__required_keys__")
KEPT_FIELDS = ("class-layout", "module-statement")
MADE_OF_FIELDS = {
    "__annotations__", "__attrs_attrs__", "__dataclass_fields__", "__delattr__", "__doc__", "__eq__", "__ge__",
    "__getstate__", "__gt__", "__hash__", "__init__", "__le__", "__lt__", "__match_args__", "__new__", "__replace__",
    "__repr__", "__setattr__", "__setstate__", "__slots__", "_field_defaults", "_fields",
}  # fmt: skip


def of_member(path: str, told: Told, *processes: Description) -> str:
    """A kept member of what a metaclass made into an object stands for where that object has it: the reason, or ""."""
    for found in re.finditer(r"[.\[]", path):
        place = path[: found.start()]
        members = path[found.start() + 1 :].split(".")
        for owner in [place, *[name for one in processes for name in one["names"].get(place, [])]]:
            for count in range(len(members), 0, -1):  # `declared_fields.action.label` is of `action`
                reason = told.named.get(f"{owner}.{members[count - 1]}".replace(":", "."))
                if reason in ("class-layout", "derived-value"):
                    return reason
    return ""


def by_place(told: Told, live: dict[str, str]) -> None:
    """What was said of an imported name of a function or class (`shop.Cart.total`) is said of where that is."""
    for named, why in list(told.named.items()):
        parts = named.split(".")
        for count in range(len(parts) - 1, 1, -1):
            held = live.get(".".join(parts[: count - 1]) + ":" + parts[count - 1], "")
            if held.startswith(("-> ", "<module ")):
                place = ".".join([held.split(" ")[1].strip(">").replace(":", "."), *parts[count:]])
                told.named.setdefault(place, why)


def of_attributes(dotted: str, now: str, wanted: str, told: Told) -> str:
    """A function that differs in attributes alone, of which one was named: the reason, or ""."""
    below = {named[len(dotted) + 1 :]: why for named, why in told.named.items() if named.startswith(dotted + ".")}
    for name, why in below.items():
        bare = [re.sub(rf"; __dict__ \{{'{name}': \w+\}}|,? ?'{name}': \w+", "", text) for text in (now, wanted)]
        if bare[0] == bare[1] or "lru_cache" in now and "lru_cache" in wanted:  # its text is cut short
            return why
    return ""


def of_class(texts: list[str], told: Told, fresh: dict[str, str]) -> str:
    """An instance of a class that itself, or the fields of which or of a base, was named: the reason, or ""."""
    for text in texts:
        found = re.match(r"-> (\S+) \{", text)
        places = [found.group(1)] if found else []
        for place in places:
            places += [base for base in re.findall(r"'-> (\S+)'", fresh.get(place, "")) if base not in places]
        for place in [place.replace(":", ".") for place in places]:
            lacking = [why for name, why in told.named.items() if name.startswith(place + ".") and why in OF_INSTANCES]
            if told.named.get(place) or lacking:
                return told.named.get(place) or lacking[0]
    return ""


OF_INSTANCES = ("instances-lack-field", "class-layout")


def names_leading_to(path: str, *processes: Description) -> list[str]:
    """Other names of an object, and of the objects that its place is inside of: `shop:carts[0].owner`."""
    around = [path[: found.start()] for found in re.finditer(r"[.\[]", path)]
    return [name for place in [path, *around] for process in processes for name in process["names"].get(place, [])]


def modules_of(described: Description) -> set[str]:
    return {path.split(":")[0] for path in described["texts"]}


def judge(
    old: Description, live: Description, fresh: Description, again: Description, told: Told,
    reverse: Description | None = None,
) -> Verdict:  # fmt: skip
    """`again`: a second fresh process; what differs between the two is chance and is left out. So is what differs in
    `reverse`, which has imported the modules in another order.

    An object that only one process has shows in what holds it. It is named if one of the names that lead to it is.
    A module that only one process has is one difference.
    """
    verdict = Verdict()
    by_place(told, live["texts"])
    alone = modules_of(live) ^ modules_of(fresh)
    same: dict[object, str] = {None: ""}
    for path, text in fresh["texts"].items():
        if is_function(text) and old["texts"].get(path) != text and again["texts"].get(path) == text:
            verdict.functions += 1
            verdict.applied += live["texts"].get(path) == text
    names = set(live["texts"]) | set(fresh["texts"])
    deep = set(live["deep"]) & set(fresh["deep"]) & set(again["deep"])
    for kind, path in [("texts", path) for path in sorted(names)] + [("deep", path) for path in sorted(deep)]:
        was, now, wanted, chance = (one[kind].get(path) for one in (old, live, fresh, again))
        if now == wanted or wanted != chance or reverse and reverse[kind].get(path, wanted) != wanted:
            continue
        if path.split(":")[0] in alone or (now or wanted or "")[8:-1] in alone:
            continue
        if now is None and wanted == "<module " + path.replace(":", ".") + ">":
            continue  # the program had tried to import it, and could not
        verdict.differences += 1
        places = [path, re.sub(r"/\d+", "", path), *names_leading_to(path, fresh, live)]
        dotted = [place.replace(":", ".").replace("[", ".[") for place in places]
        reason = next(filter(None, map(told.reason, dotted)), "") or of_fields(path, live["texts"], told)
        reason = reason or (of_member(path, told, fresh, live) if kind == "deep" else "")
        reason = reason or of_class([now or "", wanted or ""], told, fresh["texts"])
        if any(path.partition(":")[2] == table for table in told.lists):
            reason = reason or "read-at-import"
        if wanted is None and path.count(":") == 1 and path.split(":")[0] in told.stars:
            reason = reason or "module-statement"  # what a star had brought that is there no more
        reason = reason or of_attributes(dotted[0], now or "", wanted or "", told)
        if "singledispatch" in (now or ""):  # its table is told of by its functions, which are all called `_`
            reason = reason or told.named.get(path.split(":")[0] + "._", "")
        row = [path, was or "-", now or "-", wanted or "-"]
        # A function's attributes, and what a table holds, show wherever these are held. What was told as applied has
        # to be so.
        pair = (now, wanted) if "-> " in f"{now} {wanted}" and len(f"{now} {wanted}") > 40 else None
        reason = reason or ("" if dotted[0] in told.applied else same.get(pair, ""))
        if reason:
            same.setdefault(pair, reason)
            verdict.named += 1
            verdict.held[reason] = verdict.held.get(reason, 0) + 1
        elif dotted[0] in told.applied and kind == "texts":
            verdict.claimed.append(row)
        else:
            verdict.unreported.append(row)
    for module in sorted(alone):
        verdict.differences += 1
        failed = [why for name, why in told.named.items() if name.startswith(module + ".") and why == "import-failed"]
        reason = told.reason(module) or next(iter(failed), "")
        if reason:
            verdict.named += 1
            verdict.held[reason] = verdict.held.get(reason, 0) + 1
        else:
            there = ["loaded" if module in modules_of(one) else "-" for one in (old, live, fresh)]
            verdict.unreported.append([module, *there])
    return verdict
