"""COMET, a neural metric trained on human judgements, in a process of its own.

R. Rei et al. 2020, https://aclanthology.org/2020.emnlp-main.213; the scores are those of
``unbabel-comet``, ``eval/metrics/worker`` computes them without encoding a sentence twice.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.errors import MetricUnavailable
from eval.metrics.base import MetricInfo, Row, Score
from eval.metrics.licence import comet_licence, licence_caveats
from eval.metrics.process import WORKERS, WorkerOptions
from eval.metrics.scoring_worker import ScoringWorker
from glossary.language import Language

_DOWNLOAD = (
    "Download a whole model with `comet.download_model` of its environment, and name its folder or "
    "the .ckpt file in it; hparams.yaml in that folder tells the model's class."
)
_BLIND = "It sees neither script nor numbers nor copies of the source: read it beside the checks."


@dataclass(frozen=True, slots=True)
class CometOptions:
    """Which model, run by which Python, and how.

    ``checkpoint``: a ``.ckpt`` file, or the model's folder with ``checkpoints/model.ckpt``.
    ``threads`` and ``batch_tokens``: ``None`` leaves them to torch and to the device.
    ``gather_seconds``: how long a row waits for others to share its batch.
    """

    checkpoint: Path
    python: Path
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["fp32", "bf16", "fp16"] = "fp32"
    threads: int | None = None
    batch_tokens: int | None = None
    batch_rows: int = 1024
    cache_bytes: int = 256 * 2**20
    gather_seconds: float = 0.005
    start_seconds: float = 600.0
    answer_seconds: float = 1800.0

    @property
    def checkpoint_file(self) -> Path:
        """The ``.ckpt`` file, absolute: what belongs to it lies two folders up."""
        path = self.checkpoint.absolute()
        return path / "checkpoints" / "model.ckpt" if path.is_dir() else path


class CometMetric:
    """Scores rows of any number of callers, a batch at a time."""

    def __init__(self, options: CometOptions, name: str = "comet") -> None:
        self.name = name
        self._options = options
        checkpoint = options.checkpoint_file
        self.worker = ScoringWorker(
            name,
            _worker(options),
            files=(checkpoint, checkpoint.parents[1] / "hparams.yaml"),
            remedy=_DOWNLOAD,
            batch_rows=options.batch_rows,
            gather_seconds=options.gather_seconds,
        )

    async def info(self) -> MetricInfo:
        """Load the model on the first call.

        Raises:
            MetricUnavailable: environment, device or checkpoint do not serve.
            MetricCrashed: the process ended while loading.
        """
        facts = await self.worker.facts()
        licence = comet_licence(self._options.checkpoint_file)
        return MetricInfo(
            name=self.name,
            family="comet",
            needs_reference=facts["needs_reference"],
            signature=_signature(facts),
            licence=licence,
            caveats=(_BLIND, *licence_caveats(licence)),
        )

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row, in their order; without one for texts that the model cannot read whole.

        Rows without a reference have no score from a model that needs one.
        """
        return await self.worker.score(rows)

    async def pairwise(self, source: str, candidates: Sequence[str]) -> list[list[float | None]]:
        """Utilities of minimum Bayes risk: row ``i``, column ``j`` is candidate ``i`` by ``j``.

        The other candidate stands for the reference. ``None`` where a text cannot be read whole.

        Raises:
            MetricUnavailable: the model takes no reference, or cannot be loaded.
            MetricError: the worker failed.
        """
        if not (await self.worker.facts())["takes_reference"]:
            why = "its model lays a translation beside its source alone"
            raise MetricUnavailable(self.name, why, "Use a model with references, as comet-da.")
        rows = [
            Row(source, hypothesis, reference, Language.EN)  # COMET is not told the language
            for hypothesis, reference in itertools.product(candidates, repeat=2)
        ]
        values = iter(score.value for score in await self.worker.ask(rows))
        return [list(itertools.islice(values, len(candidates))) for _ in candidates]

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()


def _worker(options: CometOptions) -> WorkerOptions:
    return WorkerOptions(
        python=options.python,
        script=WORKERS / "comet_worker.py",
        options={
            "checkpoint": str(options.checkpoint_file),
            "device": options.device,
            "precision": options.precision,
            "threads": options.threads,
            "batch_tokens": options.batch_tokens,
            "cache_bytes": options.cache_bytes,
        },
        start_seconds=options.start_seconds,
        answer_seconds=options.answer_seconds,
    )


def _signature(facts: Mapping[str, Any]) -> str:
    """All that moves a score; the device does not by more than rounding."""
    versions = facts["versions"]
    return "|".join(
        (
            f"class:{facts['class']}",
            f"checkpoint:{facts['sha256'][:16]}",
            f"encoder:{facts['encoder']}",
            f"precision:{facts['precision']}",
            *(f"{name}:{version}" for name, version in versions.items()),
        )
    )
