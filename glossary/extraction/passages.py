"""Texts of items, sentence by sentence, for counting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of an item; what must not be looked at in it (code, formulas) is blanked out.

    ``shown`` is the text as it is, of the same length; ``item`` tells items apart, and ``domain``
    is the item's subject where it is known.
    """

    item: int
    text: str
    shown: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a passage."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """Without what is not to be looked at."""
        return self.passage.text[self.start : self.end]


_LONG_ENOUGH_TO_BE_COPIED = 40
_SENTENCE_END = re.compile(
    r"(?<=[.?!])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9가-힣])|(?<=[。！？；])|\n+"
)


def units(passages: Sequence[Passage]) -> Iterator[Unit]:
    """The sentences; a long one that stands in several items (a shared text) only once."""
    copies: set[str] = set()
    for passage in passages:
        start = 0
        for match in _SENTENCE_END.finditer(passage.text):
            yield from _unit(passage, start, match.start(), copies)
            start = match.end()
        yield from _unit(passage, start, len(passage.text), copies)


def _unit(passage: Passage, start: int, end: int, copies: set[str]) -> Iterator[Unit]:
    text = passage.text[start:end]
    if not text.strip() or text in copies:
        return
    if len(text) >= _LONG_ENOUGH_TO_BE_COPIED:
        copies.add(text)
    yield Unit(passage, start, end)
