"""What a solver is shown of an item: its texts and its options, and nothing that tells the key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.path import Location, locate, show
from eval.benchmarks.recipe import Layout, Recipe
from eval.benchmarks.slot import Slot
from eval.segment import FieldKind

_SHOWN = {FieldKind.TEXT, FieldKind.INLINE_OPTIONS}
_SCORINGS = {"multiple_choice", "classification", "exact_match"}
_TELLING = ("explanation", "answer", "solution", "rationale", "hint")
"""A text whose name holds one of these is not part of the question."""
_MOST_OPTIONS = 26


@dataclass(frozen=True, slots=True)
class Question:
    """Texts by what a reader calls them, and the options in their order; none for open questions.

    ``place`` is the id of the text that asks, where what is found out is noted.
    """

    texts: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    place: str

    @property
    def labels(self) -> tuple[str, ...]:
        """A, B, C ... by position, so that the same letter means the same option on both sides."""
        return tuple(chr(ord("A") + number) for number in range(len(self.options)))


def question_of(item: BenchmarkItem, recipe: Recipe) -> Question | None:
    """The one question of an item, as an examinee sees it.

    Returns:
        ``None`` where an item has several questions or none that can be answered by an option, a
        number or a few words: code, essays, dialogues, classes that the item does not name.
    """
    layout = recipe.layout_of(item.data)
    if recipe.scoring not in _SCORINGS:
        return None
    texts = [slot for slot in item.slots if slot.kind in _SHOWN and not _tells(slot.location)]
    options = _options(item, layout)
    if not texts or options is None or len(options) == 1 or len(options) > _MOST_OPTIONS:
        return None
    if not options and recipe.scoring != "exact_match":
        return None
    shown = [(_name(slot.location), _stem(slot)) for slot in texts]
    return Question(tuple(each for each in shown if each[1]), options, _place(texts[-1]))


def _options(item: BenchmarkItem, layout: Layout) -> tuple[str, ...] | None:
    """All options, also those that are numbers; ``None`` where they belong to several questions."""
    questions = {slot.question for slot in item.slots if slot.kind is FieldKind.OPTION}
    if len(questions) > 1:
        return None
    paths = [path for path, spec in layout.fields.items() if spec.kind is FieldKind.OPTION]
    listed = [_text(value) for path in paths for _, value in locate(path, item.data)]
    if not listed:
        inline = (slot for slot in item.slots if slot.kind is FieldKind.INLINE_OPTIONS)
        listed = [text for slot in inline for text, _, _ in slot.options({})]
    return tuple(text for text in listed if text)


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _stem(slot: Slot) -> str:
    """A text as it stands; of one with options inside, what stands before them."""
    if slot.kind is not FieldKind.INLINE_OPTIONS:
        return slot.source.strip()
    return "".join(_before_options(slot)).strip()


def _before_options(slot: Slot) -> Iterator[str]:
    first = next((at for at, part in enumerate(slot.parts) if part.option), len(slot.parts))
    # The last part before an option is its letter.
    return (part.text for part in slot.parts[: max(first - 1, 1)])


def _tells(location: Location) -> bool:
    return any(word in show(location).lower() for word in _TELLING)


def _name(location: Location) -> str:
    last = location[-1]
    if isinstance(last, int):
        return f"{location[-2] if len(location) > 1 else 'text'} {last + 1}"
    return last


def _place(slot: Slot) -> str:
    segment = next((part.segment for part in slot.parts if part.segment), None)
    return segment or show(slot.location)
