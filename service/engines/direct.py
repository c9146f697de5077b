"""Base of the engines that need no prompt: they map one text to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.segment import Segment
from glossary.language import Pair
from glossary.terminology import TermEntry
from service.engines.base import ALL_PAIRS, EngineAnswer, EngineInfo, TranslationRequest


class DirectEngine:
    """An engine that translates segment by segment, in this process, at once."""

    kind = "direct"
    pairs: frozenset[Pair] = ALL_PAIRS

    def __init__(self, name: str, max_concurrency: int = 64) -> None:
        self.name, self.max_concurrency = name, max_concurrency

    def serves(self, pair: Pair) -> bool:
        """Can it translate this direction?"""
        return pair in self.pairs

    async def info(self) -> EngineInfo:
        """What it is; there is nothing to make ready."""
        return EngineInfo(self.name, self.kind)

    async def check(self) -> None:
        """It always can."""

    def text(self, segment: Segment, pair: Pair, terms: Sequence[TermEntry] = ()) -> str:
        """The translation of one segment, with the glossary's terms that occur in it."""
        raise NotImplementedError

    async def translate(self, request: TranslationRequest) -> EngineAnswer:
        """One candidate, always: the engine is deterministic."""
        return EngineAnswer(
            (
                {
                    segment.id: self.text(segment, request.pair, request.terms.get(segment.id, ()))
                    for segment in request.segments
                },
            )
        )

    async def preview(self, request: TranslationRequest) -> list[dict[str, Any]]:
        """Nothing is sent anywhere."""
        return []

    async def close(self) -> None:
        """Nothing to let go of."""
