"""What is a regression: stated before anybody looks at the results."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from eval.metrics.base import MetricInfo
from eval.regress.errors import BadCriterion, BadMargin, UnknownScore

FAILED, UNUSABLE = "share.failed", "share.unusable"
SHARES = {FAILED: "items without a translation", UNUSABLE: "items failed or with hard findings"}
MOST_ALPHA = 0.5
_MARGIN_OF_SHARES = 0.02
_MARGINS = {"lexical": 1.0, "comet": 0.01, "embedding": 0.01}
"""By family of metrics, in their own unit: lexical ones go from 0 to 100, the others to 1."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Margins and the risk of a false alarm.

    Attributes:
        margins: by score key (``round_trip.chrf``, ``share.unusable``), the difference that does
            not matter; others have the default of their family, or none.
        item_margins: by score key, the fall of a single item that is too much. For engines without
            sampling, of which every change is real; noise goes beyond it, too.
        alpha: chance that a comparison of two runs of one system, which differ in nothing but
            noise, calls any number or item worse.
        metrics: score keys to look at; all there are where none is named.
        tolerated: share of the items that may fail or have new hard findings. Every one counts by
            default; an engine that samples has some in each run.
        same_system: refuse snapshots that were translated in different ways.
        draws: signs drawn for p-values, and samples for intervals.
        seed: equal snapshots, criteria and seeds give equal results.

    Raises:
        BadMargin: a margin is no number above 0.
        BadCriterion: another value is none that it may have.
    """

    margins: Mapping[str, float] = field(default_factory=dict)
    item_margins: Mapping[str, float] = field(default_factory=dict)
    alpha: float = 0.05
    metrics: Collection[str] = ()
    tolerated: float = 0.0
    same_system: bool = False
    draws: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        for key, margin in (*self.margins.items(), *self.item_margins.items()):
            if not 0 < margin < math.inf:
                raise BadMargin(f"{key}={margin}")
        if not 0 < self.alpha <= MOST_ALPHA:
            raise BadCriterion("alpha", self.alpha, f"a chance above 0, {MOST_ALPHA:g} at most")
        if not 0 <= self.tolerated <= 1:
            raise BadCriterion("tolerated", self.tolerated, "a share of the items, from 0 to 1")
        if isinstance(self.metrics, str):
            raise BadCriterion("metrics", self.metrics, "a list of score keys")

    def keys(self, metrics: Mapping[str, MetricInfo]) -> list[str]:
        """The score keys that are compared, sorted.

        Raises:
            UnknownScore: a margin or a choice names another.
        """
        for name in (*self.metrics, *self.item_margins):
            if name not in metrics:
                raise UnknownScore(name, metrics)
        for name in self.margins:
            if name not in metrics and name not in SHARES:
                raise UnknownScore(name, [*metrics, *SHARES])
        return sorted(set(self.metrics) or metrics)

    def margin_of(self, key: str, metric: MetricInfo | None) -> float | None:
        """The margin of a number; ``None`` where none was stated and none is known."""
        default = _MARGINS.get(metric.family) if metric else _MARGIN_OF_SHARES
        return self.margins.get(key, default)


def read_margins(texts: Iterable[str]) -> dict[str, float]:
    """Margins by score key, each from ``KEY=VALUE``.

    Raises:
        BadMargin: one is written otherwise, or is no number above 0.
    """
    margins = {}
    for text in texts:
        key, _, value = (part.strip() for part in text.rpartition("="))
        try:
            margins[key] = float(value)
        except ValueError:
            raise BadMargin(text) from None
        if not key or not 0 < margins[key] < math.inf:
            raise BadMargin(text)
    return margins
