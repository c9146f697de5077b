"""Could the difference between two runs of the same items be chance?

Under the null hypothesis it does not matter which of the two runs an item's result comes from, so
its difference could as well have the other sign. Noreen, Computer-Intensive Methods for Testing
Hypotheses (1989); for machine translation Riezler and Maxwell, On Some Pitfalls in Automatic
Evaluation and Significance Testing for MT (2005), https://aclanthology.org/W05-0908. A p-value is
never 0: Phipson and Smyth, Permutation P-values Should Never Be Zero (2010),
https://doi.org/10.2202/1544-6115.1585.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from eval.stats.clusters import Clusters, totals

_AT_ONCE = 4_000_000
"""Signs that are held in memory together."""
_TIE = 1e-9
"""Sums of the same numbers in another order differ by less than this, relative to all of them."""

Name = TypeVar("Name")


def p_of_mean(differences: Clusters, *, draws: int = 9999, seed: int = 0) -> float | None:
    """Two-sided p of the mean difference; ``None`` where nothing was scored.

    The signs of whole items are drawn: ``p = (1 + k) / (1 + draws)``, ``k`` being the draws with a
    mean at least as far from 0 as the one at hand.

    Args:
        differences: new minus old, one sequence per item (``paired_differences``).
        draws: the smallest p there is is ``1 / (1 + draws)``.
        seed: equal differences and seeds give equal p, in whatever order the items come.

    Raises:
        ValueError: a difference is not finite.
    """
    import numpy as np  # by its first use: no command and no server waits for it to start

    known = totals(differences)
    if not len(known):
        return None
    sums = known.sums[known.sums != 0]  # a sign changes nothing about 0
    if not len(sums):
        return 1.0
    random = np.random.default_rng(seed)
    bound = abs(sums.sum()) - _TIE * np.abs(sums).sum()
    step = max(1, _AT_ONCE // len(sums))
    as_far = 0
    for start in range(0, draws, step):
        signs = random.integers(0, 2, size=(min(step, draws - start), len(sums)), dtype=np.int8)
        drawn = (2.0 * signs - 1.0) @ sums
        as_far += int((np.abs(drawn) >= bound).sum())
    return (1 + as_far) / (1 + draws)


def leading_falls(differences: Iterable[float], *, lead: float = 1.0) -> int:
    """How many fell further than ``lead`` times the highest rise; rises are positive."""
    known = [each for each in differences if each]
    highest = max([*known, 0.0])
    return sum(-each > lead * highest for each in known)


def p_of_leading_falls(count: int) -> float:
    """Highest chance that so many items, or more, fall further than any rises: ``2 ** -count``.

    The signs of the largest changes are tossed coins where nothing but noise lies between two runs,
    whatever the noise looks like: that the ``count`` largest all are falls is ``count`` tosses.
    So a single item never tells a fault from noise; five do, at 1 in 32. This is the sign-flip test
    of the run of falls that leads the list, in closed form; with a ``lead`` above 1 the chance is
    smaller still, by how much depends on the noise.
    """
    return 0.5**count


def holm(p_values: Mapping[Name, float]) -> dict[Name, float]:
    """p-values that may be compared with one level for all of them together.

    Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979): the chance that any true
    null hypothesis is rejected stays below the level, however the tests depend on each other.
    """
    adjusted: dict[Name, float] = {}
    highest = 0.0
    ordered = sorted(p_values.items(), key=lambda entry: entry[1])
    for place, (name, p) in enumerate(ordered):
        highest = max(highest, min(1.0, p * (len(ordered) - place)))
        adjusted[name] = highest
    return adjusted
