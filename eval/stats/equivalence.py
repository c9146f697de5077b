"""Is a difference too small to matter? That a test found none does not say so.

Two one-sided tests (TOST): Schuirmann, A Comparison of the Two One-Sided Tests Procedure and the
Power Approach for Assessing the Equivalence of Average Bioavailability (1987),
https://doi.org/10.1007/BF01068419. At 5 % they reject "the difference is as large as the margin"
exactly where the 90 % interval lies inside the margin.

The bootstrap's interval claims too much here: where few of fifty items moved and the others stayed
as they are, it is wrong in 13 % instead of 5 (docs/regression.md). So each end is the farther one
of two: Student's, which is right where differences are symmetric, and Hall's, which takes their
skewness out (On the Removal of Skewness by Transformation, Journal of the Royal Statistical Society
B 54, 1992).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from eval.stats.bootstrap import Interval
from eval.stats.clusters import Clusters, Totals, totals
from eval.stats.shares import share_interval

MIN_ITEMS = 20
"""With fewer, neither spread nor skewness is known well enough to claim anything."""


def equivalence_interval(
    differences: Clusters, *, shares: bool = False, alpha: float = 0.05
) -> Interval | None:
    """The interval that must lie inside the margin: its level is ``1 - 2 * alpha``.

    ``None`` with fewer than ``MIN_ITEMS`` items.

    Args:
        differences: new minus old, one sequence per item (``paired_differences``).
        shares: each item has or has not something (``share_interval``).
        alpha: risk of claiming equivalence where the difference is as large as the margin.

    Raises:
        ValueError: a difference is not finite.
    """
    rows = [list(cluster) for cluster in differences]
    known = totals(rows)
    if len(known) < MIN_ITEMS:
        return None
    level = 1 - 2 * alpha
    if shares:
        return share_interval(rows, level=level)
    low, high = _ends(known, alpha)
    return Interval(known.mean, low, high, known.n, len(known), level, known.unscored)


def lies_inside(interval: Interval | None, margin: float | None) -> bool:
    """Does the whole interval lie between ``-margin`` and ``margin``?

    Never where there is no interval (fewer than ``MIN_ITEMS`` items) or no margin.
    """
    if interval is None or interval.low is None or interval.high is None or margin is None:
        return False
    return -margin < interval.low and interval.high < margin


def _ends(known: Totals, alpha: float) -> tuple[float, float]:
    """Both ends, from what the mean would be without each of the items (the jackknife).

    Miller, The Jackknife: a Review (1974), https://doi.org/10.1093/biomet/61.1.1: so the mean over
    segments has its error also where items have unequal numbers of them.
    """
    n, mean = len(known), known.mean
    without = (known.sums.sum() - known.sums) / (known.counts.sum() - known.counts)
    pulls = (n - 1) * (mean - without)
    spread = math.sqrt(pulls @ pulls / (n - 1))
    if spread <= 1e-12 * abs(mean):  # all alike; what is left is rounding
        return mean, mean
    skewness = n / ((n - 1) * (n - 2)) * float(((pulls / spread) ** 3).sum())
    bend, t = skewness / math.sqrt(n), _student(1 - alpha, n - 1)
    error = spread / math.sqrt(n)
    return mean - max(t, _bent(t, bend)) * error, mean + max(t, -_bent(-t, bend)) * error


def _bent(t: float, bend: float) -> float:
    """Hall's cubic solved: the skewed statistic that stands where ``t`` does without skewness."""
    if abs(bend) < 1e-6:
        return t
    return 3 / bend * (math.cbrt(1 + bend * (t - bend / 6)) - 1)


def _student(share: float, freedom: int) -> float:
    """A quantile of Student's t from the normal one; from 19 degrees of freedom on to 0.0001.

    Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    z, f = NormalDist().inv_cdf(share), freedom
    return (
        z
        + (z**3 + z) / (4 * f)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * f**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * f**3)
    )
