"""A worker that scores rows for any number of callers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import MetricUnavailable
from eval.metrics.base import Row, Score
from eval.metrics.gather import Gatherer
from eval.metrics.process import WorkerOptions, WorkerProcess
from eval.metrics.worker.wire import packed


@dataclass(slots=True)
class Work:
    """What the model had to do, and what it knew from before.

    ``encoded`` counts sentences, or rows where the model reads them in one sequence.
    """

    batches: int = 0
    rows: int = 0
    encoded: int = 0
    cached: int = 0


class ScoringWorker:
    """A process that scores, and rows of all callers on their way to it.

    ``files`` must be there before it is worth starting; ``remedy`` says where they come from.
    """

    def __init__(
        self,
        name: str,
        worker: WorkerOptions,
        files: Sequence[Path],
        remedy: str,
        *,
        batch_rows: int,
        gather_seconds: float,
    ) -> None:
        self.work = Work()
        self._name, self._worker = name, worker
        self._files, self._remedy = files, remedy
        self._process = WorkerProcess(name, worker)
        self._gatherer = Gatherer(name, self._send, batch_rows, gather_seconds)

    @property
    def pid(self) -> int | None:
        """Of the process that holds the model; ``None`` where none runs."""
        return self._process.pid

    async def facts(self) -> Mapping[str, Any]:
        """What the worker says of its model, which is loaded on the first call.

        Raises:
            MetricUnavailable: environment, device or model do not serve.
            MetricCrashed: the process ended while loading.
        """
        if self._process.pid is None:
            self._look()
        return await self._process.facts()

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row; where the worker failed, the reason."""
        return await self._gatherer.score(rows)

    async def ask(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row.

        Raises:
            MetricError: the worker failed.
        """
        return await self._gatherer.ask(rows)

    async def close(self) -> None:
        """End the process; who waits for a score gets none."""
        await self._gatherer.close()
        await self._process.close()

    def _look(self) -> None:
        python = self._worker.python
        if not python.is_file():
            why = f"there is no Python at {python.absolute()}"
            raise MetricUnavailable(self._name, why, self._worker.remedy)
        for file in self._files:
            if not file.is_file():
                raise MetricUnavailable(self._name, f"there is no {file}", self._remedy)

    async def _send(self, rows: Sequence[Row]) -> list[Score]:
        await self.facts()
        texts, places = packed((row.source, row.hypothesis, row.reference) for row in rows)
        answer = await self._process.ask({"texts": texts, "rows": places})
        self.work.batches += 1
        self.work.rows += len(rows)
        self.work.encoded += answer["encoded"]
        self.work.cached += answer["cached"]
        return [_score(each) for each in answer["scores"]]


def _score(answer: float | str) -> Score:
    if isinstance(answer, str):
        return Score(value=None, reason=answer)
    return Score(value=answer)
