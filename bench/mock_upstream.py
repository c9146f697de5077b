"""A mock OpenAI-compatible server that answers after a fixed delay and costs almost no CPU.

It stands in for a model server whose speed is known, so that everything lost on top of the delay
was lost by the client. One process, one event loop, a hand-driven HTTP/1.1 parser: no framework is
in the way of the number that is measured.

Endpoints: ``POST /v1/chat/completions`` (JSON schema, ``structured_outputs.choice``, ``n``),
``GET /v1/models``, ``/version``, ``/health``, ``/stats``, and ``POST /mock?delay=SECONDS``, which
sets the delay and starts counting anew. One request is answered after another delay when it has
``?delay=SECONDS`` or the header ``X-Mock-Delay``.

Run it: ``python -m bench.mock_upstream --port 8100 --delay 2``. With ``--port 0`` the system picks
the port. The first line of output is ``listening on URL``.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httptools
import uvloop

MODEL = "mock-model"
MAX_MODEL_LEN = 8192
# No digits and one sentence: nothing in it can be read as a number or as chatter.
DEFAULT_TEXT = "這是用來量測吞吐量的固定譯文，與原題的內容沒有任何關係，只求長度相近"
# Every text starts with another character, so that the options of an item stay distinct.
ORDINALS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


class BadRequestError(Exception):
    """The request asks for something that the mock cannot answer."""


@dataclass(slots=True)
class Stats:
    """What the server saw since it was started or reset."""

    requests: int = 0
    answered: int = 0
    cancelled: int = 0
    in_flight: int = 0
    in_flight_peak: int = 0
    request_bytes: int = 0
    answer_bytes: int = 0
    cpu_start: float = field(default_factory=time.process_time)

    def as_json(self, delay: float) -> dict[str, float]:
        """The counters, the CPU seconds spent since the reset, and the delay in force."""
        names = ("requests", "answered", "cancelled", "in_flight", "in_flight_peak")
        counters: dict[str, float] = {name: getattr(self, name) for name in names}
        counters["request_bytes"] = self.request_bytes
        counters["answer_bytes"] = self.answer_bytes
        counters["cpu_seconds"] = time.process_time() - self.cpu_start
        counters["delay"] = delay
        return counters


def distinct_texts(text: str) -> Iterator[str]:
    """Yield ``甲，text``, ``乙，text`` ... without end and without a repetition."""
    for length in itertools.count(1):
        for ordinals in itertools.product(ORDINALS, repeat=length):
            yield f"{''.join(ordinals)}，{text}"


def fill(schema: dict[str, Any], texts: Iterator[str]) -> Any:
    """Make the smallest value that satisfies a JSON schema as services write them.

    Raises:
        BadRequestError: The schema uses a type or keyword that is not known here.
    """
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    match schema.get("type", "object" if "properties" in schema else None):
        case "object":
            return {key: fill(sub, texts) for key, sub in schema.get("properties", {}).items()}
        case "array":
            return [fill(schema["items"], texts) for _ in range(schema.get("minItems", 1))]
        case "string":
            return next(texts)[: schema.get("maxLength")]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return True
        case other:
            raise BadRequestError(f"schema type {other!r} is not known to the mock: {schema}")


def answer_text(request: dict[str, Any], text: str) -> str:
    """The content of one choice, in the form that the request asks for."""
    choices = (request.get("structured_outputs") or {}).get("choice")
    if choices:
        return str(choices[0])
    wanted = request.get("response_format") or {"type": "text"}
    match wanted["type"]:
        case "json_schema":
            value = fill(wanted["json_schema"]["schema"], distinct_texts(text))
            return json.dumps(value, ensure_ascii=False)
        case "text":
            return text
        case other:
            raise BadRequestError(f"response_format {other!r} is not known to the mock")


def completion(request: dict[str, Any], number: int, text: str) -> dict[str, Any]:
    """A chat completion with the fields that vLLM sends.

    Raises:
        BadRequestError: Another model, a stream or an unknown format is asked for.
    """
    if request.get("model") != MODEL:
        raise BadRequestError(f"the model {request.get('model')!r} does not exist; use {MODEL!r}")
    if request.get("stream"):
        raise BadRequestError("the mock does not stream; send stream: false")
    content = answer_text(request, text)
    count = request.get("n") or 1
    message: dict[str, Any] = {"role": "assistant", "content": content}
    message |= {"refusal": None, "tool_calls": []}
    prompt_tokens = sum(len(str(m.get("content"))) for m in request["messages"]) // 4
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [
            {"index": i, "message": message, "logprobs": None, "finish_reason": "stop"}
            for i in range(count)
        ],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": len(content) * count,
            "total_tokens": prompt_tokens + len(content) * count,
        },
        "system_fingerprint": None,
    }


def http_response(status: HTTPStatus, body: Any) -> bytes:
    """One HTTP/1.1 response with a JSON body."""
    data = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def error_response(status: HTTPStatus, message: str) -> bytes:
    """An error in OpenAI's shape."""
    error = {"message": message, "type": status.phrase, "param": None, "code": status.value}
    return http_response(status, {"error": error})


