"""Rankings by a judge that favours places: every candidate stands at every place equally often.

In a Latin square of orders (https://en.wikipedia.org/wiki/Latin_square) whatever a place alone is
worth adds the same to the mean rank of every candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.run_log import StageOutcome, StageRecord, Step

_NOTE = re.compile(r"first by place: ((?:\d+ )*\d+)")


def rotations(count: int) -> list[list[int]]:
    """Orders of ``count`` candidates in which each of them stands once at each place."""
    return [[(start + place) % count for place in range(count)] for start in range(count)]


def mean_ranks(orders: Sequence[Sequence[int]], rankings: Sequence[Sequence[int]]) -> list[float]:
    """Mean rank of each candidate, 1 being the best.

    Args:
        orders: the candidate at each place, for each round.
        rankings: the places, the best first, for each round.
    """
    ranks = [0] * len(orders[0])
    for order, ranking in zip(orders, rankings, strict=True):
        for rank, place in enumerate(ranking, start=1):
            ranks[order[place]] += rank
    return [total / len(orders) for total in ranks]


def firsts(rankings: Sequence[Sequence[int]]) -> list[int]:
    """How often each place came first; all equally often where places do not matter."""
    winners = [ranking[0] for ranking in rankings]
    return [winners.count(place) for place in range(len(rankings[0]))]


def note_of(counts: Sequence[int]) -> str:
    """``firsts`` as a stage's note says it."""
    return f"first by place: {' '.join(map(str, counts))}"


@dataclass(frozen=True, slots=True)
class PositionBias:
    """How much a judge favoured places over a run.

    Attributes:
        rankings: how many there were.
        firsts: how often each place came first.
        expected: how often each would have, had places not mattered.
    """

    rankings: int
    firsts: tuple[int, ...]
    expected: tuple[float, ...]

    @property
    def distance(self) -> float | None:
        """Share of rankings that would have to change for no bias: 0 is none.

        Total variation distance. A judge that always takes one place of k has 1 - 1/k.
        """
        if not self.rankings:
            return None
        apart = sum(abs(a - b) for a, b in zip(self.firsts, self.expected, strict=True))
        return apart / 2 / self.rankings

    def __str__(self) -> str:
        if self.distance is None:
            return ""
        counts = ", ".join(f"{count:,}" for count in self.firsts)
        return (
            f"The judge's liking for places: {self.distance:.2f} of {self.rankings:,} rankings "
            f"would have to change to be free of it (first came place by place: {counts}). "
            "Rotation adds the same to all candidates."
        )


def position_bias(stages: Iterable[StageRecord]) -> PositionBias:
    """The bias of a judge, from the notes of its rankings among these stages."""
    counts = [
        [int(count) for count in found[1].split()]
        for stage in stages
        if stage.step is Step.RANK and stage.outcome is StageOutcome.DONE
        if (found := _NOTE.search(stage.note))
    ]
    places = range(max(map(len, counts), default=0))
    return PositionBias(
        sum(map(sum, counts)),
        tuple(sum(each[place] for each in counts if place < len(each)) for place in places),
        tuple(
            sum(sum(each) / len(each) for each in counts if place < len(each)) for place in places
        ),
    )
