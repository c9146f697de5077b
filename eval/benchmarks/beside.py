"""A translation that was made elsewhere, laid beside its source: which text belongs to which."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eval.benchmarks.item import BenchmarkItem, json_type, refuse_unwritable
from eval.benchmarks.path import Location, locate, show, value_at
from eval.benchmarks.pieces import Mismatch, compare_pieces
from eval.benchmarks.recipe import FieldSpec, Layout, Recipe
from eval.benchmarks.slot import Offset, Slot, SpanMove
from eval.segment import FieldKind

_SHOWN = 80
_COPIES = {FieldKind.ANSWER_TEXT, FieldKind.ANSWER_SPAN}
"""Kinds whose text is compared with another field when an answer is scored."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a translated item has otherwise than its source, beside its texts.

    ``place`` is a segment's id or a path. ``serious`` says that it lies where the recipe reads, so
    that the item may measure something else.
    """

    place: str
    message: str
    serious: bool = True
    expected: str | None = None
    found: str | None = None


@dataclass(slots=True)
class Laid:
    """Translations by segment, as far as their place was found, and what does not fit."""

    translations: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def lay_beside(item: BenchmarkItem, target: Any, recipe: Recipe) -> Laid:
    """Find the translation of each segment in a translated item of the same shape.

    Raises:
        BadText, WrongType: the translated item cannot be written as JSON in UTF-8.
    """
    refuse_unwritable(target)
    comparison = _Comparison(item, target, recipe.layout_of(item.data))
    comparison.values((), item.data, target)
    comparison.offsets()
    return comparison.laid


class _Comparison:
    """Walks through source and target together."""

    def __init__(self, item: BenchmarkItem, target: Any, layout: Layout) -> None:
        self.item, self.target, self.layout = item, target, layout
        self.slots = {slot.location: slot for slot in item.slots}
        self.moving = {offset.location for offset in item.offsets}
        self.specs = {
            location: spec
            for path, spec in layout.fields.items()
            for location, _ in locate(path, item.data)
        }
        self.laid = Laid()

    def values(self, at: Location, before: Any, after: Any) -> None:
        """Compare two values at one place."""
        if json_type(before) != json_type(after):
            message = (
                f"The source has {json_type(before)} here, the translation {json_type(after)}."
            )
            self._differs(at, message, before, after)
        elif isinstance(before, dict):
            self._objects(at, before, after)
        elif isinstance(before, list):
            self._arrays(at, before, after)
        elif at in self.slots:
            self._text(self.slots[at], after)
        elif before != after and at not in self.moving:
            self._differs(at, "A value that must stay was changed.", before, after)

    def _objects(self, at: Location, before: dict[str, Any], after: dict[str, Any]) -> None:
        for key, value in before.items():
            if key in after:
                self.values((*at, key), value, after[key])
            else:
                self._misses((*at, key), value)
        for key in after:
            if key in before:
                continue
            message = "The translation has a field that the source has not."
            self._differs((*at, key), message, found=after[key])

    def _misses(self, at: Location, value: Any) -> None:
        spec = self.specs.get(at)
        needed = self._is_read(at) and not (spec and spec.optional)
        message = "The field is missing in the translation."
        self.laid.differences.append(Difference(show(at), message, needed, _shown(value)))

    def _arrays(self, at: Location, before: list[Any], after: list[Any]) -> None:
        if len(before) != len(after):
            options = any(
                spec.kind is FieldKind.OPTION and place[: len(at)] == at
                for place, spec in self.specs.items()
            )
            what = "options" if options else "entries"
            message = f"{len(before)} {what} in the source, {len(after)} in the translation."
            self._differs(at, message, len(before), len(after))
        for index, (old, new) in enumerate(zip(before, after, strict=False)):
            self.values((*at, index), old, new)

    def _text(self, slot: Slot, target: str) -> None:
        spec = self._spec(slot.location)
        pieces, mismatches = compare_pieces(slot, target, spec)
        place = next((part.segment for part in slot.parts if part.segment), None)
        for each in mismatches:
            self.laid.differences.append(_difference(place or show(slot.location), each))
        for segment, text in pieces:
            known = self.laid.translations.setdefault(segment, text)
            if known != text:
                self.laid.differences.append(
                    Difference(
                        segment,
                        f"The same text is translated in another way at {show(slot.location)}.",
                        slot.kind in _COPIES,
                        known,
                        text,
                    )
                )

    def _spec(self, at: Location) -> FieldSpec:
        """That of the field, or of the list of messages in which the text lies."""
        lengths = range(len(at), 0, -1)
        return next(self.specs[at[:length]] for length in lengths if at[:length] in self.specs)

    def offsets(self) -> None:
        """An offset is right where the translated span stands at it."""
        for offset in self.item.offsets:
            old = value_at(offset.location, self.item.data)
            move = self._move(offset)
            if move is None or not _is_there(move.context, move.span, old):
                continue  # missing, which is said already; or broken in the source
            new = value_at(offset.location, self.target)
            expected = move.start(old)
            if expected >= 0 and not _is_there(move.new_context, move.new_span, new):
                message = "The offset no longer points at the answer in the context."
                self._differs(offset.location, message, expected, new)

    def _move(self, offset: Offset) -> SpanMove | None:
        places = (offset.context, offset.span)
        try:
            after = [value_at(place, self.target) for place in places]
            number = value_at(offset.location, self.target)
        except (KeyError, IndexError, TypeError):
            return None
        if not all(isinstance(text, str) for text in after) or type(number) is not int:
            return None
        context, span = (value_at(place, self.item.data) for place in places)
        return SpanMove(context, span, *after)

    def _differs(self, at: Location, message: str, expected: Any = None, found: Any = None) -> None:
        self.laid.differences.append(
            Difference(
                show(at) or "(item)",
                message,
                self._is_read(at),
                None if expected is None else _shown(expected),
                None if found is None else _shown(found),
            )
        )

    def _is_read(self, at: Location) -> bool:
        """Does the recipe name this place, one above it or one in it?"""
        named, above = self._named
        return at in above or any(at[:length] in named for length in range(len(at)))

    @cached_property
    def _named(self) -> tuple[set[Location], set[Location]]:
        """Places that the recipe names in source and target, and all that lie above them."""
        paths = [*self.layout.fields, *([self.layout.id] if self.layout.id else [])]
        data = (self.item.data, self.target)
        named = {place for path in paths for each in data for place, _ in locate(path, each)}
        return named, {place[:length] for place in named for length in range(len(place) + 1)}


def _is_there(context: str, span: str, start: int) -> bool:
    return start >= 0 and context.startswith(span, start)


def _difference(place: str, mismatch: Mismatch) -> Difference:
    serious = mismatch.serious
    return Difference(place, mismatch.message, serious, mismatch.expected, mismatch.found)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
