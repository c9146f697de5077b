"""Metrics by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eval.errors import UnknownMetric
from eval.metrics.base import Metric, MetricInfo
from eval.metrics.licence import licence_caveats
from service.settings import MetricSettings

MakeMetric = Callable[[str, MetricSettings], Metric]
ALWAYS = "chrf"
"""Name of the metric that is there without any model, and scores whatever has a reference."""


class ScoringMetrics:
    """The configured metrics; each is made when it is first asked for.

    What Prometheus counts is another thing: ``service/metrics.py``.
    """

    def __init__(self, settings: Mapping[str, MetricSettings], make: MakeMetric) -> None:
        self._settings, self._make = dict(settings), make
        self._made: dict[str, Metric] = {}

    @property
    def names(self) -> list[str]:
        """Sorted."""
        return sorted(self._settings)

    def get(self, name: str) -> Metric:
        """The metric of that name.

        Raises:
            UnknownMetric: with the nearest known names.
            MetricError: it cannot be made.
        """
        if name not in self._settings:
            raise UnknownMetric(name, self.names)
        if name not in self._made:
            made = self._make(name, self._settings[name])
            licence = self._settings[name].licence
            self._made[name] = _Licensed(made, licence) if licence else made
        return self._made[name]

    def chosen(self, names: Iterable[str]) -> list[Metric]:
        """Several metrics, each once.

        Raises:
            UnknownMetric, MetricError: one of them.
        """
        return [self.get(name) for name in dict.fromkeys(names)]

    def settings_of(self, name: str) -> MetricSettings:
        """The settings of a known metric."""
        return self._settings[name]

    async def close(self) -> None:
        """Close every metric that was made."""
        for metric in self._made.values():
            await metric.close()
        self._made.clear()


class _Licensed:
    """A metric whose licence the settings say, because its model does not."""

    def __init__(self, metric: Metric, licence: str) -> None:
        self.name, self.score, self.close = metric.name, metric.score, metric.close
        self._metric, self._licence = metric, licence

    def __getattr__(self, name: str) -> Any:
        """What this kind of metric offers beside, as COMET scores in pairs."""
        return getattr(self._metric, name)

    async def info(self) -> MetricInfo:
        """What the metric says, with the licence and what it forbids."""
        info = await self._metric.info()
        if info.licence:
            return info
        caveats = (*info.caveats, *licence_caveats(self._licence))
        return info.model_copy(update={"licence": self._licence, "caveats": caveats})
