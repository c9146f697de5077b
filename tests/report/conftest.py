from collections.abc import Callable
from typing import Any

import pytest

from eval.checks.base import Finding, Severity
from eval.run_log import ItemError, ItemRecord, Provenance, RunInfo, SegmentRecord, Verdict

SIGNATURE = "isogloss:0.1.0|bench:sample|pair:zh-CN>zh-TW|engine:opencc"


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
