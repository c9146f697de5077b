"""The worst items: which they are, and their texts with what was found marked."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.checks.base import Finding
from eval.metrics.base import MetricInfo
from eval.report.scores import badness, in_order, item_score, known_value
from eval.run_log import ItemRecord, SegmentRecord

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Worst:
    """An item in one row: the segment that has most against it, and what that is."""

    id: str
    verdict: str
    segment: SegmentRecord
    findings: list[Finding]
    others: int
    """Findings in its other segments."""
    scores: list[tuple[str, float | None]]
    """Of the item, by key; ``None`` where it was not scored."""

    @property
    def source_marks(self) -> list[Range]:
        """Places of findings in the source."""
        return [f.source_span for f in self.findings if f.source_span]

    @property
    def target_marks(self) -> list[Range]:
        """Places of findings in the translation."""
        return [f.target_span for f in self.findings if f.target_span]


def worst_items(
    records: Iterable[ItemRecord], metrics: Mapping[str, MetricInfo], count: int = 10
) -> list[Worst]:
    """Translated items with most hard findings first, then those with the worst leading score.

    Items with neither a finding nor a score are none of them.
    """
    translated = [record for record in records if record.item is not None and record.segments]
    keys = in_order({key for r in translated for s in r.segments for key in s.scores}, metrics)
    lead = next(iter(keys), "")

    def score(record: ItemRecord) -> float:
        return badness(item_score(record, lead), lead, metrics)

    def rank(record: ItemRecord) -> tuple[int, float, int, int]:
        hard = sum(finding.hard for finding in record.findings)
        return -hard, score(record), -len(record.findings), record.index

    judged = [record for record in translated if record.findings or score(record) < math.inf]
    chosen = heapq.nsmallest(count, judged, key=rank)
    return [_row(record, keys, metrics) for record in chosen]


def _row(record: ItemRecord, keys: Sequence[str], metrics: Mapping[str, MetricInfo]) -> Worst:
    """The item at its worst segment; what belongs to none is said with it."""
    known = {segment.id for segment in record.segments}
    loose = [finding for finding in record.findings if finding.segment not in known]
    lead = next(iter(keys), "")

    def rank(segment: SegmentRecord) -> tuple[int, int, float]:
        own = [finding for finding in record.findings if finding.segment == segment.id]
        score = segment.scores.get(lead)
        value = known_value(score) if score else None
        return -sum(f.hard for f in own), -len(own), badness(value, lead, metrics)

    segment = min(record.segments, key=rank)
    own = [finding for finding in record.findings if finding.segment == segment.id]
    return Worst(
        id=record.id,
        verdict=record.verdict.value,
        segment=segment,
        findings=sorted(own + loose, key=lambda finding: not finding.hard),
        others=len(record.findings) - len(own) - len(loose),
        scores=[(key, item_score(record, key)) for key in keys],
    )


def marked(text: str, ranges: Sequence[Range]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether a finding covers it; together they are the text."""
    ends = {0, len(text)}
    inside = [(max(0, a), min(len(text), b)) for a, b in ranges]
    inside = [(start, end) for start, end in inside if start < end]
    points = sorted(ends.union(*inside)) if inside else sorted(ends)
    piece, lit = "", False
    for start, end in pairwise(points):
        covered = any(first <= start and end <= last for first, last in inside)
        if piece and covered != lit:
            yield piece, lit
            piece = ""
        piece, lit = piece + text[start:end], covered
    if piece:
        yield piece, lit


def excerpt(text: str, ranges: Sequence[Range], most: int) -> tuple[str, list[Range]]:
    """At most about ``most`` characters, around the first place; ``…`` stands for the rest.

    The places are moved with the text.
    """
    if len(text) <= most:
        return text, list(ranges)
    first = min((start for start, _ in ranges), default=0)
    start = max(0, min(first - most // 3, len(text) - most))
    end = start + most
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    by = len(head) - start
    moved = [(max(first, start) + by, min(last, end) + by) for first, last in ranges]
    shown = [(first, last) for first, last in moved if first < last]
    return head + text[start:end] + tail, shown
