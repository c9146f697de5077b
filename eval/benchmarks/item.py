"""One benchmark item: fields to segments, and translated segments back to the same JSON shape."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.parts import Part, has_option_label, take_apart
from eval.benchmarks.path import Location, bind, locate, parse_path, show, value_at
from eval.benchmarks.recipe import FieldSpec, Layout, Recipe
from eval.benchmarks.slot import Offset, Slot, SlotPart, SpanMove
from eval.errors import BadText, EmptyText, WrongType
from eval.segment import FieldKind, Segment

_KEPT = {FieldKind.KEEP, FieldKind.ANSWER_LABEL}
_NUMBERS_ALLOWED = {FieldKind.OPTION, FieldKind.ANSWER_TEXT, FieldKind.ANSWER_SPAN}
_MUST_HAVE_TEXT = {FieldKind.TEXT, FieldKind.TURN}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 64
"""Deeper values cannot be copied and serialised safely; no benchmark comes near."""


@dataclass(frozen=True, slots=True)
class BenchmarkItem:
    """A benchmark record read by its recipe.

    ``instructions`` are the ids of constraints on the answer that a program checks (IFEval).
    """

    index: int
    id: str
    data: Any
    layout: str
    segments: tuple[Segment, ...]
    slots: tuple[Slot, ...]
    offsets: tuple[Offset, ...]
    instructions: tuple[str, ...]

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
            new = self._move(offset, targets).start(old)
            if new != old:
                edits[offset.location] = new
        return edits

    def _move(self, offset: Offset, targets: Mapping[Location, str]) -> SpanMove:
        context, span = value_at(offset.context, self.data), value_at(offset.span, self.data)
        return SpanMove(
            context, span, targets.get(offset.context, context), targets.get(offset.span, span)
        )

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
        raise WrongType("(item)", "an object", json_type(data))
    layout = recipe.layout_of(data)
    refuse_unwritable(data)
    return _Reader(data, layout, index).read(item_id(data, recipe, index))


def item_id(data: Any, recipe: Recipe, index: int) -> str:
    """The item's own id, or its position where it has none; never raises on a broken item."""
    for layout in recipe.layouts:
        if layout.id:
            found = locate(layout.id, data)
            if found and isinstance(found[0][1], str | int) and str(found[0][1]).strip():
                return str(found[0][1])
    return str(index)


def refuse_unwritable(data: Any) -> None:
    """Lone surrogates cannot be written as UTF-8, wherever they stand.

    Raises:
        BadText, WrongType: with the place.
    """
    waiting: list[tuple[Location, Any]] = [((), data)]
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, str):
            bad = _SURROGATE.search(value)
            if bad:
                raise BadText(show(location), "a lone surrogate", bad.start())
        elif isinstance(value, dict | list):
            if len(location) >= _MAX_DEPTH:
                raise WrongType(show(location[:1]), f"at most {_MAX_DEPTH} levels deep", "deeper")
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            waiting.extend(((*location, step), inner) for step, inner in entries)
            if isinstance(value, dict):
                waiting.extend(((*location, "(key)"), key) for key in value)


