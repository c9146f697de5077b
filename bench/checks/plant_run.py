"""A fault that only a whole run shows: one source text, two translations."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.checks.fault import Clean, Fault, Place
from bench.checks.measure import Tally
from bench.checks.written import table
from eval.checks.base import Finding
from eval.checks.consistency import Consistency

_ITEMS = 40


@dataclass(frozen=True, slots=True)
class _Translated:
    id: str
    kind: str
    source: str
    target: str


def inconsistent(items: list[Clean], count: int, seed: str) -> Tally:
    """Change one option in one of forty items; ``count`` times.

    The option's source stands in three items or more, so that it is clear which one is odd.
    """
    rng, tally = random.Random(seed), Tally()
    for _ in range(count):
        run = rng.sample(items, _ITEMS)
        texts = [clean.sources[name] for clean in run for name in clean.options]
        index = rng.randrange(_ITEMS)
        names = [name for name in run[index].options if texts.count(run[index].sources[name]) > 2]
        if names:
            _tally_one(tally, run, index, rng.choice(names))
    return tally


def _tally_one(tally: Tally, run: list[Clean], index: int, name: str) -> None:
    clean = run[index]
    new = table("references.yaml")["vague"][str(clean.pair.target)]
    found = _findings(run, index, {name: new}).get(index, [])
    placed = [finding for finding in found if finding.segment == name]
    tally.planted += 1
    tally.found += bool(found)
    tally.hard += any(finding.hard for finding in found)
    tally.placed += bool(placed)
    tally.hard_placed += any(finding.hard for finding in placed)
    if not found:
        tally.missed.append((clean, Fault({name: new}, (Place(name, (0, len(new))),))))


def _findings(run: list[Clean], index: int, changed: dict[str, str]) -> dict[int, list[Finding]]:
    check = Consistency()
    for place, clean in enumerate(run):
        targets = {**clean.targets, **(changed if place == index else {})}
        check.add(
            place,
            [
                _Translated(segment.id, segment.kind, segment.text, targets[segment.id])
                for segment in clean.item.segments
            ],
        )
    return check.findings()
