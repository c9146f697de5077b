"""Between rows and records."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from glossary.concept import Concept, Status
from glossary.store.port import About, Action, Change, StoredConcept
from service.store.tables import ITSELF, change_sets, changes, concepts

_PROPOSED = f'"status":"{Status.PROPOSED}"'


def now() -> str:
    """The time as it is stored."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def when(text: str) -> datetime:
    """A stored time."""
    return datetime.fromisoformat(text)


def body_of(concept: Concept) -> str:
    """A concept as it is stored: without what is as usual, which is most of it."""
    return concept.model_dump_json(exclude_defaults=True)


def concept_of(body: str | None) -> Concept | None:
    """A concept as it was stored."""
    return None if body is None else Concept.model_validate_json(body)


@contextmanager
def many_objects() -> Iterator[None]:
    """While 100,000 concepts are made nothing can be collected; not to look halves the time."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()


def is_proposed(body: str | None) -> bool:
    """Does a stored concept hold a proposed term? Quotes inside its texts are escaped."""
    return body is not None and _PROPOSED in body


def about_body(about: About) -> str:
    """Title and description as they are stored in the history."""
    return json.dumps({"title": about.title, "description": about.description})


def about_of(body: str | None) -> About | None:
    """Title and description as they were stored in the history."""
    return None if body is None else About(**json.loads(body))


def concept_rows() -> Select[Any]:
    """Concepts with the time and the maker of their last change."""
    return select(
        concepts.c.id,
        concepts.c.version,
        concepts.c.place,
        concepts.c.changed_in,
        concepts.c.body,
        change_sets.c.at,
        change_sets.c.who,
    ).join(
        change_sets,
        (change_sets.c.glossary_id == concepts.c.glossary_id)
        & (change_sets.c.version == concepts.c.changed_in),
    )


def stored(row: Row[Any], body: str | None = None) -> StoredConcept | None:
    """A row of ``concept_rows``; ``None`` when it is deleted and no other body is given."""
    concept = concept_of(body if row.body is None else row.body)
    if concept is None:
        return None
    return StoredConcept(
        concept=concept,
        version=row.version,
        changed_in=row.changed_in,
        changed_at=when(row.at),
        changed_by=row.who,
    )


def change_rows() -> Select[Any]:
    """Changes with the time and the maker of their change set."""
    return select(changes, change_sets.c.at, change_sets.c.who, change_sets.c.comment).join(
        change_sets,
        (change_sets.c.glossary_id == changes.c.glossary_id)
        & (change_sets.c.version == changes.c.version),
    )


def change(row: Row[Any], glossary: str) -> Change:
    """A row of ``change_rows``."""
    itself = row.concept_id == ITSELF
    return Change(
        glossary=glossary,
        version=row.version,
        who=row.who,
        at=when(row.at),
        action=Action(row.action),
        comment=row.comment,
        concept_id=row.concept_id,
        concept_version=row.concept_version,
        before=None if itself else concept_of(row.before),
        after=None if itself else concept_of(row.after),
        about_before=about_of(row.before) if itself else None,
        about_after=about_of(row.after) if itself else None,
    )
