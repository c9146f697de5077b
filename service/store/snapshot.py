"""Glossaries as they are now, held in memory: they are read far more often than changed."""

from __future__ import annotations

import gc
import threading
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row

from glossary.concept import Concept, Glossary
from glossary.store.port import Page, Query, Sort, StoredConcept
from service.store.rows import concept_rows, many_objects, stored
from service.store.tables import concepts

_HELD = 16
"""Glossaries in memory at one time."""
_LARGE = 10_000
"""Concepts of a glossary that the garbage collector had better leave alone."""


@dataclass(slots=True)
class _Held:
    """A concept with its place, and what a search looks at once one has been made."""

    place: int
    stored: StoredConcept
    searched: str | None = None

    def search_text(self) -> str:
        if self.searched is None:
            concept = self.stored.concept
            words = [concept.id, concept.definition, concept.note]
            self.searched = folded("\n".join([*words, *(term.text for term in concept.terms)]))
        return self.searched


class Snapshot:
    """One glossary at one version."""

    def __init__(self, row: Row[Any], held: dict[str, _Held]) -> None:
        self.key = (row.id, row.version)
        self._row, self.held = row, held

    @cached_property
    def glossary(self) -> Glossary:
        """All of it, as the rest of the program reads it; its parts were validated one by one."""
        return Glossary.model_construct(
            name=self._row.name,
            version=self._row.version,
            title=self._row.title,
            description=self._row.description,
            concepts=tuple(each.stored.concept for each in self.held.values()),
        )

    def page(self, query: Query) -> Page[StoredConcept]:
        """The concepts that a query asks for."""
        text = folded(query.text.strip())
        found = [
            each
            for each in self.held.values()
            if _fits(each.stored.concept, query) and (not text or text in each.search_text())
        ]
        if query.sort is not Sort.PLACE:
            found.sort(key=lambda each: _sort_key(each, query))
        if query.descending:
            found.reverse()
        part = found[query.offset : query.offset + query.limit]
        return Page([each.stored for each in part], len(found), offset=query.offset)


class Snapshots:
    """The last used snapshots; one that has fallen behind is brought up to date by its changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loading: dict[int, threading.Lock] = {}
        self._snapshots: OrderedDict[int, Snapshot] = OrderedDict()

    def get(self, connection: Connection, row: Row[Any]) -> Snapshot:
        """The snapshot of a glossary's row, which the connection's transaction has read."""
        with self._lock:
            loading = self._loading.setdefault(row.id, threading.Lock())
        with loading:
            known = self._snapshots.get(row.id)
            if known is None or known.key != (row.id, row.version):
                fresh = _load(connection, row, known)
                if known is None or known.key < fresh.key:
                    self._keep(fresh)
                return fresh
            with self._lock:
                if row.id in self._snapshots:
                    self._snapshots.move_to_end(row.id)
            return known

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._snapshots.clear()

    def _keep(self, snapshot: Snapshot) -> None:
        with self._lock:
            self._snapshots[snapshot.key[0]] = snapshot
            self._snapshots.move_to_end(snapshot.key[0])
            while len(self._snapshots) > _HELD:
                self._snapshots.popitem(last=False)


def _load(connection: Connection, row: Row[Any], known: Snapshot | None) -> Snapshot:
    """Read all of it, or only what has changed since a snapshot that is known."""
    wanted = concept_rows().where(concepts.c.glossary_id == row.id)
    if known is None or known.key[1] > row.version:
        held = {}
        wanted = wanted.where(concepts.c.body.is_not(None))
    else:
        held = dict(known.held)
        wanted = wanted.where(concepts.c.changed_in > known.key[1])
    with many_objects():
        for each in connection.execute(wanted.order_by(concepts.c.place)):
            now = stored(each)
            if now is None:
                held.pop(each.id, None)
            else:
                held[each.id] = _Held(each.place, now)
        in_place = sorted(held.items(), key=lambda item: item[1].place)
        fresh = Snapshot(row, dict(in_place))
    if known is None and len(in_place) >= _LARGE:
        gc.freeze()  # else each collection goes through them all, for half a second
    return fresh


def folded(text: str) -> str:
    """Text without what a search does not care about: case, width, compatibility forms."""
    return unicodedata.normalize("NFKC", text).casefold()


def _fits(concept: Concept, query: Query) -> bool:
    if query.domain is not None and concept.domain != query.domain:
        return False
    if query.benchmark is not None and not concept.applies_to(query.benchmark):
        return False
    if query.language is None and query.status is None:
        return True
    return any(
        query.language in (None, term.language) and query.status in (None, term.status)
        for term in concept.terms
    )


def _sort_key(held: _Held, query: Query) -> tuple[Any, ...]:
    concept = held.stored.concept
    match query.sort:
        case Sort.ID:
            return (concept.id,)
        case Sort.DOMAIN:
            return (not concept.domain, folded(concept.domain), held.place)
        case Sort.CHANGED:
            return (held.stored.changed_in, held.place)
        case _:
            terms = concept.terms if query.language is None else concept.in_language(query.language)
            return (not terms, folded(terms[0].text) if terms else "", held.place)
