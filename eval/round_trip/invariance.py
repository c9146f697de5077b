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
_TOLD_BY_BACK = {
    Invariance.SAME: (
        "The back-translation is answered like the source: the solver may be weak in the language "
        "of the translation, or the back-translator has mended the item."
    ),
    Invariance.FLIPPED: (
        "The back-translation is not answered like the source either: the text itself may have "
        "changed."
    ),
}
_MARK = re.compile(r"####\s*(.+)")
_BOXED = re.compile(r"\\boxed\{(.*)\}")
_FRACTION = re.compile(
    r"\\[dt]?frac\s*\{\s*([0-9]+)\s*\}\s*\{\s*([0-9]+)\s*\}|([0-9]+)\s*[/\u2044]\s*([0-9]+)"
)
_PARTS = re.compile(r"(?!百分之|백분의)(.{1,20}?)(?:分之|분의)(.{1,20})")
"""The lower part comes first; of a hundred it is percent, which is written as its number."""
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SEVERAL = re.compile(rf"{_NUMBER.pattern}(?:\s*[:;,、]\s*{_NUMBER.pattern})+")
"""A ratio, a time, a list: other languages have words between the numbers."""
_DECIMALS = 6
"""As ``numbers`` reads fractions."""
_PLAIN = re.compile(r"[-−]?[$€£₩¥]?\s?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\s?%?")


def compared(
    source: Sequence[str | None],
    target: Sequence[str | None],
    back: Sequence[str | None] | None = None,
    *,
    labelled: bool,
) -> Solved:
    """Lay a solver's answers to a translation beside those to its source, and the way back too.

    An answer prevails when more than half of the tries give it. It has flipped when another one
    prevails on the target and the source's answer has become rarer by more than chance: Fisher's
    exact test, one-sided, at most 1 in 20. Of three tries on each side this means all three
    against none; with fewer than three nothing can be told. A try whose answer cannot be read
    speaks neither for a flip nor against it.

    Args:
        source: an answer for each try; ``None`` for one that could not be read.
        target: the same for the translated item.
        back: the same for the item that was translated back, if it was asked.
        labelled: the answers are letters of options; else ``short_answer`` made them.
    """
    outcome, note = _outcome(source, target, labelled)
    return Solved(
        outcome=outcome,
        times=max(len(source), len(target)),
        source=_counted(source),
        target=_counted(target),
        back=None if back is None else _counted(back),
        note=note,
        back_outcome=None if back is None else _outcome(source, back, labelled)[0],
    )


def _outcome(
    source: Sequence[str | None], other_side: Sequence[str | None], labelled: bool
) -> tuple[Invariance, str]:
    """What became of the source's answer on another side, and why it cannot be told."""
    before, after = _counted(source), _counted(other_side)
    one, other = _prevailing(before, len(source)), _prevailing(after, len(other_side))
    if one is None:
        return Invariance.UNDECIDED, _none_prevails("the source", source)
    if other is None:
        return Invariance.UNDECIDED, _none_prevails("the translation", other_side)
    if one == other:
        return Invariance.SAME, ""
    if not labelled and (has_prose(one) or has_prose(other)):
        note = "The answers differ in words, and words of two languages are not compared."
        return Invariance.UNDECIDED, note
    if chance_of(before[one], before.total(), after[one], after.total()) > CHANCE:
        return Invariance.UNDECIDED, "The answers differ, but not by more than chance."
    return Invariance.FLIPPED, ""


def _none_prevails(side: str, answers: Sequence[str | None]) -> str:
    lost = answers.count(None)
    unread = f": {lost} of {len(answers)} could not be read" if lost else ""
    return f"No answer prevails on {side}{unread}."


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


