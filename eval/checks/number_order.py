"""Two numbers of a text that changed places: each is still there, at the other's place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.checks.base import SegmentPair
from eval.checks.number_words import Number, Written
from eval.checks.sentences import aligned
from eval.checks.units import unit_names
from glossary.language import Pair

Partners = tuple[Number, Number]
"""A number of the source and the one of the target that has its value."""
_YEARS = frozenset(range(1000, 2101))
_WHEN = re.compile(
    r"\s?(?:[點点時时月日號号年일월년]|시(?!간)|[ap]\.?\s?m\b"
    r"|(?:st|nd|rd|th)? (?:of )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)
"""Behind a date or a time of day, which stand early in Chinese and Korean."""
_JOINED = re.compile(
    r"\s?(?:[,、，&:：~～+×x*÷=<>–-]|(?:,\s?)?(?:and|to|or|through|by)|或|至|到|和|與|与|跟|及|比"
    r"|대|와|과|및|에서|부터|또는)?\s?",
    re.IGNORECASE,
)
"""What alone stands between two numbers of a range, list, ratio, score or formula."""
_DASH = re.compile(r"\s?[–-]\s?")
_PART_OF = re.compile(
    r"\W?(?:[\w'%-]+\s){0,4}(?:of|in|from|per|every|each|below|above|than)\s(?:[a-z]+\s){0,2}[$€£]?"
    r"|.{0,12}(?:中|裡|里|其中|當中|当中|중|의|가운데|당|마다|만점|에서|每|的|減|减|就|[少多大小高低早晚]|보다).{0,6}"
)
"""Between a part and its whole, and other relations that Chinese and Korean say from behind."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two numbers with their partners; ``sure`` where no word order explains it."""

    one: Partners
    other: Partners
    sure: bool


def exchanges(
    segment: SegmentPair,
    languages: Pair,
    partners: Sequence[Partners],
    everything: Sequence[Sequence[Number]],
    *,
    exact: bool,
) -> Iterator[Exchange]:
    """Two numbers that stand in the other order in the target, if all others keep theirs.

    ``everything`` are all numbers of the source and all of the target: only those that both have
    once are looked at. A part beside its whole (*19 of 29*, 29 場中 19 場), dates, times and
    numbers that keep their own unit are left out: languages put them in different orders.
    """
    found = sorted(
        (pair for pair in partners if all(n.written is Written.DIGITS for n in pair)),
        key=lambda pair: pair[0].start,
    )
    if all(one[1].start < other[1].start for one, other in pairwise(found)):
        return  # what is left of an order is in order
    found = _alone(segment, found, everything)
    order = sorted(range(len(found)), key=lambda place: found[place][1].start)
    moved = [place for place, other in enumerate(order) if place != other]
    if len(moved) != 2:
        return
    one, other = (found[place] for place in moved)
    between = _between(segment, one, other)
    listed = all(map(_JOINED.fullmatch, between))
    if listed:
        yield Exchange(one, other, sure=exact or not any(map(_DASH.fullmatch, between)))
        return
    kept, exchanged = _units(segment, languages, one, other)
    apart = languages.same_script_family or not (all(map(_PART_OF.fullmatch, between)) or kept)
    if exchanged or apart:
        sure = exchanged or (exact and _in_each_others_sentence(segment, one, other))
        yield Exchange(one, other, sure=sure)


def _alone(
    segment: SegmentPair, partners: Sequence[Partners], everything: Sequence[Sequence[Number]]
) -> list[Partners]:
    """Those that no other number of their side can be taken for, and that tell no date or time."""
    counts = [Counter(v for n in side if n.written for v in set(n.readings)) for side in everything]
    return [
        pair
        for pair in partners
        if all(count[number.readings[0]] == 1 for number, count in zip(pair, counts, strict=True))
        and not _is_when(segment, pair)
    ]


def _is_when(segment: SegmentPair, pair: Partners) -> bool:
    """Does the number tell a year, a date or a time of day?"""
    if pair[0].readings[0] in _YEARS:
        return True
    texts = segment.source_prose, segment.target_prose
    return any(
        number.half or _WHEN.match(text, number.end)
        for number, text in zip(pair, texts, strict=True)
    )


def _between(segment: SegmentPair, one: Partners, other: Partners) -> tuple[str, str]:
    """The words between the two numbers in the source and in the target."""
    return (
        segment.source_prose[one[0].end : other[0].start],
        segment.target_prose[other[1].end : one[1].start],
    )


def _units(
    segment: SegmentPair, languages: Pair, one: Partners, other: Partners
) -> tuple[bool, bool]:
    """Does one of the numbers keep a unit of its own; has each the unit of the other?"""
    before = unit_names(segment.source_prose, languages.source, (one[0], other[0]))
    after = unit_names(segment.target_prose, languages.target, (one[1], other[1]))
    if before[0] & before[1] or after[0] & after[1]:
        return False, False
    kept = any(ours & theirs for ours, theirs in zip(before, after, strict=True))
    return kept, bool(before[0] & after[1] and before[1] & after[0])


def _in_each_others_sentence(segment: SegmentPair, one: Partners, other: Partners) -> bool:
    sentences = aligned(segment.source_prose, segment.target_prose)
    places = [
        [
            next(i for i, spans in enumerate(sentences) if number.start < spans[side][1])
            for side, number in enumerate(pair)
        ]
        for pair in (one, other)
    ]
    (a, b), (c, d) = places
    return a != c and a == d and b == c
