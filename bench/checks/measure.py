"""Judge clean and broken items, and say how a planted fault was found."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.checks.clean import SEED
from bench.checks.fault import Clean, Fault, Place, Range
from bench.checks.kinds import Kind
from eval.checks.base import Finding
from eval.checks.rules import DEFAULT_RULES, Level, Rules
from eval.checks.suite import CHECKS, check_item
from glossary.language import Pair


def only(names: Iterable[str]) -> Rules:
    """Rules that leave out all other checks."""
    return Rules({name: Level.OFF for name in CHECKS if name not in set(names)})


def judge(clean: Clean, rules: Rules = DEFAULT_RULES, fault: Fault | None = None) -> list[Finding]:
    """All findings over an item, with a fault in it or without."""
    item = clean.item if fault is None or fault.item is None else fault.item
    targets = {**clean.targets, **(fault.targets if fault else {})}
    return check_item(item, targets, clean.pair, clean.category, rules)


def _key(finding: Finding) -> tuple[object, ...]:
    shown = finding.expected, finding.found
    return finding.check, finding.segment, finding.hard, finding.message, shown


@dataclass(slots=True)
class Tally:
    """How many faults were planted and found. ``missed`` are the ones that no finding shows."""

    planted: int = 0
    found: int = 0
    hard: int = 0
    placed: int = 0
    hard_placed: int = 0
    missed: list[tuple[Clean, Fault]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.planted += other.planted
        self.found += other.found
        self.hard += other.hard
        self.placed += other.placed
        self.hard_placed += other.hard_placed
        self.missed += other.missed


class Findings:
    """Findings over clean items, each computed once."""

    def __init__(self, rules: Rules = DEFAULT_RULES) -> None:
        self.rules = rules
        self._of: dict[tuple[str, str], list[Finding]] = {}

    def of(self, clean: Clean) -> list[Finding]:
        key = clean.origin, clean.id
        if key not in self._of:
            self._of[key] = judge(clean, self.rules)
        return self._of[key]


def plant_all(kind: Kind, pair: Pair, items: list[Clean], known: Findings, count: int) -> Tally:
    """Plant a kind of fault into up to ``count`` of the items and tally what is found."""
    rng = random.Random(f"{SEED} {kind.name} {pair}")
    tally = Tally()
    for clean in rng.sample(items, len(items)):
        if tally.planted == count:
            break
        fault = kind.plant(clean, rng)
        if fault is not None:
            _tally_one(tally, kind, clean, fault, known)
    return tally


def _tally_one(tally: Tally, kind: Kind, clean: Clean, fault: Fault, known: Findings) -> None:
    before = Counter(_key(finding) for finding in known.of(clean))
    new = []
    for finding in judge(clean, known.rules, fault):
        before[_key(finding)] -= 1
        if before[_key(finding)] < 0:
            new.append(finding)
    placed = [f for f in new if f.check in kind.checks and _at(f, fault.places)]
    tally.planted += 1
    tally.found += bool(new)
    tally.hard += any(finding.hard for finding in new)
    tally.placed += bool(placed)
    tally.hard_placed += any(finding.hard for finding in placed)
    if not new:
        tally.missed.append((clean, fault))


def _at(finding: Finding, places: tuple[Place, ...]) -> bool:
    return any(
        finding.segment == place.segment
        and (
            place.target is place.source is None
            or _touch(finding.target_span, place.target)
            or _touch(finding.source_span, place.source)
        )
        for place in places
    )


def _touch(a: Range | None, b: Range | None) -> bool:
    """The ranges overlap or lie side by side."""
    return a is not None and b is not None and a[0] <= b[1] and b[0] <= a[1]
