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
│   ├── BudgetSpent              an item's budget does not suffice for its next step
│   ├── CannotSolve              the engine has no model that answers questions
│   ├── RunInUse                 another process is working in the run folder
│   └── RunMismatch              the run folder holds another run
└── EngineError  see ``service/engines/errors.py``
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
        self.remedy = f"{nearest(name, known)} Engines are named in the settings: docs/engines.md."
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
            else "Configure an engine with a language model: on the command line --base-url URL "
            "(a vLLM server, kind openai) or --model FOLDER, for the service docs/engines.md."
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


class BudgetSpent(RequestError):
    """An item's budget does not suffice for its next step, or was used up on the way."""

    code = "budget_spent"
    status = 422

    def __init__(self, limit: str, needed: float | None, left: float, most: float | None) -> None:
        self.limit = limit
        self.remedy = f"Raise budget.{limit} (--budget-{limit}), or leave it out."
        why = "used up" if needed is None else f"{needed:g} needed, {left:g} left"
        super().__init__(f"The item's budget of {most:g} {limit}: {why}.")


class CannotSolve(RequestError):
    """The engine has no model that answers questions."""

    code = "cannot_solve"
    status = 422
    remedy = "Name an engine whose model follows instructions, not one for translation alone."

    def __init__(self, engine: str) -> None:
        super().__init__(f"Engine {engine!r} has no model that answers questions.")


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
