"""The service in front of a scripted model server, in this process or on a socket of its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import uvicorn

from service.api.app import create_app
from service.settings import EngineKind, EngineSettings, Settings
from tests.service.upstream import Step, Upstream


def engine(upstream: Upstream, **more: Any) -> EngineSettings:
    """An engine in front of the scripted server; waits are short, so that tests are."""
    defaults: dict[str, Any] = {
        "base_url": upstream.url,
        "retry_wait_s": 0.02,
        "breaker_reset_s": 0.3,
        "attempts": 3,
    }
    return EngineSettings(kind=EngineKind.OPENAI, **(defaults | more))


@asynccontextmanager
async def client(settings: Settings | None = None, **engines: Any) -> AsyncIterator[Any]:
    """A client of the app in this process; ``client.app`` is the app."""
    app = create_app(settings or Settings(engines=engines))
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
        http.app = app
        yield http
    await app.state.parts.engines.close()
    await app.state.parts.scoring.close()


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The app under uvicorn on a real socket, in a thread of its own; yields its address."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), port=0, log_level="warning", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "uvicorn did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        assert not thread.is_alive()


def question(number: int = 0, **more: Any) -> dict[str, Any]:
    """A CMMLU item (shape ``flat``) that OpenCC translates without a hard finding."""
    return {
        "id": f"q{number}",
        "question": f"第{number}题：下列哪个词语表示颜色？",
        "A": "红色的书",
        "B": "说话的声音",
        "C": "电脑的网络",
        "D": "图书馆",
        "answer": "A",
        **more,
    }


def request(*items: Any, **more: Any) -> dict[str, Any]:
    """A body of ``POST /translate/benchmark``."""
    return {"benchmark": "cmmlu", "target": "zh-TW", "items": list(items), **more}


def shown(answer: httpx2.Response) -> dict[str, Any]:
    """The body of an answer, which must be JSON in UTF-8 without anything that JSON forbids."""

    return dict(strict_json(answer.content))


def strict_json(content: bytes) -> Any:
    """JSON in UTF-8 without what Python reads beside it."""

    def forbidden(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(content.decode("utf-8"), parse_constant=forbidden)


async def post(body: Any, settings: Settings | None = None, **headers: str) -> httpx2.Response:
    """Send a body: bytes as they are, anything else as JSON in ASCII."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client(settings) as http:
        answer = await http.post(
            "/translate/benchmark",
            content=content,
            headers={"Content-Type": "application/json", **headers},
        )
    return answer  # type: ignore[no-any-return]


async def ask(upstream: Upstream, body: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """The answer to a request of an engine in front of the scripted server."""
    async with client(m=engine(upstream, **settings)) as http:
        answer = await http.post("/translate/benchmark", json={"engine": "m", **body})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ask_one(
    upstream: Upstream, *steps: Step, item: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The record of one item whose requests are answered by ``steps``."""
    upstream.play(*steps)
    settings = more.pop("settings", {})
    answer = await ask(upstream, request(item or question(), **more), **settings)
    return dict(answer["results"][0])