class MockServer:
    """Settings and counters shared by all connections."""

    def __init__(self, delay: float, text: str) -> None:
        self.delay = delay
        self.text = text
        self.stats = Stats()

    def respond(
        self, method: str, target: str, body: bytes, header_delay: float | None
    ) -> tuple[bytes, float | None]:
        """Return the response, and how long a completion takes (``None``: not a completion)."""
        url = urlsplit(target)
        asked = parse_qs(url.query).get("delay")
        query_delay = float(asked[0]) if asked else None
        match method, url.path:
            case "POST", "/v1/chat/completions":
                delays = (query_delay, header_delay, self.delay)
                return self._complete(body), next(d for d in delays if d is not None)
            case "POST", "/mock":
                self.delay = self.delay if query_delay is None else query_delay
                self.stats = Stats(in_flight=self.stats.in_flight)
                return http_response(HTTPStatus.OK, self.stats.as_json(self.delay)), None
            case "GET", "/stats":
                return http_response(HTTPStatus.OK, self.stats.as_json(self.delay)), None
            case "GET", "/v1/models":
                model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "mock"}
                model |= {"root": MODEL, "parent": None, "max_model_len": MAX_MODEL_LEN}
                return http_response(HTTPStatus.OK, {"object": "list", "data": [model]}), None
            case "GET", "/version":
                return http_response(HTTPStatus.OK, {"version": "mock"}), None
            case "GET", "/health":
                return http_response(HTTPStatus.OK, {}), None
            case _:
                return error_response(HTTPStatus.NOT_FOUND, f"no {method} {url.path} here"), None

    def _complete(self, body: bytes) -> bytes:
        self.stats.requests += 1
        self.stats.request_bytes += len(body)
        try:
            request = json.loads(body)
            answer = completion(request, self.stats.requests, self.text)
        except (BadRequestError, ValueError, KeyError, TypeError) as error:
            return error_response(HTTPStatus.BAD_REQUEST, f"{type(error).__name__}: {error}")
        response = http_response(HTTPStatus.OK, answer)
        self.stats.answer_bytes += len(response)
        return response


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time (HTTP pipelining is not supported)."""

    def __init__(self, server: MockServer) -> None:
        self._server = server
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.WriteTransport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._target = b""
        self._body: list[bytes] = []
        self._header_delay: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # cast: uvloop's transports are not asyncio's classes, they only act like them
        self._transport = cast(asyncio.WriteTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._server.stats.in_flight -= 1
            self._server.stats.cancelled += 1

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._transport.write(error_response(HTTPStatus.BAD_REQUEST, str(error)))
            self._transport.close()

    # What httptools calls while it reads a request.
    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == 12 and name.lower() == b"x-mock-delay":
            self._header_delay = float(value)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        assert self._transport is not None
        method, target = self._parser.get_method().decode(), self._target.decode()
        body, header_delay = b"".join(self._body), self._header_delay
        self._target, self._body, self._header_delay = b"", [], None
        response, delay = self._server.respond(method, target, body, header_delay)
        keep_alive = self._parser.should_keep_alive()
        if delay is None:
            self._write(response, keep_alive)
            return
        stats = self._server.stats
        stats.in_flight += 1
        stats.in_flight_peak = max(stats.in_flight_peak, stats.in_flight)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(delay, self._answer, response, keep_alive)

    def _answer(self, response: bytes, keep_alive: bool) -> None:
        self._timer = None
        self._server.stats.in_flight -= 1
        self._server.stats.answered += 1
        self._write(response, keep_alive)

    def _write(self, response: bytes, keep_alive: bool) -> None:
        assert self._transport is not None
        self._transport.write(response)
        if not keep_alive:
            self._transport.close()


async def serve(port: int, delay: float, text: str) -> None:
    """Listen on the loopback address until the process is ended."""
    server = MockServer(delay, text)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: Connection(server), "127.0.0.1", port, backlog=2048
    )
    gc.freeze()  # nothing made so far will be freed: collections need not look at it
    print(f"listening on http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    await listening.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="mock OpenAI-compatible server with a fixed delay")
    parser.add_argument("--port", type=int, default=8100, help="0: let the system choose")
    parser.add_argument("--delay", type=float, default=0.5, help="seconds until each answer")
    parser.add_argument("--text", default=DEFAULT_TEXT, help="what every string is translated to")
    options = parser.parse_args()
    uvloop.run(serve(options.port, options.delay, options.text))


if __name__ == "__main__":
    main()
