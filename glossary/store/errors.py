"""Errors of the term store that a user can mend.

GlossaryError
└── StoreError
    ├── UnknownGlossary    none of that name, or it is deleted
    ├── GlossaryExists     the name is taken, also by a deleted one
    ├── GlossaryChanged    somebody changed the glossary meanwhile
    ├── UnknownConcept     none of that id, or it is deleted
    ├── ConceptExists      the id is taken
    ├── ConceptChanged     somebody changed concepts meanwhile; carries both sides
    ├── UnknownVersion     no such version, or nothing is there in it
    ├── DuplicateEdit      two edits of one concept in a change set
    └── NotProposed        nothing in the concept is proposed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glossary.errors import GlossaryError, nearest
from glossary.store.port import Conflict


class StoreError(GlossaryError):
    """Root of the store's errors."""

    code = "store_error"
    remedy: str = ""


class UnknownGlossary(StoreError):
    """No glossary of that name; ``deleted_in`` is the version that deleted it, if one did."""

    code = "unknown_glossary"

    def __init__(self, name: str, deleted_in: int | None = None, known: Iterable[str] = ()) -> None:
        self.name, self.deleted_in = name, deleted_in
        if deleted_in is None:
            self.remedy = f"{nearest(name, known)} `isogloss terms import` makes one."
            super().__init__(f"Unknown glossary {name!r}.")
        else:
            self.remedy = f"Restore it to version {deleted_in - 1}."
            super().__init__(f"Glossary {name!r} was deleted in its version {deleted_in}.")


class GlossaryExists(StoreError):
    """The name is taken; a deleted glossary keeps its name, so that stamps stay unique."""

    code = "glossary_exists"

    def __init__(self, name: str, deleted_in: int | None = None) -> None:
        self.name, self.deleted_in = name, deleted_in
        if deleted_in is None:
            self.remedy = "Choose another name, or edit the glossary that is there."
            super().__init__(f"There is a glossary {name!r} already.")
        else:
            self.remedy = (
                f"Choose another name, or restore it: to version {deleted_in - 1} as it was, "
                "to version 1 empty."
            )
            super().__init__(f"There was a glossary {name!r}, deleted in version {deleted_in}.")


class GlossaryChanged(StoreError):
    """The glossary is not at the version that the caller saw."""

    code = "glossary_changed"

    def __init__(self, name: str, expected: int, current: int) -> None:
        self.name, self.expected, self.current = name, expected, current
        self.remedy = "Read it again, look at the changes between, and repeat."
        super().__init__(f"Glossary {name!r} is at version {current}, not {expected}.")


class UnknownConcept(StoreError):
    """No concept of that id; ``deleted_at`` is its own version that deleted it, if one did."""

    code = "unknown_concept"

    def __init__(self, name: str, id_: str, deleted_at: int | None = None) -> None:
        self.name, self.id, self.deleted_at = name, id_, deleted_at
        if deleted_at is None:
            self.remedy = f"GET /glossaries/{name}/concepts lists all."
            super().__init__(f"Unknown concept {id_!r} in glossary {name!r}.")
        else:
            self.remedy = f"Restore it to its version {deleted_at - 1}."
            super().__init__(f"Concept {id_!r} of glossary {name!r} is deleted.")


class ConceptExists(StoreError):
    """The id is taken."""

    code = "concept_exists"

    def __init__(self, name: str, id_: str) -> None:
        self.name, self.id = name, id_
        self.remedy = "Choose another id, leave it out, or edit the concept that is there."
        super().__init__(f"There is a concept {id_!r} in glossary {name!r} already.")


class ConceptChanged(StoreError):
    """Concepts are not at the versions that the caller saw; nothing was changed."""

    code = "concept_changed"

    def __init__(self, name: str, conflicts: Sequence[Conflict]) -> None:
        self.name, self.conflicts = name, tuple(conflicts)
        self.remedy = "Compare yours with the current ones, and repeat with their versions."
        some = ", ".join(map(_told, self.conflicts[:5]))
        more = f" and {len(conflicts) - 5} more" if len(conflicts) > 5 else ""
        super().__init__(f"Changed meanwhile in glossary {name!r}: {some}{more}.")


def _told(conflict: Conflict) -> str:
    current = conflict.current
    now = "deleted" if current is None else f"at version {current.version} by {current.changed_by}"
    seen = "new" if conflict.edit.expected == 0 else conflict.edit.expected
    return f"{conflict.edit.id} ({now}, not {seen})"


class UnknownVersion(StoreError):
    """It never had this version, or nothing was there in it; ``what`` names whose version."""

    code = "unknown_version"

    def __init__(self, what: str, version: int, current: int) -> None:
        self.what, self.version, self.current = what, version, current
        self.remedy = "Its history lists the versions; one that deleted it holds nothing."
        super().__init__(f"There is no version {version} of {what}; it is at {current}.")


class DuplicateEdit(StoreError):
    """Two edits of one concept in a change set."""

    code = "duplicate_edit"

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.remedy = "Make one edit of the two, or send them one after the other."
        super().__init__(f"Two edits of concept {id_!r} stand in one change set.")


class NotProposed(StoreError):
    """Nothing in the concept is proposed."""

    code = "not_proposed"

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.remedy = "Somebody decided already; its history says who."
        super().__init__(f"No term of concept {id_!r} is proposed.")
