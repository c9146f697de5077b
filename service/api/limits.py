"""A bound on request bodies."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problem import problem
from service.errors import BodyTooLarge


class BodyLimit:
    """Answers 413 as soon as a body is known to be larger than ``limit`` bytes.

    By its announced length at once; else by counting what arrives, because ``Content-Length`` may
    be missing. Plain ASGI on purpose: behind ``BaseHTTPMiddleware`` no handler learns that its
    client left.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > self._limit:
            error = BodyTooLarge(self._limit)
            await problem(error.code, error.status, str(error), error.remedy)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                # The one kind of error that FastAPI lets through while it reads a body.
                raise HTTPException(413) from BodyTooLarge(self._limit)
            return message

        await self._app(scope, counted, send)
