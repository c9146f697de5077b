"""Quantifiers and comparisons kept: at least is not at most, before is not after."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.phrases import Phrases, family, word_list
from eval.checks.polarity import denials
from eval.checks.question_words import is_question, is_stem
from eval.checks.sentences import aligned
from eval.segment import FieldKind
from glossary.language import Language, Pair

_Side = tuple[str, int]
"""A pair of opposites by its name, and which of the two."""
_Place = tuple[int, int]
_EXACT = {FieldKind.OPTION, FieldKind.SOLUTION, FieldKind.ANSWER_TEXT, FieldKind.ANSWER_SPAN}


def quantifiers(item: ItemPair) -> Iterator[Finding]:
    """A quantity, comparison or direction is not turned into its opposite.

    A table of opposites (*at least* and *at most*, *increase* and *decrease*, *before* and *after*,
    *import* and *export*, *concave* and *convex*, ...) tells what each side of a pair is called in
    each language: `eval/checks/lists/quantifiers.yaml`, which can be edited. A reversal is found
    where the source says one side and nothing of the other, the target says the other and nothing
    of the first, and both deny as much (*not easy* may become *hard*).

    Hard in mathematics, options, answers and questions, where the words leave no doubt; soft in
    prose, and always for pairs that the file calls loose (*before* and *after*, *buy* and *sell*):
    a translator may turn a sentence round.

    Known limits:

    - a text that says both sides of a pair is not judged on that pair (*if the price rises, will
      the demand rise or fall?*);
    - opposites that are not in the table: of exam questions whose words the table was not made
      from, 70 in 100 that asked for the opposite were found;
    - a word that was only left out is not found.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        wanted = _said(segment.source_prose, item.pair.source)
        prose, language = segment.target_prose, item.pair.target
        if not any(_shows(prose, language, _other(side)) for side in wanted) or _reordered(segment):
            continue
        exact = (
            item.category == "math"
            or segment.segment.kind in _EXACT
            or is_stem(segment.source_prose, item.pair.source)
        )
        for source, target in aligned(segment.source_prose, segment.target_prose):
            yield from _reversals(item.pair, segment, source, target, exact)


def _other(side: _Side) -> _Side:
    pair, place = side
    return pair, 1 - place


def _reordered(segment: SegmentPair) -> bool:
    """Did formulas change places (*$a$ is less than $b$*, `$b$ 大於 $a$`)?"""
    before = [span.canonical for span in segment.source_spans]
    after = [span.canonical for span in segment.target_spans]
    return before != after and sorted(before) == sorted(after)


def _reversals(
    languages: Pair, segment: SegmentPair, source: _Place, target: _Place, exact: bool
) -> Iterator[Finding]:
    before, after = segment.source_prose[slice(*source)], segment.target_prose[slice(*target)]
    wanted, found = _said(before, languages.source), _said(after, languages.target)
    for (pair, side), (start, end) in wanted.items():
        other = _other((pair, side))
        if other not in found or other in wanted or (pair, side) in found:
            continue
        if _hints(before, languages.source, other) or _hints(after, languages.target, (pair, side)):
            continue
        if denials(before, languages.source) != denials(after, languages.target):
            continue
        here = (source[0] + start, source[0] + end)
        there = (target[0] + found[other][0], target[0] + found[other][1])
        hard = pair not in _loose() and (exact or is_question(before, languages.source))
        yield _reversed(segment, here, there, hard)


def _reversed(segment: SegmentPair, source: _Place, target: _Place, hard: bool) -> Finding:
    return segment.finding(
        "quantifiers",
        Severity.CRITICAL if hard else Severity.MAJOR,
        f"{segment.target[slice(*target)]} is the opposite of {segment.source[slice(*source)]}.",
        hard=hard,
        source=source,
        target=target,
    )


def _said(text: str, language: Language) -> dict[_Side, _Place]:
    """The sides that the text says, each at its first place."""
    found: dict[_Side, _Place] = {}
    for sides, start, end in _sure(family(language)).find(text):
        for side in sides:
            found.setdefault(side, (start, end))
    return found


def _shows(text: str, language: Language, side: _Side) -> bool:
    """Is there a word of that side, or a longer word that holds one?"""
    return any(True for _ in _alone(family(language), side).find(text))


def _hints(text: str, language: Language, side: _Side) -> bool:
    """Is there any word of that side, also one that does not show it for sure?"""
    return any(said for said, _, _ in _hint(family(language), side).find(text))


@cache
def _loose() -> frozenset[str]:
    return frozenset(word_list("quantifiers")["loose"].split())


@cache
def _sides() -> dict[_Side, dict[str, str]]:
    """The lists of each side, by name."""
    return {
        (name, place): side
        for name, pair in word_list("quantifiers")["pairs"].items()
        for place, side in enumerate(pair)
    }


@cache
def _sure(family: str) -> Phrases[tuple[_Side, ...]]:
    """All words that show a side, with the sides that they show."""
    entries: dict[str, tuple[_Side, ...]] = dict.fromkeys(_none(family), ())
    for side, lists in _sides().items():
        for word in lists[family].split():
            entries[word] = (*entries.get(word, ()), side)
    return Phrases(entries, family)


@cache
def _alone(family: str, side: _Side) -> Phrases[bool]:
    """The words that show one side; quicker to look for than all words."""
    return Phrases(dict.fromkeys(_sides()[side][family].split(), True), family)


@cache
def _hint(family: str, side: _Side) -> Phrases[bool]:
    """All words of one side; false are the words of the other side and those of no side."""
    lists, opposite = _sides()[side], _sides()[_other(side)]
    words = f"{lists[family]} {lists.get(f'{family}_also', '')}".split()
    others = dict.fromkeys([*opposite[family].split(), *_none(family)], False)
    return Phrases({**others, **dict.fromkeys(words, True)}, family)


def _none(family: str) -> list[str]:
    words: str = word_list("quantifiers")["none"][family]
    return words.split()
