"""The records that go through the term store: concepts with their versions, edits, history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from glossary.concept import Concept, Status
from glossary.language import Language

Record = TypeVar("Record", covariant=True)
PAGE = 100
"""Records on a page unless told otherwise."""


class Action(StrEnum):
    """What was done; ``DESCRIBED`` is a new title or description of the glossary."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IMPORTED = "imported"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True)
class GlossaryInfo:
    """A glossary without its concepts."""

    name: str
    version: int
    title: str
    description: str
    concepts: int
    """How many there are now."""
    proposals: int
    """How many of them hold a proposed term."""
    changed_at: datetime
    changed_by: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class StoredConcept:
    """A concept with its own version, which grows by one with each change of this concept."""

    concept: Concept
    version: int
    changed_in: int
    """The glossary's version that the last change made."""
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One concept's part of a change set; make it with ``put`` or ``delete``.

    ``expected`` is the concept's version that the editor saw: 0 where it must not exist, ``None``
    where it does not matter. An edit that changes nothing is left out without a word.
    """

    id: str
    concept: Concept | None
    """What it becomes; ``None`` deletes it."""
    expected: int | None = None
    action: Action | None = None
    """Default: created, edited or deleted, whichever it is."""

    @classmethod
    def put(
        cls, concept: Concept, expected: int | None = None, action: Action | None = None
    ) -> Edit:
        """Write a concept, new or not."""
        return cls(concept.id, concept, expected, action)

    @classmethod
    def delete(cls, id_: str, expected: int | None = None, action: Action | None = None) -> Edit:
        """Delete a concept; it can be restored."""
        return cls(id_, None, expected, action)


@dataclass(frozen=True, slots=True)
class About:
    """What a glossary says of itself."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history: of a concept, or of the glossary itself (``concept_id`` empty)."""

    glossary: str
    version: int
    """The glossary's version after it; before it was one less."""
    who: str
    at: datetime
    """In UTC."""
    action: Action
    comment: str
    concept_id: str = ""
    concept_version: int = 0
    """The concept's version after it."""
    before: Concept | None = None
    after: Concept | None = None
    about_before: About | None = None
    about_after: About | None = None


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What was changed at one time, in numbers."""

    version: int
    who: str
    at: datetime
    comment: str
    actions: Mapping[Action, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A concept that two versions of a glossary do not share; ``None`` where it does not exist."""

    id: str
    before: Concept | None
    after: Concept | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that was refused because the concept had changed: both sides, to be shown."""

    edit: Edit
    current: StoredConcept | None
    """``None``: it was deleted meanwhile."""


class Sort(StrEnum):
    """Order of a list of concepts; ``PLACE`` is the order in which they were added."""

    PLACE = "place"
    ID = "id"
    TERM = "term"
    DOMAIN = "domain"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Query:
    """Which concepts are wanted, and in what order; an empty field does not restrict."""

    text: str = ""
    """Stands somewhere in a term, the id, the definition or the note; case does not matter."""
    language: Language | None = None
    """Has a term in it; ``status`` then asks for the status of these, ``Sort.TERM`` goes by it."""
    status: Status | None = None
    domain: str | None = None
    benchmark: str | None = None
    """Applies to this benchmark, which concepts without a scope do."""
    sort: Sort = Sort.PLACE
    descending: bool = False
    offset: int = 0
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """A part of a longer list; ``total`` counts the whole one."""

    records: Sequence[Record]
    total: int
    offset: int = field(default=0, kw_only=True)


def new_concept_id() -> str:
    """An id that means nothing and that nobody else draws."""
    return f"c-{secrets.token_hex(6)}"
