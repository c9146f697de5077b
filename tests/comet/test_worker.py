"""A process that is killed, a file that is no checkpoint, options that change the work."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from eval.errors import MetricUnavailable
from eval.metrics.base import Row
from eval.metrics.comet import CometMetric, CometOptions
from glossary.language import Language
from tests.comet.conftest import NewComet
from tests.comet.rows import ROWS

Expected = dict[str, dict[str, list[float]]]
KO = Language.KO


def long_rows(count: int) -> list[Row]:
    """Rows that keep the tiny model busy for seconds, no two alike."""
    return [Row(f"{at} " + "가" * 400, f"{at} " + "나" * 400, "다", KO) for at in range(count)]


async def test_a_killed_worker_costs_its_batch_and_a_retry_scores_it(new_comet: NewComet) -> None:
    metric = new_comet(batch_rows=100)
    await metric.info()
    killed = metric.worker.pid
    assert killed is not None
    rows = long_rows(300)
    scoring = asyncio.create_task(metric.score(rows))
    while metric.worker.work.batches < 1:  # noqa: ASYNC110 -- the metric has no event to wait for
        await asyncio.sleep(0.02)
    os.kill(killed, signal.SIGKILL)
    scores = await scoring
    unscored = [at for at, score in enumerate(scores) if score.value is None]
    assert unscored == list(range(100, 200))  # the batch under way, and no other
    assert all("SIGKILL" in scores[at].reason for at in unscored)
    assert metric.worker.pid not in (None, killed)
    again = await metric.score([rows[at] for at in unscored])
    assert all(score.value is not None for score in again)


async def test_a_file_that_is_no_checkpoint_is_named(comet_python: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "model.ckpt").write_bytes(b"not a checkpoint")
    (tmp_path / "hparams.yaml").write_text("class_identifier: regression_metric\n", "utf-8")
    metric = CometMetric(CometOptions(checkpoint=tmp_path, python=comet_python))
    with pytest.raises(MetricUnavailable, match="cannot be loaded"):
        await metric.info()


async def test_a_full_cache_forgets_and_scores_stay(
    new_comet: NewComet, expected: Expected
) -> None:
    metric = new_comet(cache_bytes=500)
    rows = [Row(*each, KO) for each in ROWS]
    await metric.score(rows)
    scores = await metric.score(rows)
    assert [s.value for s in scores] == pytest.approx(expected["regression"]["rows"], abs=1e-5)
    assert metric.worker.work.encoded > len({text for each in ROWS for text in each})


@pytest.mark.parametrize("kind", ["regression", "xcomet"])
async def test_half_precision_comes_close_and_says_so(
    kind: str, new_comet: NewComet, expected: Expected
) -> None:
    metric = new_comet(kind, precision="bf16")
    scores = await metric.score([Row(*each, KO) for each in ROWS])
    assert "precision:bf16" in (await metric.info()).signature
    assert [s.value for s in scores] == pytest.approx(expected[kind]["rows"], abs=0.05)
