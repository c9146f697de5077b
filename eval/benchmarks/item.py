"""One benchmark item: fields to segments, and translated segments back to the same JSON shape."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.parts import Part, take_apart
from eval.benchmarks.path import Location, bind, locate, show, value_at
from eval.benchmarks.recipe import FieldSpec, Layout, Recipe
from eval.errors import BadText, EmptyText, WrongType
from eval.segment import FieldKind, Segment

_KEPT = {FieldKind.KEEP, FieldKind.ANSWER_LABEL}
_BAD_CHARACTER = re.compile("[\ud800-\udfff\x00]")


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
    """One string of the item in which something may be translated."""

    location: Location
    kind: FieldKind
    parts: tuple[SlotPart, ...]
    context: Location | None = None

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
class BenchmarkItem:
    """A benchmark record read by its recipe."""

    index: int
    id: str
    data: Any
    layout: str
    segments: tuple[Segment, ...]
    slots: tuple[Slot, ...]
    offsets: tuple[Offset, ...]

    @property
    def characters(self) -> int:
        """Code points to translate."""
        return sum(len(segment.text) for segment in self.segments)

    def edits(self, translations: Mapping[str, str]) -> dict[Location, str | int]:
        """Places whose value changes, with their new value."""
        edits: dict[Location, str | int] = {}
        targets = {slot.location: slot.target(translations) for slot in self.slots}
        for slot in self.slots:
            if targets[slot.location] != slot.source:
                edits[slot.location] = targets[slot.location]
        for offset in self.offsets:
            old = value_at(offset.location, self.data)
            new = self._moved(offset, old, targets)
            if new != old:
                edits[offset.location] = new
        return edits

    def _moved(self, offset: Offset, old: int, targets: Mapping[Location, str]) -> int:
        """Where the span starts now: of several places the one nearest in proportion; else -1."""
        context, span = targets[offset.context], targets[offset.span]
        before = value_at(offset.context, self.data)
        if old < 0 or (context == before and span == value_at(offset.span, self.data)):
            return old
        aim = old * len(context) / max(1, len(before))
        places = [match.start() for match in re.finditer(f"(?={re.escape(span)})", context)]
        return min(places, key=lambda place: abs(place - aim), default=-1)

    def rebuild(self, translations: Mapping[str, str]) -> Any:
        """The item in its original JSON shape with the translations in place."""
        item = copy.deepcopy(self.data)
        for location, value in self.edits(translations).items():
            value_at(location[:-1], item)[location[-1]] = value
        return item


def read_item(data: Any, recipe: Recipe, index: int = 0) -> BenchmarkItem:
    """Read one record.

    Raises:
        MissingFields, WrongType, EmptyText, BadText: the item cannot be used; the message says why.
    """
    if not isinstance(data, dict | list):
        raise WrongType("(item)", "an object", _json_type(data))
    layout = recipe.layout_of(data)
    return _Reader(data, layout, index).read()


def item_id(data: Any, recipe: Recipe, index: int) -> str:
    """The item's own id, or its position where it has none; never raises on a broken item."""
    for layout in recipe.layouts:
        if layout.id:
            found = locate(layout.id, data)
            if found and isinstance(found[0][1], str | int) and str(found[0][1]).strip():
                return str(found[0][1])
    return str(index)


class _Reader:
    """Collects the slots and segments of one item."""

    def __init__(self, data: Any, layout: Layout, index: int) -> None:
        self.data, self.layout, self.index = data, layout, index
        self.slots: list[Slot] = []
        self.offsets: list[Offset] = []
        self.segments: dict[tuple[str, tuple[str, ...]], Segment] = {}
        self.names: set[str] = set()

    def read(self) -> BenchmarkItem:
        for path, spec in self.layout.fields.items():
            if spec.kind in _KEPT:
                continue
            for location, value in locate(path, self.data):
                self._field(location, value, spec)
        id_ = str(self.index)
        if self.layout.id:
            found = locate(self.layout.id, self.data)
            id_ = str(found[0][1]) if found else id_
        return BenchmarkItem(
            self.index,
            id_,
            self.data,
            self.layout.name,
            tuple(self.segments.values()),
            tuple(self.slots),
            tuple(self.offsets),
        )

    def _field(self, location: Location, value: Any, spec: FieldSpec) -> None:
        if value is None and spec.optional:
            return
        if spec.kind is FieldKind.ANSWER_START:
            self._offset(location, value, spec)
        elif spec.kind is FieldKind.MESSAGES:
            self._messages(location, value, spec)
        else:
            self._string(location, value, spec)

    def _offset(self, location: Location, value: Any, spec: FieldSpec) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongType(show(location), "an integer", _json_type(value))
        span = bind(spec.span or "", location)
        context = bind(spec.context or "", location)
        if span is None or context is None:
            raise WrongType(show(location), f"beside {spec.span} and {spec.context}", "elsewhere")
        self.offsets.append(Offset(location, span, context))

    def _messages(self, location: Location, value: Any, spec: FieldSpec) -> None:
        if not isinstance(value, list):
            raise WrongType(show(location), "a list of messages", _json_type(value))
        contents = [
            *locate("[*].content", value),
            *((place, text) for place, text in locate("[*].content[*].text", value)),
        ]
        for place, text in contents:
            if isinstance(text, str):
                self._string((*location, *place), text, spec)

    def _string(self, location: Location, value: Any, spec: FieldSpec) -> None:
        name = show(location)
        if not isinstance(value, str):
            raise WrongType(name, "a string", _json_type(value))
        bad = _BAD_CHARACTER.search(value)
        if bad:
            what = "a NUL" if bad.group() == "\x00" else "a lone surrogate"
            raise BadText(name, what, bad.start())
        if not value.strip():
            if spec.kind in (FieldKind.TEXT, FieldKind.TURN) and not spec.optional:
                raise EmptyText(name)
            return
        literals = self._literals(spec)
        parts = []
        for part in take_apart(value, spec, literals):
            segment = self._segment(location, part, spec, literals) if part.translate else None
            id_ = segment.id if segment else None
            parts.append(SlotPart(part.text, id_, part.option, part.indent))
        context = bind(spec.context, location) if spec.context else None
        self.slots.append(Slot(location, spec.kind, tuple(parts), context))

    def _literals(self, spec: FieldSpec) -> tuple[str, ...]:
        found = (value for path in spec.protect_from for _, value in locate(path, self.data))
        return tuple(value for value in found if isinstance(value, str))

    def _segment(
        self, location: Location, part: Part, spec: FieldSpec, literals: tuple[str, ...]
    ) -> Segment:
        """The segment of this text; the same text in one item is one segment.

        So a gold answer that repeats an option keeps being equal to it.
        """
        text = part.text.replace(f"\n{part.indent}", "\n") if part.indent else part.text
        known = self.segments.get((text, literals))
        if known:
            return known
        id_ = show(location) + (f"#{part.label}" if part.label else "")
        while id_ in self.names:
            id_ += "+"
        self.names.add(id_)
        kind = FieldKind.OPTION if part.option else spec.kind
        segment = Segment(id_, text, kind, part.label or _label(location, kind), literals)
        self.segments[text, literals] = segment
        return segment


def _label(location: Location, kind: FieldKind) -> str:
    """What a reader calls the field: ``question``, ``option B``, ``turn 2``."""
    last = location[-1]
    if kind is FieldKind.OPTION:
        letter = chr(ord("A") + last) if isinstance(last, int) and last < 26 else str(last)
        return f"option {letter}"
    if isinstance(last, int):
        return f"{location[-2] if len(location) > 1 else kind} {last + 1}"
    return last


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")
