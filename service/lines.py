"""Lines out of a stream of bytes."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from aiohttp import StreamReader


async def lines(stream: StreamReader) -> AsyncGenerator[bytes, None]:
    """Lines of any length, without their ends; aiohttp's own reader bounds them."""
    pieces: list[bytes] = []
    async for chunk in stream.iter_any():
        first, *more = chunk.split(b"\n")
        pieces.append(first)
        for following in more:
            yield b"".join(pieces)
            pieces = [following]
    if any(pieces):
        yield b"".join(pieces)
