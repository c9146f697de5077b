"""``openai``: any OpenAI-compatible server (vLLM, SGLang, llama.cpp, a hosted API), over HTTP.

The client is aiohttp: of the clients that ``make bench-clients`` compares it keeps most of the
server's throughput at 256 requests at a time.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

import aiohttp
import stamina

from prompts.profile import load_profile
from service.engines.circuit import Circuit, CircuitOpen
from service.engines.generator import Completion, Generation, GenerationRequest, ModelInfo
from service.engines.prompted import PromptedEngine
from service.engines.sse import StreamedAnswer
from service.errors import (
    ContextExceeded,
    EngineError,
    EngineOverloaded,
    EngineRejected,
    EngineTimeout,
    EngineUnavailable,
)
from service.settings import EngineSettings

_RETRIED = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_BUSY = {425, 429, 503, 529}  # vLLM says 503 when its queue is full
_CONTEXT = re.compile(
    r"context[ _]length|max_model_len|maximum (?:model|context)|longer than", re.IGNORECASE
)


class _TryAgain(Exception):
    """A failure that may pass; ``wait_s`` is the server's own wish (Retry-After)."""

    def __init__(self, final: EngineError, wait_s: float | None = None) -> None:
        self.final, self.wait_s = final, wait_s
        super().__init__(str(final))


class _Down(_TryAgain):
    """The server did not answer, or not rightly: this opens the circuit. Being busy does not."""


