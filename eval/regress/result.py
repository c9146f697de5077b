"""What a comparison of two snapshots says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eval.regress.pairing import ItemPair
from eval.stats.bootstrap import Interval


class Decision(StrEnum):
    """What may be said of a number.

    ``BETTER``, ``WORSE``: the difference is not chance, and may be as large as the margin.
    ``EQUIVALENT``: it is smaller than the margin, chance or not. ``UNDECIDED``: neither is shown.
    """

    BETTER = "better"
    WORSE = "worse"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"


class Cause(StrEnum):
    """Why an item is a regression by itself.

    ``FELL``: it is one of those that fell further than any rose, and they are too many for chance.
    ``FELL_BEYOND``: one of its scores fell by more than was allowed for a single item.
    """

    FAILED = "failed"
    FOUND = "hard finding"
    FELL = "fell"
    FELL_BEYOND = "fell beyond the margin"


@dataclass(frozen=True, slots=True)
class Change:
    """One number: means over what both runs have scored, and new minus old in its own unit.

    ``p`` is for all numbers of the comparison together (Holm). ``lost`` and ``gained`` count
    segments that only the old or only the new run has scored; they are left out. ``unmeasured``:
    these are so many, of items that both have translated, that the number says nothing.
    """

    key: str
    old: float | None
    new: float | None
    difference: Interval | None
    p: float | None
    margin: float | None
    decision: Decision
    why: str
    higher_is_better: bool = True
    lost: int = 0
    gained: int = 0
    unmeasured: bool = False


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item: why it is a regression, or nothing of that where it only moved.

    ``why`` has a line for each reason; ``scores`` are means over its segments, before and after.
    ``move`` takes them together, each in its own spread; up is better.
    """

    pair: ItemPair
    causes: tuple[Cause, ...]
    why: tuple[str, ...]
    scores: Mapping[str, tuple[float, float]]
    move: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two snapshots of the same items of a benchmark and pair, measured alike.

    ``regressed`` are items that got worse for a cause, ``moved`` others that changed most.
    ``fallen`` of the items fell clearly further than any rose; ``p_fallen`` is the highest chance
    that noise alone does that.
    """

    benchmark: str
    pair: str
    items: int
    unchanged: int
    alpha: float
    systems: tuple[str, ...]
    changes: tuple[Change, ...]
    fallen: int
    p_fallen: float
    regressed: tuple[ItemChange, ...]
    moved: tuple[ItemChange, ...]
    tolerated: int = 0
    notes: tuple[str, ...] = ()

    @property
    def worse(self) -> list[Change]:
        """Numbers that got worse."""
        return [change for change in self.changes if change.decision is Decision.WORSE]

    @property
    def too_many_broken(self) -> bool:
        """Did more items fail or get hard findings than are tolerated?"""
        return sum(map(_is_broken, self.regressed)) > self.tolerated

    def fails(self, item: ItemChange) -> bool:
        """Is this item one for which the comparison is a regression?"""
        return _has_fallen(item) or (_is_broken(item) and self.too_many_broken)

    @property
    def is_regression(self) -> bool:
        """Did any number get worse, any item fall, or more items break than are tolerated?"""
        return bool(self.worse) or any(map(self.fails, self.regressed))

    @property
    def unmeasured(self) -> list[str]:
        """Scores that one of the runs lacks: whether they got worse is not known."""
        return [each.key for each in self.changes if each.unmeasured]

    @property
    def passes(self) -> bool:
        """Is there no regression, and is nothing unknown that was to be compared?"""
        return not self.is_regression and not self.unmeasured

    @property
    def headline(self) -> str:
        """The outcome in one sentence."""
        if not self.is_regression:
            what = "No regression" + (" in what was measured" if self.unmeasured else "")
        else:
            parts = [f"{change.key} is worse" for change in self.worse]
            if failing := sum(map(self.fails, self.regressed)):
                parts.append(f"{failing} of {self.items} items got worse")
            what = "Regression: " + ", ".join(parts)
        if self.unmeasured:
            what += f"; not known, for want of scores: {', '.join(self.unmeasured)}"
        return f"{what} ({self.unchanged} of {self.items} translations are unchanged)."


def _is_broken(item: ItemChange) -> bool:
    return bool({Cause.FAILED, Cause.FOUND} & set(item.causes))


def _has_fallen(item: ItemChange) -> bool:
    return bool({Cause.FELL, Cause.FELL_BEYOND} & set(item.causes))
