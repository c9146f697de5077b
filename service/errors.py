"""Errors of the running service, and the HTTP status of every error there is.

ServiceError
├── InternalError                a fault of ours; the log has the details
├── BadSettings                  the environment cannot be read as settings
├── ServiceRefused               another Isogloss service answered with a problem
├── ServiceUnreachable           another Isogloss service cannot be reached, or broke off
├── RequestError                 the request cannot be served as it is
│   ├── UnknownEngine            no engine of that name is configured
│   ├── PairNotServed            the engine does not translate this direction
│   ├── SourceLanguageMissing    nobody says what language the items are in
│   ├── TooManyItems             more than one request may hold
│   ├── BodyTooLarge             more bytes than one request may hold
│   ├── TooManyCandidates        more candidates per item than allowed
│   ├── RunInUse                 another process is working in the run folder
│   └── RunMismatch              the run folder holds another run
└── EngineError                  the engine gave no usable translation
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

import json
from typing import ClassVar

from glossary.errors import nearest
from glossary.language import Pair


class ServiceError(Exception):
    """Root of the package's errors: stable ``code``, HTTP ``status``, ``remedy`` for people."""

    code: ClassVar[str] = "service_error"
    status: ClassVar[int] = 500
    remedy: str = "Look at the service's log."


class InternalError(ServiceError):
    """A fault of ours; the log has the details."""

    code = "internal_error"
    remedy = "The service's log has the details; please report it."

    def __init__(self, error: Exception) -> None:
        super().__init__(f"Unexpected {type(error).__name__}.")


class BadSettings(ServiceError):
    """The environment cannot be read as settings."""

    code = "bad_settings"
    remedy = "docs/settings.md lists all settings with their defaults."

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"The settings cannot be used: {'; '.join(faults)}.")


class ServiceRefused(ServiceError):
    """Another Isogloss service answered with a problem; ``answered`` is its status."""

    code = "service_refused"
    status = 502

    def __init__(self, url: str, status: int, text: str) -> None:
        self.answered = status
        try:
            problem = json.loads(text)
            detail, self.remedy = str(problem["detail"]), str(problem.get("remedy", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            detail = text[:200].strip() or "no reason given"
            self.remedy = "Check that this is the address of an Isogloss service."
        super().__init__(f"{url} answered {status}: {detail}")


class ServiceUnreachable(ServiceError):
    """Another Isogloss service cannot be reached, or its answer broke off."""

    code = "service_unreachable"
    status = 502
    remedy = "Check that `isogloss serve` runs there; then run again: finished items are kept."

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: {why}.")


class RequestError(ServiceError):
    """The request cannot be served as it is."""

    code = "bad_request"
    status = 400


class UnknownEngine(RequestError):
    """No engine of that name."""

    code = "unknown_engine"
    status = 404

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        self.remedy = f"{nearest(name, known)} Engines are named in the server's settings."
        super().__init__(f"Unknown engine {name!r}.")


class PairNotServed(RequestError):
    """The engine does not translate this direction."""

    code = "pair_not_served"
    status = 422

    def __init__(self, engine: str | None, pair: Pair, serving: list[str]) -> None:
        self.engine, self.pair = engine, pair
        self.remedy = (
            f"Engines that serve it: {', '.join(serving)}."
            if serving
            else "Configure an engine of kind openai (a vLLM server) or transformers."
        )
        who = f"Engine {engine!r} does not translate" if engine else "No engine translates"
        super().__init__(f"{who} {pair}.")


class SourceLanguageMissing(RequestError):
    """Neither the request nor the recipe says what language the items are in."""

    code = "source_language_missing"
    status = 422
    remedy = "Give `source`: en, zh-TW, zh-CN or ko."

    def __init__(self, recipe: str) -> None:
        super().__init__(f"Recipe {recipe} has no source language and the request names none.")


class TooManyItems(RequestError):
    """More than one request may hold."""

    code = "too_many_items"
    status = 413

    def __init__(self, count: int, limit: int, what: str = "items") -> None:
        self.count, self.limit = count, limit
        self.remedy = (
            f"Send at most {limit:,} {what} in one request, work on the file with "
            f"`isogloss translate` or `isogloss check`, or raise ISOGLOSS_MAX_{what.upper()}."
        )
        super().__init__(f"The request holds {count:,} {what}; limit {limit:,}.")


class BodyTooLarge(RequestError):
    """More bytes than one request may hold."""

    code = "body_too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.remedy = (
            "Send the items in several requests, work on the file with "
            "`isogloss translate` or `isogloss check`, or raise ISOGLOSS_MAX_BODY_BYTES."
        )
        super().__init__(f"The request body is larger than {limit:,} bytes.")


class TooManyCandidates(RequestError):
    """More candidates per item than allowed."""

    code = "too_many_candidates"
    status = 422

    def __init__(self, count: int, limit: int) -> None:
        self.remedy = f"Ask for at most {limit}, or raise ISOGLOSS_MAX_CANDIDATES."
        super().__init__(f"{count} candidates per item; limit {limit}.")


class RunInUse(RequestError):
    """Another process is working in the run folder."""

    code = "run_in_use"
    status = 409

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.remedy = "Wait until it has ended, or choose another folder with --out."
        super().__init__(f"Another process is working in {folder}.")


class RunMismatch(RequestError):
    """The run folder holds another run."""

    code = "run_mismatch"
    status = 409

    def __init__(self, folder: str, why: str) -> None:
        self.folder = folder
        self.remedy = "Choose another folder with --out, or start over with --restart."
        super().__init__(f"{folder} holds another run: {why}.")


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

    def __init__(self, engine: str, why: str) -> None:
        self.remedy = (
            "Check that the engine's server runs and its address is right; then run again."
        )
        super().__init__(f"Engine {engine} is not available: {why}.")


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
