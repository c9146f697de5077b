"""``/glossaries``: glossaries as a whole, their versions and history.

Handlers are plain functions on purpose: the framework runs them in threads, and the store blocks.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from glossary.concept import Concept, Glossary, GlossaryName
from glossary.language import Pair
from glossary.store.port import Store
from service.api.conditions import Conditions, User, etag
from service.api.glossary_bodies import (
    ChangeBody,
    ChangeSetBody,
    DifferenceBody,
    GlossaryInfoBody,
    GlossaryPatch,
    MatchAnswer,
    MatchRequest,
    NewGlossary,
    PageBody,
    RestoreRequest,
    TermMatchBody,
    VersionBody,
)
from service.api.parts import parts_of
from service.api.problem import Problem

router = APIRouter(
    prefix="/glossaries",
    tags=["glossaries"],
    responses={
        404: {"model": Problem, "description": "No such glossary, concept or version."},
        503: {"model": Problem, "description": "The database is not available."},
    },
)
CHANGED: dict[int | str, dict[str, object]] = {
    412: {"model": Problem, "description": "Somebody changed it meanwhile."},
    428: {"model": Problem, "description": "If-Match is missing."},
}
Name = Annotated[GlossaryName, Path(description="Name of a glossary.", examples=["exams"])]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1, description="Records to leave out first.")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="Records at most.")]
AtVersion = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="A version of the glossary; default: now.")
]


def store_of(request: Request) -> Store:
    """The store of the app that serves this request."""
    return parts_of(request).store


@router.get("")
def glossaries(
    request: Request,
    deleted: Annotated[bool, Query(description="Those that can be restored instead.")] = False,
) -> list[GlossaryInfoBody]:
    """All glossaries by name, without their concepts."""
    found = store_of(request).glossaries(deleted=deleted)
    return [GlossaryInfoBody.model_validate(info) for info in found]


@router.post(
    "",
    status_code=201,
    responses={409: {"model": Problem, "description": "The name is taken."}},
)
def create_glossary(
    body: NewGlossary, request: Request, response: Response, user: User
) -> GlossaryInfoBody:
    """Make an empty glossary, at version 1."""
    store = store_of(request)
    made = store.create(body.name, user, title=body.title, description=body.description)
    response.headers["ETag"] = etag(made.version)
    response.headers["Location"] = f"/glossaries/{body.name}"
    return GlossaryInfoBody.model_validate(made)


@router.get("/{name}", response_model=Glossary)
def glossary(name: Name, request: Request, version: AtVersion = None) -> Response:
    """A glossary with all its concepts, now or at an earlier version; its version is its ETag."""
    found = store_of(request).glossary(name, version)
    headers = {"ETag": etag(found.version)}
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)


@router.get("/{name}/info")
def glossary_info(name: Name, request: Request, response: Response) -> GlossaryInfoBody:
    """A glossary without its concepts; its version is its ETag."""
    info = store_of(request).info(name)
    response.headers["ETag"] = etag(info.version)
    return GlossaryInfoBody.model_validate(info)


@router.patch("/{name}", responses=CHANGED)
def describe_glossary(
    name: Name,
    body: GlossaryPatch,
    request: Request,
    response: Response,
    user: User,
    condition: Conditions,
) -> GlossaryInfoBody:
    """Change its title or description; needs `If-Match`."""
    store = store_of(request)
    info = store.describe(
        name,
        user,
        title=body.title,
        description=body.description,
        expected=condition.required(f"Glossary {name!r}", store.info(name).version),
    )
    response.headers["ETag"] = etag(info.version)
    return GlossaryInfoBody.model_validate(info)


@router.delete("/{name}", responses=CHANGED)
def delete_glossary(name: Name, request: Request, user: User, condition: Conditions) -> VersionBody:
    """Hide a glossary until it is restored; its name stays taken. Needs `If-Match`."""
    store = store_of(request)
    expected = condition.required(f"Glossary {name!r}", store.info(name).version)
    return VersionBody(version=store.delete(name, user, expected=expected))


@router.post("/{name}/restore", responses=CHANGED)
def restore_glossary(
    name: Name, body: RestoreRequest, request: Request, user: User, condition: Conditions
) -> VersionBody:
    """Make a glossary, deleted or not, what it was at an earlier version, as a new change."""
    version = store_of(request).restore(name, body.version, user, expected=condition.version)
    return VersionBody(version=version)


@router.get("/{name}/history")
def glossary_history(
    name: Name,
    request: Request,
    version: AtVersion = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> PageBody[ChangeBody]:
    """All changes, newest first, or those that made one version."""
    page = store_of(request).history(name, version=version, offset=offset, limit=limit)
    return PageBody[ChangeBody].model_validate(page)


@router.get("/{name}/changesets")
def change_sets(
    name: Name, request: Request, offset: Offset = 0, limit: Limit = 100
) -> PageBody[ChangeSetBody]:
    """The steps from version to version, newest first, with how many changes each made."""
    page = store_of(request).change_sets(name, offset=offset, limit=limit)
    return PageBody[ChangeSetBody].model_validate(page)


@router.get("/{name}/diff")
def diff(
    name: Name,
    request: Request,
    since: Annotated[int, Query(ge=1, le=2**31 - 1, description="A version.")],
    until: AtVersion = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> PageBody[DifferenceBody]:
    """The concepts that two versions do not share."""
    store = store_of(request)
    found = store.diff(name, since, until or store.info(name).version)
    records = [DifferenceBody.model_validate(each) for each in found[offset : offset + limit]]
    return PageBody[DifferenceBody](records=records, total=len(found), offset=offset)


@router.get("/{name}/rejected")
def rejected(name: Name, request: Request) -> list[Concept]:
    """Concepts as they were when proposed terms of theirs were rejected, newest first."""
    return store_of(request).rejected(name)


@router.post("/{name}/match")
def match(name: Name, body: MatchRequest, request: Request) -> MatchAnswer:
    """The terms that stand in a text, longest first, without overlaps."""
    parts = parts_of(request)
    found = parts.store.glossary(name)
    if body.target is None:
        matches = parts.matchers.of(found, body.language, body.benchmark).find(body.text)
    else:
        pair = Pair(body.language, body.target)
        matches = parts.terms.of([found], pair, body.benchmark).find(body.text)
    return MatchAnswer(
        glossary=found.stamp,
        language=body.language,
        matches=[TermMatchBody.model_validate(each) for each in matches],
    )
