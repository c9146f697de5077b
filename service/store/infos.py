"""What a list tells of each glossary."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from glossary.store.port import GlossaryInfo
from service.store.rows import when
from service.store.tables import change_sets, concepts, glossaries


def infos() -> Select[Any]:
    """Glossaries with what ``GlossaryInfo`` tells of them."""
    there = (concepts.c.glossary_id == glossaries.c.id) & concepts.c.body.is_not(None)
    count = select(func.count()).where(there)
    proposals = count.where(concepts.c.proposed)
    return select(
        glossaries,
        change_sets.c.at,
        change_sets.c.who,
        count.scalar_subquery().label("size"),
        proposals.scalar_subquery().label("proposals"),
    ).join(
        change_sets,
        (change_sets.c.glossary_id == glossaries.c.id)
        & (change_sets.c.version == glossaries.c.version),
    )


def info_of(connection: Connection, name: str) -> GlossaryInfo:
    """What is told of one glossary, deleted or not."""
    return info(connection.execute(infos().where(glossaries.c.name == name)).one())


def info(row: Row[Any]) -> GlossaryInfo:
    """A row of ``infos``."""
    return GlossaryInfo(
        name=row.name,
        version=row.version,
        title=row.title,
        description=row.description,
        concepts=row.size,
        proposals=row.proposals,
        changed_at=when(row.at),
        changed_by=row.who,
        deleted=row.deleted,
    )
