"""The interval of a share's difference: items that have something in one run and not in the other.

Tango, Equivalence Test and Confidence Interval for the Difference in Proportions for the
Paired-Sample Design (1998),
https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C891::AID-SIM780%3E3.0.CO;2-B.
The bootstrap is no help with what is rare: where no item differs, no sample does.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from eval.stats.bootstrap import Interval
from eval.stats.clusters import Clusters

_HALVINGS = 50
"""Of a span of 1: what is left is smaller than any margin."""


def share_interval(differences: Clusters, *, level: float = 0.95) -> Interval | None:
    """Mean difference of a share with its score interval; ``None`` where no item is known.

    Args:
        differences: new minus old, one value per item: -1, 0 or 1, or ``None`` if not known.
        level: share of intervals that should hold the true difference.

    Raises:
        ValueError: an item has several values, or another one.
    """
    values = [value for (value,) in differences]
    known = [value for value in values if value is not None]
    if not known:
        return None
    if not set(known) <= {-1.0, 0.0, 1.0}:
        raise ValueError("an item has what is counted or has it not: -1, 0 or 1")
    n, ups, downs = len(known), known.count(1.0), known.count(-1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    low, high = (-_end(downs, ups, n, z), _end(ups, downs, n, z)) if n > 1 else (None, None)
    return Interval((ups - downs) / n, low, high, n, n, level, len(values) - n)


def _end(ups: int, downs: int, n: int, z: float) -> float:
    """The largest difference from which the one at hand is not ``z`` errors away."""
    inside, outside = (ups - downs) / n, 1.0
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if _distance(ups, downs, n, middle) <= z:
            inside = middle
        else:
            outside = middle
    return inside


def _distance(ups: int, downs: int, n: int, true: float) -> float:
    """How many standard errors below ``true`` the difference at hand lies, if ``true`` it is.

    The error is that of the likeliest shares whose difference is ``true`` (Tango's equation).
    """
    b = (2 * n - ups + downs) * true - ups - downs
    c = -downs * true * (1 - true)
    falling = (math.sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
    variance = n * (2 * falling + true * (1 - true))
    gap = n * true - (ups - downs)
    return gap / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, gap)
