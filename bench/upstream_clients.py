"""The HTTP clients that are compared: each posts bytes and returns the bytes of the answer.

``direct`` is the floor: a few lines over asyncio's own transport, without time limits, redirects,
cookies or a pool to speak of. What a real client costs is its distance from it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Protocol, Self, cast
from urllib.parse import urlsplit

import aiohttp
import httpx2

PATH = "/v1/chat/completions"
SECONDS = 60.0


class UpstreamError(Exception):
    """The upstream did not answer 200."""


class Client(Protocol):
    """What the comparison needs of an HTTP client."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def post(self, body: bytes, delay: float) -> bytes:
        """Send one completion request that the mock answers after ``delay`` seconds."""
        ...


def headers(delay: float) -> dict[str, str]:
    """The headers that an engine client sends, and the mock's delay."""
    return {
        "Content-Type": "application/json",
        "Authorization": "Bearer none",
        "X-Mock-Delay": str(delay),
    }


class AiohttpClient:
    """aiohttp: one session, no limit of its own on connections."""

    def __init__(self, base_url: str) -> None:
        self._url = base_url + PATH
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def post(self, body: bytes, delay: float) -> bytes:
        assert self._session is not None
        async with self._session.post(self._url, data=body, headers=headers(delay)) as response:
            if response.status != 200:
                raise UpstreamError(f"{response.status}: {await response.text()}")
            return await response.read()


class Httpx2Client:
    """httpx2: one client, no limit of its own on connections."""

    def __init__(self, base_url: str) -> None:
        self._url = base_url + PATH
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
        self._client = httpx2.AsyncClient(limits=limits, timeout=SECONDS, trust_env=False)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def post(self, body: bytes, delay: float) -> bytes:
        response = await self._client.post(self._url, content=body, headers=headers(delay))
        if response.status_code != 200:
            raise UpstreamError(f"{response.status_code}: {response.text}")
        return response.content


class DirectClient:
    """asyncio's own transport, one connection for each request in flight."""

    def __init__(self, base_url: str) -> None:
        url = urlsplit(base_url)
        assert url.hostname is not None
        assert url.port is not None
        self._address = (url.hostname, url.port)
        self._idle: deque[_DirectConnection] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in self._idle:
            connection.close()

    async def post(self, body: bytes, delay: float) -> bytes:
        if self._idle:
            connection = self._idle.pop()
        else:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(_DirectConnection, *self._address)
        host, port = self._address
        lines = [f"POST {PATH} HTTP/1.1", f"Host: {host}:{port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers(delay).items()]
        answer = await connection.exchange("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self._idle.append(connection)
        return answer


class _DirectConnection(asyncio.Protocol):
    """Reads only what the mock sends: a status line, a content length, a body."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # cast: uvloop's transports are not asyncio's classes, they only act like them
        self._transport = cast(asyncio.WriteTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(UpstreamError(f"the connection was lost: {exc}"))

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()

    async def exchange(self, request: bytes) -> bytes:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        length = int(head.lower().rpartition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return
        self._received = b""
        assert self._answer is not None
        if head.startswith(b"HTTP/1.1 200"):
            self._answer.set_result(body)
        else:
            self._answer.set_exception(UpstreamError(body.decode()))


CLIENTS: dict[str, type[AiohttpClient] | type[Httpx2Client] | type[DirectClient]] = {
    "direct": DirectClient,
    "aiohttp": AiohttpClient,
    "httpx2": Httpx2Client,
}
