"""What choosing gains over taking the first candidate, in human scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BASE = "first"
"""The method that the others are compared with."""
DRAWS = 1_000
_SEED = 20_261


@dataclass(frozen=True, slots=True)
class Gain:
    """One method over many texts.

    ``mean`` is the mean human score of what it chose, ``gain`` that minus the base's; its 95 %
    interval is ``None`` where all texts are of one item. ``better`` and ``worse`` count texts where
    its choice has another score than the base's.
    """

    method: str
    mean: float
    gain: float
    interval: tuple[float, float] | None
    better: int
    worse: int


def gains(
    choices: Mapping[str, Sequence[int]],
    scores: Sequence[Sequence[float]],
    items: Sequence[str],
    base: str = BASE,
) -> list[Gain]:
    """What each method gains; ``choices`` are by method and text, ``scores`` by text and candidate.

    ``items`` says of each text what it is part of: whole items are drawn (paired bootstrap, see
    ``eval.stats.bootstrap``), because their texts are not independent.

    Raises:
        ValueError: there is no text, or not equally many choices, scores and items.
    """
    if not scores:
        raise ValueError("no text has scores")
    values = {
        name: [each[place] for each, place in zip(scores, places, strict=True)]
        for name, places in choices.items()
    }
    return [_gain(name, chosen, values[base], items) for name, chosen in values.items()]


def _gain(name: str, chosen: Sequence[float], first: Sequence[float], items: Sequence[str]) -> Gain:
    differences = [one - other for one, other in zip(chosen, first, strict=True)]
    mean, interval = mean_of(differences, items)
    better, worse = (sum(sign * each > 0 for each in differences) for sign in (1, -1))
    return Gain(name, sum(chosen) / len(chosen), mean, interval, better, worse)


def mean_of(
    values: Sequence[float], items: Sequence[str]
) -> tuple[float, tuple[float, float] | None]:
    """The mean of values, one per text, and its 95 % interval; ``None`` if all are of one item.

    Raises:
        ValueError: there is no value, or not an item for each.
    """
    from eval.stats.bootstrap import mean_interval  # numpy: only when it is needed

    clusters: dict[str, list[float]] = defaultdict(list)
    for value, item in zip(values, items, strict=True):
        clusters[item].append(value)
    known = mean_interval(clusters.values(), draws=DRAWS, seed=_SEED)
    if known is None:
        raise ValueError("there is no value")
    both = None if known.low is None or known.high is None else (known.low, known.high)
    return known.mean, both
