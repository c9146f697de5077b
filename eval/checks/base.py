"""What a check looks at and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from eval.benchmarks.beside import Difference
from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.protect import Span, protected_spans, without_protected
from eval.checks.rules import DEFAULT_RULES, Rules
from eval.segment import FieldKind, Segment
from glossary.language import Pair

_EXACT_KINDS = {FieldKind.OPTION, FieldKind.SOLUTION, FieldKind.ANSWER_TEXT, FieldKind.ANSWER_SPAN}


class Severity(StrEnum):
    """How bad a finding is, in MQM's words (https://themqm.org)."""

    NEUTRAL = "neutral"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place: ``segment`` is the id of the field, or part of a field, it is in.

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
    """A segment beside its translation.

    ``source_prose`` and ``target_prose`` are the two texts with spaces for their protected spans,
    so that places in them are places in the texts.
    """

    segment: Segment
    target: str
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    source_prose: str
    target_prose: str

    @property
    def source(self) -> str:
        """The text that was to be translated."""
        return self.segment.text

    @property
    def unchanged(self) -> bool:
        """The target is the source, letter by letter."""
        return self.target == self.segment.text

    def finding(
        self,
        check: str,
        severity: Severity,
        message: str,
        *,
        hard: bool,
        source: tuple[int, int] | None = None,
        target: tuple[int, int] | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> Finding:
        """A finding in this segment.

        What was expected and found is the text at its places, unless it is said.
        """
        if expected is None and source is not None:
            expected = self.source[slice(*source)]
        if found is None and target is not None:
            found = self.target[slice(*target)]
        place = self.segment.id
        return Finding(check, severity, hard, place, message, source, target, expected, found)


@dataclass(frozen=True, slots=True)
class ItemPair:
    """An item beside the translations of its segments: what every check is given.

    ``differences`` are what a translation made elsewhere has otherwise, beside its texts.
    """

    pair: Pair
    category: str
    item: BenchmarkItem
    translations: Mapping[str, str]
    segments: Sequence[SegmentPair]
    rules: Rules = DEFAULT_RULES
    differences: Sequence[Difference] = ()

    def is_exact(self, segment: SegmentPair) -> bool:
        """Does every figure count, as in mathematics, options, solutions and answers?"""
        return self.category == "math" or segment.segment.kind in _EXACT_KINDS


def pair_up(
    item: BenchmarkItem,
    translations: Mapping[str, str],
    pair: Pair,
    category: str,
    rules: Rules = DEFAULT_RULES,
    differences: Sequence[Difference] = (),
) -> ItemPair:
    """Lay an item beside its translations.

    A missing one counts as empty text, unless the differences say why it is missing.
    """
    segments = [
        _beside(segment, translations.get(segment.id, ""))
        for segment in item.segments
        if segment.id in translations or not differences
    ]
    return ItemPair(pair, category, item, translations, segments, rules, differences)


def _beside(segment: Segment, target: str) -> SegmentPair:
    before = protected_spans(segment.text, segment.literals)
    after = before if target == segment.text else protected_spans(target, segment.literals)
    return SegmentPair(
        segment,
        target,
        before,
        after,
        without_protected(segment.text, before),
        without_protected(target, after),
    )


class Check(Protocol):
    """A deterministic check: the same item pair, the same findings; it never raises on text."""

    def __call__(self, item: ItemPair) -> Iterable[Finding]:
        """All findings over one item."""
        ...
