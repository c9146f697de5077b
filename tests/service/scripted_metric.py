"""A metric that does what the test tells it, in the place of one that needs a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from eval.errors import MetricCrashed, MetricUnavailable
from eval.metrics.base import MetricInfo, Row, Score
from service.settings import MetricKind, MetricSettings
from service.wiring import METRICS


def length(row: Row) -> float:
    """How long the hypothesis is: tells whose score it is."""
    return float(len(row.hypothesis))


@dataclass
class Script:
    """What the metrics of a test do; ``asked`` are the rows of each call."""

    needs_reference: bool = True
    family: str = "scripted"
    signature: str = "scripted|v:1"
    value: Callable[[Row], float | None] = length
    crashes: Callable[[Row], bool] = lambda row: False
    unavailable: str = ""
    asked: list[list[Row]] = field(default_factory=list)
    closed: int = 0


SCRIPT = Script()


@dataclass(frozen=True)
class SimilarityOptions:
    checkpoint: Path
    python: Path
    device: str


class SimilarityMetric:
    """By default the length of the hypothesis."""

    def __init__(self, options: SimilarityOptions, name: str, script: Script | None = None) -> None:
        self.name, self.options = name, options
        self.script = script or SCRIPT

    async def info(self) -> MetricInfo:
        if self.script.unavailable:
            raise MetricUnavailable(self.name, self.script.unavailable, "make setup-model")
        return MetricInfo(
            name=self.name,
            family=self.script.family,
            needs_reference=self.script.needs_reference,
            signature=self.script.signature,
        )

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        self.script.asked.append(list(rows))
        if any(self.script.crashes(row) for row in rows):
            raise MetricCrashed(self.name, "it was killed.")
        return [
            Score(value=value) if value is not None else Score(value=None, reason="too long")
            for value in map(self.script.value, rows)
        ]

    async def close(self) -> None:
        self.script.closed += 1


def metric(name: str = "m", **script: Any) -> SimilarityMetric:
    """A metric with a script of its own."""
    options = SimilarityOptions(Path("model"), Path("python"), "cpu")
    return SimilarityMetric(options, name, Script(**script))


SETTINGS = MetricSettings(kind=MetricKind.SIMILARITY, checkpoint=Path("model"))


@contextmanager
def playing(monkeypatch: pytest.MonkeyPatch, **script: Any) -> Iterator[Script]:
    """Metrics of kind ``similarity`` follow this script."""
    played = Script(**script)
    monkeypatch.setitem(METRICS, MetricKind.SIMILARITY, f"{__name__}:SimilarityMetric")
    monkeypatch.setattr(f"{__name__}.SCRIPT", played)
    yield played
