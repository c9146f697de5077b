"""Calls that are only of use together end together."""

from __future__ import annotations

import asyncio

import pytest

from service.engines.together import together


async def test_when_one_fails_the_others_are_over_before_it_is_told() -> None:
    over: list[int] = []

    async def call(number: int) -> int:
        try:
            await asyncio.sleep(0.01 if number == 0 else 60)
        finally:
            await asyncio.sleep(0)  # letting go of a connection takes a moment
            over.append(number)
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        await together([call(number) for number in range(3)])
    assert sorted(over) == [0, 1, 2]


async def test_whoever_gives_up_ends_them_all() -> None:
    over: list[int] = []

    async def call(number: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            over.append(number)

    waiting = asyncio.create_task(together([call(number) for number in range(3)]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert sorted(over) == [0, 1, 2]
    assert await together([]) == []
