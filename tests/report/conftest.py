from collections.abc import Callable
from typing import Any

import pytest

from eval.checks.base import Finding, Severity
from eval.metrics.base import MetricInfo, Score
from eval.run_log import ItemError, ItemRecord, Provenance, RunInfo, SegmentRecord, Verdict

SIGNATURE = "isogloss:0.1.0|bench:sample|pair:zh-CN>zh-TW|engine:opencc"

KEY = "round_trip.comet"
METRIC = MetricInfo(
    name="comet",
    family="comet",
    needs_reference=True,
    signature="tiny@1|fp32",
    licence="Apache-2.0",
    caveats=("Blind to script.",),
)


@pytest.fixture
def info() -> RunInfo:
    return RunInfo(
        run_id="run-1",
        benchmark="sample",
        pair="zh-CN>zh-TW",
        engine="opencc",
        model="a/model",
        profile="generic",
        signature=SIGNATURE,
        licence_notes=["CC BY-NC 4.0: not for sale."],
        metrics={KEY: METRIC},
        started="2026-01-31T10:30:00+01:00",
        seconds=75.0,
    )


@pytest.fixture
def record() -> Callable[..., ItemRecord]:
    """Build a record from its texts: ``record(3, "问题", "問題", findings=[...])``."""

    def build(index: int, source: str = "问题", target: str = "問題", **fields: Any) -> ItemRecord:
        defaults: dict[str, Any] = {
            "index": index,
            "id": f"item-{index}",
            "verdict": Verdict.OK,
            "item": {"question": target},
            "segments": [SegmentRecord(id="question", kind="text", source=source, target=target)],
            "provenance": Provenance(signature=SIGNATURE, source_sha256="0" * 64),
        }
        return ItemRecord(**(defaults | fields))

    return build


@pytest.fixture
def finding() -> Callable[..., Finding]:
    def build(check: str = "numbers", *, hard: bool = True, **fields: Any) -> Finding:
        defaults: dict[str, Any] = {
            "severity": Severity.CRITICAL if hard else Severity.MINOR,
            "segment": "question",
            "message": f"what {check} says",
        }
        return Finding(check=check, hard=hard, **(defaults | fields))

    return build


@pytest.fixture
def failed(record: Callable[..., ItemRecord]) -> Callable[[int], ItemRecord]:
    def build(index: int) -> ItemRecord:
        error = ItemError(code="engine_timeout", detail="No answer in 60 s.", remedy="Run again.")
        return record(index, target="", verdict=Verdict.FAILED, item=None, error=error)

    return build


@pytest.fixture
def scored(record: Callable[..., ItemRecord]) -> Callable[..., ItemRecord]:
    """A record with a segment per score: ``scored(3, 0.5, None)`` has one scored, one not."""

    def build(
        index: int,
        *values: float | None,
        key: str = KEY,
        texts: list[str] | None = None,
        backs: list[str] | None = None,
        **fields: Any,
    ) -> ItemRecord:
        segments = [
            SegmentRecord(
                id=f"part[{at}]",
                kind="text",
                source=texts[at] if texts else "问题",
                target="問題",
                back_translation=backs[at] if backs else None,
                scores={key: Score(value=value, reason="too short" if value is None else "")},
            )
            for at, value in enumerate(values)
        ]
        return record(index, segments=segments, **fields)

    return build
