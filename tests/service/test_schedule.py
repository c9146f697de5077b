"""Many items at once: bounded, in order or as finished, ended cleanly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from service.pipeline.schedule import as_finished, in_order


class Work:
    """Doubles numbers; a gate holds chosen ones back."""

    def __init__(self) -> None:
        self.running = self.peak = self.cancelled = 0
        self.begun: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}

    async def __call__(self, number: int) -> int:
        self.begun.append(number)
        self.running += 1
        self.peak = max(self.peak, self.running)
        try:
            if number in self.gates:
                await self.gates[number].wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1
        return 2 * number


@pytest.fixture
def work() -> Work:
    return Work()


async def settle() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


@pytest.mark.parametrize("workers", [1, 3, 500])
async def test_all_results_come_in_input_order(work: Work, workers: int) -> None:
    results = [result async for result in in_order(range(200), work, workers)]
    assert results == list(range(0, 400, 2))
    assert work.peak <= workers


@pytest.mark.parametrize("workers", [1, 3, 500])
async def test_all_results_come_with_their_positions(work: Work, workers: int) -> None:
    results = [result async for result in as_finished(range(200), work, workers)]
    assert sorted(results) == [(number, 2 * number) for number in range(200)]


async def test_nothing_given_nothing_made(work: Work) -> None:
    assert [result async for result in in_order([], work, 4)] == []


async def test_never_more_at_once_than_workers_and_all_of_them(work: Work) -> None:
    work.gates = {number: asyncio.Event() for number in range(100)}
    async with aclosing(as_finished(range(100), work, 7)) as results:
        first = asyncio.ensure_future(anext(results))
        await settle()
        assert work.running == 7
        work.gates[3].set()
        assert await first == (3, 6)
        await settle()
        assert work.running == 7
    assert work.peak == 7


async def test_a_slow_item_does_not_hold_back_results_of_others(work: Work) -> None:
    work.gates = {0: asyncio.Event()}
    async with aclosing(as_finished(range(50), work, 4)) as results:
        seen = [await anext(results) for _ in range(49)]
        assert 0 not in [position for position, _ in seen]
        work.gates[0].set()
        assert await anext(results) == (0, 0)


async def test_a_slow_item_holds_back_results_in_order_and_not_the_work(work: Work) -> None:
    work.gates = {0: asyncio.Event()}
    async with aclosing(in_order(range(50), work, 4)) as results:
        first = asyncio.ensure_future(anext(results))
        await settle()
        assert len(work.begun) == 50
        assert not first.done()
        work.gates[0].set()
        assert [await first, *[each async for each in results]] == list(range(0, 100, 2))


@pytest.mark.parametrize("schedule", [as_finished, in_order])
async def test_a_long_source_is_not_read_ahead_of_its_reader(work: Work, schedule: object) -> None:
    taken = 0

    def source() -> Iterator[int]:
        nonlocal taken
        for number in range(100_000):
            taken += 1
            yield number

    assert callable(schedule)
    async with aclosing(schedule(source(), work, 8)) as results:
        await anext(results)
        await settle()
        assert taken <= 1 + 8 + 2 * 8
        for _ in range(100):
            await anext(results)
        await settle()
        assert taken <= 101 + 8 + 2 * 8


@pytest.mark.parametrize("schedule", [as_finished, in_order])
async def test_closing_cancels_what_is_in_work(work: Work, schedule: object) -> None:
    work.gates = {number: asyncio.Event() for number in range(1, 100)}
    assert callable(schedule)
    async with aclosing(schedule(range(100), work, 5)) as results:
        await anext(results)
        await settle()
        assert work.running == 5
    assert work.running == 0
    assert work.cancelled == 5
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("schedule", [as_finished, in_order])
async def test_cancelling_the_reader_cancels_the_work(work: Work, schedule: object) -> None:
    work.gates = {number: asyncio.Event() for number in range(100)}

    async def read() -> None:
        assert callable(schedule)
        async for _ in schedule(range(100), work, 5):
            pass

    reader = asyncio.create_task(read())
    await settle()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    await settle()
    assert work.running == 0
    assert work.cancelled == 5


@pytest.mark.parametrize("schedule", [as_finished, in_order])
async def test_an_exception_in_the_work_ends_it_with_that_exception(schedule: object) -> None:
    begun: list[int] = []

    async def work(number: int) -> int:
        begun.append(number)
        await asyncio.sleep(0)
        if number == 5:
            raise LookupError("five")
        return number

    seen = []

    async def read() -> None:
        assert callable(schedule)
        async for result in schedule(range(100_000), work, 3):
            seen.append(result)

    with pytest.raises(LookupError, match="five"):
        await read()
    assert len(seen) <= 20
    assert len(begun) <= 30
    assert len(asyncio.all_tasks()) == 1


async def test_an_exception_in_the_source_ends_it_with_that_exception(work: Work) -> None:
    def source() -> Iterator[int]:
        yield 1
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        async for _ in as_finished(source(), work, 3):
            pass


async def test_work_that_never_waits_does_not_hold_up_the_loop() -> None:
    """An embedded engine must not keep ``/healthz`` waiting for a whole benchmark."""

    async def work(number: int) -> int:
        return number

    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    async for _ in in_order(range(2_000), work, 4):
        pass
    ticking.cancel()
    assert ticks > 100
