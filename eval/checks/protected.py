"""Protected spans unchanged: LaTeX, code, URLs, placeholders, blanks, marks, option letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from eval.benchmarks.protect import Span, SpanKind
from eval.checks.base import Finding, ItemPair, SegmentPair, Severity

# Their width or spacing may follow the target language, so they are compared by what they say.
_FOLDED = {SpanKind.OPTION_LABEL, SpanKind.BLANK}


def protected(item: ItemPair) -> Iterator[Finding]:
    """Every protected span of the source stands in the target, as often, and no other does."""
    for segment in item.segments:
        if segment.target == segment.segment.text:
            continue
        yield from _lost(segment)
        yield from _added(segment)


def _lost(pair: SegmentPair) -> Iterator[Finding]:
    found = Counter(span.canonical for span in pair.target_spans)
    wanted = Counter(span.canonical for span in pair.source_spans)
    reported: set[str] = set()
    for span in pair.source_spans:
        text = span.canonical
        # A short formula may be part of a longer one in the target: count it as text.
        count = found[text] if span.kind in _FOLDED else max(found[text], pair.target.count(text))
        if count >= wanted[text] or text in reported:
            continue
        reported.add(text)
        yield Finding(
            check="protected",
            severity=Severity.CRITICAL,
            hard=True,
            segment=pair.segment.id,
            message=f"{_NAMES[span.kind]} must stay unchanged; "
            f"{wanted[text]} in the source, {count} in the target.",
            source_span=(span.start, span.end),
            expected=span.text,
        )


def _added(pair: SegmentPair) -> Iterator[Finding]:
    wanted = Counter(span.canonical for span in pair.source_spans)
    seen: Counter[str] = Counter()
    for span in pair.target_spans:
        text = span.canonical
        seen[text] += 1
        if seen[text] <= max(wanted[text], _occurrences(span, pair.segment.text)):
            continue
        yield Finding(
            check="protected",
            severity=Severity.MAJOR,
            hard=True,
            segment=pair.segment.id,
            message=f"{_NAMES[span.kind]} that the source does not have.",
            target_span=(span.start, span.end),
            found=span.text,
        )


def _occurrences(span: Span, source: str) -> int:
    return 0 if span.kind in _FOLDED else source.count(span.canonical)


_NAMES = {
    SpanKind.SPECIAL_TOKEN: "A special token",
    SpanKind.CODE: "Code",
    SpanKind.LATEX: "Mathematics",
    SpanKind.CALCULATOR: "A calculator mark",
    SpanKind.ANSWER_MARK: "An answer mark",
    SpanKind.URL: "A URL",
    SpanKind.EMAIL: "An e-mail address",
    SpanKind.PLACEHOLDER: "A placeholder",
    SpanKind.BLANK: "A blank",
    SpanKind.OPTION_LABEL: "An option letter",
    SpanKind.LITERAL: "A literal string",
}
