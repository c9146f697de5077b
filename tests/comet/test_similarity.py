"""Cosines of a tiny multilingual model, made on the spot, through its own process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from eval.errors import MetricUnavailable
from eval.metrics.base import Row
from eval.metrics.similarity import SimilarityMetric, SimilarityOptions
from glossary.language import Language
from tests.comet.rows import ROWS

HERE = Path(__file__).parent
pytestmark = pytest.mark.asyncio(loop_scope="session")


def row(source: str, hypothesis: str) -> Row:
    return Row(source, hypothesis, None, Language.KO)


@pytest.fixture(scope="session")
def model(comet_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the model in `model`, and in `expected.json` the cosines of `ROWS`."""
    folder = tmp_path_factory.mktemp("similarity")
    (folder / "rows.json").write_text(json.dumps(ROWS), "utf-8")
    command = [str(comet_python), str(HERE / "tiny_similarity.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def metric(comet_python: Path, model: Path) -> AsyncIterator[SimilarityMetric]:
    similarity = SimilarityMetric(
        SimilarityOptions(checkpoint=model / "model", python=comet_python, device="cpu", threads=1)
    )
    yield similarity
    await similarity.close()


async def test_cosines_are_those_of_the_library(metric: SimilarityMetric, model: Path) -> None:
    scores = await metric.score([row(source, hypothesis) for source, hypothesis, _ in ROWS])
    wanted = json.loads((model / "expected.json").read_text("utf-8"))
    assert [score.value for score in scores] == pytest.approx(wanted, abs=1e-5)
    assert len(set(wanted)) > 5


async def test_a_copy_scores_one_and_what_cannot_be_read_whole_says_why(
    metric: SimilarityMetric,
) -> None:
    rows = [row("같은 글", "같은 글"), row("글", " "), row("글", "긴 글" * 100)]
    copy, empty, long = await metric.score(rows)
    assert copy.value == pytest.approx(1.0, abs=1e-5)
    assert (empty.value, empty.reason) == (None, "hypothesis is empty")
    assert long.value is None
    assert "the model reads 256" in long.reason


async def test_a_text_is_encoded_once(metric: SimilarityMetric) -> None:
    before = metric.worker.work.encoded
    rows = [row("one source", f"candidate {at}") for at in range(4)]
    assert await metric.score(rows) == await metric.score(rows)
    assert metric.worker.work.encoded - before == 5


async def test_info_tells_licence_and_weakness(metric: SimilarityMetric) -> None:
    info = await metric.info()
    assert info.family == "embedding"
    assert not info.needs_reference
    assert "sentence-transformers:5" in info.signature
    assert any("negation" in caveat for caveat in info.caveats)


async def test_a_folder_without_a_model_is_named(comet_python: Path, tmp_path: Path) -> None:
    metric = SimilarityMetric(SimilarityOptions(checkpoint=tmp_path, python=comet_python))
    with pytest.raises(MetricUnavailable, match=r"no .*modules\.json"):
        await metric.info()
