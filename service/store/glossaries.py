"""The term store in SQL: the adapter of ``glossary.store.port.Store``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy.exc
from sqlalchemy import Connection, Row, insert, select

from glossary.concept import Concept, Glossary
from glossary.store.errors import GlossaryExists, UnknownConcept, UnknownVersion
from glossary.store.port import (
    PAGE,
    About,
    Action,
    Change,
    ChangeSet,
    Difference,
    Edit,
    GlossaryInfo,
    Page,
    Query,
    StoredConcept,
)
from service.store import changing, past
from service.store.changing import add_edits, locked, row_of
from service.store.engine import Database
from service.store.infos import info, info_of, infos
from service.store.rows import about_body, concept_rows, stored
from service.store.snapshot import Snapshots
from service.store.tables import changes, concepts, glossaries


class SqlStore:
    """Glossaries in SQLite or PostgreSQL; safe to be used by many threads and processes."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._snapshots = Snapshots()

    def open(self) -> None:
        """See the port."""
        self._database.open()

    def close(self) -> None:
        """See the port."""
        self._database.close()
        self._snapshots.clear()

    # Glossaries

    def glossaries(self, *, deleted: bool = False) -> list[GlossaryInfo]:
        """See the port."""
        with self._database.reading() as connection:
            wanted = infos().where(glossaries.c.deleted == deleted).order_by(glossaries.c.name)
            return [info(row) for row in connection.execute(wanted)]

    def info(self, name: str) -> GlossaryInfo:
        """See the port."""
        with self._database.reading() as connection:
            row_of(connection, name)
            return info_of(connection, name)

    def glossary(self, name: str, version: int | None = None) -> Glossary:
        """See the port."""
        with self._database.reading() as connection:
            row = row_of(connection, name)
            if version is None or version == row.version:
                return self._snapshots.get(connection, row).glossary
            about = past.about_at(connection, row, version)
            return Glossary.model_construct(
                name=name,
                version=version,
                title=about.title,
                description=about.description,
                concepts=tuple(past.concepts_at(connection, row, version)),
            )

    def create(
        self, name: str, who: str, *, title: str = "", description: str = ""
    ) -> GlossaryInfo:
        """See the port."""
        checked = Glossary(name=name, title=title, description=description)
        about = About(checked.title, checked.description)
        with self._database.writing() as connection:
            row = _new_row(connection, name)
            made = changing.ChangeSet(row, who)
            made.itself(Action.CREATED, None, about_body(about))
            made.write(connection, title=about.title, description=about.description)
            return info_of(connection, name)

    def describe(
        self,
        name: str,
        who: str,
        *,
        title: str | None = None,
        description: str | None = None,
        expected: int | None = None,
    ) -> GlossaryInfo:
        """See the port."""
        with self._database.writing() as connection:
            row = locked(connection, name, expected)
            checked = Glossary(
                name=name,
                title=row.title if title is None else title,
                description=row.description if description is None else description,
            )
            _describe(connection, row, About(checked.title, checked.description), who)
            return info_of(connection, name)

    def delete(self, name: str, who: str, *, expected: int | None = None) -> int:
        """See the port."""
        with self._database.writing() as connection:
            row = locked(connection, name, expected)
            made = changing.ChangeSet(row, who)
            made.itself(Action.DELETED, about_body(About(row.title, row.description)), None)
            return made.write(connection, deleted=True)

    def restore(self, name: str, version: int, who: str, *, expected: int | None = None) -> int:
        """See the port."""
        with self._database.writing() as connection:
            row = locked(connection, name, expected, also_deleted=True)
            about = past.about_at(connection, row, version)
            bodies = past.differences(connection, row, row.version, version)
            made = changing.ChangeSet(row, who, f"Restored to version {version}.")
            current = None if row.deleted else about_body(About(row.title, row.description))
            if current != about_body(about):
                made.itself(Action.RESTORED, current, about_body(about))
            wanted = {id_: after for id_, (_, after) in bodies.items()}
            changing.add_bodies(connection, made, wanted, Action.RESTORED)
            return made.write(
                connection, title=about.title, description=about.description, deleted=False
            )

    # Concepts

    def concepts(self, name: str, query: Query = Query()) -> Page[StoredConcept]:  # noqa: B008
        """See the port."""
        with self._database.reading() as connection:
            snapshot = self._snapshots.get(connection, row_of(connection, name))
        return snapshot.page(query)

    def concept(self, name: str, id_: str) -> StoredConcept:
        """See the port."""
        with self._database.reading() as connection:
            return _concept(connection, row_of(connection, name), id_)

    def deleted(self, name: str) -> list[StoredConcept]:
        """See the port."""
        with self._database.reading() as connection:
            row = row_of(connection, name)
            gone = concept_rows().add_columns(changes.c.before)
            found = connection.execute(
                gone.join(
                    changes,
                    (changes.c.glossary_id == concepts.c.glossary_id)
                    & (changes.c.version == concepts.c.changed_in)
                    & (changes.c.concept_id == concepts.c.id),
                )
                .where(concepts.c.glossary_id == row.id, concepts.c.body.is_(None))
                .order_by(concepts.c.changed_in.desc(), concepts.c.place)
            )
            return [was for each in found if (was := stored(each, each.before))]

    def apply(
        self,
        name: str,
        edits: Sequence[Edit],
        who: str,
        *,
        comment: str = "",
        expected: int | None = None,
    ) -> int:
        """See the port."""
        with self._database.writing() as connection:
            made = changing.ChangeSet(locked(connection, name, expected), who, comment)
            add_edits(connection, made, edits)
            return made.write(connection)

    def put(
        self,
        name: str,
        concept: Concept,
        who: str,
        *,
        expected: int | None = None,
        action: Action | None = None,
    ) -> StoredConcept:
        """See the port."""
        with self._database.writing() as connection:
            made = changing.ChangeSet(locked(connection, name), who)
            add_edits(connection, made, [Edit.put(concept, expected, action)])
            made.write(connection)
            return _concept(connection, made.row, concept.id)

    def restore_concept(
        self, name: str, id_: str, version: int, who: str, *, expected: int | None = None
    ) -> StoredConcept:
        """See the port."""
        with self._database.writing() as connection:
            row = locked(connection, name)
            body = past.concept_body_at(connection, row, id_, version)
            if body is None:
                current = _concept_version(connection, row, id_)
                raise UnknownVersion(f"concept {id_!r} of glossary {name!r}", version, current)
            edit = Edit.put(Concept.model_validate_json(body), expected, Action.RESTORED)
            made = changing.ChangeSet(row, who, f"Restored to its version {version}.")
            add_edits(connection, made, [edit])
            made.write(connection)
            return _concept(connection, row, id_)

    # History

    def history(
        self,
        name: str,
        *,
        concept: str | None = None,
        version: int | None = None,
        offset: int = 0,
        limit: int = PAGE,
    ) -> Page[Change]:
        """See the port."""
        with self._database.reading() as connection:
            row = row_of(connection, name)
            if concept is not None:
                _concept_version(connection, row, concept)
            if version is not None:
                past.check_version(row, version)
            return past.history(connection, row, concept, version, offset, limit)

    def change_sets(self, name: str, *, offset: int = 0, limit: int = PAGE) -> Page[ChangeSet]:
        """See the port."""
        with self._database.reading() as connection:
            return past.change_set_page(connection, row_of(connection, name), offset, limit)

    def diff(self, name: str, since: int, until: int) -> list[Difference]:
        """See the port."""
        with self._database.reading() as connection:
            return past.difference_records(connection, row_of(connection, name), since, until)

    def rejected(self, name: str) -> list[Concept]:
        """See the port."""
        with self._database.reading() as connection:
            return past.rejected(connection, row_of(connection, name))


