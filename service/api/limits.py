"""A bound on request bodies, counted as they arrive: Content-Length may be missing or wrong."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problem import problem
from service.errors import BodyTooLarge


class _TooLarge(Exception):
    """The body grew past the limit."""


class BodyLimit:
    """Answers 413 as soon as a body is known to be larger than ``limit`` bytes.

    Plain ASGI on purpose: behind ``BaseHTTPMiddleware`` no handler learns that its client left.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if started:
                raise
            error = BodyTooLarge(self._limit)
            await problem(error.code, error.status, str(error), error.remedy)(scope, receive, send)
