"""Matchers of glossaries, made once: one of 100,000 concepts takes seconds."""

from __future__ import annotations

from glossary.concept import Glossary
from glossary.language import Language
from glossary.matching.match import Matcher
from service.last_used import LastUsed

_KEPT = 8


class Matchers:
    """Matchers by glossary, language and benchmark; those used last are kept."""

    def __init__(self) -> None:
        self._kept: LastUsed[tuple[str, Language, str], Matcher] = LastUsed(_KEPT)

    def of(self, glossary: Glossary, language: Language, benchmark: str) -> Matcher:
        """The matcher of a glossary at its version."""
        return self._kept.get(
            (glossary.stamp, language, benchmark),
            lambda: Matcher([glossary], language, benchmark=benchmark),
        )
