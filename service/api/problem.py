"""Errors as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from eval.errors import (
    BadRecipe,
    EvalError,
    MetricError,
    RecipeError,
    UnknownBenchmark,
    UnknownMetric,
)
from glossary.errors import GlossaryError
from glossary.store.errors import (
    ConceptChanged,
    ConceptExists,
    GlossaryChanged,
    GlossaryExists,
    NotProposed,
    UnknownConcept,
    UnknownGlossary,
    UnknownVersion,
)
from prompts.errors import PromptError
from service.errors import ServiceError
from service.pipeline.record import printable

_LOG = logging.getLogger("isogloss.api")
MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[Exception], int] = {
    UnknownBenchmark: 404,
    BadRecipe: 422,
    RecipeError: 422,
    UnknownMetric: 404,
    MetricError: 503,
    EvalError: 422,
    UnknownGlossary: 404,
    UnknownConcept: 404,
    UnknownVersion: 404,
    GlossaryExists: 409,
    ConceptExists: 409,
    NotProposed: 409,
    GlossaryChanged: 412,
    ConceptChanged: 412,
    GlossaryError: 422,
    PromptError: 502,
}
"""HTTP status of the errors of the lower floors, most special first; the service's carry theirs."""


class FieldProblem(BaseModel):
    """One thing wrong in the request's body."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong, for a program (``type``) and for a person (``detail``, ``remedy``)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:isogloss:problem:unknown_benchmark",
                "title": "Unknown benchmark",
                "status": 404,
                "detail": "Unknown benchmark 'cmlu'.",
                "remedy": "Did you mean cmmlu? GET /benchmarks lists all.",
            }
        }
    )

    type: str = Field(description="Stable name of the problem; branch on this.")
    title: str
    status: int
    detail: str
    remedy: str = ""
    errors: list[FieldProblem] = []


def problem(
    code: str,
    status: int,
    detail: str,
    remedy: str = "",
    *,
    kind: type[Problem] = Problem,
    **more: Any,
) -> JSONResponse:
    """One problem as a response; ``kind`` has fields for ``more``."""
    body = kind(
        type=f"urn:isogloss:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=printable(detail),
        remedy=printable(remedy),
        **more,
    )
    return JSONResponse(body.model_dump(mode="json"), status, media_type=MEDIA_TYPE)


def _known(request: Request, error: Exception) -> JSONResponse:
    code = str(getattr(error, "code", "error"))
    remedy = str(getattr(error, "remedy", ""))
    status = getattr(error, "status", None)
    if status is None:
        status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return problem(code, status, str(error), remedy)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()[:20]
    if faults and faults[0]["type"] == "json_invalid":
        return _not_json(f"{faults[0]['ctx']['error']} at character {faults[0]['loc'][-1]}")
    media_type = request.headers.get("content-type", "")
    if isinstance(error.body, bytes) and "json" not in media_type:
        detail = f"The body is {media_type or 'of no media type'}, not application/json."
        remedy = "Send JSON with the header Content-Type: application/json."
        return problem("unsupported_media_type", 415, detail, remedy)
    errors = [_field_problem(fault) for fault in faults]
    detail = f"{errors[0].field}: {errors[0].message}" if errors else "The body cannot be read."
    return problem(
        "invalid_request", 422, detail, "GET /docs shows the body with examples.", errors=errors
    )


def _field_problem(fault: Any) -> FieldProblem:
    field = ".".join(str(part) for part in fault["loc"][1:])
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "string_unicode":
        field, message = field or str(fault["input"]), "holds a lone surrogate"
    return FieldProblem(field=printable(field) or "body", message=printable(message))


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    cause = error.__cause__
    if isinstance(cause, ServiceError):
        return _known(request, cause)
    if isinstance(cause, UnicodeDecodeError):
        return _not_json(f"it is not UTF-8 at byte {cause.start}")
    if isinstance(cause, RecursionError):
        return _not_json("it is nested too deeply")
    if isinstance(cause, ValueError):
        return _not_json(str(cause))
    code = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}.get(
        error.status_code, "http_error"
    )
    answer = problem(code, error.status_code, str(error.detail), "GET /docs lists all routes.")
    answer.headers.update(error.headers or {})
    return answer


def _not_json(why: str) -> JSONResponse:
    return problem(
        "invalid_json", 400, f"The body is not JSON: {why}.", "Send one JSON object in UTF-8."
    )


def _left(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nobody reads it; the status is for logs


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _LOG.exception("unexpected error in %s", request.url.path, exc_info=error)
    return problem(
        "internal_error",
        500,
        f"Unexpected {type(error).__name__}.",
        "The service's log has the details; please report it.",
    )


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problems under their own media type."""
    document = FastAPI.openapi(app)
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                content = response.get("content", {})
                schema = content.get("application/json", {}).get("schema", {})
                if schema.get("$ref", "").endswith("Problem"):
                    content[MEDIA_TYPE] = content.pop("application/json")
    return document


def install(app: FastAPI) -> None:
    """Answer every error there is as a problem."""
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    for kind in (ServiceError, EvalError, GlossaryError, PromptError):
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _unexpected)
