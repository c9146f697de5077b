"""A linguist's desk: one glossary, what was seen of it, and what can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glossary.concept import Concept
from glossary.store.errors import ConceptChanged, UnknownConcept
from glossary.store.port import Action, Change, Edit, Store, StoredConcept
from service.ui.cells import Merge, merge

_MANY = 1_000
"""More changes than these are not sent one by one: the page loads anew."""
_TRIES = 5
_FEW = 20
"""Mostly there is but one; reading a thousand each time would take a quarter of a second."""
_KEPT = 100
"""Changes that can be taken back."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened to the glossary since the last look."""

    changes: Sequence[Change] = ()
    """Newest of each concept."""
    others: tuple[str, ...] = ()
    """Who else changed something."""
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Clashed:
    """An edit met another person's: to be decided by the linguist; nothing was saved."""

    id: str
    mine: Concept | None
    """``None``: I wanted to delete it."""
    theirs: StoredConcept | None
    """``None``: they deleted it."""
    merge: Merge | None
    """``None`` when one side is a deletion."""
    who: str


@dataclass(frozen=True, slots=True)
class Saved:
    """An edit is in the store; ``beside`` names who changed other cells of the concept."""

    beside: str = ""


class Desk:
    """One page's view of a glossary. Its edits go one after the other."""

    def __init__(self, store: Store, name: str, who: Callable[[], str]) -> None:
        self.store, self.name, self._who = store, name, who
        self.seen = 0
        self._undo: list[int] = []
        self._redo: list[int] = []
        self._mine: set[tuple[str, int]] = set()
        self._versions: set[int] = set()
        self._lock, self._looking = asyncio.Lock(), asyncio.Lock()

    async def put(self, concept: Concept, seen: int, *, restored: bool = False) -> Saved | Clashed:
        """Save a concept of which version ``seen`` was on the screen.

        Where somebody else changed other cells of it, both changes are kept.
        """
        async with self._lock:
            return await self._put(concept, seen, Action.RESTORED if restored else None)

    async def edit(
        self, id_: str, seen: int, change: Callable[[Concept], Concept]
    ) -> Saved | Clashed:
        """Change what stood on the screen at version ``seen``; see ``put``.

        Raises:
            UnknownConcept: it never was there.
            ValidationError, MixedCell: what ``change`` raises.
        """
        async with self._lock:
            now = await self.current(id_)
            if now is not None and self._own(now, seen):
                seen = now.version
            base = now.concept if now and now.version == seen else await self.version(id_, seen)
            if base is None:
                raise UnknownConcept(self.name, id_)
            return await self._put(change(base), seen, None)

    async def _put(self, concept: Concept, seen: int, action: Action | None) -> Saved | Clashed:
        for _ in range(_TRIES):
            try:
                return await self._tried(concept, seen, action)
            except ConceptChanged:
                continue  # between our look and our write; look again
        return await self._tried(concept, seen, action)

    async def _tried(self, concept: Concept, seen: int, action: Action | None) -> Saved | Clashed:
        now = await self.current(concept.id)
        if now is None:
            who = await self._last_editor(concept.id)
            return Clashed(concept.id, concept, None, None, who)
        if now.version == seen:
            await self._save(concept, now, action)
            return Saved()
        base = await self.version(concept.id, seen)
        merged = merge(base or concept, concept, now.concept)
        own = self._own(now, seen)
        if base is None or (merged.clashes and not own):
            return Clashed(concept.id, concept, now, merged, now.changed_by)
        await self._save(merged.concept(clash.key for clash in merged.clashes), now, action)
        return Saved(beside="" if own else now.changed_by)

    async def _save(self, concept: Concept, now: StoredConcept, action: Action | None) -> None:
        if concept != now.concept:
            await self.apply([Edit.put(concept, now.version, action)], locked=True)

    async def delete(self, seen: dict[str, int]) -> None:
        """Delete concepts, given with the versions that were on the screen.

        Raises:
            ConceptChanged: somebody changed one of them meanwhile; nothing is deleted.
        """
        async with self._lock:
            edits = []
            for id_, version in seen.items():
                now = await self.current(id_)
                own = now is not None and self._own(now, version)
                edits.append(Edit.delete(id_, now.version if now and own else version))
            await self.apply(edits, locked=True)

    async def apply(self, edits: Sequence[Edit], comment: str = "", *, locked: bool = False) -> int:
        """Make edits as one change set that can be taken back.

        Raises:
            ConceptChanged: somebody was faster; nothing is changed.
        """
        if not locked:
            async with self._lock:
                return await self.apply(edits, comment, locked=True)
        before = (await asyncio.to_thread(self.store.info, self.name)).version
        version = await self._apply(edits, comment)
        if version > before:  # else nothing was different, and the version is somebody else's
            self._undo = [*self._undo[-_KEPT:], version]
            self._redo.clear()
        return version

    async def _apply(self, edits: Sequence[Edit], comment: str) -> int:
        version = await asyncio.to_thread(
            self.store.apply, self.name, edits, self._who(), comment=comment
        )
        self._versions.add(version)
        if len(edits) <= _MANY:
            for change in await self._changes(version):
                self._mine.add((change.concept_id, change.concept_version))
        return version

    async def undo(self) -> bool:
        """Take back the last own change set; ``False`` when there is none.

        Raises:
            ConceptChanged: somebody changed the same concept since.
        """
        return await self._back(self._undo, self._redo)

    async def redo(self) -> bool:
        """Make again what was taken back last; see ``undo``."""
        return await self._back(self._redo, self._undo)

    async def _back(self, stack: list[int], other: list[int]) -> bool:
        async with self._lock:
            if not stack:
                return False
            edits = [_inverse(change) for change in await self._changes(stack[-1])]
            version = await self._apply(edits, "")
            stack.pop()
            other.append(version)
            return True

    async def news(self) -> News:
        """What happened since the last time this was asked."""
        async with self._looking:
            return await self._news()

    async def _news(self) -> News:
        info = await asyncio.to_thread(self.store.info, self.name)
        since = self.seen
        if info.version == since:
            return News()
        fresh: list[Change] = []
        for limit in (_FEW, _MANY):
            page = await asyncio.to_thread(self.store.history, self.name, limit=limit)
            fresh = [change for change in page.records if change.version > since]
            if len(fresh) < limit:
                break
        self.seen = info.version
        others = dict.fromkeys(c.who for c in fresh if c.version not in self._versions)
        if len(fresh) == _MANY:
            return News(others=tuple(others), too_many=True)
        newest: dict[str, Change] = {}
        for change in fresh:
            newest.setdefault(change.concept_id, change)
        newest.pop("", None)
        return News(tuple(newest.values()), tuple(others))

    async def version(self, id_: str, version: int) -> Concept | None:
        """A concept as it was at a version of its own."""
        page = await asyncio.to_thread(self.store.history, self.name, concept=id_, limit=_MANY)
        return next((c.after for c in page.records if c.concept_version == version), None)

    async def _changes(self, version: int) -> Sequence[Change]:
        info = await asyncio.to_thread(
            self.store.history, self.name, version=version, limit=1_000_000
        )
        return info.records

    async def current(self, id_: str) -> StoredConcept | None:
        """A concept as it is in the store."""
        try:
            return await asyncio.to_thread(self.store.concept, self.name, id_)
        except UnknownConcept:
            return None

    async def _last_editor(self, id_: str) -> str:
        page = await asyncio.to_thread(self.store.history, self.name, concept=id_, limit=1)
        return page.records[0].who if page.records else ""

    def _own(self, now: StoredConcept, seen: int) -> bool:
        """Were all changes since then made on this very page?"""
        versions = range(seen + 1, now.version + 1)
        return all((now.concept.id, version) in self._mine for version in versions)


def _inverse(change: Change) -> Edit:
    seen = change.concept_version
    if change.before is None:
        return Edit.delete(change.concept_id, seen, Action.RESTORED)
    return Edit.put(change.before, seen, Action.RESTORED)
