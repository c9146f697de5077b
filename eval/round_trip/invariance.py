"""Answer invariance: does a solver give a translated item the answer that it gives the source?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import comb

from eval.benchmarks.protect import has_prose
from eval.checks.base import Finding, Severity
from eval.checks.numerals import numbers
from eval.round_trip.outcomes import Invariance, Solved
from glossary.language import Language

ANSWER_INVARIANCE = "answer_invariance"
"""Name of the finding; a probe and no check of the suite: it asks a model."""
CHANCE = 0.05
"""A difference that is as probable as this, or more, when both texts ask the same is noise."""
_MARK = re.compile(r"####\s*(.+)")
_BOXED = re.compile(r"\\boxed\{(.*)\}")
_PLAIN = re.compile(r"[-−]?[$€£₩¥]?\s?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\s?%?")


def compared(
    source: Sequence[str | None], target: Sequence[str | None], *, labelled: bool
) -> Solved:
    """Lay a solver's answers to both sides of an item beside each other.

    An answer prevails when more than half of the tries give it. It has flipped when another one
    prevails on the target and the source's answer has become rarer by more than chance: Fisher's
    exact test, one-sided, at most 1 in 20. Of three tries on each side this means all three
    against none; with fewer than three nothing can be told.

    Args:
        source: an answer for each try; ``None`` for one that could not be read.
        target: the same for the translated item.
        labelled: the answers are letters of options; else ``short_answer`` made them.
    """
    before, after = Counter(filter(None, source)), Counter(filter(None, target))
    one, other = _prevailing(before, len(source)), _prevailing(after, len(target))
    outcome, note = Invariance.UNDECIDED, ""
    if one is None:
        note = "No answer prevails on the source."
    elif other is None:
        note = "No answer prevails on the translation."
    elif one == other:
        outcome = Invariance.SAME
    elif not labelled and (has_prose(one) or has_prose(other)):
        note = "The answers differ in words, and words of two languages are not compared."
    elif chance_of(before[one], len(source), after[one], len(target)) > CHANCE:
        note = "The answers differ, but not by more than chance."
    else:
        outcome = Invariance.FLIPPED
    times = max(len(source), len(target))
    return Solved(outcome=outcome, times=times, source=before, target=after, note=note)


def chance_of(first: int, tries: int, second: int, other_tries: int) -> float:
    """Probability that an answer falls on the first side so often, if both sides are alike.

    The upper tail of the hypergeometric distribution (Fisher's exact test, one-sided).

    Args:
        first: how often the answer was given on the first side.
        tries: how often that side was asked.
        second: how often the answer was given on the second side.
        other_tries: how often that side was asked.
    """
    given = first + second
    ways = sum(
        comb(tries, count) * comb(other_tries, given - count)
        for count in range(first, min(given, tries) + 1)
    )
    return ways / comb(tries + other_tries, given)


def finding_of(solved: Solved, place: str) -> Finding:
    """The finding of an item whose answer flipped."""
    one, other = most_given(solved.source), most_given(solved.target)
    message = (
        f"The solver answers the source with {one} ({solved.source[one]} of {solved.times} times), "
        f"the translation with {other} ({solved.target[other]} of {solved.times} times)."
    )
    return Finding(
        ANSWER_INVARIANCE, Severity.MAJOR, True, place, message, expected=one, found=other
    )


def most_given(answers: Mapping[str, int]) -> str:
    """The most frequent answer; empty where there is none."""
    return max(answers, key=lambda answer: answers[answer], default="")


def short_answer(text: str, language: Language) -> str:
    r"""A short answer in a form that does not depend on its language.

    A number is its value (``1,200``, 一千二百, ``#### 1200``, ``\boxed{1200}``), several are their
    values; a formula is its signs without spaces; words are words, in small letters.
    """
    for pattern in (_MARK, _BOXED):
        if marked := pattern.findall(text):
            text = marked[-1]
    text = unicodedata.normalize("NFKC", text).strip().strip("$.。 ")
    if _PLAIN.fullmatch(text):
        return _plain(Decimal(re.sub(r"[^0-9.]", "", text)), text[:1] in "-−")
    if not has_prose(text):
        return "".join(text.split())
    found = numbers(text, language)
    # One that may be part of a word is meant if it is all there is.
    found = [each for each in found if each.written or (each.start, each.end) == (0, len(text))]
    if found:
        return " ".join(_plain(each.readings[0], bool(each.negative)) for each in found)
    return " ".join(text.casefold().split())


def _plain(value: Decimal, negative: bool) -> str:
    return f"{'-' if negative and value else ''}{value.normalize():f}"


def _prevailing(answers: Counter[str], tries: int) -> str | None:
    answer = most_given(answers)
    return answer if 2 * answers[answer] > tries else None
