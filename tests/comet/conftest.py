"""Fixtures of the tests with the real COMET: tiny checkpoints made on the spot.

Everything under this folder carries the marker `comet`. Where COMET's environment is missing the
tests are skipped with the command that makes it; ISOGLOSS_REQUIRE_COMET=1 turns that into a
failure.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from eval.metrics.comet import CometMetric, CometOptions
from tests.comet.rows import KINDS, PAIRS, ROWS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SETUP_COMMAND = "tests/comet/setup_comet.sh"
STAMP = "isogloss-comet.stamp"  # written last by setup_comet.sh

NewComet = Callable[..., CometMetric]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.comet)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def comet_python() -> Path:
    """Python of COMET's environment."""
    venv = Path(os.environ.get("ISOGLOSS_COMET_VENV") or ROOT / ".venvs" / "comet").absolute()
    if (venv / STAMP).is_file():
        return venv / "bin" / "python"
    reason = f"no environment for COMET: run {SETUP_COMMAND} (about two minutes, 1.3 GB)"
    if os.environ.get("ISOGLOSS_REQUIRE_COMET") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def checkpoints(comet_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a checkpoint per kind, and `expected.json` by the library's own `predict`."""
    folder = tmp_path_factory.mktemp("comet")
    (folder / "rows.json").write_text(json.dumps({"rows": ROWS, "pairs": PAIRS}), "utf-8")
    command = [str(comet_python), str(HERE / "reference.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def expected(checkpoints: Path) -> dict[str, dict[str, list[float]]]:
    """Scores by kind and list of rows."""
    scores: dict[str, dict[str, list[float]]] = json.loads(
        (checkpoints / "expected.json").read_text("utf-8")
    )
    return scores


@pytest.fixture
async def new_comet(comet_python: Path, checkpoints: Path) -> AsyncIterator[NewComet]:
    """Makes metrics over a kind of checkpoint; ends their processes after the test."""
    async with AsyncExitStack() as stack:

        def new(kind: str = "regression", **options: Any) -> CometMetric:
            given = {"python": comet_python, "device": "cpu", "threads": 1} | options
            metric = CometMetric(CometOptions(checkpoint=checkpoints / kind, **given))
            stack.push_async_callback(metric.close)
            return metric

        yield new


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def comets(comet_python: Path, checkpoints: Path) -> AsyncIterator[dict[str, CometMetric]]:
    """A metric of each kind with default options; COMET takes seconds to import, so all share."""
    metrics = {
        kind: CometMetric(
            CometOptions(checkpoint=checkpoints / kind, python=comet_python, threads=1)
        )
        for kind in KINDS
    }
    yield metrics
    for metric in metrics.values():
        await metric.close()
