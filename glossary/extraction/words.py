"""The words of a text as far as a term can be made of them, in runs that a term cannot cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Protocol


class Weight(IntEnum):
    """What a word contributes to a term."""

    PLAIN = 0
    """Nothing: an everyday word."""
    PART = 1
    """It is a term with another word, even a plain one."""
    TERM = 2
    """It may be a term alone."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word; ``start`` and ``end`` are code points of the text.

    ``key`` is what it is counted as within a term, ``last`` what it is counted as at the end of
    one: without plural or particle, up to ``end``. A term of ``name`` words only is a name.
    """

    key: str
    last: str
    start: int
    end: int
    begins: bool = True
    ends: bool = True
    weight: Weight = Weight.TERM
    name: bool = False


Run = list[Word]
"""Words that follow each other with nothing between them that ends a term."""


class WordReader(Protocol):
    """Reads the words of one language, after it has seen all texts."""

    joint: str
    """Stands between two words of a term."""
    longest: int
    """A term has at most so many words."""

    def learn(self, text: str) -> None:
        """Take note of how words are written and what follows them."""

    def runs(self, text: str) -> list[Run]:
        """The words of a text in order."""

    def unusual(self, words: tuple[str, ...], share: float) -> float:
        """In bits, how much rarer it is in other texts; ``share`` is per character here."""


@cache
def everyday(name: str) -> Mapping[str, frozenset[str]]:
    """Words that no term is made of and the like, by section of ``everyday/NAME.txt``."""
    text = (files("glossary.extraction") / "everyday" / f"{name}.txt").read_text("utf-8")
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            words += line.split()
    return {section: frozenset(listed) for section, listed in sections.items()}