def _new_row(connection: Connection, name: str) -> Row[Any]:
    """The row of a glossary that is not yet there.

    Raises:
        GlossaryExists: the name is taken.
    """
    empty = {"version": 0, "title": "", "description": "", "deleted": False, "next_place": 0}
    try:
        with connection.begin_nested():
            connection.execute(insert(glossaries).values(name=name, **empty))
    except sqlalchemy.exc.IntegrityError as error:
        row = row_of(connection, name, also_deleted=True)
        raise GlossaryExists(name, row.version if row.deleted else None) from error
    return row_of(connection, name)


def _describe(connection: Connection, row: Row[Any], about: About, who: str) -> None:
    before, after = about_body(About(row.title, row.description)), about_body(about)
    if before != after:
        made = changing.ChangeSet(row, who)
        made.itself(Action.DESCRIBED, before, after)
        made.write(connection, title=about.title, description=about.description)


def _concept(connection: Connection, row: Row[Any], id_: str) -> StoredConcept:
    wanted = concept_rows().where(concepts.c.glossary_id == row.id, concepts.c.id == id_)
    found = connection.execute(wanted).one_or_none()
    concept = stored(found) if found else None
    if concept is None:
        raise UnknownConcept(row.name, id_, found.version if found else None)
    return concept


def _concept_version(connection: Connection, row: Row[Any], id_: str) -> int:
    """A concept's version, deleted or not."""
    version = connection.execute(
        select(concepts.c.version).where(concepts.c.glossary_id == row.id, concepts.c.id == id_)
    ).scalar_one_or_none()
    if version is None:
        raise UnknownConcept(row.name, id_)
    return int(version)
