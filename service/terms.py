"""The terms of a request: its glossaries, made ready for matching."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from glossary.concept import Glossary
from glossary.language import Pair
from glossary.store.port import Store
from glossary.terminology import Terminology
from service.last_used import LastUsed

_KEPT = 8
"""Of 100,000 concepts one takes seconds to make and tens of megabytes to keep."""


class Terms:
    """Terminologies by glossaries, pair and benchmark; those used last are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: LastUsed[tuple[str, Pair, str], Terminology] = LastUsed(_KEPT)

    async def terminology(
        self, names: Sequence[str], pair: Pair, benchmark: str
    ) -> Terminology | None:
        """The terms of these glossaries, the first in precedence first; ``None`` for none.

        Raises:
            UnknownGlossary: there is none of such a name.
            DatabaseError: they cannot be read.
        """
        if not names:
            return None
        return await asyncio.to_thread(self._made, list(dict.fromkeys(names)), pair, benchmark)

    def _made(self, names: Sequence[str], pair: Pair, benchmark: str) -> Terminology:
        glossaries = [self._store.glossary(name) for name in names]
        return self.of(glossaries, pair, benchmark)

    def of(self, glossaries: Sequence[Glossary], pair: Pair, benchmark: str) -> Terminology:
        """The terms of glossaries that are at hand."""
        key = ("+".join(glossary.stamp for glossary in glossaries), pair, benchmark)
        return self._kept.get(key, lambda: Terminology(glossaries, pair, benchmark=benchmark))
