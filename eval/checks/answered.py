"""Answered: the engine did the task instead of translating it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eval.benchmarks.protect import Span, SpanKind
from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.verdicts import answer_given, verdict
from eval.segment import FieldKind

_QUESTIONS = {FieldKind.TEXT, FieldKind.TURN, FieldKind.INLINE_OPTIONS}
_HINTS = ("答", "解", "選項", "选项", "답", "풀이", "해설", "nswer", "NSWER", "orrect ")
"""One of these stands in whatever announces an answer."""
_ANNOUNCED = re.compile(
    r"(?:(?<![的之])|(?<=正確的)|(?<=正确的))答案(?:是|為|为|應為|应为|[：:])"
    r"(?!\s*(?:否|不|何|什|哪|多少|幾|几|誰|谁|[?？]))"
    r"|正解[是為为：:]|(?:解析|詳解|详解|解答)[：:]"
    r"|正[確确](?:選項|选项)(?:是|為|为|[：:])(?!\s*[何什哪?？])"
    r"|정답(?:은|[：:])(?!\s*(?:무엇|어느|어떤|몇|누구|[?？]))"
    r"|(?<![가-힣])답(?:은|안?[：:])(?!\s*(?:무엇|[?？]))|(?:풀이|해설)[：:]"
    r"|(?i:\b(?:the\s)?(?:(?:correct\s|right\s|best\s)?answer|correct\s(?:option|choice))(?:\sis\b|:)(?!\s*[?_]))"
)
_LETTER_NEXT = re.compile(r"\s*[(（]?[A-JＡ-Ｊ](?![A-Za-z])")
_ANSWER = re.compile(
    r"(?i)answer|correct (?:option|choice)|solution|選項|选项|答|解析|詳解|详解|正解|답|풀이|해설"
)
_LETTER = re.compile(r"[\s(（]*[A-JＡ-Ｊ①-⑤][\s)）.。．:：]*")
_LETTERED = re.compile(
    r"[(（]?[A-JＡ-Ｊ](?:[)）.．、:：]|\s[-–—])\s*(?P<cjk>[\u4e00-\u9fff\uac00-\ud7af])?"
)
_ASKS = re.compile(
    r"[?？何哪誰谁嗎吗呢幾几求試试請请]|什麼|什么|多少|是否|怎|的是|[選选指找]出|計算|计算"
    r"|[:：—是為为는은]\s*\Z"
    r"|무엇|어느|어떤|누구|언제|어디|얼마|왜|어떻|까[.\s]*\Z|것은|시오|[하여]라"
    r"|(?i:\b(?:which|what|whom?|whose|how|when|where|why|find|choose|select|name|identify|give"
    r"|determine|calculate)\b)"
)
_CONCLUSION = re.compile(
    r"因此|所以|故答案|綜上|综上|따라서|그러므로|∴|(?i:\b(?:therefore|thus|hence)\b)"
)
_REASON = re.compile(r"因為|因为|由於|由于|때문|이유는|(?i:\bbecause\b)")
_CAUSE = re.compile(
    r"(?i)because|since|due|as |for |reason|owing|因|由|때문|이유|므로|[아어라]서|니까"
)
_SEPARATOR = re.compile(r"[（(—–:：;；,，\n。]|\s-\s|\.\s")
_REST = re.compile(r"[?？]([^?？]+)\Z")


def answered(item: ItemPair) -> Iterator[Finding]:
    """A question stays a question, and an option says no more than it did.

    Hard, in a question:

    - an answer is announced ("答案是", "정답은 B") that the source does not announce;
    - nothing is left but an option or its letter, or the text begins with such a letter;
    - an option follows the question mark, fills the blank, or stands in the statement that the
      question became;
    - the last sentence, or one in place of the question, tells an option or its letter;
    - a result is worked out (`####`, a conclusion with a new "=") that the source does not hold.

    Hard, in an option: it is marked as the right one (✓, （正確）, bold, words that say so and
    nothing else), or gives its reason.

    Known limits: an answer is known from the options beside it or from the words that announce it;
    a free answer to a question without options is found by its length, if at all.
    """
    options = [
        (_folded(source), _folded(target), target)
        for slot in item.item.slots
        for source, target, _ in slot.options(item.translations)
    ]
    for segment in item.segments:
        if segment.unchanged:
            continue
        if segment.segment.kind is FieldKind.OPTION:
            yield from _told(segment)
        elif segment.segment.kind in _QUESTIONS:
            found = [*_announced(segment), *_chosen(segment, options), *_solved(segment)]
            yield from found or _given(segment, options)


def _announced(segment: SegmentPair) -> Iterator[Finding]:
    text = segment.target_prose
    if not any(hint in text for hint in _HINTS):
        return
    match = _ANNOUNCED.search(text)
    if match is None:
        return
    # An answer that the text is about ("her answer is no") is seldom a letter.
    lettered = _LETTER_NEXT.match(text, match.end())
    if not (_ANNOUNCED if lettered else _ANSWER).search(segment.source):
        yield _finding(segment, "An answer is announced.", match.span())


def _chosen(segment: SegmentPair, options: Sequence[tuple[str, str, str]]) -> Iterator[Finding]:
    """The first option that the target holds where the source does not hold it."""
    whole = (0, len(segment.target))
    if _LETTER.fullmatch(segment.target) and not _LETTER.fullmatch(segment.source):
        yield _finding(segment, "Only the letter of an option is left.", whole)
        return
    lettered = _LETTERED.match(segment.target)
    # English that begins with an initial is longer than its Chinese or Korean source.
    short = lettered and (lettered["cjk"] or len(segment.target) < len(segment.source))
    text = _folded(segment.target) if options else ""
    begun = lettered and any(
        _folded(segment.target[lettered.end() - 1 :]).startswith(a)
        or _folded(segment.target[lettered.end() :]).startswith(a)
        for _, a, _ in options
        if a
    )
    if (short or begun) and not _LETTERED.search(segment.source):
        yield _finding(segment, "The question became a lettered option.", whole)
        return
    held = [(before, after, written) for before, after, written in options if after in text]
    if not any(after for _, after, _ in held):
        return
    source = _folded(segment.source)
    asked = segment.source.rstrip().endswith(("?", "？"))
    rest = _REST.search(segment.target) if asked else None
    filled = _has_blank(segment.source_spans) and not _has_blank(segment.target_spans)
    stated = filled or (asked and not _ASKS.search(segment.target))
    for before, after, written in held:
        if not after or before in source:
            continue
        if after == text:
            yield _finding(segment, "The question became one of its options.", whole)
            return
        if rest and after == _folded(rest[1]):
            yield _finding(segment, "An answer follows the question.", rest.span(1))
            return
        if stated and len(after) > 1:
            place = segment.target.find(written)
            span = (place, place + len(written)) if place >= 0 else whole
            yield _finding(segment, "The answer stands where it was asked for.", span)
            return


def _given(segment: SegmentPair, options: Sequence[tuple[str, str, str]]) -> Iterator[Finding]:
    written = [text for before, _, text in options if before not in _folded(segment.source)]
    span = answer_given(segment.source, segment.target, written)
    if span is not None:
        yield _finding(segment, "An answer is given.", span)


def _has_blank(spans: Sequence[Span]) -> bool:
    return any(span.kind is SpanKind.BLANK for span in spans)


def _solved(segment: SegmentPair) -> Iterator[Finding]:
    source, target = segment.source, segment.target
    for mark in ("####", "\\boxed"):
        if mark in target and mark not in source:
            place = target.index(mark)
            yield _finding(segment, "A result is given.", (place, place + len(mark)))
            return
    if target.count("=") > source.count("="):
        match = _CONCLUSION.search(target)
        if match and not _CONCLUSION.search(source):
            yield _finding(segment, "A result is worked out.", match.span())


def _told(segment: SegmentPair) -> Iterator[Finding]:
    """What an option tells about itself."""
    source, target = segment.source, segment.target
    mark = verdict(source, target)
    if mark is not None:
        yield _finding(segment, "The option is marked as the answer.", mark)
    reason = _REASON.search(target)
    if reason and not _CAUSE.search(source):
        separator = _SEPARATOR.search(target, 1, reason.start())
        if separator and not _SEPARATOR.search(source):
            span = (separator.start(), len(target))
            yield _finding(segment, "The option explains itself.", span)


def _folded(text: str) -> str:
    return "".join(text.casefold().split()).strip(".。?？!！:：()（）")


def _finding(segment: SegmentPair, message: str, span: tuple[int, int]) -> Finding:
    return segment.finding("answered", Severity.CRITICAL, message, hard=True, target=span)
