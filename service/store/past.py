"""What a glossary was, and how it became what it is: reads of its history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from glossary.concept import Concept, Status
from glossary.store.errors import UnknownVersion
from glossary.store.port import About, Action, Change, ChangeSet, Difference, Page
from service.store.rows import about_of, change, change_rows, concept_of, many_objects, when
from service.store.tables import ITSELF, change_sets, changes, concepts


def check_version(row: Row[Any], version: int) -> None:
    """Had the glossary of this row ever this version?

    Raises:
        UnknownVersion: no.
    """
    if not 1 <= version <= row.version:
        raise UnknownVersion(f"glossary {row.name!r}", version, row.version)


def about_at(connection: Connection, row: Row[Any], version: int) -> About:
    """Title and description at a version.

    Raises:
        UnknownVersion: never had, or was deleted in it.
    """
    check_version(row, version)
    body = connection.execute(
        select(changes.c.after)
        .where(
            changes.c.glossary_id == row.id,
            changes.c.concept_id == ITSELF,
            changes.c.version <= version,
        )
        .order_by(changes.c.version.desc())
        .limit(1)
    ).scalar_one()
    about = about_of(body)
    if about is None:
        raise UnknownVersion(f"glossary {row.name!r}", version, row.version)
    return about


def concepts_at(connection: Connection, row: Row[Any], version: int) -> list[Concept]:
    """The concepts that a glossary had at a version, in the order in which they were added."""
    last = (
        select(changes.c.concept_id, func.max(changes.c.version).label("version"))
        .where(
            changes.c.glossary_id == row.id,
            changes.c.version <= version,
            changes.c.concept_id != ITSELF,
        )
        .group_by(changes.c.concept_id)
        .subquery()
    )
    wanted = (
        select(changes.c.after)
        .join(
            last,
            (last.c.concept_id == changes.c.concept_id) & (last.c.version == changes.c.version),
        )
        .join(
            concepts,
            (concepts.c.glossary_id == changes.c.glossary_id)
            & (concepts.c.id == changes.c.concept_id),
        )
        .where(changes.c.glossary_id == row.id, changes.c.after.is_not(None))
        .order_by(concepts.c.place)
    )
    with many_objects():
        return [Concept.model_validate_json(body) for body in connection.execute(wanted).scalars()]


def concept_body_at(connection: Connection, row: Row[Any], id_: str, version: int) -> str | None:
    """A concept at a version of its own; ``None`` where there is none."""
    body: str | None = connection.execute(
        select(changes.c.after).where(
            changes.c.glossary_id == row.id,
            changes.c.concept_id == id_,
            changes.c.concept_version == version,
        )
    ).scalar_one_or_none()
    return body


def history(
    connection: Connection,
    row: Row[Any],
    concept: str | None,
    version: int | None,
    offset: int,
    limit: int,
) -> Page[Change]:
    """Changes, newest first."""
    wanted = [changes.c.glossary_id == row.id]
    if concept is not None:
        wanted.append(changes.c.concept_id == concept)
    if version is not None:
        wanted.append(changes.c.version == version)
    total = connection.execute(select(func.count()).select_from(changes).where(*wanted))
    found = connection.execute(
        change_rows()
        .where(*wanted)
        .order_by(changes.c.version.desc(), changes.c.place)
        .offset(offset)
        .limit(limit)
    )
    return Page([change(each, row.name) for each in found], total.scalar_one(), offset=offset)


def change_set_page(
    connection: Connection, row: Row[Any], offset: int, limit: int
) -> Page[ChangeSet]:
    """Change sets, newest first; there is one for each version."""
    sets = connection.execute(
        select(change_sets)
        .where(change_sets.c.glossary_id == row.id)
        .order_by(change_sets.c.version.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    counts: dict[int, dict[Action, int]] = {each.version: {} for each in sets}
    if sets:
        counted = connection.execute(
            select(changes.c.version, changes.c.action, func.count().label("number"))
            .where(
                changes.c.glossary_id == row.id,
                changes.c.version.between(sets[-1].version, sets[0].version),
            )
            .group_by(changes.c.version, changes.c.action)
        )
        for each in counted:
            counts[each.version][Action(each.action)] = each.number
    records = [
        ChangeSet(each.version, each.who, when(each.at), each.comment, counts[each.version])
        for each in sets
    ]
    return Page(records, row.version, offset=offset)


def differences(
    connection: Connection, row: Row[Any], since: int, until: int
) -> dict[str, tuple[str | None, str | None]]:
    """The bodies of the concepts that two versions do not share, by id, in order of change."""
    check_version(row, since)
    check_version(row, until)
    low, high = sorted((since, until))
    between = connection.execute(
        select(changes.c.concept_id, changes.c.before, changes.c.after)
        .where(
            changes.c.glossary_id == row.id,
            changes.c.version > low,
            changes.c.version <= high,
            changes.c.concept_id != ITSELF,
        )
        .order_by(changes.c.version, changes.c.place)
    )
    found: dict[str, tuple[str | None, str | None]] = {}
    for each in between:
        first = found[each.concept_id][0] if each.concept_id in found else each.before
        found[each.concept_id] = (first, each.after)
    if since > until:
        found = {id_: (after, before) for id_, (before, after) in found.items()}
    return {id_: pair for id_, pair in found.items() if pair[0] != pair[1]}


def difference_records(
    connection: Connection, row: Row[Any], since: int, until: int
) -> list[Difference]:
    """The same as records."""
    return [
        Difference(id_, concept_of(before), concept_of(after))
        for id_, (before, after) in differences(connection, row, since, until).items()
    ]


def rejected(connection: Connection, row: Row[Any]) -> list[Concept]:
    """Concepts with proposals that were rejected and do not stand in the glossary again."""
    found = connection.execute(
        select(changes.c.before, concepts.c.body)
        .join(
            concepts,
            (concepts.c.glossary_id == changes.c.glossary_id)
            & (concepts.c.id == changes.c.concept_id),
        )
        .where(changes.c.glossary_id == row.id, changes.c.action == Action.REJECTED.value)
        .order_by(changes.c.version.desc(), changes.c.place)
    )
    kept = []
    for before, body in found:
        concept, now = concept_of(before), concept_of(body)
        standing = {(term.language, term.text) for term in now.terms} if now else set()
        if concept and any(
            term.status is Status.PROPOSED and (term.language, term.text) not in standing
            for term in concept.terms
        ):
            kept.append(concept)
    return kept
