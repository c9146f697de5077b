"""The prose of a benchmark, to look for terms in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.path import locate
from eval.benchmarks.protect import protected_spans, without_protected
from eval.benchmarks.recipe import Recipe
from eval.errors import EvalError
from eval.segment import FieldKind
from glossary.extraction.passages import Passage
from glossary.language import Language
from service.pipeline.reader import ItemReader

_SUBJECT_FIELDS = ("subject", "category", "domain", "topic")
_OPENING_CHARS = 400
_SUBJECT_CHARS = 60


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Items with their positions, the recipe to read them by, and the languages."""

    recipe: Recipe
    items: Sequence[tuple[int, Any]]
    source: Language
    targets: tuple[Language, ...]

    def read(self, max_characters: int = 40_000) -> list[BenchmarkItem]:
        """The items that can be read; what is wrong with the others is told by the run."""
        reader = ItemReader(self.recipe, max_characters)
        items = []
        for index, data in self.items:
            try:
                items.append(reader.read(index, data))
            except EvalError:
                continue
        return items


def subject_of(item: Any, recipe: Recipe) -> str:
    """What the item itself says it is about, in a field that the recipe keeps; may be empty.

    Raises:
        MissingFields: no layout of the recipe fits the item.
    """
    fields = recipe.layout_of(item).fields
    for wanted in _SUBJECT_FIELDS:
        for path, spec in fields.items():
            if spec.kind is FieldKind.KEEP and path.lower() == wanted:
                for _, value in locate(path, item):
                    if isinstance(value, str) and value.strip():
                        return " ".join(value.replace("_", " ").split())[:_SUBJECT_CHARS]
    return ""


def passages(items: Sequence[BenchmarkItem], subjects: Sequence[str]) -> list[Passage]:
    """All texts of items; formulas, code and other protected parts are blanked out."""
    return [
        Passage(
            item.index,
            without_protected(segment.text, protected_spans(segment.text, segment.literals)),
            segment.text,
            subject,
        )
        for item, subject in zip(items, subjects, strict=True)
        for segment in item.segments
    ]


def opening(item: BenchmarkItem) -> str:
    """The first few lines of an item's text, enough to tell its subject."""
    return " ".join(segment.text for segment in item.segments)[:_OPENING_CHARS] or "-"
