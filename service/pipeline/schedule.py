"""Many items at once: a bounded number in work, results in input order or as they finish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
_STARTED_TOGETHER = 8


async def as_finished(
    given: Iterable[Given], work: Callable[[Given], Awaitable[Made]], workers: int
) -> AsyncGenerator[tuple[int, Made], None]:
    """Yield ``(position, result)`` as results come; at most ``workers`` are in work at a time.

    Results that nobody takes hold the workers back, so memory stays bounded. Closing the iterator
    cancels what is in work. An exception in ``work`` ends it with that exception.
    """
    source = enumerate(given)
    results: asyncio.Queue[tuple[int, Made] | BaseException | None] = asyncio.Queue(2 * workers)

    async def worker() -> None:
        try:
            for position, value in source:
                await results.put((position, await work(value)))
                # Work that never waits (an embedded engine) must not keep others from the loop.
                await asyncio.sleep(0)
            await results.put(None)
        except Exception as error:
            await results.put(error)

    async def start() -> None:
        # A few at a time: the first requests are on their way before the last item is worded.
        for number in range(1, workers + 1):
            tasks.append(asyncio.create_task(worker()))
            if number % _STARTED_TOGETHER == 0:
                await asyncio.sleep(0)

    tasks: list[asyncio.Task[None]] = []
    tasks.append(asyncio.create_task(start()))
    try:
        running = workers
        while running:
            result = await results.get()
            if result is None:
                running -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def in_order(
    given: Iterable[Given], work: Callable[[Given], Awaitable[Made]], workers: int
) -> AsyncGenerator[Made, None]:
    """Yield the results in the order of ``given``."""
    waiting: dict[int, Made] = {}
    turn = 0
    async with aclosing(as_finished(given, work, workers)) as results:
        async for position, result in results:
            waiting[position] = result
            while turn in waiting:
                yield waiting.pop(turn)
                turn += 1