def finding_of(solved: Solved, place: str) -> Finding | None:
    """Hard where the answer flipped; soft where only the way back changed it; else ``None``."""
    if solved.outcome is Invariance.FLIPPED:
        message = (
            f"The solver answers the source with {_said(solved.source, solved)}, "
            f"the translation with {_said(solved.target, solved)}."
        )
        if solved.back_outcome in _TOLD_BY_BACK:
            message = f"{message} {_TOLD_BY_BACK[solved.back_outcome]}"
        return _finding(place, message, Severity.MAJOR, solved.source, solved.target)
    flipped_back = solved.back_outcome is Invariance.FLIPPED
    if solved.back and flipped_back and solved.outcome is Invariance.SAME:
        message = (
            f"The solver answers the source with {_said(solved.source, solved)} and the "
            f"translation alike, but the back-translation with {_said(solved.back, solved)}: the "
            "way back changed the item, and its round-trip scores say little."
        )
        return _finding(place, message, Severity.NEUTRAL, solved.source, solved.back)
    return None


def _finding(
    place: str,
    message: str,
    severity: Severity,
    expected: Mapping[str, int],
    found: Mapping[str, int],
) -> Finding:
    return Finding(
        ANSWER_INVARIANCE,
        severity,
        severity is not Severity.NEUTRAL,
        place,
        message,
        expected=most_given(expected),
        found=most_given(found),
    )


def _said(answers: Mapping[str, int], solved: Solved) -> str:
    answer = most_given(answers)
    return f"{answer} ({answers[answer]} of {solved.times} times)"


def most_given(answers: Mapping[str, int]) -> str:
    """The most frequent answer; empty where there is none."""
    return max(answers, key=lambda answer: answers[answer], default="")


def short_answer(text: str, language: Language) -> str:
    r"""A short answer in a form that does not depend on its language.

    A number is its value (``1,200``, 一千二百, ``#### 1200``, ``\boxed{1200}``; 三分之一, ``1/3``,
    ``\frac{1}{3}``), several are their values; a formula is its signs without spaces; words are
    words, in small letters, and so are numbers that may be read in several ways (2 p.m.).
    """
    for pattern in (_MARK, _BOXED):
        if marked := pattern.findall(text):
            text = marked[-1]
    text = unicodedata.normalize("NFKC", text).strip().strip("$.。 ")
    if _PLAIN.fullmatch(text):
        return _plain(Decimal(re.sub(r"[^0-9.]", "", text)), text[:1] in "-−")
    if (fraction := _fraction(text.lstrip("-−"), language)) is not None:
        return _plain(fraction, text[:1] in "-−")
    if _SEVERAL.fullmatch(text):
        return " ".join(_plain(Decimal(each), negative=False) for each in _NUMBER.findall(text))
    if not has_prose(text):
        return "".join(text.split())
    found = numbers(text, language)
    # One that may be part of a word is meant if it is all there is.
    found = [each for each in found if each.written or (each.start, each.end) == (0, len(text))]
    if found and all(len(each.readings) == 1 for each in found):
        return " ".join(_plain(each.readings[0], bool(each.negative)) for each in found)
    return " ".join(text.casefold().split())


def _fraction(text: str, language: Language) -> Decimal | None:
    """The value of a text that is a fraction and nothing else; ``None`` for every other."""
    if match := _FRACTION.fullmatch(text):
        upper, lower = (Decimal(part) for part in match.groups() if part)
    elif match := _PARTS.fullmatch(text):
        found = [numbers(part.strip(), language) for part in match.groups()]
        if any(len(each) != 1 for each in found):
            return None
        lower, upper = (each[0].readings[0] for each in found)
    else:
        return None
    return round(upper / lower, _DECIMALS) if lower else None


def _plain(value: Decimal, negative: bool) -> str:
    return f"{'-' if negative and value else ''}{value.normalize():f}"


def _counted(answers: Sequence[str | None]) -> Counter[str]:
    return Counter(filter(None, answers))


def _prevailing(answers: Counter[str], tries: int) -> str | None:
    answer = most_given(answers)
    return answer if 2 * answers[answer] > tries else None
