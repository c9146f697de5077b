"""Intervals by drawing items again and again (the percentile bootstrap).

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; for scores of machine
translation Koehn, Statistical Significance Tests for Machine Translation Evaluation (EMNLP 2004),
https://aclanthology.org/W04-3250. Whole items are drawn, with all their segments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.stats.clusters import Clusters, Totals, paired_differences, totals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AT_ONCE = 2_000_000
"""Draws of single items that are held in memory together."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and where it may lie; in the unit of the values.

    ``low`` and ``high`` are ``None`` where one item alone was scored: it says nothing of others.
    ``n`` counts values (segments), ``clusters`` the items that have any, ``unscored`` the values
    that were left out because there are none.
    """

    mean: float
    low: float | None
    high: float | None
    n: int
    clusters: int
    level: float = 0.95
    unscored: int = 0


def mean_interval(
    values_by_cluster: Clusters, *, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Interval | None:
    """Mean of the values with its interval; ``None`` where no value is known.

    Below some twenty items such intervals are narrower than they should be.

    Args:
        values_by_cluster: one sequence of values per item, ``None`` for what was not scored.
        level: share of intervals that should hold the true mean.
        draws: how often as many items as there are are drawn with replacement.
        seed: equal values and seeds give equal intervals, in whatever order the values come.

    Raises:
        ValueError: a value is not finite, or ``level`` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
    known = totals(values_by_cluster)
    if not len(known):
        return None
    mean, low, high = known.mean, None, None
    if len(known) > 1:
        low, high = _ends(known, level, draws, seed)
        # With few draws or one item that outweighs all others, the mean can lie just outside.
        low, high = min(low, mean), max(high, mean)
    return Interval(mean, low, high, known.n, len(known), level, known.unscored)


def difference_interval(
    old: Clusters, new: Clusters, *, level: float = 0.95, draws: int = 1000, seed: int = 0
) -> Interval | None:
    """Mean of new minus old with its interval; both sides hold the same segments in one order.

    A segment that one side has not scored is left out of both, and counted.

    Raises:
        ValueError: the two sides have not the same items and segments.
    """
    return mean_interval(paired_differences(old, new), level=level, draws=draws, seed=seed)


def _ends(known: Totals, level: float, draws: int, seed: int) -> tuple[float, float]:
    import numpy as np

    tail = (1 - level) / 2
    low, high = np.quantile(_drawn_means(known, draws, seed), [tail, 1 - tail])
    return float(low), float(high)


def _drawn_means(known: Totals, draws: int, seed: int) -> NDArray[np.float64]:
    """Means of ``draws`` samples of as many items, drawn with replacement; shape ``(draws,)``."""
    import numpy as np

    random = np.random.default_rng(seed)
    size = len(known)
    step = max(1, _AT_ONCE // size)
    means = []
    for start in range(0, draws, step):
        drawn = random.integers(0, size, size=(min(step, draws - start), size))
        means.append(known.sums[drawn].sum(axis=1) / known.counts[drawn].sum(axis=1))
    return np.concatenate(means)