class OpenAIGenerator:
    """One server. All requests share one connection pool, one circuit and one retry rule."""

    def __init__(self, name: str, settings: EngineSettings) -> None:
        self._name, self._settings = name, settings
        self._base = (settings.base_url or "").rstrip("/").removesuffix("/v1")
        self._circuit = Circuit(settings.breaker_failures, settings.breaker_reset_s)
        self._slots = asyncio.Semaphore(settings.max_concurrency)
        self._ready = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None
        self._info: ModelInfo | None = None

    async def describe(self, *, probe_structured: bool) -> ModelInfo:
        """Ask the server for its models and try whether it obeys a JSON schema.

        Raises:
            EngineUnavailable, EngineRejected: it cannot be reached, or serves no such model.
        """
        async with self._ready:
            if self._info is None:
                self._info = await self._described(probe_structured)
            return self._info

    async def _described(self, probe_structured: bool) -> ModelInfo:
        # One try: whoever asks whether the engine is ready wants to know now.
        models = (await self._with_retry("GET", "/v1/models", None, attempts=1)).get("data") or []
        wanted = self._settings.model
        served = next((model for model in models if wanted in (None, model.get("id"))), None)
        if served is None:
            names = ", ".join(str(model.get("id")) for model in models) or "none"
            raise EngineRejected(self._name, 404, f"no model {wanted!r}; it serves: {names}")
        structured = probe_structured and await self._obeys_schema(str(served["id"]))
        return ModelInfo(
            model=str(served["id"]),
            revision=await self._version(),
            context_tokens=served.get("max_model_len"),
            structured=structured,
        )

    async def _version(self) -> str | None:
        """VLLM's version; other servers have no such route."""
        try:
            version = (await self._once("GET", "/version", None)).get("version")
        except (EngineError, _TryAgain):
            return None
        return f"vllm-{version}" if version else None

    async def _obeys_schema(self, model: str) -> bool:
        """Ask for something with a schema that allows one word only, and look whether it comes."""
        word = f"w{secrets.token_hex(4)}"
        schema = {
            "type": "object",
            "properties": {"word": {"type": "string", "enum": [word]}},
            "required": ["word"],
            "additionalProperties": False,
        }
        body = {
            "model": model,
            "messages": [{"role": "user", "content": "Name a colour."}],
            "max_tokens": 64,
            "temperature": 0,
            "response_format": _response_format(schema),
        }
        try:
            answer = await self._with_retry("POST", "/v1/chat/completions", body)
            content = answer["choices"][0]["message"]["content"]
            return bool(json.loads(content) == {"word": word})
        except (EngineRejected, json.JSONDecodeError, KeyError, IndexError, TypeError):
            return False

    async def generate(self, request: GenerationRequest) -> Generation:
        """Complete one prompt; ``n`` completions cost one call.

        Raises:
            EngineError: after the tries are used up, or at once where trying again is no use.
        """
        info = self._info or await self.describe(probe_structured=False)
        chat = request.prompt.endpoint == "chat"
        path = "/v1/chat/completions" if chat else "/v1/completions"
        async with self._slots:
            answer = await self._with_retry("POST", path, self._body(request, info))
        return _read(answer, chat=chat, engine=self._name)

    def _body(self, request: GenerationRequest, info: ModelInfo) -> dict[str, Any]:
        prompt = request.prompt
        body: dict[str, Any] = {
            "model": info.model,
            "max_tokens": request.max_tokens,
            **request.sampling,
            **prompt.extra,
        }
        if prompt.endpoint == "chat":
            body["messages"] = [
                {"role": message.role, "content": message.content} for message in prompt.messages
            ]
        else:
            body["prompt"] = prompt.prompt
        if request.n > 1:
            body["n"] = request.n
        if request.seed is not None:
            body["seed"] = request.seed
        if prompt.stop:
            body["stop"] = list(prompt.stop)
        if prompt.schema is not None:
            body["response_format"] = _response_format(prompt.schema)
        if self._settings.stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return body

    async def _with_retry(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        attempts: int | None = None,
    ) -> dict[str, Any]:
        """The only retry loop there is between a client of ours and the model.

        A new call fails at once while the circuit is open; one that is under way waits for it.
        """
        try:
            self._circuit.check()
            async for attempt in stamina.retry_context(
                on=self._backoff,
                attempts=attempts or self._settings.attempts,
                timeout=None,
                wait_initial=self._settings.retry_wait_s,
                wait_max=30.0,
                wait_jitter=self._settings.retry_wait_s,
            ):
                with attempt, self._circuit.call(_Down):
                    return await self._once(method, path, body)
        except _TryAgain as error:
            raise error.final from error
        except CircuitOpen as error:
            raise EngineUnavailable(self._name, str(error)) from error
        raise AssertionError("the retry loop always returns or raises")

    def _backoff(self, error: Exception) -> bool | float:
        if isinstance(error, CircuitOpen):
            return error.retry_in_s
        if not isinstance(error, _TryAgain):
            return False
        return True if error.wait_s is None else error.wait_s

    async def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        settings = self._settings
        try:
            async with self._connected().request(method, self._base + path, json=body) as response:
                if response.status >= 400:
                    raise self._refused(response, (await response.text())[:2000])
                if body and body.get("stream"):
                    return await StreamedAnswer().read(response.content)
                answer = await response.json(content_type=None)
        except TimeoutError as error:
            raise _Down(EngineTimeout(self._name, settings.timeout_s)) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            why = str(error) or type(error).__name__
            raise _Down(EngineUnavailable(self._name, why)) from error
        except ValueError as error:
            raise _Down(EngineUnavailable(self._name, "its answer is not JSON")) from error
        if not isinstance(answer, dict):
            raise EngineRejected(self._name, 200, "its answer is not a JSON object")
        return answer

    def _refused(self, response: aiohttp.ClientResponse, text: str) -> Exception:
        """The error for an answer with status 400 and above."""
        message = _message(text)
        if response.status not in _RETRIED:
            if response.status == 400 and _CONTEXT.search(message):
                return ContextExceeded(self._name, message)
            return EngineRejected(self._name, response.status, message)
        final = EngineOverloaded(self._name, response.status, self._settings.attempts)
        wait_s = _retry_after(response.headers.get("Retry-After"))
        if wait_s is not None and wait_s > self._settings.retry_after_max_s:
            return final
        return _TryAgain(final, wait_s) if response.status in _BUSY else _Down(final, wait_s)

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            key = self._settings.api_key
            headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(
                    total=self._settings.timeout_s,
                    sock_connect=10,
                    sock_read=self._settings.idle_timeout_s if self._settings.stream else None,
                ),
                headers=headers,
            )
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "translation", "schema": dict(schema), "strict": True},
    }


def _read(answer: Mapping[str, Any], *, chat: bool, engine: str) -> Generation:
    usage = answer.get("usage") or {}
    try:
        completions = tuple(
            Completion(
                text=(choice["message"]["content"] if chat else choice["text"]) or "",
                truncated=choice.get("finish_reason") == "length",
            )
            for choice in answer["choices"]
        )
    except (KeyError, TypeError) as error:
        raise EngineRejected(engine, 200, "its answer has no choices with text") from error
    if not completions:
        raise EngineRejected(engine, 200, "its answer has no choices")
    return Generation(completions, usage.get("prompt_tokens"), usage.get("completion_tokens"))


def _message(text: str) -> str:
    """The message inside an error body, in the shapes that servers use."""
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return text[:300]
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message", inner) if isinstance(inner, dict) else inner
    return str(message)[:300]


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait; the HTTP-date form is left to the ordinary backoff."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def create(name: str, settings: EngineSettings) -> PromptedEngine:
    """Make the engine from its settings."""
    profile = load_profile(settings.profile) if settings.profile else None
    return PromptedEngine(name, settings, OpenAIGenerator(name, settings), profile)
