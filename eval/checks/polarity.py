"""Negation and polarity: what the source denies, the translation denies, and nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.phrases import Phrases, family, word_list
from eval.checks.question_words import is_question, is_stem
from eval.checks.sentences import aligned
from eval.segment import FieldKind
from glossary.language import Language

_KINDS = ("sure", "exam", "weak", "mild", "maybe", "hint", "neutral")
_DENIALS = {
    False: frozenset({"sure", "exam", "weak", "maybe"}),
    True: frozenset({"sure", "exam", "weak", "mild"}),
}
"""What is more than a hint: in prose, and in options and exam questions."""
_LOST = "What the source denies here, the target does not deny."
_ADDED = "The target denies here what the source does not deny."
_HAN = (Language.ZH_TW, Language.ZH_CN)
_NOT = "不沒没"
"""They ask for yes or no in the middle of a word said twice (是不是)."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that denies something, at its place in the text."""

    kind: str
    start: int
    end: int


_START = attrgetter("start")


def polarity(item: ItemPair) -> Iterator[Finding]:
    """Every denial of the source is in the target, and the target denies nothing else.

    Words of denial are counted on both sides, sentence by sentence where both sides have as many
    sentences. Some are sure (`not`, `never`, `不是`, `沒有`, `않다`, `없다`), some are weak
    (`refuse`, `rather than`, `罕見`, `거부`): a denial is missing where one side has more sure
    words than the other and also more words in all. So *unable* may become `不能` or `難以`.

    Exams deny in more ways. In questions and options `except`, `錯誤` and `거리가 먼` are sure, and
    words that prose uses at will (`omit`, `outside`, `misuse`, `違反`, `除了`, `배제`) are weak. A
    weak word is reported there too, where the other side denies nothing and has no hint (*few*,
    `只有`, `어렵다`) that could stand for it. All words are lists that can be edited,
    `eval/checks/lists/polarity.yaml`.

    A question is what asks with words of an exam (*which of the following*, `下列何者`, `다음 중`,
    a sentence that ends in `的是`; `NOT` or `EXCEPT` in capitals), or one sentence with a question
    mark that asks for a thing (*what*, *who*, `何種`, `무엇`), in either text; not one that asks
    why, or for yes or no: people put these negatively at will.

    Hard for sure words in options and in questions where the other side has no word of denial at
    all, nor a hint of one; soft elsewhere. A single Chinese character is never hard: it may be a
    part of a word.

    Known limits:

    - two faults in one sentence that cancel out are not seen;
    - an exam can deny with any word. Of questions whose words the lists were not made from, about
      92 in 100 lost denials and 95 in 100 added ones were found, with a needless finding on about 4
      in 100 good translations; those that the lists were made from are found all but one in 100;
    - a question that denies with a weak word hides another lost denial where the translation still
      has a weak word of its own;
    - people put things the other way round (*remember* for *don't forget*), so a soft finding in
      prose is a hint. Of news sentences that people translated about 4 in 100 have one between
      English and another language and about 6 in 100 between the others, while about 78 of 100
      denials that were lost and 95 of 100 that were added are found
      (`python -m bench.checks.run --half tune --kind negation`). If weak words counted less, two
      more would be found, with almost twice as many false alarms;
    - one of two denials in a sentence may be lost without a finding where the other language has a
      further word that may deny.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        before = _words(segment.source_prose, item.pair.source)
        after = _words(segment.target_prose, item.pair.target)
        if not any(word.kind != "hint" for word in (*before, *after)):
            continue
        exam = (
            segment.segment.kind is FieldKind.OPTION
            or is_stem(segment.source_prose, item.pair.source)
            or is_stem(segment.target_prose, item.pair.target)
        )
        for source, target in aligned(segment.source_prose, segment.target_prose):
            yield from _compared(item, segment, _Side(before, source), _Side(after, target), exam)


class _Side:
    """The words of denial in one sentence, or in the whole text."""

    def __init__(self, words: Sequence[_Word], span: tuple[int, int]) -> None:
        first, end = (bisect_left(words, place, key=_START) for place in span)
        self.words = words[first:end]
        self.start, self.length = span[0], max(1, span[1] - span[0])

    def of(self, kinds: Collection[str]) -> list[_Word]:
        """The words of these kinds."""
        return [word for word in self.words if word.kind in kinds]

    def places(self) -> list[float]:
        """Where the words stand, as shares of the sentence, in order."""
        return [(word.start - self.start) / self.length for word in self.words]

    def loneliest(self, words: list[_Word], other: _Side) -> _Word:
        """The word that is farthest from all words of the other side."""
        places = other.places()

        def distance(word: _Word) -> float:
            place = (word.start - self.start) / self.length
            near = bisect_left(places, place)
            return min(
                (abs(place - other) for other in places[max(0, near - 1) : near + 1]), default=1
            )

        return max(words, key=distance)


def _compared(
    item: ItemPair, segment: SegmentPair, source: _Side, target: _Side, exam: bool
) -> Iterator[Finding]:
    exam = exam or any(
        is_question(text[side.start : side.start + side.length], language)
        for side, text, language in (
            (source, segment.source_prose, item.pair.source),
            (target, segment.target_prose, item.pair.target),
        )
    )
    before, after = (side.of(_DENIALS[exam]) for side in (source, target))
    if len(before) == len(after):
        return
    more, less = (source, target) if len(before) > len(after) else (target, source)
    kinds = _raised(more, less, exam)
    words = more.of(kinds)
    if len(words) <= len(less.of(kinds)):
        return
    word, lost = more.loneliest(words, less), more is source
    part = word.end - word.start == 1 and (item.pair.source if lost else item.pair.target) in _HAN
    hard = exam and not less.words and word.kind in ("sure", "exam") and not part
    place = (word.start, word.end)
    yield segment.finding(
        "polarity",
        Severity.CRITICAL if hard else Severity.MAJOR,
        _LOST if lost else _ADDED,
        hard=hard,
        source=place if lost else None,
        target=None if lost else place,
    )


def _raised(more: _Side, less: _Side, exam: bool) -> Collection[str]:
    """The kinds of words that are a denial too many."""
    if not exam:
        return {"sure"}
    if less.of(_DENIALS[exam]) or len(more.words) <= len(less.words):
        return {"sure", "exam"}
    return _DENIALS[exam]


def denials(text: str, language: Language) -> int:
    """How many words of the text deny something for sure."""
    return sum(word.kind == "sure" for word in _words(text, language))


def _words(text: str, language: Language) -> list[_Word]:
    han = language in _HAN
    return [
        _Word(kind, start, end)
        for kind, start, end in _phrases(family(language)).find(text)
        if kind != "neutral" and not (han and _asks(text, start))
    ]


def _asks(text: str, place: int) -> bool:
    """Is it the middle of a question such as 是不是 or 有沒有?"""
    return text[place] in _NOT and place > 0 and text[place - 1] == text[place + 1 : place + 2]


@cache
def _phrases(family: str) -> Phrases[str]:
    lists = word_list("polarity")[family]
    return Phrases({word: kind for kind in _KINDS for word in lists[kind].split()}, family)
