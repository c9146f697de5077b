"""Errors of engines: no usable translation could be had.

EngineError
├── EngineMisconfigured      its settings name something that cannot be used
├── EngineUnavailable        not reachable, or its circuit is open
├── EngineOverloaded         429 or 503 until the tries were used up
├── EngineTimeout            no answer in time
├── EngineRejected           the server refuses the request: trying again is no use
├── ContextExceeded          the item is longer than the model's context
├── AnswerTruncated          the answer was cut off (finish_reason "length")
├── AnswerUnusable           the answer does not have the form that was asked for
├── NotRecorded              replay has no recording of this text
└── MissingExtra             an optional package is not installed
"""

from __future__ import annotations

from glossary.language import Pair
from service.errors import ServiceError


class EngineError(ServiceError):
    """The engine gave no usable translation."""

    code = "engine_error"
    status = 502
    remedy = "Run again: finished items are kept, failed ones are tried again."


class EngineMisconfigured(EngineError):
    """Its settings name something that is not there or cannot be read."""

    code = "engine_misconfigured"
    status = 503

    def __init__(self, engine: str, why: str) -> None:
        self.remedy = f"Correct the settings ISOGLOSS_ENGINES__{engine.upper()}__... and restart."
        super().__init__(f"Engine {engine} cannot be made: {why}")


class EngineUnavailable(EngineError):
    """Not reachable, or its circuit is open."""

    code = "engine_unavailable"
    status = 503

    remedy = "Check that the engine's server runs and its address is right; then run again."

    def __init__(self, engine: str, why: str, remedy: str = "") -> None:
        self.remedy = remedy or type(self).remedy
        super().__init__(f"Engine {engine} is not available: {why.rstrip('.')}.")


class EngineOverloaded(EngineError):
    """The server asked to wait until the tries were used up."""

    code = "engine_overloaded"
    status = 503

    def __init__(self, engine: str, status: int, tries: int, wait_s: float | None = None) -> None:
        self.remedy = "Lower the engine's max_concurrency, or run again later."
        times = "once" if tries == 1 else f"{tries} times"
        wish = f" It asks to wait for {wait_s:,.0f} s." if wait_s else ""
        super().__init__(f"Engine {engine} was tried {times} and answered {status}.{wish}")


class EngineTimeout(EngineError):
    """No answer in time."""

    code = "engine_timeout"
    status = 504

    def __init__(self, engine: str, seconds: float, setting: str) -> None:
        self.remedy = f"Raise the engine's {setting} or lower its max_concurrency."
        super().__init__(f"Engine {engine} gave no answer within {seconds:g} s.")


class EngineRejected(EngineError):
    """The server refuses the request."""

    code = "engine_rejected"

    def __init__(self, engine: str, status: int, message: str) -> None:
        self.upstream_status = status
        self.remedy = "Check the engine's model name, profile and api_key in the settings."
        super().__init__(f"Engine {engine} refused the request ({status}): {message}")


class ContextExceeded(EngineError):
    """The item is longer than the model's context."""

    code = "context_exceeded"

    def __init__(self, engine: str, message: str) -> None:
        self.remedy = (
            "Use a model with a longer context (vLLM: --max-model-len), or split the item."
        )
        super().__init__(f"Engine {engine}: the item does not fit the model's context: {message}")


class AnswerTruncated(EngineError):
    """The answer was cut off."""

    code = "answer_truncated"

    def __init__(self, max_tokens: int) -> None:
        self.remedy = "The model ran on or ran out: try again, or raise max_answer_tokens."
        super().__init__(f"The answer was cut off after {max_tokens} tokens.")


class AnswerUnusable(EngineError):
    """The answer does not have the form that was asked for."""

    code = "answer_unusable"

    def __init__(self, why: str) -> None:
        self.remedy = "Ask for more candidates, or use a server with structured output."
        super().__init__(f"The answer cannot be used: {why}")


class NotRecorded(EngineError):
    """Replay has no recording of this text."""

    code = "not_recorded"

    def __init__(self, segment: str, pair: Pair) -> None:
        self.remedy = "Add a recording of this text, or use another engine."
        super().__init__(f"No recording for {segment} in {pair}.")


class MissingExtra(EngineError):
    """An optional package is not installed."""

    code = "missing_extra"
    status = 501

    def __init__(self, what: str, extra: str) -> None:
        self.remedy = f"Install it: pip install 'isogloss[{extra}]'."
        super().__init__(f"{what} needs packages that are not installed.")
