"""Callers at the same moment share batches."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from eval.errors import MetricCrashed
from eval.metrics.base import Row, Score
from eval.metrics.gather import Gatherer
from glossary.language import Language


def rows(*numbers: int) -> list[Row]:
    return [Row("s", str(number), None, Language.EN) for number in numbers]


class Model:
    """Gives each row its own number; fails batches that hold a negative one."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def send(self, batch: Sequence[Row]) -> list[Score]:
        self.batches.append([int(row.hypothesis) for row in batch])
        await asyncio.sleep(0.02)
        if min(self.batches[-1]) < 0:
            raise MetricCrashed("model", "it fell over")
        return [Score(value=float(row.hypothesis)) for row in batch]


def values(scores: Sequence[Score]) -> list[float | None]:
    return [score.value for score in scores]


async def test_each_caller_gets_its_own_from_one_batch() -> None:
    model = Model()
    gatherer = Gatherer("model", model.send, 100, 0.01)
    answers = await asyncio.gather(*(gatherer.score(rows(n, n + 100)) for n in range(10)))
    assert [values(answer) for answer in answers] == [[n, n + 100] for n in range(10)]
    assert len(model.batches) == 1


async def test_what_comes_meanwhile_is_the_next_batch() -> None:
    model = Model()
    gatherer = Gatherer("model", model.send, 100, 0.0)
    first = asyncio.create_task(gatherer.score(rows(1)))
    while not model.batches:  # noqa: ASYNC110 -- until the first is under way
        await asyncio.sleep(0)
    others = await asyncio.gather(*(gatherer.score(rows(n)) for n in (2, 3, 4)))
    assert [values(answer) for answer in [await first, *others]] == [[1], [2], [3], [4]]
    assert model.batches == [[1], [2, 3, 4]]


async def test_a_batch_holds_no_more_than_the_limit_and_order_stays() -> None:
    model = Model()
    gatherer = Gatherer("model", model.send, 4, 0.0)
    answers = await asyncio.gather(gatherer.score(rows(*range(10))), gatherer.score(rows(7, 8)))
    assert [values(answer) for answer in answers] == [list(range(10)), [7, 8]]
    assert max(map(len, model.batches)) <= 4
    assert await gatherer.score([]) == []


async def test_a_failure_costs_its_batch_alone_and_is_told() -> None:
    gatherer = Gatherer("model", Model().send, 2, 0.0)
    scores = await gatherer.score(rows(1, 2, -3, 4, 5))
    assert values(scores) == [1, 2, None, None, 5]
    assert "it fell over" in scores[2].reason
    with pytest.raises(MetricCrashed):
        await gatherer.ask(rows(1, 2, -3))


async def test_a_caller_that_leaves_takes_its_rows_along() -> None:
    model = Model()
    gatherer = Gatherer("model", model.send, 100, 0.01)
    leaving = asyncio.create_task(gatherer.score(rows(1)))
    staying = asyncio.create_task(gatherer.score(rows(2)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert values(await staying) == [2]
    assert model.batches == [[2]]


async def test_closing_leaves_nobody_waiting() -> None:
    gatherer = Gatherer("model", Model().send, 1, 0.0)
    waiting = [asyncio.create_task(gatherer.score(rows(n))) for n in range(3)]
    await asyncio.sleep(0.01)
    await gatherer.close()
    ended = [score for (score,) in await asyncio.gather(*waiting)]
    assert values(ended) == [None] * 3
    assert all("closed" in score.reason for score in ended)
