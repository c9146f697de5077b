"""Where glossaries are kept: the port, with the records that go through it.

Every change is a change set: it raises the glossary's version by exactly one, is there as a whole
or not at all, and stays readable for ever with who made it and when. Deleting hides; nothing is
lost.
The adapter lives in ``service/store``; calls block, so an event loop calls them in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from glossary.concept import Concept, Glossary
from glossary.store.records import (
    PAGE,
    About,
    Action,
    Change,
    ChangeSet,
    Conflict,
    Difference,
    Edit,
    GlossaryInfo,
    Page,
    Query,
    Sort,
    StoredConcept,
    new_concept_id,
)

__all__ = [
    "PAGE",
    "About",
    "Action",
    "Change",
    "ChangeSet",
    "Conflict",
    "Difference",
    "Edit",
    "GlossaryInfo",
    "Page",
    "Query",
    "Sort",
    "Store",
    "StoredConcept",
    "new_concept_id",
]


class Store(Protocol):
    """Keeps glossaries. ``who`` is a name to be shown; nobody checks it here.

    Raises (any method): UnknownGlossary, and what the adapter raises when it cannot work.
    """

    def open(self) -> None:
        """Make it ready, which any other call does by itself; here to fail early."""

    def close(self) -> None:
        """Let go of what it holds."""

    def glossaries(self, *, deleted: bool = False) -> list[GlossaryInfo]:
        """All there are by name; or, with ``deleted``, those that can be restored."""

    def info(self, name: str) -> GlossaryInfo:
        """One glossary without its concepts."""

    def glossary(self, name: str, version: int | None = None) -> Glossary:
        """All of it, now or at an earlier version.

        Raises:
            UnknownVersion: it never had this version.
        """

    def create(
        self, name: str, who: str, *, title: str = "", description: str = ""
    ) -> GlossaryInfo:
        """Make an empty glossary, at version 1.

        Raises:
            GlossaryExists: also when it was deleted: a stamp like ``exams@3`` must stay one thing.
        """

    def describe(
        self,
        name: str,
        who: str,
        *,
        title: str | None = None,
        description: str | None = None,
        expected: int | None = None,
    ) -> GlossaryInfo:
        """Change the title or the description.

        Raises:
            GlossaryChanged: its version is not ``expected``.
        """

    def delete(self, name: str, who: str, *, expected: int | None = None) -> int:
        """Hide a glossary until it is restored; the version that this made.

        Raises:
            GlossaryChanged: its version is not ``expected``.
        """

    def restore(self, name: str, version: int, who: str, *, expected: int | None = None) -> int:
        """Make a glossary, deleted or not, what it was at a version; the version that this made.

        Raises:
            UnknownVersion: it never had this version, or was deleted in it.
            GlossaryChanged: its version is not ``expected``.
        """

    def concepts(self, name: str, query: Query = ...) -> Page[StoredConcept]:
        """The concepts that a query asks for."""

    def concept(self, name: str, id_: str) -> StoredConcept:
        """One concept as it is now.

        Raises:
            UnknownConcept: there is none, or it is deleted.
        """

    def deleted(self, name: str) -> list[StoredConcept]:
        """Deleted concepts as they were, with the version and the maker of their deletion."""

    def apply(
        self,
        name: str,
        edits: Sequence[Edit],
        who: str,
        *,
        comment: str = "",
        expected: int | None = None,
    ) -> int:
        """Make edits as one change set, all or none; the version that the glossary has then.

        Raises:
            ConceptChanged: with all edits whose ``expected`` is not the concept's version.
            UnknownConcept: a deletion of what is not there.
            DuplicateEdit: two edits of one concept.
            GlossaryChanged: the glossary's version is not ``expected``.
        """

    def put(
        self,
        name: str,
        concept: Concept,
        who: str,
        *,
        expected: int | None = None,
        action: Action | None = None,
    ) -> StoredConcept:
        """Write one concept and tell what it is then; see ``apply`` and ``Edit``."""

    def restore_concept(
        self, name: str, id_: str, version: int, who: str, *, expected: int | None = None
    ) -> StoredConcept:
        """Make a concept, deleted or not, what it was at a version of its own.

        Raises:
            UnknownVersion: it never had this version, or was deleted in it.
            ConceptChanged: its version is not ``expected``.
        """

    def history(
        self,
        name: str,
        *,
        concept: str | None = None,
        version: int | None = None,
        offset: int = 0,
        limit: int = PAGE,
    ) -> Page[Change]:
        """Changes, newest first: of all, of one concept, or of one change set."""

    def change_sets(self, name: str, *, offset: int = 0, limit: int = PAGE) -> Page[ChangeSet]:
        """The change sets, newest first."""

    def diff(self, name: str, since: int, until: int) -> list[Difference]:
        """What must be changed to come from one version to another.

        Raises:
            UnknownVersion: it never had one of them.
        """

    def rejected(self, name: str) -> list[Concept]:
        """Concepts as they were when proposed terms of theirs were rejected, newest first.

        Their terms with the status ``proposed`` are what was rejected. What stands in the glossary
        again is left out.
        """
