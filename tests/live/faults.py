"""A proxy before a real server that answers with faults first and forwards afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web


@dataclass
class Faults:
    """Statuses to answer with, in turn, after the first ``skip`` requests were let through."""

    script: tuple[int, ...]
    retry_after: str = "0.1"
    skip: int = 0
    answered: Counter[int] = field(default_factory=Counter)

    def next(self) -> int | None:
        if self.skip:
            self.skip -= 1
            return None
        if not self.script:
            return None
        status, *rest = self.script
        self.script = tuple(rest)
        self.answered[status] += 1
        return status


@asynccontextmanager
async def faulty_proxy(url: str, faults: Faults) -> AsyncIterator[str]:
    """Address of a proxy before ``url``; only POST requests meet faults."""
    async with aiohttp.ClientSession() as session:

        async def handle(request: web.Request) -> web.Response:
            status = faults.next() if request.method == "POST" else None
            if status is not None:
                headers = {"Retry-After": faults.retry_after} if status == 429 else {}
                body = {"error": {"message": "made up", "code": status}}
                return web.json_response(body, status=status, headers=headers)
            async with session.request(
                request.method,
                url + request.path_qs,
                data=await request.read(),
                headers={"Content-Type": "application/json"},
            ) as answer:
                return web.Response(
                    body=await answer.read(),
                    status=answer.status,
                    content_type=answer.content_type,
                )

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            await runner.cleanup()
