"""What a check looks at and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.protect import Span, protected_spans
from eval.segment import Segment
from glossary.language import Pair


class Severity(StrEnum):
    """How bad a finding is, in MQM's words (https://themqm.org)."""

    NEUTRAL = "neutral"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place.

    ``source_span`` and ``target_span`` are half-open ranges of code points in the segment's source
    and target text; ``None`` where the fault has no place on that side (something is missing).
    A ``hard`` finding vetoes the verdict ``ok``; a soft one informs.
    """

    check: str
    severity: Severity
    hard: bool
    segment: str
    message: str
    source_span: tuple[int, int] | None = None
    target_span: tuple[int, int] | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class SegmentPair:
    """A segment beside its translation, with the protected spans of both sides."""

    segment: Segment
    target: str
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ItemPair:
    """An item beside the translations of its segments: what every check is given."""

    pair: Pair
    category: str
    item: BenchmarkItem
    translations: Mapping[str, str]
    segments: Sequence[SegmentPair]


def pair_up(
    item: BenchmarkItem, translations: Mapping[str, str], pair: Pair, category: str
) -> ItemPair:
    """Lay an item beside its translations; a missing one counts as empty text."""
    segments = []
    for segment in item.segments:
        target = translations.get(segment.id, "")
        segments.append(
            SegmentPair(
                segment,
                target,
                protected_spans(segment.text, segment.literals),
                protected_spans(target, segment.literals),
            )
        )
    return ItemPair(pair, category, item, translations, segments)


class Check(Protocol):
    """A deterministic check: the same item pair, the same findings; it never raises on text."""

    def __call__(self, item: ItemPair) -> Iterable[Finding]:
        """All findings over one item."""
        ...