class _Reader:
    """Collects the slots and segments of one item."""

    def __init__(self, data: Any, layout: Layout, index: int) -> None:
        self.data, self.layout, self.index = data, layout, index
        self.slots: list[Slot] = []
        self.offsets: list[Offset] = []
        self.segments: dict[tuple[str, tuple[str, ...]], Segment] = {}
        self.names: set[str] = set()
        self.sets = _OptionSets(data, layout)

    def read(self, id_: str) -> BenchmarkItem:
        for path, spec in self.layout.fields.items():
            if spec.kind in _KEPT:
                continue
            for location, value in locate(path, self.data):
                self._field(path, location, value, spec)
        return BenchmarkItem(
            self.index,
            id_,
            self.data,
            self.layout.name,
            tuple(self.segments.values()),
            tuple(self.slots),
            tuple(self.offsets),
            self._instructions(),
        )

    def _instructions(self) -> tuple[str, ...]:
        path = self.layout.instructions
        found = locate(path, self.data) if path else ()
        return tuple(dict.fromkeys(value for _, value in found if isinstance(value, str)))

    def _field(self, path: str, location: Location, value: Any, spec: FieldSpec) -> None:
        if value is None and spec.optional:
            return
        if spec.kind is FieldKind.ANSWER_START:
            self._offset(location, value, spec)
        elif spec.kind is FieldKind.MESSAGES:
            self._messages(path, location, value, spec)
        elif _is_number(value) and spec.kind in _NUMBERS_ALLOWED:
            return  # published files hold some options as JSON numbers: nothing to translate
        else:
            self._string(path, location, value, spec)

    def _offset(self, location: Location, value: Any, spec: FieldSpec) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongType(show(location), "an integer", json_type(value))
        span = self._beside(location, spec.span or "")
        context = self._beside(location, spec.context or "")
        self.offsets.append(Offset(location, span, context))

    def _beside(self, location: Location, path: str) -> Location:
        """The place that ``path`` names beside ``location``; a string must be there."""
        place = bind(path, location)
        try:
            value = value_at(place, self.data) if place is not None else None
        except (KeyError, IndexError, TypeError):
            place = None
        if place is None:
            raise WrongType(show(location), f"beside a value at {path}", "alone")
        if not isinstance(value, str):
            raise WrongType(show(place), "a string", json_type(value))
        return place

    def _messages(self, path: str, location: Location, value: Any, spec: FieldSpec) -> None:
        if not isinstance(value, list):
            raise WrongType(show(location), "a list of messages", json_type(value))
        for place, message in locate("[*]", value):
            if not isinstance(message, dict):
                raise WrongType(show((*location, *place)), "a message", json_type(message))
            content = message.get("content")
            if content is not None and not isinstance(content, str | list):
                name = show((*location, *place, "content"))
                raise WrongType(name, "a string or a list of parts", json_type(content))
        texts = [
            *((place, text) for place, text in locate("[*].content", value)),
            *((place, text) for place, text in locate("[*].content[*].text", value)),
        ]
        for place, text in sorted(texts, key=lambda found: found[0][0]):
            if isinstance(text, str):
                self._string(path, (*location, *place), text, spec)

    def _string(self, path: str, location: Location, value: Any, spec: FieldSpec) -> None:
        name = show(location)
        if not isinstance(value, str):
            raise WrongType(name, "a string", json_type(value))
        if "\x00" in value:
            raise BadText(name, "a NUL", value.index("\x00"))
        if not value.strip():
            if spec.kind in _MUST_HAVE_TEXT and not spec.optional:
                raise EmptyText(name)
            return
        literals = self._literals(spec)
        parts = []
        for part in take_apart(value, spec, literals, labelled=self.sets.labelled):
            segment = self._segment(path, location, part, spec) if part.translate else None
            id_ = segment.id if segment else None
            parts.append(SlotPart(part.text, id_, part.option, part.indent))
        context = self._beside(location, spec.context) if spec.context else None
        question = self.sets.question(path, location)
        self.slots.append(Slot(location, spec.kind, tuple(parts), context, question))

    def _literals(self, spec: FieldSpec) -> tuple[str, ...]:
        found = (value for path in spec.protect_from for _, value in locate(path, self.data))
        return tuple(dict.fromkeys(value for value in found if isinstance(value, str)))

    def _segment(self, path: str, location: Location, part: Part, spec: FieldSpec) -> Segment:
        """The segment of this text; the same text in one item is one segment.

        So a gold answer that repeats an option keeps being equal to it.
        """
        text = part.text.replace(f"\n{part.indent}", "\n") if part.indent else part.text
        known = self.segments.get((text, part.literals))
        if known:
            return known
        id_ = show(location) + (f"#{part.label}" if part.label else "")
        while id_ in self.names:
            id_ += "+"
        self.names.add(id_)
        kind = FieldKind.OPTION if part.option else spec.kind
        label = part.label or self._label(path, location, kind)
        segment = Segment(id_, text, kind, label, part.literals)
        self.segments[text, part.literals] = segment
        return segment

    def _label(self, path: str, location: Location, kind: FieldKind) -> str:
        """What a reader calls the field: ``question``, ``option B``, ``turn 2``."""
        last = location[-1]
        if kind is FieldKind.OPTION:
            return self.sets.name(path, location)
        if isinstance(last, int):
            return f"{location[-2] if len(location) > 1 else kind} {last + 1}"
        return last


class _OptionSets:
    """Which options of an item stand beside each other, and whether they carry their letters."""

    def __init__(self, data: Any, layout: Layout) -> None:
        paths = [path for path, spec in layout.fields.items() if spec.kind is FieldKind.OPTION]
        self._steps = [parse_path(path) for path in paths]
        sets: dict[tuple[int, ...], list[str]] = {}
        for path in paths:
            for location, value in locate(path, data):
                if isinstance(value, str):
                    sets.setdefault(self.question(path, location), []).append(value)
        # One option such as "C. elegans" looks labelled; a set from A on without a gap is.
        self.labelled = bool(sets) and all(has_option_label(options) for options in sets.values())

    def question(self, path: str, location: Location) -> tuple[int, ...]:
        """The indices that choose the question; the last ``[*]`` of a path chooses the option.

        Unless other options lie under the same ``[*]`` (``questions[*].A``, ``questions[*].B``).
        """
        stars, _ = self._stars(path)
        return tuple(step for depth in stars if isinstance(step := location[depth], int))

    def name(self, path: str, location: Location) -> str:
        """``option B`` by place in its list or by key."""
        _, star = self._stars(path)
        step = location[-1 if star is None else star]
        if isinstance(step, int):
            return f"option {chr(ord('A') + step) if step < 26 else step + 1}"
        return step if step.lower().startswith("option") else f"option {step}"

    def _stars(self, path: str) -> tuple[list[int], int | None]:
        """Depths of the ``[*]`` that choose the question, and of the one for the option."""
        steps = parse_path(path)
        stars = [depth for depth, step in enumerate(steps) if step is None]
        head = steps[: stars[-1] + 1] if stars else ()
        beside = sum(other[: len(head)] == head for other in self._steps)
        return (stars, None) if not stars or beside > 1 else (stars[:-1], stars[-1])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def json_type(value: Any) -> str:
    """What a JSON value is, for a message: ``an object``, ``a string`` ..."""
    if value is None:
        return "null"
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")
