"""A scripted OpenAI-compatible server on a real socket.

It answers well by default: OpenCC makes zh-TW out of the zh-CN texts that it finds in the prompt,
in the form that the request asks for, so that a test can expect the verdict ``ok``. ``play`` puts
faults before that, one per request.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import opencc
from aiohttp import web

MODEL = "scripted-7b"
PROBE = "Name a colour."
_MARK = re.compile(r"^\[\[[0-9a-f]{12}:(\w+)\]\]\n(.*?)\n(?=\[\[/?[0-9a-f]{12})", re.DOTALL | re.M)
_FENCE = re.compile(r"\[\[/([0-9a-f]{12})\]\]")
_GEMMA = re.compile(r"into [^\n]+:\n\n\n(.*)<end_of_turn>\n<start_of_turn>model\n", re.DOTALL)
_CONVERTER = opencc.OpenCC("s2tw")

Step = Callable[["Upstream", web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]


@dataclass
class Upstream:
    """What the server is to do, and what it saw. ``bodies`` are those of completions, no probes."""

    obeys_schema: bool = True
    models: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": MODEL, "max_model_len": 8192}]
    )
    delay: float = 0.0
    up: bool = True
    hangs: bool = False
    translate: Callable[[str], str] = _CONVERTER.convert
    reply: Callable[[dict[str, Any]], Step | None] = lambda body: None
    url: str = ""
    steps: deque[Step] = field(default_factory=deque)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    probe: Step | None = None
    probes: int = 0
    running: int = 0
    peak: int = 0
    cancelled: int = 0
    closed_at: float = 0.0

    def play(self, *steps: Step) -> None:
        """Answer the next requests like this, each step once."""
        self.steps.extend(steps)

    @property
    def asked(self) -> list[str]:
        """The first text of each completion request, in order."""
        return [next(iter(texts_of(body).values())) for body in self.bodies]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        self.headers.append(dict(request.headers))
        if not self.up:
            return reset(request)
        if self.hangs:
            await asyncio.sleep(60)
        if request.method == "GET":
            return self._get(request)
        body = await request.json()
        if body.get("messages", [{}])[-1].get("content") == PROBE:
            self.probes += 1
            if self.probe:
                return await self.probe(self, request, body)
            return web.json_response(self._probed(body))
        self.bodies.append(body)
        self.times.append(time.monotonic())
        self.running += 1
        self.peak = max(self.peak, self.running)
        try:
            step = self.steps.popleft() if self.steps else self.reply(body) or good
            return await step(self, request, body)
        except asyncio.CancelledError:
            self.cancelled += 1
            self.closed_at = time.monotonic()
            raise
        finally:
            self.running -= 1

    def _get(self, request: web.Request) -> web.Response:
        if request.path == "/v1/models":
            return web.json_response({"object": "list", "data": self.models})
        if request.path == "/version":
            return web.json_response({"version": "0.0-scripted"})
        return web.json_response({"error": "no such route"}, status=404)

    def _probed(self, body: dict[str, Any]) -> dict[str, Any]:
        if not self.obeys_schema:
            return answer(body, ["Blue, like the sky."])
        schema = body["response_format"]["json_schema"]["schema"]
        word = schema["properties"]["word"]["enum"][0]
        return answer(body, [json.dumps({"word": word})])


def texts_of(body: dict[str, Any]) -> dict[str, str]:
    """The item's texts as they stand in a prompt, by their keys."""
    if "prompt" in body:
        found = _GEMMA.search(body["prompt"])
        assert found, body["prompt"]
        return {"text": found.group(1)}
    content = body["messages"][-1]["content"]
    return {match.group(1): match.group(2) for match in _MARK.finditer(content)}


def wording(body: dict[str, Any], texts: dict[str, str]) -> str:
    """Texts in the form that a request asks for."""
    if "prompt" in body:
        return next(iter(texts.values()))
    if "response_format" in body:
        return json.dumps(texts, ensure_ascii=False)
    found = _FENCE.search(body["messages"][-1]["content"])
    assert found
    fence = found.group(1)
    sections = [f"[[{fence}:{key}]]\n{text}" for key, text in texts.items()]
    return "\n".join([*sections, f"[[/{fence}]]"])


def answer(
    body: dict[str, Any], contents: list[Any], reasons: list[str | None] | None = None
) -> dict[str, Any]:
    """A completion with these contents, in the shape of the endpoint."""
    reasons = reasons or ["stop"] * len(contents)
    choices = []
    for index, (content, reason) in enumerate(zip(contents, reasons, strict=True)):
        part = (
            {"text": content}
            if "prompt" in body
            else {"message": {"role": "assistant", "content": content}}
        )
        choices.append({"index": index, "finish_reason": reason, **part})
    usage = {"prompt_tokens": 100, "completion_tokens": 10 * len(contents)}
    return {"id": "x", "model": MODEL, "choices": choices, "usage": usage}


