"""Protected spans unchanged: LaTeX, code, URLs, placeholders, blanks, marks, option letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from eval.benchmarks.protect import Span, SpanKind
from eval.checks.base import Finding, ItemPair, SegmentPair, Severity


def protected(item: ItemPair) -> Iterator[Finding]:
    r"""Every protected span of the source stands in the target, as often, and no other does.

    Protected are mathematics in LaTeX, code and doctests, URLs, e-mail addresses, placeholders
    (`{name}`, `%s`, `<b>`), blanks (`____`, `( )`), special tokens, `#### 42`, `<<3*4=12>>`, option
    letters (`(A)`) and what the recipe names with `protect_from`. Hard: critical where one is
    missing, major where one was added. A blank of another length is soft.

    Words inside mathematics (`\text{if}`, `\frac{路程}{时间}`) may be translated, with the signs
    around them in the order of the language, and so may comments in a block of code. Spaces that
    do not show in mathematics, and full or half width of brackets and blanks, do not matter. `$5`
    and `US$5` are prices.

    Known limits:

    - the same mathematics in another notation (`\(x\)` for `$x$`, `≤` for `\le`) is reported;
    - mathematics and code without any mark (`x^2`, `print(x)`) are not known as such;
    - words inside of quotation marks in a block of code must stay.
    """
    for segment in item.segments:
        if not segment.unchanged and (segment.source_spans or segment.target_spans):
            yield from _lost(segment)
            yield from _added(segment)
            yield from _resized(segment)


def _lost(pair: SegmentPair) -> Iterator[Finding]:
    for span, wanted, count in _more(
        pair.source_spans, pair.source, pair.target_spans, pair.target
    ):
        yield pair.finding(
            "protected",
            Severity.CRITICAL,
            f"{_NAMES[span.kind]} must stay unchanged; "
            f"{wanted} in the source, {count} in the target.",
            hard=True,
            source=(span.start, span.end),
        )


def _added(pair: SegmentPair) -> Iterator[Finding]:
    formulas = [span.canonical for span in pair.source_spans if span.kind is SpanKind.LATEX]
    for span, _, _ in _more(pair.target_spans, pair.target, pair.source_spans, pair.source):
        if span.kind is SpanKind.LATEX and _worded_formula(span.canonical, formulas[:_PIECES]):
            continue
        yield pair.finding(
            "protected",
            Severity.MAJOR,
            f"{_NAMES[span.kind]} that the source does not have.",
            hard=True,
            target=(span.start, span.end),
        )


def _more(
    spans: Sequence[Span], text: str, others: Sequence[Span], other_text: str
) -> Iterator[tuple[Span, int, int]]:
    """Spans of which the other side has fewer, each at its first place, with both counts.

    A formula may be a piece of a longer one on the other side, where words inside of it stand in
    another place or in another script, and a literal string part of a URL: such ones are counted
    as text.
    """
    here = Counter(span.canonical for span in spans)
    there = Counter(span.canonical for span in others)
    if here == there:
        return
    formulas, other_formulas = _formulas(spans), _formulas(others)
    same_formulas = _rearranged(formulas, other_formulas)
    for span in {span.canonical: span for span in reversed(spans)}.values():
        name = span.canonical
        wanted, count = here[name], there[name]
        if count < wanted and span.kind is SpanKind.LATEX:
            if same_formulas:
                continue
            wanted, count = formulas.count(name), other_formulas.count(name)
        elif count < wanted and span.kind is SpanKind.LITERAL:
            wanted, count = text.count(name), other_text.count(name)
        if count < wanted:
            yield span, wanted, count


def _formulas(spans: Sequence[Span]) -> str:
    return "\n".join(span.canonical for span in spans if span.kind is SpanKind.LATEX)


def _rearranged(formulas: str, others: str) -> bool:
    """Are formulas with words in them made of the same signs? Their order follows the language."""
    return _AROUND_WORDS.search(f"{formulas}\n{others}") is not None and (
        _signs(formulas) == _signs(others)
    )


def _signs(formulas: str) -> list[str]:
    return sorted(_SIGN.findall(_WORD_COMMAND.sub("", formulas)))


# A piece of a formula before or behind a word, and what must be there whatever the order.
_AROUND_WORDS = re.compile(r"(?m)^\}|\{$|^\$[^$\n]*$")
_WORD_COMMAND = re.compile(r"\\(?:text[a-z]*+|[mh]box)(?![A-Za-z])")
_SIGN = re.compile(r"\\[A-Za-z]++|\d++|[A-Za-z]++|[^\s{}$]")


def _resized(pair: SegmentPair) -> Iterator[Finding]:
    """The first blank ``____`` of a length that none of the source has, if all are still there."""
    before, after = _lines(pair.source_spans), _lines(pair.target_spans)
    lengths = {len(span.text) for span in before}
    if len(before) != len(after):
        return
    for span in after:
        if len(span.text) not in lengths and span.text.isascii():
            yield pair.finding(
                "protected",
                Severity.MINOR,
                "The blank has another length than in the source.",
                hard=False,
                target=(span.start, span.end),
            )
            return


def _lines(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if span.kind is SpanKind.BLANK and span.text[0] in "_＿"]


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
