"""Likeness of meaning across languages: a guard against wrong, empty and off-topic translations.

The cosine of two sentence embeddings, of a multilingual model such as LaBSE (F. Feng et al. 2022,
https://aclanthology.org/2022.acl-long.62) run by sentence-transformers in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.metrics.base import MetricInfo, Row, Score
from eval.metrics.licence import card_licence, licence_caveats
from eval.metrics.process import WORKERS, WorkerOptions
from eval.metrics.scoring_worker import ScoringWorker

_DOWNLOAD = "Name the folder of a model that sentence-transformers has saved, with all its files."
_COARSE = (
    "It tells another text from a translation, not a good translation from a poor one: numbers and "
    "negation hardly move it, and a copy of the source has the highest score."
)


@dataclass(frozen=True, slots=True)
class SimilarityOptions:
    """Which model, run by which Python, and how; ``CometOptions`` describes the rest."""

    checkpoint: Path
    python: Path
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int | None = None
    encode_rows: int = 32
    batch_rows: int = 1024
    cache_bytes: int = 256 * 2**20
    gather_seconds: float = 0.005


class SimilarityMetric:
    """Cosine of source and hypothesis, from -1 to 1."""

    def __init__(self, options: SimilarityOptions, name: str = "similarity") -> None:
        self.name = name
        self._options = options
        self.worker = ScoringWorker(
            name,
            _worker(options),
            files=(options.checkpoint / "modules.json",),
            remedy=_DOWNLOAD,
            batch_rows=options.batch_rows,
            gather_seconds=options.gather_seconds,
        )

    async def info(self) -> MetricInfo:
        """Load the model on the first call.

        Raises:
            MetricUnavailable: environment, device or model do not serve.
            MetricCrashed: the process ended while loading.
        """
        facts = await self.worker.facts()
        licence = card_licence(self._options.checkpoint)
        versions = (f"{name}:{version}" for name, version in facts["versions"].items())
        return MetricInfo(
            name=self.name,
            family="embedding",
            needs_reference=False,
            signature="|".join(("cosine", f"model:{facts['sha256'][:16]}", *versions)),
            licence=licence,
            caveats=(_COARSE, *licence_caveats(licence)),
        )

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row, in their order; without one for texts that the model cannot read whole.

        References are not looked at.
        """
        return await self.worker.score(rows)

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()


def _worker(options: SimilarityOptions) -> WorkerOptions:
    return WorkerOptions(
        python=options.python,
        script=WORKERS / "similarity_worker.py",
        options={
            "checkpoint": str(options.checkpoint.absolute()),
            "device": options.device,
            "threads": options.threads,
            "batch_rows": options.encode_rows,
            "cache_bytes": options.cache_bytes,
        },
    )
