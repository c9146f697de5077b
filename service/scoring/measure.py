"""Scoring as what a run does with each of its finished items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from eval.metrics.base import Metric, MetricInfo, Use
from eval.run_log import ItemRecord
from glossary.language import Pair
from service.scoring.records import SELECTED, judging, score_key, scored, uses_of
from service.scoring.selecting import families_that_chose

_IDLE = "Nothing was scored with"


class ScoringMeasure:
    """Scores items with some metrics, each for what it is made for (a ``Measure``).

    Args:
        metrics: the metrics, each once.
        pair: source and target of the items.
        uses: what there is to compare with. A metric that is made for none of it is left out, and
            ``caveats`` say so.
        back_translator: signature of the engine that translated back, for the scores' signature.
        selected_by: families of the metrics that selected wherever there was a choice.
        missing_only: keep the values that records have, and ask for the others.
    """

    def __init__(
        self,
        metrics: Sequence[Metric],
        pair: Pair,
        uses: Collection[Use],
        *,
        back_translator: str = "",
        selected_by: Collection[str] = (),
        missing_only: bool = False,
    ) -> None:
        self._metrics, self._pair, self._uses = metrics, pair, uses
        self._back_translator, self._selected_by = back_translator, selected_by
        self._selected: set[str] = set()
        self._missing_only = missing_only
        self._infos: dict[str, MetricInfo] | None = None
        self._used: list[tuple[Metric, list[Use]]] = []
        self._idle: list[str] = []

    @property
    def signature(self) -> str:
        """The names of its metrics."""
        return "+".join(metric.name for metric in self._metrics)

    @property
    def caveats(self) -> Sequence[str]:
        """Metrics that had nothing to compare with, and scores that judge their own selection.

        The latter once an item was measured that had something to select from.
        """
        selected = judging(self._infos or {}, self._selected)
        return [*self._idle, selected] if selected else self._idle

    async def info(self) -> Mapping[str, MetricInfo]:
        """Make all metrics ready and say how each score is made, by use and metric.

        Raises:
            MetricError: one of them cannot be made ready.
        """
        if self._infos is None:
            infos: dict[str, MetricInfo] = {}
            used = []
            for metric in self._metrics:
                known = await metric.info()
                uses = uses_of(known, self._uses)
                used.append((metric, uses))
                for use in uses:
                    infos[score_key(use, metric.name)] = self._signed(known, use)
            self._infos, self._used = infos, used
            self._idle = [
                f"{_IDLE} {metric.name}: what it compares with was not there."
                for metric, uses in used
                if not uses
            ]
        return self._infos

    async def measure(self, record: ItemRecord) -> ItemRecord:
        """The record with a score, or the reason for none, under each use and metric."""
        await self.info()
        self._selected |= families_that_chose(record.provenance, self._selected_by)
        return await scored(record, self._used, self._pair, missing_only=self._missing_only)

    def _signed(self, info: MetricInfo, use: Use) -> MetricInfo:
        if use is not Use.ROUND_TRIP or not self._back_translator:
            return info
        signature = f"{info.signature}|back:{self._back_translator}"
        return info.model_copy(update={"signature": signature})


def without_scoring(caveats: Iterable[str]) -> list[str]:
    """The caveats of a run without those of an earlier scoring, which may hold no longer."""
    return [caveat for caveat in caveats if not caveat.startswith((_IDLE, SELECTED))]
