"""``/glossaries/{name}/concepts`` and what is decided on many of them at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from glossary.concept import Concept, ConceptId, Status
from glossary.store import port as records
from glossary.store import proposals
from glossary.store.errors import ConceptChanged, ConceptExists, UnknownConcept
from glossary.store.port import Edit, Sort, Store, StoredConcept
from service.api.conditions import Condition, Conditions, User, etag
from service.api.conflict import ConflictProblem
from service.api.fields import LanguageTag
from service.api.glossaries import Limit, Name, Offset, store_of
from service.api.glossary_bodies import (
    ChangeBody,
    ConceptPatch,
    DecisionRequest,
    EditsRequest,
    NewConcept,
    PageBody,
    RestoreRequest,
    StoredConceptBody,
    VersionBody,
)
from service.api.parts import parts_of
from service.api.problem import Problem
from service.errors import RequestError, TooManyItems

router = APIRouter(
    prefix="/glossaries/{name}",
    tags=["concepts"],
    responses={
        404: {"model": Problem, "description": "No such glossary, concept or version."},
        503: {"model": Problem, "description": "The database is not available."},
    },
)
_CHANGED: dict[int | str, dict[str, object]] = {
    412: {"model": ConflictProblem, "description": "Changed meanwhile: both sides."},
    428: {"model": Problem, "description": "If-Match is missing."},
}
Id = Annotated[ConceptId, Path(description="Id of a concept.", examples=["fraction"])]


class IdMismatch(RequestError):
    """The id in the body is not that of the path."""

    code = "id_mismatch"
    status = 422
    remedy = "An id never changes: add a new concept and delete the old one."

    def __init__(self, path: str, body: str) -> None:
        super().__init__(f"The path says concept {path!r}, the body {body!r}.")


@router.get("/concepts")
def concepts(
    name: Name,
    request: Request,
    q: Annotated[str, Query(description="Stands in a term, id, definition or note.")] = "",
    language: Annotated[LanguageTag | None, Query(description="Has a term in it.")] = None,
    status: Annotated[
        Status | None, Query(description="Has a term of this status (and of `language`).")
    ] = None,
    domain: Annotated[str | None, Query(description="Is of this domain.")] = None,
    benchmark: Annotated[str | None, Query(description="Applies to this benchmark.")] = None,
    sort: Annotated[Sort, Query(description="`place`: as they were added.")] = Sort.PLACE,
    descending: bool = False,
    offset: Offset = 0,
    limit: Limit = 100,
) -> PageBody[StoredConceptBody]:
    """The concepts of a glossary, filtered, sorted and in pages."""
    query = records.Query(
        text=q,
        language=language,
        status=status,
        domain=domain,
        benchmark=benchmark,
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )
    return PageBody[StoredConceptBody].model_validate(store_of(request).concepts(name, query))


@router.get("/deleted")
def deleted_concepts(name: Name, request: Request) -> list[StoredConceptBody]:
    """Deleted concepts as they were; each can be restored to the version before the one shown."""
    return [StoredConceptBody.model_validate(each) for each in store_of(request).deleted(name)]


@router.post(
    "/concepts",
    status_code=201,
    responses={409: {"model": Problem, "description": "The id is taken."}},
)
def add_concept(
    name: Name, body: NewConcept, request: Request, response: Response, user: User
) -> StoredConceptBody:
    """Add a concept."""
    store = store_of(request)
    try:
        added = store.put(name, Concept.model_validate(body.model_dump()), user, expected=0)
    except ConceptChanged as error:
        raise ConceptExists(name, body.id) from error
    response.headers["Location"] = f"/glossaries/{name}/concepts/{body.id}"
    return _answer(response, added)


@router.get("/concepts/{id}")
def concept(name: Name, id: Id, request: Request, response: Response) -> StoredConceptBody:  # noqa: A002
    """One concept; its version is its ETag."""
    return _answer(response, store_of(request).concept(name, id))


@router.put(
    "/concepts/{id}",
    responses=_CHANGED | {201: {"model": StoredConceptBody, "description": "Added."}},
)
def put_concept(
    name: Name,
    id: Id,  # noqa: A002
    body: Concept,
    request: Request,
    response: Response,
    user: User,
    condition: Conditions,
) -> StoredConceptBody:
    """Write a concept: an existing one with `If-Match`, a new one with `If-None-Match: *`."""
    if body.id != id:
        raise IdMismatch(id, body.id)
    store = store_of(request)
    expected = _expected(store, name, id, condition)
    response.status_code = 201 if expected == 0 else 200
    return _answer(response, store.put(name, body, user, expected=expected))


@router.patch("/concepts/{id}", responses=_CHANGED)
def patch_concept(
    name: Name,
    id: Id,  # noqa: A002
    body: ConceptPatch,
    request: Request,
    response: Response,
    user: User,
    condition: Conditions,
) -> StoredConceptBody:
    """Change some fields of a concept; needs `If-Match`."""
    store = store_of(request)
    current = store.concept(name, id)
    expected = condition.required(f"Concept {id!r}", current.version) or current.version
    fields = {field: getattr(body, field) for field in body.model_fields_set}
    changed = Concept.model_validate({**dict(current.concept), **fields})
    return _answer(response, store.put(name, changed, user, expected=expected))


@router.delete("/concepts/{id}", responses=_CHANGED)
def delete_concept(
    name: Name,
    id: Id,  # noqa: A002
    request: Request,
    user: User,
    condition: Conditions,
) -> VersionBody:
    """Delete a concept, which can be restored; needs `If-Match`."""
    store = store_of(request)
    expected = condition.version
    if expected is None:
        expected = condition.required(f"Concept {id!r}", store.concept(name, id).version)
    return VersionBody(version=store.apply(name, [Edit.delete(id, expected)], user))


@router.post("/concepts/{id}/restore", responses=_CHANGED)
def restore_concept(
    name: Name,
    id: Id,  # noqa: A002
    body: RestoreRequest,
    request: Request,
    response: Response,
    user: User,
    condition: Conditions,
) -> StoredConceptBody:
    """Make a concept, deleted or not, what it was at an earlier version of its own."""
    store = store_of(request)
    version = condition.version
    return _answer(response, store.restore_concept(name, id, body.version, user, expected=version))


@router.get("/concepts/{id}/history")
def concept_history(
    name: Name,
    id: Id,  # noqa: A002
    request: Request,
    offset: Offset = 0,
    limit: Limit = 100,
) -> PageBody[ChangeBody]:
    """All changes of one concept, newest first, deleted or not."""
    page = store_of(request).history(name, concept=id, offset=offset, limit=limit)
    return PageBody[ChangeBody].model_validate(page)


@router.post("/edits", responses=_CHANGED)
def apply_edits(
    name: Name, body: EditsRequest, request: Request, user: User, condition: Conditions
) -> VersionBody:
    """Make many edits as one change, all or none; with `If-Match` only at that version."""
    limit = parts_of(request).settings.max_items
    if len(body.edits) > limit:
        raise TooManyItems(len(body.edits), limit, "edits")
    edits = [each.edit() for each in body.edits]
    store = store_of(request)
    version = store.apply(name, edits, user, comment=body.comment, expected=condition.version)
    return VersionBody(version=version)


@router.get("/proposals")
def proposed(
    name: Name,
    request: Request,
    language: Annotated[LanguageTag | None, Query(description="With one in it.")] = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> PageBody[StoredConceptBody]:
    """Concepts that hold proposed terms."""
    query = records.Query(language=language, status=Status.PROPOSED, offset=offset, limit=limit)
    return PageBody[StoredConceptBody].model_validate(store_of(request).concepts(name, query))


@router.post("/proposals/accept", responses=_CHANGED)
def accept(name: Name, body: DecisionRequest, request: Request, user: User) -> VersionBody:
    """Accept proposed terms, all or none: preferred, or admitted beside a preferred one."""
    seen = {each.id: each.version for each in body.concepts}
    store = store_of(request)
    return VersionBody(version=proposals.accept(store, name, seen, user, languages=body.languages))


@router.post("/proposals/reject", responses=_CHANGED)
def reject(name: Name, body: DecisionRequest, request: Request, user: User) -> VersionBody:
    """Take proposed terms out, all or none; they are remembered and not proposed again."""
    seen = {each.id: each.version for each in body.concepts}
    store = store_of(request)
    return VersionBody(version=proposals.reject(store, name, seen, user, languages=body.languages))


def _expected(store: Store, name: str, id_: str, condition: Condition) -> int | None:
    """The version that is to be overwritten; 0 for a new concept, ``None`` for any."""
    if condition.new:
        return 0
    if condition.version is not None:
        return condition.version
    try:
        current = store.concept(name, id_)
    except UnknownConcept:
        if condition.any:
            raise
        return 0
    return condition.required(f"Concept {id_!r}", current.version)


def _answer(response: Response, stored: StoredConcept) -> StoredConceptBody:
    response.headers["ETag"] = etag(stored.version)
    return StoredConceptBody.model_validate(stored)
