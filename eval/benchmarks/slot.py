"""What lies at one place of an item: a string to put together again, or an offset to find anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eval.benchmarks.path import Location
from eval.segment import FieldKind


@dataclass(frozen=True, slots=True)
class SlotPart:
    """A piece of a field: text that stays, or the segment (by id) whose translation goes here."""

    text: str
    segment: str | None
    option: bool
    indent: str

    def target(self, translations: Mapping[str, str]) -> str:
        """The piece with its translation; further lines get back the indentation they had."""
        if self.segment is None or self.segment not in translations:
            return self.text
        return translations[self.segment].replace("\n", f"\n{self.indent}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One string of the item in which something may be translated.

    ``question`` tells the option sets of an item with several questions apart.
    """

    location: Location
    kind: FieldKind
    parts: tuple[SlotPart, ...]
    context: Location | None = None
    question: tuple[int, ...] = ()

    @property
    def source(self) -> str:
        """The string as it came."""
        return "".join(part.text for part in self.parts)

    def target(self, translations: Mapping[str, str]) -> str:
        """The string with its segments replaced by their translations."""
        return "".join(part.target(translations) for part in self.parts)

    def options(self, translations: Mapping[str, str]) -> Iterator[tuple[str, str, str | None]]:
        """Source, target and segment of each answer option in this string."""
        for part in self.parts:
            if part.option:
                yield part.text, part.target(translations), part.segment


@dataclass(frozen=True, slots=True)
class Offset:
    """An integer that says where a span starts in its context."""

    location: Location
    span: Location
    context: Location


@dataclass(frozen=True, slots=True)
class SpanMove:
    """A span in its context, before and after translation."""

    context: str
    span: str
    new_context: str
    new_span: str

    def start(self, old: int) -> int:
        """Where the span that started at ``old`` starts now; -1 where it does not occur.

        Where it occurs as often as before, it is the same occurrence; else the one nearest in
        proportion. An offset that pointed nowhere (negative, or to a blank span) stays.
        """
        unmoved = (self.context, self.span) == (self.new_context, self.new_span)
        if old < 0 or unmoved or not self.new_span:
            return old
        before, after = _starts(self.context, self.span), _starts(self.new_context, self.new_span)
        if old in before and len(before) == len(after):
            return after[before.index(old)]
        aim = old * len(self.new_context) / max(1, len(self.context))
        return min(after, key=lambda place: abs(place - aim), default=-1)


def _starts(text: str, span: str) -> list[int]:
    """All places where ``span`` occurs, overlapping ones too."""
    found = []
    place = text.find(span)
    while place >= 0:
        found.append(place)
        place = text.find(span, place + 1)
    return found
