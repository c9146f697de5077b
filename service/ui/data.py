"""Rows for the grid as compact JSON, packed in a thread: 50,000 concepts pass no event loop."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import OrderedDict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from glossary.errors import GlossaryError
from glossary.store.port import Query, Store
from service.errors import ServiceError
from service.ui.rows import row_of

_MOST = 10_000
_PAGES = 24
"""Pages that are kept; one is some hundred kilobytes."""


class Rows:
    """Packs rows for the grid; what was packed last is kept until the glossary changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()

    async def answer(self, name: str, request: Request) -> Response:
        """A part of a glossary's rows, with its version and how many there are in all."""
        asked = request.query_params
        offset, limit = _number(asked.get("offset")), min(_number(asked.get("limit")), _MOST)
        try:
            body = await asyncio.to_thread(self._packed, name, offset, limit)
        except (GlossaryError, ServiceError) as error:
            return Response(str(error), 404, media_type="text/plain")
        headers = {"content-encoding": "gzip", "cache-control": "no-store"}
        return Response(body, media_type="application/json", headers=headers)

    def _packed(self, name: str, offset: int, limit: int) -> bytes:
        version = self._store.info(name).version
        key = (name, version, offset, limit)
        packed = self._kept.get(key)
        if packed is None:
            packed = _pack(self._store, name, version, Query(offset=offset, limit=limit))
            self._kept[key] = packed
            while len(self._kept) > _PAGES:
                self._kept.popitem(last=False)
        return packed


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _pack(store: Store, name: str, version: int, query: Query) -> bytes:
    page = store.concepts(name, query)
    body: dict[str, Any] = {
        "version": version,
        "total": page.total,
        "rows": [row_of(stored) for stored in page.records],
    }
    return gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 3)
