"""A question stays a question, and a statement a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.question_words import asks, is_stem, orders
from glossary.language import Language

_MARK = re.compile(r"[?？]")
_CLOSING = " \t\n\r\u3000\"'”’」』)）]】》*"
_STOPS = "。.!！"


def question(item: ItemPair) -> Iterator[Finding]:
    """A question is translated as a question, a statement as a statement.

    Looks at the end of the text. Where the source ends in a question mark, the target ends in one,
    or in a blank or a colon, or it asks without a mark (`것은`, `할까`, `何者`, *which of the
    following*) or gives an order that asks for the same (`구하시오`, `求`, *find*).

    Hard where the source asks in words and the target holds no word that asks, and no question
    mark: a system has answered the question or made a statement of it. Soft where only the mark
    became a full stop, and where the target asks and the source does not; a question of an exam
    that the options complete (*... EXCEPT*) asks. The words are a list that can be edited,
    `eval/checks/lists/questions.yaml`.

    Known limits:

    - a statement that holds a word such as *when* or `如何` is reported softly, for its full stop;
    - a question in the middle of a text is not looked at.
    """
    for segment in item.segments:
        if segment.unchanged or not segment.target.strip():
            continue
        source, target = (
            segment.source_prose.rstrip(_CLOSING),
            segment.target_prose.rstrip(_CLOSING),
        )
        if _ends_asking(source) and not _ends_asking(target):
            yield from _no_mark(item, segment, source, target)
        elif _ends_asking(target) and not _MARK.search(source):
            yield from _new_mark(item, segment, source, target)


def _ends_asking(text: str) -> bool:
    return text[-1:] in ("?", "？")


def _no_mark(item: ItemPair, segment: SegmentPair, source: str, target: str) -> Iterator[Finding]:
    place = (len(source) - 1, len(source))
    if _MARK.search(target) or orders(target, item.pair.target):
        return
    if not asks(target, item.pair.target):
        sure = asks(source, item.pair.source)
        yield segment.finding(
            "question",
            Severity.CRITICAL if sure else Severity.MAJOR,
            "The source asks, the target does not.",
            hard=sure,
            source=place,
        )
    elif target[-1:] in _STOPS:
        yield segment.finding(
            "question",
            Severity.MINOR,
            "The question mark became a full stop.",
            hard=False,
            source=place,
            target=(len(target) - 1, len(target)),
        )


def _new_mark(item: ItemPair, segment: SegmentPair, source: str, target: str) -> Iterator[Finding]:
    language = item.pair.source
    if is_stem(source, language) or (language is not Language.EN and asks(source, language)):
        return
    yield segment.finding(
        "question",
        Severity.MAJOR,
        "The target asks, the source does not.",
        hard=False,
        target=(len(target) - 1, len(target)),
    )
