"""Numbers kept, by value: 35,000 is 3만 5천 and 3.5萬, but 24 is not 42."""

from __future__ import annotations

from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.numerals import Number, numbers
from eval.segment import FieldKind

_EXACT_KINDS = {FieldKind.OPTION, FieldKind.SOLUTION, FieldKind.ANSWER_TEXT, FieldKind.ANSWER_SPAN}


def numbers_kept(item: ItemPair) -> Iterator[Finding]:
    """Every value written in digits on one side is on the other, in digits or in words.

    Hard in options, solutions and mathematics and between the two Chinese languages; soft in prose,
    where a good human translation may say it differently.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        source = numbers(segment.source_prose, item.pair.source)
        target = numbers(segment.target_prose, item.pair.target)
        hard = (
            item.category == "math"
            or segment.segment.kind in _EXACT_KINDS
            or item.pair.same_script_family
        )
        there = {value for number in target for value in number.readings}
        for number in source:
            if number.digits and there.isdisjoint(number.readings):
                yield _finding(segment, hard, number, "is missing in the target", source=True)
        known = {value for number in source for value in number.readings}
        for number in target:
            if number.digits and known.isdisjoint(number.readings):
                yield _finding(segment, hard, number, "is not in the source", source=False)


def _finding(
    segment: SegmentPair, hard: bool, number: Number, what: str, *, source: bool
) -> Finding:
    span = (number.start, number.end)
    written = (segment.source if source else segment.target)[slice(*span)]
    return segment.finding(
        "numbers",
        Severity.CRITICAL if hard else Severity.MINOR,
        f"The number {written} {what}.",
        hard=hard,
        source=span if source else None,
        target=None if source else span,
    )
