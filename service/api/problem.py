"""Errors as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from eval.errors import BadRecipe, EvalError, RecipeError, UnknownBenchmark
from glossary.errors import GlossaryError
from prompts.errors import PromptError
from service.errors import ServiceError
from service.pipeline.translate import printable

_LOG = logging.getLogger("isogloss.api")
MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[Exception], int] = {
    UnknownBenchmark: 404,
    BadRecipe: 422,
    RecipeError: 422,
    EvalError: 422,
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


def problem(code: str, status: int, detail: str, remedy: str = "", **more: Any) -> JSONResponse:
    """One problem as a response."""
    body = Problem(
        type=f"urn:isogloss:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=printable(detail),
        remedy=printable(remedy),
        **more,
    )
    return JSONResponse(body.model_dump(), status, media_type=MEDIA_TYPE)


def _known(request: Request, error: Exception) -> JSONResponse:
    code = str(getattr(error, "code", "error"))
    remedy = str(getattr(error, "remedy", ""))
    status = getattr(error, "status", None)
    if status is None:
        status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return problem(code, status, str(error), remedy)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        FieldProblem(
            field=printable(".".join(str(part) for part in each["loc"][1:]) or "body"),
            message=printable(str(each["msg"]).removeprefix("Value error, ")),
        )
        for each in error.errors()[:20]
    ]
    detail = f"{errors[0].field}: {errors[0].message}" if errors else "The body cannot be read."
    return problem(
        "invalid_request", 422, detail, "GET /docs shows the body with examples.", errors=errors
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}.get(
        error.status_code, "http_error"
    )
    return problem(code, error.status_code, str(error.detail), "GET /docs lists all routes.")


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _LOG.exception("unexpected error in %s", request.url.path, exc_info=error)
    return problem(
        "internal_error",
        500,
        f"Unexpected {type(error).__name__}.",
        "The service's log has the details; please report it.",
    )


def install(app: FastAPI) -> None:
    """Answer every error there is as a problem."""
    for kind in (ServiceError, EvalError, GlossaryError, PromptError):
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
