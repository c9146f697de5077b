"""Is a difference too small to matter? That a test found none does not say so.

Two one-sided tests (TOST): Schuirmann, A Comparison of the Two One-Sided Tests Procedure and the
Power Approach for Assessing the Equivalence of Average Bioavailability (1987),
https://doi.org/10.1007/BF01068419. At 5 % they reject "the difference is as large as the margin"
exactly where the 90 % interval lies inside the margin.
"""

from __future__ import annotations

from eval.stats.bootstrap import Interval, mean_interval
from eval.stats.clusters import Clusters
from eval.stats.shares import share_interval

MIN_ITEMS = 20
"""With fewer, bootstrap intervals are too narrow to claim anything from."""


def equivalence_interval(
    differences: Clusters,
    *,
    shares: bool = False,
    alpha: float = 0.05,
    draws: int = 2000,
    seed: int = 0,
) -> Interval | None:
    """The interval that must lie inside the margin: its level is ``1 - 2 * alpha``.

    Args:
        differences: new minus old, one sequence per item (``paired_differences``).
        shares: each item has or has not something (``share_interval``, which draws nothing).
        alpha: risk of claiming equivalence where the difference is as large as the margin.
        draws: samples of the bootstrap.
        seed: equal differences and seeds give equal intervals.
    """
    known = [cluster for cluster in differences if any(value is not None for value in cluster)]
    if len(known) < MIN_ITEMS:
        return None
    level = 1 - 2 * alpha
    if shares:
        return share_interval(known, level=level)
    return mean_interval(known, level=level, draws=draws, seed=seed)


def lies_inside(interval: Interval | None, margin: float | None) -> bool:
    """Does the whole interval lie between ``-margin`` and ``margin``?

    Never where there is no interval (fewer than ``MIN_ITEMS`` items) or no margin.
    """
    if interval is None or interval.low is None or interval.high is None or margin is None:
        return False
    return -margin < interval.low and interval.high < margin
