"""Digits changed in the ways in which systems change them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bench.checks.fault import Broken, Text, TextPlanter

_NUMBER = re.compile(
    r"(?<![\d.,:A-Za-z_/\\-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\d:A-Za-z_/-]|[.,]\d)"
)
_LONG = re.compile(r"(?<![\d.,:A-Za-z_/\\-])\d{2,}(?![\d:A-Za-z_/-]|[.,]\d)")


def _kept(text: Text, pattern: re.Pattern[str], rng: random.Random) -> re.Match[str] | None:
    """A number of the target that stands once in it and in the source as well."""
    both = [
        match
        for match in pattern.finditer(text.target)
        if text.target.count(match[0]) == 1
        and re.search(rf"(?<![\d.,]){re.escape(match[0])}(?![\d]|[.,]\d)", text.source)
    ]
    return rng.choice(both) if both else None


def _changing(
    pattern: re.Pattern[str], change: Callable[[str, random.Random], str | None]
) -> TextPlanter:
    def planter(text: Text, rng: random.Random) -> Broken | None:
        match = _kept(text, pattern, rng)
        new = change(match[0], rng) if match else None
        if match is None or new is None or new == match[0]:
            return None
        start = text.source.index(match[0])
        return text.put(match.start(), match.end(), new, (start, start + len(match[0])))

    return planter


def _other_digit(number: str, rng: random.Random) -> str:
    place = rng.choice([i for i, sign in enumerate(number) if sign.isdigit()])
    digit = rng.choice([d for d in "123456789" if d != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _swapped(number: str, rng: random.Random) -> str | None:
    places = [i for i in range(len(number) - 1) if number[i] != number[i + 1]]
    places = [i for i in places if number[i + 1] != "0" or i]
    if not places:
        return None
    i = rng.choice(places)
    return number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def _shorter(number: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(number))
    return number[:place] + number[place + 1 :]


def _times_ten(number: str, rng: random.Random) -> str:
    if "." in number:
        whole, _, rest = number.partition(".")
        return f"{whole}{rest[0]}" + (f".{rest[1:]}" if rest[1:] else "")
    return number + "0" if "," not in number else number.replace(",", "") + "0"


def _point_moved(number: str, rng: random.Random) -> str | None:
    whole, point, rest = number.partition(".")
    if not point or "," in whole:
        return None
    return f"0.{whole}{rest}" if len(whole) == 1 else f"{whole[:-1]}.{whole[-1]}{rest}"


digit_changed = _changing(_NUMBER, _other_digit)
digits_swapped = _changing(_LONG, _swapped)
digit_dropped = _changing(_LONG, _shorter)
times_ten = _changing(_NUMBER, _times_ten)
point_moved = _changing(_NUMBER, _point_moved)


def dropped(text: Text, rng: random.Random) -> Broken | None:
    """The number is gone, as in a sentence that was made vague."""
    match = _kept(text, _NUMBER, rng)
    if match is None:
        return None
    start = text.source.index(match[0])
    return text.put(match.start(), match.end(), "", (start, start + len(match[0])))


def added(text: Text, rng: random.Random) -> Broken | None:
    """A number that the source does not have, in brackets behind a word."""
    new = str(rng.randrange(13, 98))
    stops = [match.start() for match in re.finditer(r"[，,。.](?!\d)", text.target)]
    if not stops or new in text.source + text.target:
        return None
    at = rng.choice(stops)
    return text.put(at, at, f" ({new})")


def swapped_values(text: Text, rng: random.Random) -> Broken | None:
    """Two different numbers of the text changed places."""
    found = [m for m in _NUMBER.finditer(text.target) if text.source.count(m[0]) == 1]
    if len(found) < 2 or found[0][0] == found[1][0]:
        return None
    a, b = found[:2]
    target = text.target
    new = target[: a.start()] + b[0] + target[a.end() : b.start()] + a[0] + target[b.end() :]
    return new, (a.start(), b.end()), None
