"""A number changed on purpose: does the back-translator follow the text, or its memory?"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eval.benchmarks.protect import Span, protected_spans, without_protected
from eval.checks.number_words import Number, Written
from eval.checks.numerals import numbers
from eval.round_trip.outcomes import ProbeResult
from glossary.language import Language

_PLAIN = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_BESIDE = frozenset("0123456789.,:/-–—~∼−+^=×*%'_")
"""Beside a number these make it part of a date, a time, a range or a formula."""
_TRIES = 20
_SMALLEST = 3
"""One and two have too many other names (a, both, a pair) to be looked for."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """A text with one number changed: ``original`` stood at ``start``, ``changed`` does now."""

    text: str
    start: int
    original: str
    changed: str
    before: frozenset[Decimal]
    after: frozenset[Decimal]


def corrupted(
    text: str, language: Language, seed: int, literals: Sequence[str] = ()
) -> Corruption | None:
    """Change one number in a text to another of the same shape; the same seed, the same number.

    It is a number in digits of 3 or more outside protected spans, not part of a date, time, range
    or formula, whose value stands nowhere else in the text, a protected span (``<<3*4=12>>``)
    included: who is shown it there restores it without any memory. Its first digit and its trailing
    zeros stay where another digit can change (1789 becomes 1764, 300 becomes 700).

    Returns:
        ``None`` where the text has no such number.
    """
    drawn = random.Random(f"{seed}:{text}")
    protected = protected_spans(text, literals)
    prose, shown = without_protected(text, protected), _values_in(text, protected)
    found = numbers(prose, language)
    usable = [
        (number, span)
        for number in found
        if shown.isdisjoint(number.readings) and (span := _digits(prose, number, found))
    ]
    drawn.shuffle(usable)
    # Long numbers first: they are known by heart, and no other word says them.
    for number, (start, end) in sorted(usable, key=lambda each: each[1][0] - each[1][1]):
        for _ in range(_TRIES):
            digits = _other(text[start:end], drawn)
            made = text[:start] + digits + text[end:]
            after = _values_at(made, start, language, literals)
            others = {value for other in found for value in other.readings}
            if after and after.isdisjoint(others | shown):
                before = frozenset(number.readings)
                return Corruption(made, start, text[start:end], digits, before, after)
    return None


def probed(corruption: Corruption, back_translation: str, language: Language) -> ProbeResult:
    """What the back-translator made of the changed number; ``language`` is what it wrote in."""
    there = {value for number in numbers(back_translation, language) for value in number.readings}
    followed, restored = (not there.isdisjoint(v) for v in (corruption.after, corruption.before))
    if followed == restored:
        return ProbeResult.UNCLEAR
    return ProbeResult.FOLLOWED if followed else ProbeResult.FROM_MEMORY


def _digits(text: str, number: Number, all_of: Sequence[Number]) -> tuple[int, int] | None:
    """Where the digits of a number stand, if it may be changed."""
    match = _PLAIN.match(text, number.start)
    if match is None or number.written is not Written.DIGITS or number.half:
        return None
    if number.negative is not False or number.readings[0] < _SMALLEST:
        return None
    start, end = match.span()
    if any(char.isdigit() for char in text[end : number.end]):
        return None
    if text[start - 1 : start] in _BESIDE or (text[end : end + 1] in _BESIDE - {".", ",", "%"}):
        return None
    others = (other for other in all_of if other is not number)
    if any(not set(number.readings).isdisjoint(other.readings) for other in others):
        return None
    return start, end


def _values_in(text: str, protected: Iterable[Span]) -> set[Decimal]:
    """What is written in digits in the protected spans of a text."""
    written = (
        digits for span in protected for digits in _PLAIN.findall(text[span.start : span.end])
    )
    return {Decimal(digits.replace(",", "")) for digits in written}


def _other(written: str, drawn: random.Random) -> str:
    """Digits of the same shape with another value."""
    places = [place for place, char in enumerate(written) if char.isdigit()]
    last = max(place for place in places if written[place] != "0")
    significant = [place for place in places if place <= last]
    digits = list(written)
    for place in significant[1:] or significant:
        digits[place] = drawn.choice("3456789" if place == last else "0123456789")
    return "".join(digits)


def _values_at(
    text: str, start: int, language: Language, literals: Sequence[str]
) -> frozenset[Decimal]:
    """What the number at a place may be; empty where none is read there, or a loose one."""
    prose = without_protected(text, protected_spans(text, literals))
    for number in numbers(prose, language):
        if number.start == start and number.written is Written.DIGITS:
            return frozenset(number.readings)
    return frozenset()
