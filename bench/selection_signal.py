"""How far a number or a flag goes with human scores, with intervals that draw whole documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.float64]
DRAWS = 1_000
WORST = 0.05
_SEED = 20_261


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic of the outputs at hand, and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    @property
    def rounded(self) -> list[float]:
        return [round(each, 3) for each in (self.value, self.low, self.high)]


class Sample:
    """Outputs with human scores, and how often each is in each draw of documents.

    The first row of ``weights`` is the sample itself, each output once.
    """

    def __init__(self, scores: Sequence[float], documents: Sequence[str]) -> None:
        self.scores = np.asarray(scores, dtype=float)
        names = {name: number for number, name in enumerate(dict.fromkeys(documents))}
        members = np.array([names[name] for name in documents])
        rng = np.random.default_rng(_SEED)
        drawn = rng.integers(0, len(names), size=(DRAWS, len(names)))
        counts = np.stack([np.bincount(row, minlength=len(names)) for row in drawn])
        self.weights: Values = np.vstack([np.ones(len(members)), counts[:, members]])
        self.worst = self.scores <= np.quantile(self.scores, WORST, method="inverted_cdf")
        self._order = np.sign(self.scores[:, None] - self.scores).astype(np.float32)

    def pearson(self, values: Sequence[float]) -> Figure:
        """Correlation of a number with the scores."""
        w = self.weights / self.weights.sum(axis=1, keepdims=True)
        x, y = (each - each.mean() for each in (np.asarray(values, dtype=float), self.scores))
        mx, my = w @ x, w @ y
        covered = w @ (x * y) - mx * my
        spread = np.sqrt((w @ x**2 - mx**2) * (w @ y**2 - my**2))
        return _figure(_ratio(covered, spread))

    def kendall(self, values: Sequence[float]) -> Figure:
        """Kendall's tau-b: pairs of outputs in the same order minus others, ties allowed for."""
        x = np.asarray(values, dtype=float)
        order = np.sign(x[:, None] - x).astype(np.float32)
        w = self.weights.astype(np.float32)
        alike = self._pairs(w, order * self._order)
        free = self._pairs(w, abs(order)) * self._pairs(w, abs(self._order))
        return _figure(_ratio(alike, np.sqrt(free)))

    @staticmethod
    def _pairs(weights: NDArray[np.float32], table: NDArray[np.float32]) -> Values:
        sums: Values = np.einsum("dn,dn->d", weights @ table, weights).astype(float)
        return sums

    def auc(self, values: Sequence[float]) -> Figure:
        """How often one of the worst 5 % has a lower value than another output; 0.5 is chance."""
        x = np.asarray(values, dtype=float)
        bad, good = x[self.worst][:, None], x[~self.worst]
        lower = (bad < good) + 0.5 * (bad == good)
        wb, wg = self.weights[:, self.worst], self.weights[:, ~self.worst]
        hits = np.einsum("db,db->d", wb, wg @ lower.T)
        return _figure(_ratio(hits, wb.sum(axis=1) * wg.sum(axis=1)))

    def difference(self, flagged: Sequence[bool]) -> Figure | None:
        """Mean score of flagged minus other outputs; ``None`` where all or none are flagged."""
        flags = np.asarray(flagged, dtype=float)
        if flags.min() == flags.max():
            return None
        yes, no = self.weights * flags, self.weights * (1 - flags)
        low, high = (_ratio(w @ self.scores, w.sum(axis=1)) for w in (yes, no))
        return _figure(low - high)

    def of_worst(self, flagged: Sequence[bool]) -> float:
        """Share of the worst 5 % that is flagged."""
        return float(np.asarray(flagged)[self.worst].mean())


def _ratio(above: Values, below: Values) -> Values:
    """``nan`` where there is nothing to divide by, as in a draw without a flagged output."""
    ratio: Values = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return ratio


def _figure(drawn: Values) -> Figure:
    known = drawn[1:][~np.isnan(drawn[1:])]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    return Figure(float(drawn[0]), float(low), float(high))


def halves_agree(raters: Sequence[Sequence[float]]) -> float:
    """Correlation of the mean of half of the raters with that of the others.

    What a perfect judge could reach is about the root of it, stepped up to all raters
    (Spearman and Brown).
    """
    table = np.asarray(raters, dtype=float)
    middle = table.shape[1] // 2
    halves = table[:, :middle].mean(axis=1), table[:, middle:].mean(axis=1)
    return float(np.corrcoef(*halves)[0, 1])


def signal(sample: Sample, values: Sequence[float]) -> dict[str, Any]:
    """All figures of a number for which higher means better."""
    return {
        "pearson": sample.pearson(values).rounded,
        "kendall": sample.kendall(values).rounded,
        "auc_worst": sample.auc(values).rounded,
    }
