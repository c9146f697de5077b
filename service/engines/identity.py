"""``identity``: returns its input. The control run: whatever changes then is our fault."""

from __future__ import annotations

from collections.abc import Sequence

from eval.segment import Segment
from glossary.language import Language, Pair
from glossary.terminology import TermEntry
from service.engines.direct import DirectEngine
from service.settings import EngineSettings


class IdentityEngine(DirectEngine):
    """Every pair, also a language with itself."""

    kind = "identity"
    pairs = frozenset(Pair(source, target) for source in Language for target in Language)

    def text(self, segment: Segment, pair: Pair, terms: Sequence[TermEntry] = ()) -> str:
        """The segment's own text."""
        return segment.text


def create(name: str, settings: EngineSettings) -> IdentityEngine:
    """Make the engine from its settings."""
    return IdentityEngine(name, settings.max_concurrency)
