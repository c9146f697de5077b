"""Recorded translations with the scores of a metric."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.metrics.base import MetricInfo, Row, Score
from service.recorded import chosen, measured, read_texts
from tests.service.test_files import jsonl


class Errors:
    """Counts errors, so less is better: those that a hypothesis names; ``?`` has no score."""

    name = "errors"

    def __init__(self) -> None:
        self.rows: list[Row] = []

    async def info(self) -> MetricInfo:
        return MetricInfo(
            name=self.name,
            family="made up",
            needs_reference=False,
            higher_is_better=False,
            signature="errors",
        )

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        self.rows += rows
        return [
            Score(value=None, reason="?") if r.hypothesis == "?" else Score(value=int(r.hypothesis))
            for r in rows
        ]

    async def close(self) -> None:
        pass


async def test_less_errors_win_and_what_has_no_score_does_not(tmp_path: Path) -> None:
    lines = [
        {"pair": "en>ko", "source": source, "hypotheses": hypotheses}
        for source, hypotheses in {"one": ["9", "2", "5"], "two": ["?", "7", "8"]}.items()
    ]
    metric = Errors()
    texts = await measured(read_texts([jsonl(tmp_path / "r.jsonl", *lines)]), metric)
    assert chosen(texts, "metric:errors") == [1, 1]
    assert [(row.source, row.reference, row.language) for row in metric.rows] == [
        ("one", None, "ko")
    ] * 3 + [("two", None, "ko")] * 3
