"""The OpenAI-compatible protocol: bodies to send, and answers and refusals to read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from service.engines.errors import EngineRejected
from service.engines.generator import Completion, Generation, GenerationRequest

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
# How servers say that prompt and answer do not fit: vLLM, SGLang and hosted APIs ("context length",
# code context_length_exceeded), llama.cpp (exceed_context_size_error), TGI, proxies before them.
_CONTEXT = re.compile(
    r"context[ _](?:length|size|window)|max_model_len|maximum (?:model|context)|longer than"
    r"|prompt is too long|max_new_tokens. must be <=",
    re.IGNORECASE,
)
_CONTEXT_STATUS = {400, 413, 422}
_ENDED = {"stop", "eos", "eos_token", "end_turn", "stop_sequence"}


def path_of(request: GenerationRequest) -> str:
    """Where the prompt is sent."""
    return CHAT if request.prompt.endpoint == "chat" else COMPLETIONS


def body_of(request: GenerationRequest, model: str, *, stream: bool) -> dict[str, Any]:
    """The body of one call."""
    prompt = request.prompt
    body: dict[str, Any] = {
        "model": model,
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
        body["response_format"] = response_format(prompt.schema)
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


def response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The field that asks for an answer after a JSON schema."""
    return {
        "type": "json_schema",
        "json_schema": {"name": "translation", "schema": dict(schema), "strict": True},
    }


def read_generation(answer: Mapping[str, Any], path: str, engine: str) -> Generation:
    """The completions in an answer of status 200.

    Raises:
        EngineRejected: it has no choices, or their content is not text.
    """
    if answer.get("error"):  # some proxies say so with status 200
        raise EngineRejected(engine, 200, refusal(json.dumps(answer)))
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices:
        raise EngineRejected(engine, 200, "its answer has no choices")
    completions = tuple(_completion(choice, path, engine) for choice in choices)
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Generation(
        completions, _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    )


def _completion(choice: Any, path: str, engine: str) -> Completion:
    try:
        text = choice["message"]["content"] if path == CHAT else choice["text"]
        reason = choice.get("finish_reason")
    except (KeyError, TypeError, AttributeError) as error:
        raise EngineRejected(engine, 200, "its answer has a choice without text") from error
    if not isinstance(text, str | None):
        raise EngineRejected(engine, 200, "its answer has a choice whose content is not text")
    ended = reason is None or str(reason).lower() in _ENDED
    return Completion(
        text or "",
        truncated=reason == "length",
        stopped="" if ended or reason == "length" else str(reason),
    )


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None


def served_models(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of ``GET /v1/models`` that have an id."""
    models = answer.get("data")
    return [
        model
        for model in (models if isinstance(models, list) else [])
        if isinstance(model, dict) and isinstance(model.get("id"), str)
    ]


def context_tokens(model: Mapping[str, Any]) -> int | None:
    """The context window of a served model, where the server tells it (vLLM does)."""
    return _count(model.get("max_model_len"))


def refusal(text: str) -> str:
    """The message inside an error's body, in the shapes that servers use."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return text[:300]
    inner = body.get("error") or body if isinstance(body, dict) else body
    message = inner.get("message") or inner if isinstance(inner, dict) else inner
    return str(message)[:300]


def is_about_context(status: int, text: str) -> bool:
    """Whether a refusal means that prompt and answer are longer than the model's context."""
    return status in _CONTEXT_STATUS and _CONTEXT.search(text) is not None


def retry_after_s(header: str | None) -> float | None:
    """Seconds to wait after a ``Retry-After`` (RFC 9110, 10.2.3): a number or a date."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            at = parsedate_to_datetime(header).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        seconds = (at - datetime.now(UTC)).total_seconds()
    return None if math.isnan(seconds) else max(0.0, seconds)
