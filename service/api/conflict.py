"""A refused edit with both sides, so that a page can show them beside each other."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from glossary.store.errors import ConceptChanged
from glossary.store.port import Conflict
from service.api.glossary_bodies import ConflictBody, StoredConceptBody
from service.api.problem import Problem, problem


class ConflictProblem(Problem):
    """Concepts were changed meanwhile; nothing of yours was done."""

    conflicts: list[ConflictBody]


def install(app: FastAPI) -> None:
    """Answer a refused edit with both sides."""
    app.add_exception_handler(ConceptChanged, _changed)


def _changed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ConceptChanged)
    conflicts = [_body(conflict) for conflict in error.conflicts]
    return problem(
        error.code, 412, str(error), error.remedy, kind=ConflictProblem, conflicts=conflicts
    )


def _body(conflict: Conflict) -> ConflictBody:
    current = conflict.current
    return ConflictBody(
        id=conflict.edit.id,
        yours=conflict.edit.concept,
        your_version=conflict.edit.expected,
        current=StoredConceptBody.model_validate(current) if current else None,
    )
