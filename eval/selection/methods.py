"""Ways to choose one of several translations of an item; pure functions of what is known of them.

A method gives the place of its choice; of equals it takes the first.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from eval.errors import UnknownMethod
from eval.selection.consensus import consensus
from eval.selection.ranks import mean_rank

METRIC = "metric:"
"""Before the name of a metric: the candidate that it likes best."""
CHECKS = "checks+"
"""Before a method: it decides among the candidates with the least penalty."""
HARD = "hard+"
"""Before a method: it decides among the candidates with the fewest hard findings."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of one translation of an item.

    ``texts`` are its segments, in the item's order; ``penalty`` and ``hard`` the weight of its
    findings and how many of them are hard; ``adherence`` the share of the glossary's terms that it
    keeps. ``scores`` are by name of metric, higher being better; ``None`` where there is no value.
    """

    texts: Sequence[str]
    penalty: int = 0
    hard: int = 0
    adherence: float | None = None
    scores: Mapping[str, float | None] = field(default_factory=dict)


Method = Callable[[Sequence[Candidate]], int]
Judge = Callable[[Sequence[Candidate]], Sequence[float]]
"""What each candidate is worth beside the others; more is better."""


def consensus_of(candidates: Sequence[Candidate]) -> list[float]:
    """How like all others each one is (minimum Bayes risk with chrF); of two, none more."""
    return consensus([candidate.texts for candidate in candidates])


def mean_rank_of(candidates: Sequence[Candidate]) -> list[float]:
    """Mean rank over penalty, adherence, consensus and all metrics."""
    names = dict.fromkeys(name for candidate in candidates for name in candidate.scores)
    columns: list[Sequence[float | None]] = [
        _least_penalty(candidates),
        [candidate.adherence for candidate in candidates],
        consensus_of(candidates),
        *([candidate.scores.get(name) for candidate in candidates] for name in names),
    ]
    return [-rank for rank in mean_rank(columns)]


def metric_of(name: str) -> Judge:
    """The score of one metric; what it has not scored comes last."""

    def judge(candidates: Sequence[Candidate]) -> list[float]:
        return [-rank for rank in mean_rank([[each.scores.get(name) for each in candidates]])]

    return judge


def _least_penalty(candidates: Sequence[Candidate]) -> list[float]:
    return [-candidate.penalty for candidate in candidates]


def _fewest_hard(candidates: Sequence[Candidate]) -> list[float]:
    return [-candidate.hard for candidate in candidates]


def _constant(candidates: Sequence[Candidate]) -> list[float]:
    return [0.0] * len(candidates)


def _lot(candidates: Sequence[Candidate]) -> list[float]:
    """By lot, the same for the same texts: what a method must beat that knows something."""
    seed = "\0".join(text for candidate in candidates for text in candidate.texts)
    lots = random.Random(seed)
    return [lots.random() for _ in candidates]


def by(*judges: Judge) -> Method:
    """The candidate that the first judge likes best; where it likes several, the next decides.

    Each judge sees all candidates: also one that will not be chosen says what is usual.
    """

    def method(candidates: Sequence[Candidate]) -> int:
        worth = list(zip(*(judge(candidates) for judge in judges), strict=True))
        return max(range(len(worth)), key=worth.__getitem__)

    return method


METHODS: Mapping[str, Method] = {
    "first": by(_constant),
    "random": by(_lot),
    "checks": by(_least_penalty),
    "consensus": by(consensus_of),
    "mean_rank": by(mean_rank_of),
    "checks+consensus": by(_least_penalty, consensus_of),
    "checks+mean_rank": by(_least_penalty, mean_rank_of),
    "hard+consensus": by(_fewest_hard, consensus_of),
    "hard+mean_rank": by(_fewest_hard, mean_rank_of),
}
"""By name; ``method_of`` knows ``metric:NAME``, also behind ``checks+`` and ``hard+``, besides."""


def method_of(name: str) -> Method:
    """The method of a name.

    Raises:
        UnknownMethod: there is none.
    """
    if name in METHODS:
        return METHODS[name]
    before, _, metric = name.rpartition(METRIC)
    gates: dict[str, tuple[Judge, ...]] = {"": (), CHECKS: (_least_penalty,), HARD: (_fewest_hard,)}
    if METRIC not in name or not metric or before not in gates:
        raise UnknownMethod(name, METHODS)
    return by(*gates[before], metric_of(metric))
