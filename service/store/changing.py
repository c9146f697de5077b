"""How a change set is written, in a transaction that its caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from glossary.store.errors import (
    ConceptChanged,
    DuplicateEdit,
    GlossaryChanged,
    UnknownConcept,
    UnknownGlossary,
)
from glossary.store.port import Action, Conflict, Edit
from service.store.rows import body_of, concept_rows, is_proposed, now, stored
from service.store.tables import ITSELF, change_sets, changes, concepts, glossaries

_AT_ONCE = 10_000
"""Ids in one query; both databases bound the number of parameters."""


@dataclass(slots=True)
class ChangeSet:
    """A change set that is being written for one glossary, whose row is locked."""

    row: Row[Any]
    who: str
    comment: str = ""
    version: int = field(init=False)
    _changes: list[dict[str, Any]] = field(default_factory=list)
    _added: list[dict[str, Any]] = field(default_factory=list)
    _updated: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.version = self.row.version + 1

    def itself(self, action: Action, before: str | None, after: str | None) -> None:
        """Add a change of the glossary itself."""
        self._change(ITSELF, action, 0, before, after)

    def edit(self, edit: Edit, current: Row[Any] | None) -> None:
        """Add an edit of a concept whose row is ``current``, unless it changes nothing."""
        after = None if edit.concept is None else body_of(edit.concept)
        self.body(edit.id, current, after, edit.action)

    def body(
        self, id_: str, current: Row[Any] | None, after: str | None, action: Action | None
    ) -> None:
        """Add an edit that gives a concept this body."""
        before = current.body if current else None
        if before == after:
            return
        version = current.version + 1 if current else 1
        self._change(id_, action or _action(before, after), version, before, after)
        written = {
            "version": version,
            "changed_in": self.version,
            "proposed": is_proposed(after),
            "body": after,
        }
        if current is None:
            place = self.row.next_place + len(self._added)
            key = {"glossary_id": self.row.id, "id": id_, "place": place}
            self._added.append(written | key)
        else:
            self._updated.append(written | {"key_glossary": self.row.id, "key_id": id_})

    def write(self, connection: Connection, **glossary: Any) -> int:
        """Write it with new values for the glossary's row; the version that it has then."""
        if not self._changes:
            return int(self.row.version)
        key = {"glossary_id": self.row.id, "version": self.version}
        made = {"who": self.who, "at": now(), "comment": self.comment}
        connection.execute(insert(change_sets), [key | made])
        connection.execute(insert(changes), self._changes)
        if self._added:
            connection.execute(insert(concepts), self._added)
        if self._updated:
            connection.execute(_UPDATE, self._updated)
        connection.execute(
            update(glossaries)
            .where(glossaries.c.id == self.row.id)
            .values(
                version=self.version, next_place=self.row.next_place + len(self._added), **glossary
            )
        )
        return self.version

    def _change(
        self, id_: str, action: Action, version: int, before: str | None, after: str | None
    ) -> None:
        self._changes.append(
            {
                "glossary_id": self.row.id,
                "version": self.version,
                "concept_id": id_,
                "concept_version": version,
                "place": len(self._changes),
                "action": action.value,
                "before": before,
                "after": after,
            }
        )


_UPDATE = (
    update(concepts)
    .where(
        concepts.c.glossary_id == bindparam("key_glossary"),
        concepts.c.id == bindparam("key_id"),
    )
    .values({name: bindparam(name) for name in ("version", "changed_in", "proposed", "body")})
)


def _action(before: str | None, after: str | None) -> Action:
    if after is None:
        return Action.DELETED
    return Action.CREATED if before is None else Action.EDITED


def locked(
    connection: Connection, name: str, expected: int | None = None, *, also_deleted: bool = False
) -> Row[Any]:
    """The row of a glossary, which nobody else changes until the transaction ends.

    Raises:
        UnknownGlossary: none of that name, or it is deleted.
        GlossaryChanged: its version is not ``expected``.
    """
    row = row_of(connection, name, also_deleted=also_deleted, lock=True)
    if expected is not None and expected != row.version:
        raise GlossaryChanged(name, expected, row.version)
    return row


def row_of(
    connection: Connection, name: str, *, also_deleted: bool = False, lock: bool = False
) -> Row[Any]:
    """The row of a glossary.

    Raises:
        UnknownGlossary: none of that name, or it is deleted.
    """
    wanted = select(glossaries).where(glossaries.c.name == name)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        there = select(glossaries.c.name).where(~glossaries.c.deleted)
        raise UnknownGlossary(name, known=connection.scalars(there))
    if row.deleted and not also_deleted:
        raise UnknownGlossary(name, row.version)
    return row


def add_edits(connection: Connection, changing: ChangeSet, edits: Sequence[Edit]) -> None:
    """Add edits to a change set.

    Raises:
        DuplicateEdit: two edits of one concept.
        ConceptChanged: with all edits whose ``expected`` is not the concept's version.
        UnknownConcept: a deletion of what is not there.
    """
    rows = _rows(connection, changing.row.id, _distinct(edits))
    conflicts = []
    for edit in edits:
        row = rows.get(edit.id)
        if row is None and (edit.expected or edit.concept is None):
            raise UnknownConcept(changing.row.name, edit.id)
        if not _as_expected(edit, row):
            conflicts.append(Conflict(edit, stored(row) if row else None))
        elif edit.concept is None and row and row.body is None:
            raise UnknownConcept(changing.row.name, edit.id, row.version)
        changing.edit(edit, row)
    if conflicts:
        raise ConceptChanged(changing.row.name, conflicts)


def _as_expected(edit: Edit, row: Row[Any] | None) -> bool:
    if edit.expected is None:
        return True
    if row is None or (row.body is None and edit.action is not Action.RESTORED):
        return edit.expected == 0
    return edit.expected == int(row.version)  # who restores has seen the deletion's


def _distinct(edits: Sequence[Edit]) -> list[str]:
    seen = dict.fromkeys(edit.id for edit in edits)
    if len(seen) < len(edits):
        for edit in edits:
            if edit.id not in seen:
                raise DuplicateEdit(edit.id)
            del seen[edit.id]
    return list(seen)


def _rows(connection: Connection, glossary_id: int, ids: Sequence[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = concepts.c.id.in_(ids[start : start + _AT_ONCE])
        rows = connection.execute(concept_rows().where(concepts.c.glossary_id == glossary_id, some))
        found |= {row.id: row for row in rows}
    return found


def add_bodies(
    connection: Connection, changing: ChangeSet, bodies: dict[str, str | None], action: Action
) -> None:
    """Add edits that give concepts, which once were there, these bodies."""
    rows = _rows(connection, changing.row.id, list(bodies))
    for id_, body in bodies.items():
        changing.body(id_, rows[id_], body, action)
