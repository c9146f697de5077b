"""A streamed chat or text completion put together again (server-sent events)."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

from aiohttp import StreamReader

from service.lines import lines


class BrokenStream(Exception):
    """The stream ended early or holds something else than chunks; what came is not an answer."""


class StreamedAnswer:
    """Collects the chunks of one answer into the shape of an answer that was not streamed."""

    def __init__(self) -> None:
        self._choices: dict[int, dict[str, Any]] = {}
        self._usage: dict[str, Any] | None = None
        self._done = False

    async def read(self, stream: StreamReader) -> dict[str, Any]:
        """Read until the end mark.

        Raises:
            BrokenStream: it broke off, told of an error, or holds something else than chunks.
        """
        async with aclosing(lines(stream)) as events:
            async for line in events:
                if line.startswith(b"data:"):
                    self._event(line[5:].strip())
        if not self._done or not all(each["finish_reason"] for each in self._choices.values()):
            raise BrokenStream("its stream broke off")
        choices = [self._choices[index] for index in sorted(self._choices)]
        return {"choices": choices, "usage": self._usage}

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self._done = True
            return
        try:
            self._chunk(json.loads(data))
        except (ValueError, RecursionError, TypeError, AttributeError) as error:
            raise BrokenStream("its stream holds something else than chunks") from error

    def _chunk(self, chunk: dict[str, Any]) -> None:
        if "error" in chunk:  # vLLM tells of an engine that died inside a stream of status 200
            raise BrokenStream(f"its stream ended with an error: {chunk['error']}")
        self._usage = chunk.get("usage") or self._usage
        for part in chunk.get("choices") or []:
            choice = self._choices.setdefault(
                part.get("index") or 0,
                {"text": "", "message": {"content": ""}, "finish_reason": None},
            )
            choice["message"]["content"] += (part.get("delta") or {}).get("content") or ""
            choice["text"] += part.get("text") or ""
            choice["finish_reason"] = part.get("finish_reason") or choice["finish_reason"]
