"""The numbers of two snapshots, segment beside segment and item beside item."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.regress.criteria import FAILED, UNUSABLE
from eval.regress.pairing import ItemPair
from eval.run_log import ItemRecord, Verdict

Values = list[list[float | None]]
_TOO_LARGE = 1e100
"""Numbers beyond cannot be squared and added up; no metric means them."""


@dataclass(frozen=True, slots=True)
class Paired:
    """One number on both sides: a list per item with a value, or ``None``, per segment."""

    old: Values
    new: Values

    @property
    def moves(self) -> list[float | None]:
        """New minus old of each item, over the segments that both sides have scored."""
        return [
            None if means is None else means[1] - means[0]
            for means in map(self.means, range(len(self.old)))
        ]

    def means(self, place: int) -> tuple[float, float] | None:
        """An item's mean before and now, over the segments that both sides have scored."""
        both = _both(self.old[place], self.new[place])
        if not both:
            return None
        return (
            math.fsum(before for before, _ in both) / len(both),
            math.fsum(after for _, after in both) / len(both),
        )

    @property
    def old_mean(self) -> float | None:
        """Mean before, over all segments that both sides have scored."""
        return self._mean(0)

    @property
    def new_mean(self) -> float | None:
        """Mean now, over the same segments."""
        return self._mean(1)

    def _mean(self, side: int) -> float | None:
        values = [
            pair[side]
            for old, new in zip(self.old, self.new, strict=True)
            for pair in _both(old, new)
        ]
        return math.fsum(values) / len(values) if values else None

    @property
    def scored(self) -> int:
        """Segments that both sides have scored."""
        return sum(len(_both(old, new)) for old, new in zip(self.old, self.new, strict=True))

    @property
    def lost(self) -> int:
        """Segments that only the old side has scored."""
        return _alone(self.old, self.new)

    @property
    def gained(self) -> int:
        """Segments that only the new side has scored."""
        return _alone(self.new, self.old)

    def on_one_side(self, items: Iterable[int]) -> int:
        """Segments of these items that one side alone has scored."""
        kept = list(items)
        old, new = ([side[place] for place in kept] for side in (self.old, self.new))
        return _alone(old, new) + _alone(new, old)


def _both(old: Sequence[float | None], new: Sequence[float | None]) -> list[tuple[float, float]]:
    return [
        (before, after)
        for before, after in zip(old, new, strict=True)
        if before is not None and after is not None
    ]


def _alone(one: Values, other: Values) -> int:
    return sum(
        mine is not None and its is None
        for row, beside in zip(one, other, strict=True)
        for mine, its in zip(row, beside, strict=True)
    )


def paired_scores(pairs: Sequence[ItemPair], key: str) -> Paired:
    """A score of all segments; where an item failed, the other side stands beside nothing."""
    old, new = [], []
    for pair in pairs:
        before, after = _scores(pair.old, key), _scores(pair.new, key)
        segments = list(before | after)
        old.append([before.get(segment) for segment in segments])
        new.append([after.get(segment) for segment in segments])
    return Paired(old, new)


def _scores(record: ItemRecord, key: str) -> dict[str, float | None]:
    """By segment; what is no number that a mean could be made of counts as not scored."""
    values = ((each.id, each.scores.get(key)) for each in record.segments)
    return {
        id_: score.value
        if score is not None and score.value is not None and abs(score.value) < _TOO_LARGE
        else None
        for id_, score in values
    }


def paired_shares(pairs: Sequence[ItemPair], key: str) -> Paired:
    """For each item 1 where it belongs to the share and 0 where not; it is always known."""
    holds = {
        FAILED: lambda pair, record: record.verdict is Verdict.FAILED,
        UNUSABLE: ItemPair.unusable,
    }[key]
    return Paired(
        [[float(holds(pair, pair.old))] for pair in pairs],
        [[float(holds(pair, pair.new))] for pair in pairs],
    )
