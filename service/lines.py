"""Lines out of a stream of bytes."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from aiohttp import StreamReader


async def lines(stream: StreamReader) -> AsyncGenerator[bytes, None]:
    """Lines of any length, without their ends; aiohttp's own reader bounds them."""
    rest = b""
    async for chunk in stream.iter_any():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line
    if rest:
        yield rest