def translated(upstream: Upstream, body: dict[str, Any]) -> str:
    """The good answer to a request."""
    texts = {key: upstream.translate(text) for key, text in texts_of(body).items()}
    return wording(body, texts)


async def good(
    upstream: Upstream, request: web.Request, body: dict[str, Any]
) -> web.StreamResponse:
    """Translate, after the server's delay; streamed where that is asked for."""
    await asyncio.sleep(upstream.delay)
    contents = [translated(upstream, body)] * body.get("n", 1)
    if body.get("stream"):
        return await streamed()(upstream, request, body)
    return web.json_response(answer(body, contents))


def status(
    code: int, body: Any = None, headers: dict[str, str] | None = None, text: str | None = None
) -> Step:
    """Refuse."""

    async def step(upstream: Upstream, request: web.Request, _: dict[str, Any]) -> web.Response:
        if text is not None:
            return web.Response(text=text, status=code, headers=headers)
        shown = body if body is not None else {"error": {"message": "scripted", "code": code}}
        return web.json_response(shown, status=code, headers=headers)

    return step


def contents(*texts: Any, reasons: list[str | None] | None = None) -> Step:
    """Answer with exactly these contents."""

    async def step(upstream: Upstream, request: web.Request, body: dict[str, Any]) -> web.Response:
        return web.json_response(answer(body, list(texts), reasons))

    return step


def altered(change: Callable[[dict[str, Any]], Any]) -> Step:
    """The good answer after ``change`` was made to its JSON."""

    async def step(upstream: Upstream, request: web.Request, body: dict[str, Any]) -> web.Response:
        return web.json_response(change(answer(body, [translated(upstream, body)])))

    return step


def candidates(*changes: Callable[[dict[str, str]], dict[str, str]] | str | None) -> Step:
    """``n`` choices: a function changes the good texts, a string is the raw content."""

    async def step(upstream: Upstream, request: web.Request, body: dict[str, Any]) -> web.Response:
        texts = {key: upstream.translate(text) for key, text in texts_of(body).items()}
        made = [
            wording(body, change(dict(texts))) if callable(change) else change for change in changes
        ]
        return web.json_response(answer(body, made))

    return step


def raw(payload: bytes, content_type: str = "application/json") -> Step:
    """Status 200 and these bytes."""

    async def step(upstream: Upstream, request: web.Request, _: dict[str, Any]) -> web.Response:
        return web.Response(body=payload, content_type=content_type)

    return step


def reset(request: web.Request) -> web.Response:
    """Close the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def dropped(upstream: Upstream, request: web.Request, _: dict[str, Any]) -> web.Response:
    """Connection reset instead of an answer."""
    return reset(request)


def cut_short(seconds: float = 0.0) -> Step:
    """A body that breaks off half-way, after ``seconds`` of silence."""

    async def step(
        upstream: Upstream, request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        whole = json.dumps(answer(body, [translated(upstream, body)])).encode()
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = len(whole)
        await response.prepare(request)
        await response.write(whole[: len(whole) // 2])
        await asyncio.sleep(seconds)
        reset(request)
        return response

    return step


def slow(seconds: float) -> Step:
    """The good answer after ``seconds``."""

    async def step(
        upstream: Upstream, request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await good(upstream, request, body)

    return step


def streamed(
    *, upto: int | None = None, done: bool = True, error: Any = None, pause: float = 0.0,
    usage: bool = True, reason: str | None = "stop",
) -> Step:  # fmt: skip
    """Server-sent events: ``upto`` pieces (all by default), then an error, then the end mark."""

    async def step(
        upstream: Upstream, request: web.Request, body: dict[str, Any]
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)

        async def send(event: Any) -> None:
            data = event if isinstance(event, str) else json.dumps(event)
            await response.write(f"data: {data}\n\n".encode())

        text = translated(upstream, body)
        pieces = [text[start : start + 7] for start in range(0, len(text), 7)][:upto]
        await response.write(b": a comment\n\n")
        for piece in pieces:
            part = {"text": piece} if "prompt" in body else {"delta": {"content": piece}}
            await send({"choices": [{"index": 0, "finish_reason": None, **part}]})
            await asyncio.sleep(pause)
        if upto is None:
            end = {"text": ""} if "prompt" in body else {"delta": {}}
            await send({"choices": [{"index": 0, "finish_reason": reason, **end}]})
        if error is not None:
            await send(error)
        if usage and body.get("stream_options", {}).get("include_usage"):
            await send({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5}})
        if done:
            await send("[DONE]")
        return response

    return step


@asynccontextmanager
async def running(upstream: Upstream) -> AsyncIterator[Upstream]:
    """Listen on a free port of the loopback address."""
    app = web.Application(client_max_size=2**28)
    app.router.add_route("*", "/{path:.*}", upstream.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    upstream.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield upstream
    finally:
        await runner.cleanup()


@contextmanager
def in_thread(upstream: Upstream) -> Iterator[Upstream]:
    """The server with an event loop and a thread of its own, for tests that have none."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = running(upstream)
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    try:
        yield upstream
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
