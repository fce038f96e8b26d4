"""Random programs, and the changes that can befall them."""

from __future__ import annotations

import random

from grammar import HEAD, KINDS, MEMBERS, Lines, Scope, Unit


class Program:
    """The modules of a package, and how they change."""

    def __init__(self, package: str, modules: tuple[str, ...], r: random.Random) -> None:
        self.package, self.order, self.r, self.count = package, modules, r, 0
        self.modules: dict[str, list[Unit]] = {module: [] for module in modules}
        self.style = {module: {other: r.randrange(4) for other in modules} for module in modules}
        self.future = {module: r.random() < 0.2 for module in modules}
        for module in modules:
            for _ in range(r.randrange(3, 8)):
                self.modules[module].append(self.unit(module, len(self.modules[module])))

    def unit(self, module: str, place: int) -> Unit:
        r, earlier = self.r, self.earlier(module, place)
        kind = r.choices(list(KINDS), [weight for _, _, weight in KINDS.values()])[0]
        self.count += 1
        sort = r.choice(KINDS[kind][1])
        uses = {}
        for wanted, chance in (("number", 0.6), ("value", 0.2), ("function", 0.4), ("class", 0.5), ("decorator", 0.3)):
            there = [one for one in earlier if one.sort == wanted]
            uses[wanted] = r.choice(there) if there and r.random() < chance else None
        name = f"{'K' if 'class' in kind else 'n'}{self.count}"
        members = [self.member(i) for i in range(r.randrange(0, 5))]
        return Unit(kind, sort, name, r.randrange(10**6), uses, members)

    def member(self, index: int) -> tuple[str, str, int]:
        self.count += 1
        return self.r.choice(MEMBERS), f"m{self.count}", self.r.randrange(10**6)

    def earlier(self, module: str, place: int) -> list[Unit]:
        """What a unit at that place may use."""
        found: list[Unit] = []
        for name in self.order:
            if name == module:
                return found + self.modules[name][:place]
            found += self.modules[name]
        return found

    def files(self) -> dict[str, str]:
        home = {unit.name: module for module, units in self.modules.items() for unit in units}
        texts = {f"{self.package}/__init__.py": ""}
        for module, units in self.modules.items():
            scope = Scope(module, home, self.style[module])
            lines: Lines = []
            for unit in units:
                r = random.Random(f"{unit.kind} {unit.name} {unit.salt}")
                lines += ["", *KINDS[unit.kind][0](unit, scope, r)]
            head = ("from __future__ import annotations\n" if self.future[module] else "") + HEAD
            text = head + "\n".join([*scope.imports, "", "T = typing.TypeVar('T')", *lines, ""])
            texts[f"{self.package}/{module}.py"] = text
        return texts

    def change(self) -> None:
        r = self.r
        module = r.choice(self.order)
        units = self.modules[module]
        how = r.choices(
            ("salt", "member", "add member", "drop member", "add", "drop", "swap", "style", "uses", "kind", "move"),
            (6, 5, 2, 2, 4, 2, 1, 1, 3, 1, 1),
        )[0]
        if how == "add" or not units:
            place = r.randrange(len(units) + 1)
            units.insert(place, self.unit(module, place))
            return
        place = r.randrange(len(units))
        unit = units[place]
        if how == "style":
            self.style[module][r.choice(self.order)] = r.randrange(4)
        elif how in ("member", "add member", "drop member"):
            owners = [one for one in units if one.members and one.kind in ("class", "data_class", "collected")]
            if owners:
                self.change_members(r.choice(owners), how)
        elif how == "drop" and not self.is_used(unit):
            units.pop(place)
        elif how == "swap" and place and units[place - 1] not in unit.uses.values():
            units[place - 1], units[place] = unit, units[place - 1]
        elif how in ("uses", "kind"):
            fresh = self.unit(module, place)
            unit.uses = fresh.uses
            if how == "kind" and fresh.sort == unit.sort:
                unit.kind, unit.salt = fresh.kind, fresh.salt
        elif how == "move" and module != self.order[0] and not any(unit.uses.values()):
            units.pop(place)
            self.modules[self.order[0]].append(unit)
        else:
            unit.salt = r.randrange(10**6)

    def change_members(self, unit: Unit, how: str) -> None:
        place = self.r.randrange(len(unit.members))
        if how == "member":
            kind, name, _ = unit.members[place]
            unit.members[place] = (kind, name, self.r.randrange(10**6))
        elif how == "add member":
            unit.members.insert(place, self.member(place))
        else:
            unit.members.pop(place)

    def is_used(self, unit: Unit) -> bool:
        return any(unit in other.uses.values() for units in self.modules.values() for other in units)
