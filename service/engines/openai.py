"""``openai``: any OpenAI-compatible server (vLLM, SGLang, llama.cpp, a hosted API), over HTTP.

The client is aiohttp: of the clients that ``make bench-clients`` compares it keeps most of the
server's throughput at 256 requests at a time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any

import aiohttp
import stamina
from stamina.instrumentation import set_on_retry_hooks

from prompts.profile import load_profile
from service.engines.circuit import Circuit, CircuitOpen
from service.engines.errors import (
    ContextExceeded,
    EngineError,
    EngineOverloaded,
    EngineRejected,
    EngineTimeout,
    EngineUnavailable,
)
from service.engines.generator import Generation, GenerationRequest, ModelInfo
from service.engines.prompted import PromptedEngine
from service.engines.sse import BrokenStream, StreamedAnswer
from service.engines.wire import (
    CHAT,
    body_of,
    context_tokens,
    is_about_context,
    path_of,
    read_generation,
    refusal,
    response_format,
    retry_after_s,
    served_models,
)
from service.settings import EngineSettings

_LOG = logging.getLogger("isogloss.engines")
set_on_retry_hooks([])  # what stamina logs by itself names neither engine nor cause
_RETRIED = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_BUSY = {425, 429, 503, 529}  # vLLM says 503 when its queue is full
_CONNECT_S = 10
_LOOK_S = 5  # a server that lives lists its models at once, however busy it is


class _TryAgain(Exception):
    """A failure that may pass; ``wait_s`` is the server's own wish (Retry-After).

    ``again`` is false where trying once more would only cost time.
    """

    def __init__(
        self, final: EngineError, wait_s: float | None = None, *, again: bool = True
    ) -> None:
        self.final, self.wait_s, self.again = final, wait_s, again
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
        self._doubted = False

    async def describe(self, *, probe_structured: bool) -> ModelInfo:
        """Ask the server for its models and try whether it obeys a JSON schema.

        What it said is kept until it fails: it may come back as another.

        Raises:
            EngineUnavailable, EngineRejected: it cannot be reached, or serves no such model.
        """
        async with self._ready:
            if self._info is None or self._doubted:
                self._info = await self._described(probe_structured)
                self._doubted = False
            return self._info

    async def check(self) -> None:
        """Look whether the server is there and serves the model, now and quickly.

        Raises:
            EngineUnavailable, EngineRejected: it cannot be reached, or serves no such model.
        """
        await self._served()

    async def _served(self) -> dict[str, Any]:
        """The entry of our model in the server's list."""
        # One try: whoever asks whether the engine is ready wants to know now.
        models = served_models(await self._with_retry("GET", "/v1/models", attempts=1))
        wanted = self._settings.model
        found = next((model for model in models if wanted in (None, model["id"])), None)
        if found is None:
            names = ", ".join(model["id"] for model in models) or "none"
            asked = f"no model {wanted!r}" if wanted else "no model"
            raise EngineRejected(self._name, 404, f"{asked}; it serves: {names}")
        return found

    async def _described(self, probe_structured: bool) -> ModelInfo:
        model = await self._served()
        structured = probe_structured and await self._obeys_schema(model["id"])
        return ModelInfo(
            model=model["id"],
            revision=await self._version(),
            context_tokens=context_tokens(model),
            structured=structured,
        )

    async def _version(self) -> str | None:
        """VLLM's version; other servers have no such route."""
        try:
            version = (await self._once("GET", "/version", None, 1)).get("version")
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
            "response_format": response_format(schema),
        }
        try:
            answer = await self._with_retry("POST", CHAT, body)
            said = read_generation(answer, CHAT, self._name).completions[0].text
            return bool(json.loads(said) == {"word": word})
        except (EngineRejected, ValueError, RecursionError):
            return False

    async def generate(self, request: GenerationRequest) -> Generation:
        """Complete one prompt; ``n`` completions cost one call.

        Raises:
            EngineError: after the tries are used up, or at once where trying again is no use.
        """
        info = self._info or await self.describe(probe_structured=True)
        path = path_of(request)
        async with self._slots:
            body = body_of(request, info.model, stream=self._settings.stream)
            answer = await self._with_retry("POST", path, body)
        return read_generation(answer, path, self._name)

    async def _with_retry(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
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
                    return await self._once(method, path, body, attempt.num)
        except _TryAgain as error:
            raise error.final from error
        except CircuitOpen as error:
            raise EngineUnavailable(self._name, str(error)) from error
        raise AssertionError("the retry loop always returns or raises")

    def _backoff(self, error: Exception) -> bool | float:
        if isinstance(error, CircuitOpen):
            return error.retry_in_s
        if not isinstance(error, _TryAgain) or not error.again:
            return False
        _LOG.log(logging.WARNING if isinstance(error, _Down) else logging.DEBUG, "%s", error)
        return True if error.wait_s is None else error.wait_s

    async def _once(
        self, method: str, path: str, body: Mapping[str, Any] | None, tries: int
    ) -> dict[str, Any]:
        total = self._settings.timeout_s if body else _LOOK_S
        try:
            async with self._connected().request(
                method,
                self._base + path,
                json=body,
                timeout=self._timeout(total),
                allow_redirects=False,  # it may lead where nobody configured, and makes POST a GET
            ) as response:
                if response.status >= 300:
                    text = (await response.read()).decode("utf-8", "replace")
                    raise self._refused(response, self._without_key(text), tries)
                if body and body.get("stream") and response.content_type == "text/event-stream":
                    return await StreamedAnswer().read(response.content)
                answer = json.loads(await response.read())
        except aiohttp.ConnectionTimeoutError as error:
            raise self._unavailable(f"no connection within {_CONNECT_S} s") from error
        except aiohttp.SocketTimeoutError as error:
            idle = self._settings.idle_timeout_s
            raise self._too_slow(
                EngineTimeout(self._name, idle, "idle_timeout_s"), tries
            ) from error
        except TimeoutError as error:
            raise self._too_slow(EngineTimeout(self._name, total, "timeout_s"), tries) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise self._unavailable(str(error) or type(error).__name__) from error
        except BrokenStream as error:
            raise self._unavailable(self._without_key(str(error))) from error
        except (ValueError, RecursionError) as error:
            raise self._unavailable("its answer is not JSON") from error
        if not isinstance(answer, dict):
            raise EngineRejected(self._name, 200, "its answer is not a JSON object")
        return answer

    def _refused(self, response: aiohttp.ClientResponse, text: str, tries: int) -> Exception:
        """The error for an answer with status 300 and above."""
        status = response.status
        if status not in _RETRIED:
            if is_about_context(status, text):
                return ContextExceeded(self._name, refusal(text))
            self._doubted = self._doubted or status == 404
            return EngineRejected(self._name, status, refusal(text))
        wait_s = retry_after_s(response.headers.get("Retry-After"))
        if wait_s is not None and wait_s > self._settings.retry_after_max_s:
            return EngineOverloaded(self._name, status, tries, wait_s)
        final = EngineOverloaded(self._name, status, tries)
        return _TryAgain(final, wait_s) if status in _BUSY else self._down(final, wait_s)

    def _unavailable(self, why: str) -> _Down:
        return self._down(EngineUnavailable(self._name, why))

    def _too_slow(self, final: EngineTimeout, tries: int) -> _Down:
        """A second chance and no third: what timed out twice most likely runs on."""
        self._doubted = True
        return _Down(final, again=tries < 2)

    def _down(self, final: EngineError, wait_s: float | None = None) -> _Down:
        self._doubted = True
        return _Down(final, wait_s)

    def _without_key(self, text: str) -> str:
        """Some servers repeat the key that they do not like."""
        key = self._settings.api_key
        return text.replace(key.get_secret_value(), "[api_key]") if key else text

    def _timeout(self, total: float) -> aiohttp.ClientTimeout:
        settings = self._settings
        return aiohttp.ClientTimeout(
            total=total,
            sock_connect=_CONNECT_S,
            sock_read=settings.idle_timeout_s if settings.stream else None,
        )

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            key = self._settings.api_key
            headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, headers=headers)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def create(name: str, settings: EngineSettings) -> PromptedEngine:
    """Make the engine from its settings."""
    profile = load_profile(settings.profile) if settings.profile else None
    return PromptedEngine(name, settings, OpenAIGenerator(name, settings), profile)
