"""What can be known of COMET without its environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eval.errors import MetricUnavailable
from eval.metrics.base import Row
from eval.metrics.comet import CometMetric, CometOptions
from eval.metrics.licence import comet_licence, licence_caveats
from glossary.language import Language


def checkpoint(folder: Path, *files: str) -> None:
    (folder / "checkpoints").mkdir(parents=True)
    for file in files:
        (folder / file).touch()


@pytest.mark.parametrize(
    ("folder", "licence", "forbids"),
    [
        ("models--Unbabel--wmt22-comet-da/snapshots/371e9839", "Apache-2.0", False),
        ("wmt20-comet-qe-da", "Apache-2.0", False),
        ("models--Unbabel--wmt22-cometkiwi-da/snapshots/b3a8aea5", "CC-BY-NC-SA-4.0", True),
        ("wmt23-cometkiwi-da-xxl", "CC-BY-NC-SA-4.0", True),
        ("XCOMET-XL", "CC-BY-NC-SA-4.0", True),
        ("my-own-finance-model", "", False),
    ],
)
def test_licence_of_known_checkpoints(
    folder: str, licence: str, forbids: bool, tmp_path: Path
) -> None:
    assert comet_licence(tmp_path / folder / "checkpoints" / "model.ckpt") == licence
    assert bool(licence_caveats(licence)) is forbids


def test_the_model_card_knows_better_than_the_name(tmp_path: Path) -> None:
    card = tmp_path / "wmt22-comet-da" / "README.md"
    checkpoint(card.parent)
    card.write_text("---\nlanguage: ko\nlicense: cc-by-nc-4.0\n---\nlicense: mit\n", "utf-8")
    assert comet_licence(card.parent / "checkpoints" / "model.ckpt") == "cc-by-nc-4.0"


async def test_a_missing_environment_names_the_command_that_makes_it(tmp_path: Path) -> None:
    metric = CometMetric(CometOptions(checkpoint=tmp_path, python=tmp_path / "bin" / "python"))
    with pytest.raises(MetricUnavailable, match="no Python at") as caught:
        await metric.info()
    assert "make setup-comet" in caught.value.remedy


async def test_a_missing_checkpoint_is_named_and_rows_say_so(tmp_path: Path) -> None:
    metric = CometMetric(CometOptions(checkpoint=tmp_path, python=Path(sys.executable)))
    with pytest.raises(MetricUnavailable, match=r"no .*checkpoints/model\.ckpt"):
        await metric.info()
    (score,) = await metric.score([Row("s", "h", "r", Language.KO)])
    assert score.value is None
    assert "model.ckpt" in score.reason
    await metric.close()


async def test_a_checkpoint_without_hparams_is_named(tmp_path: Path) -> None:
    checkpoint(tmp_path, "checkpoints/model.ckpt")
    metric = CometMetric(CometOptions(checkpoint=tmp_path, python=Path(sys.executable)))
    with pytest.raises(MetricUnavailable, match=r"hparams\.yaml") as caught:
        await metric.info()
    assert "whole model" in caught.value.remedy


async def test_an_environment_without_comet_names_the_command(tmp_path: Path) -> None:
    checkpoint(tmp_path, "checkpoints/model.ckpt", "hparams.yaml")
    metric = CometMetric(CometOptions(checkpoint=tmp_path, python=Path(sys.executable)))
    with pytest.raises(MetricUnavailable, match="cannot import comet") as caught:
        await metric.info()
    assert "make setup-comet" in caught.value.remedy
    await metric.close()


def test_importing_the_metric_imports_no_torch() -> None:
    code = "import sys, eval.metrics.comet; print({'torch', 'comet'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
