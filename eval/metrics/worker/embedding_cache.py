"""Embeddings of sentences, kept for the next batch; bounded by memory, least recently used out."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any


class EmbeddingCache:
    """Tensors by text. One cache serves one model at one precision."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit, self._bytes = limit_bytes, 0
        self._kept: OrderedDict[str, Any] = OrderedDict()

    def get(self, text: str) -> Any | None:
        """The embedding of a text that was put before and not dropped since."""
        if text not in self._kept:
            return None
        self._kept.move_to_end(text)
        return self._kept[text]

    def put(self, text: str, embedding: Any) -> None:
        """Keep an embedding, a tensor that shares no memory with others."""
        if text in self._kept:
            self._bytes -= _size(text, self._kept.pop(text))
        self._kept[text] = embedding
        self._bytes += _size(text, embedding)
        while self._bytes > self._limit:
            dropped, tensor = self._kept.popitem(last=False)
            self._bytes -= _size(dropped, tensor)


def _size(text: str, embedding: Any) -> int:
    return int(embedding.nbytes) + 4 * len(text)
