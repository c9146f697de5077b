"""Protected spans unchanged: LaTeX, code, URLs, placeholders, blanks, marks, option letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
    first: dict[str, Span] = {}
    for span in pair.source_spans:
        first.setdefault(span.canonical, span)
    for text, span in first.items():
        # A short formula may be part of a longer one in the target: count it as text.
        count = found[text] if span.kind in _FOLDED else max(found[text], pair.target.count(text))
        if count >= wanted[text]:
            continue
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
    allowed = Counter(span.canonical for span in pair.source_spans)
    for span in {span.canonical: span for span in pair.target_spans}.values():
        if span.kind not in _FOLDED:
            count = pair.segment.text.count(span.canonical)
            allowed[span.canonical] = max(allowed[span.canonical], count)
    formulas = [span.text for span in pair.source_spans if span.kind is SpanKind.LATEX]
    seen: Counter[str] = Counter()
    for span in pair.target_spans:
        text = span.canonical
        seen[text] += 1
        if seen[text] <= allowed[text]:
            continue
        if span.kind is SpanKind.LATEX and _worded_formula(text, formulas[:_PIECES]):
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


_PIECES = 100


def _worded_formula(formula: str, pieces: Sequence[str]) -> bool:
    """A formula whose Chinese or Korean words were translated.

    ``$面积=5$`` is protected in two pieces around the word, ``$area=5$`` is one.
    """
    first = next((n for n, piece in enumerate(pieces) if formula.startswith(piece)), len(pieces))
    return any(
        formula.endswith(piece) and len(pieces[first]) + len(piece) < len(formula)
        for piece in pieces[first + 1 :]
    )


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
