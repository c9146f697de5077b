"""Word lists that linguists edit: wording of Taiwan and the mainland, terms to keep apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from glossary.language import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """A word of ``language``'s neighbour; ``unless`` are longer words in which it is right."""

    language: Language
    avoid: str
    prefer: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contrast:
    """Concepts that must stay distinct within an item: for each, its words in each language."""

    name: str
    concepts: tuple[Mapping[Language, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class WordLists:
    """All lists."""

    wording: tuple[Wording, ...] = ()
    contrasts: tuple[Contrast, ...] = ()


PACKAGED = WordLists()
