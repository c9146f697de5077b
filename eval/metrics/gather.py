"""Rows of callers at the same moment go to a model together: a full batch costs less than many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from eval.errors import MetricCrashed, MetricError
from eval.metrics.base import Row, Score

Send = Callable[[Sequence[Row]], Awaitable[Sequence[Score]]]


@dataclass(frozen=True, slots=True)
class _Asked:
    rows: Sequence[Row]
    answer: asyncio.Future[Sequence[Score]]


class Gatherer:
    """Waits a moment for more rows, sends at most ``limit`` of them, hands each caller its own.

    What comes while a batch is under way makes up the next one. A caller that gives up takes its
    rows along if they have not been sent, and costs nobody else anything.
    """

    def __init__(self, name: str, send: Send, limit: int, seconds: float) -> None:
        self._name, self._send, self._limit, self._seconds = name, send, limit, seconds
        self._asked: deque[_Asked] = deque()
        self._sending: asyncio.Task[None] | None = None

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row; where sending failed, the reason."""
        parts = await asyncio.gather(*map(self._scored, self._parts(rows)))
        return list(chain.from_iterable(parts))

    async def ask(self, rows: Sequence[Row]) -> list[Score]:
        """A score per row.

        Raises:
            MetricError: some of them could not be sent.
        """
        parts = await asyncio.gather(*map(self._ask, self._parts(rows)))
        return list(chain.from_iterable(parts))

    async def close(self) -> None:
        """Give up what has no answer yet."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        _fail(self._asked, MetricCrashed(self._name, "it was closed"))
        self._asked.clear()

    def _parts(self, rows: Sequence[Row]) -> list[Sequence[Row]]:
        return [rows[at : at + self._limit] for at in range(0, len(rows), self._limit)]

    async def _scored(self, rows: Sequence[Row]) -> Sequence[Score]:
        try:
            return await self._ask(rows)
        except MetricError as error:
            return [Score(value=None, reason=str(error))] * len(rows)

    async def _ask(self, rows: Sequence[Row]) -> Sequence[Score]:
        asked = _Asked(rows, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._work())
        return await asked.answer

    async def _work(self) -> None:
        """Send batch after batch until nobody waits."""
        await asyncio.sleep(self._seconds)
        while batch := self._next():
            try:
                scores = iter(await self._send([row for asked in batch for row in asked.rows]))
            except asyncio.CancelledError:
                self._asked.extend(batch)
                raise
            except Exception as error:  # whatever it is, the callers are the ones to know
                _fail(batch, error)
            else:
                _hand_back(batch, scores)

    def _next(self) -> list[_Asked]:
        """Those who wait longest, as many as the limit allows; at least one if anyone waits."""
        batch: list[_Asked] = []
        room = self._limit
        while self._asked and (not batch or len(self._asked[0].rows) <= room):
            asked = self._asked.popleft()
            if not asked.answer.done():
                batch.append(asked)
                room -= len(asked.rows)
        return batch


def _hand_back(batch: Sequence[_Asked], scores: Iterator[Score]) -> None:
    for asked in batch:
        own = list(islice(scores, len(asked.rows)))
        if not asked.answer.done():
            asked.answer.set_result(own)


def _fail(batch: Iterable[_Asked], error: Exception) -> None:
    for asked in batch:
        if not asked.answer.done():
            asked.answer.set_exception(error)
