"""What the checks say about translations that are taken for right, and how long they take."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.checks.fault import Clean
from bench.checks.measure import Findings
from eval.checks.base import Finding, pair_up
from eval.checks.suite import CHECKS, check_item, load_check

ANY = "any check"
SPANS = "(finding spans)"
SUITE = "whole suite"
_TURNS = 3


@dataclass(slots=True)
class Alarms:
    """Items with a finding, by check and by whether one of them is hard."""

    items: int = 0
    hard: Counter[str] = field(default_factory=Counter)
    soft: Counter[str] = field(default_factory=Counter)
    listed: list[tuple[Clean, Finding]] = field(default_factory=list)
    """The hard ones."""

    def add(self, other: Alarms) -> None:
        self.items += other.items
        self.hard += other.hard
        self.soft += other.soft
        self.listed += other.listed

    def hard_share(self, check: str = ANY) -> float:
        return self.hard[check] / self.items

    def soft_share(self, check: str = ANY) -> float:
        """Items with soft findings only."""
        return self.soft[check] / self.items


def alarms(items: Iterable[Clean], known: Findings) -> Alarms:
    """Count the findings over clean items."""
    found = Alarms()
    for clean in items:
        findings = known.of(clean)
        hard = [finding for finding in findings if finding.hard]
        names, soft = {f.check for f in hard}, {f.check for f in findings}
        found.items += 1
        found.hard.update(names | ({ANY} if names else set()))
        found.soft.update((soft - names) | ({ANY} if soft and not names else set()))
        found.listed += [(clean, finding) for finding in hard]
    return found


def times(items: Iterable[Clean]) -> dict[str, tuple[float, float]]:
    """Microseconds per text by check: median over the items, and 95th percentile.

    An item is timed as a whole (the best of three turns) and divided by its texts.
    """
    measured: dict[str, list[float]] = {name: [] for name in (SUITE, SPANS, *CHECKS)}
    for clean in items:
        for name, seconds in _time_one(clean).items():
            measured[name].append(1e6 * seconds / len(clean.targets))
    return {
        name: (median(values), quantiles(values, n=20)[-1]) for name, values in measured.items()
    }


def _time_one(clean: Clean) -> dict[str, float]:
    best: dict[str, float] = {}
    work = clean.item, clean.targets, clean.pair, clean.category
    for _ in range(_TURNS):
        turn: dict[str, float] = {}
        start = time.perf_counter()
        check_item(*work)
        turn[SUITE] = time.perf_counter() - start
        start = time.perf_counter()
        laid = pair_up(*work)
        turn[SPANS] = time.perf_counter() - start
        for name in CHECKS:
            check = load_check(name)
            start = time.perf_counter()
            list(check(laid))
            turn[name] = time.perf_counter() - start
        best = {name: min(value, best.get(name, value)) for name, value in turn.items()}
    return best
