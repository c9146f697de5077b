"""English numerals written as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from eval.checks.number_words import HALF, Word, table

_CARDINALS = table(
    {
        "0": "zero",
        "1": "one first",
        "2": "two second",
        "3": "three third",
        "4": "four fourth",
        "5": "five fifth",
        "6": "six sixth",
        "7": "seven seventh",
        "8": "eight eighth",
        "9": "nine ninth",
        "10": "ten tenth",
        "11": "eleven eleventh",
        "12": "twelve twelfth",
        "13": "thirteen thirteenth",
        "14": "fourteen fourteenth",
        "15": "fifteen fifteenth",
        "16": "sixteen sixteenth",
        "17": "seventeen seventeenth",
        "18": "eighteen eighteenth",
        "19": "nineteen nineteenth",
        "20": "twenty twentieth",
        "30": "thirty thirtieth",
        "40": "forty fortieth",
        "50": "fifty fiftieth",
        "60": "sixty sixtieth",
        "70": "seventy seventieth",
        "80": "eighty eightieth",
        "90": "ninety ninetieth",
    }
)
_CARDINALS |= {
    ten + one: _CARDINALS[ten] + _CARDINALS[one]
    for ten in ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    for one in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
}
_MULTIPLIERS = table(
    {
        "10": "decade",
        "12": "dozen",
        "100": "hundred",
        "1000": "thousand",
        "1000000": "million",
        "1000000000": "billion",
        "1000000000000": "trillion",
    }
)
_LOOSE = {"zero", "one", "first", "second"}
_OTHER: dict[str, tuple[Decimal, ...]] = {
    "half": HALF,
    "quarter": tuple(map(Decimal, ("0.25", "4", "15", "25"))),
    "midnight": (Decimal(0), Decimal(12), Decimal(24)),
    "fortnight": (Decimal(2), Decimal(14)),
    "teen": tuple(map(Decimal, range(10, 20))),
    "teenager": tuple(map(Decimal, range(10, 20))),
    "teenage": tuple(map(Decimal, range(10, 20))),
    **{
        word: (value,)
        for word, value in table(
            {
                "0": "none",
                "1": "a an once single january jan",
                "2": "twice double doubled doubling pair couple both duo february feb biennial",
                "3": "triple tripled tripling thrice trio march mar",
                "4": "quadruple quadrupled quartet foursome fourball april apr",
                "5": "may quintet",
                "6": "june jun",
                "7": "july jul",
                "8": "august aug",
                "9": "september sept sep",
                "10": "october oct",
                "11": "november nov",
                "12": "december dec noon",
                "100": "century",
            }
        ).items()
    },
}
_MONTHS = frozenset(
    [
        "January",
        "February",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
_SHORT_MONTHS = frozenset(
    [
        "March",
        "May",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sept",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ]
)
_DAY_BEHIND = re.compile(r"\.? \d{1,2}(?!\d*[A-Za-z%])")
_DAY_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?(?: of)? \Z")
_PLURALS = {
    word + "s": word for word in [*_CARDINALS, *_MULTIPLIERS, *_OTHER] if word not in ("a", "an")
} | {"sixes": "six", "twenties": "twenty", "thirties": "thirty", "forties": "forty"}
_PLURALS |= {"fifties": "fifty", "sixties": "sixty", "seventies": "seventy"}
_PLURALS |= {"eighties": "eighty", "nineties": "ninety", "halves": "half", "centuries": "century"}
_TOKEN = re.compile(r"[A-Za-z]+")
_HALVED = re.compile(
    r"half[\s-](?:an?\s)?(dozen|hundred|thousand|million|billion|trillion)\b", re.I
)
_PART = re.compile(r"(?:half|quarter) of (?![0-9]|the (?:year|century|game|match)|\w+ber\b)", re.I)
_JOINT = re.compile(r"[\s-]{1,3}(?:and\s{1,3})?", re.IGNORECASE)
_ANYTHING = Decimal(10**15)


def english_words(text: str) -> Iterator[Word]:
    """``twenty-five``, ``two hundred and fifty thousand``, ``half a million``, ``twice``."""
    run: list[tuple[str, int, int]] = []
    halved = 0
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        word = _PLURALS.get(word, word)
        cardinal = word in _CARDINALS or word in _MULTIPLIERS
        if not cardinal and word not in _OTHER:
            continue
        start, end = match.span()
        if start < halved:
            continue
        if run and not (cardinal and _JOINT.fullmatch(text, run[-1][2], start)):
            yield from _composed(text, run)
            run = []
        if cardinal:
            run.append((word, start, end))
        elif word == "half" and (half := _HALVED.match(text, start)):
            halved = half.end()
            yield Word((_MULTIPLIERS[half[1].lower()] / 2,), start, halved, sure=False)
        else:
            sure = _is_month(text, start, end) or _PART.match(text, start) is not None
            yield Word(_OTHER[word], start, end, sure)
    yield from _composed(text, run)


def _is_month(text: str, start: int, end: int) -> bool:
    """``June``, and ``May`` or ``Mar.`` beside a day."""
    written = text[start:end]
    if written in _MONTHS:
        return True
    if written not in _SHORT_MONTHS:
        return False
    before = _DAY_BEFORE.search(text, max(0, start - 8), start)
    return before is not None or _DAY_BEHIND.match(text, end) is not None


def _composed(text: str, run: list[tuple[str, int, int]]) -> Iterator[Word]:
    """Numbers of a run of words: ``one hundred two`` is one number, ``one two`` are two."""
    total = section = Decimal(0)
    room, begun = _ANYTHING, 0
    for place, (word, _, _) in enumerate(run):
        scale = _MULTIPLIERS.get(word)
        value = _CARDINALS.get(word, Decimal(0))
        fits = value < room if scale is None else section < scale and (total == 0 or section > 0)
        if place > begun and not fits:
            yield _word(text, total + section, run[begun:place])
            total = section = Decimal(0)
            room, begun = _ANYTHING, place
        if scale is None:
            section += value
            room = Decimal(10) if value >= 20 else Decimal(0)
        elif scale < 1000:
            section, room = max(section, Decimal(1)) * scale, scale
        else:
            total, section, room = total + max(section, Decimal(1)) * scale, Decimal(0), scale
    if run:
        yield _word(text, total + section, run[begun:])


def _word(text: str, value: Decimal, run: list[tuple[str, int, int]]) -> Word:
    """An ordinal from the third on may be the lower part of a fraction: a third is 1/3 or 33 %.

    Not sure are round numbers (hundreds, a dozen), ``one``, ``first`` and ``second``.
    """
    last, _, end = run[-1]
    ordinal = last.endswith(("rd", "th")) and last not in _MULTIPLIERS
    written = text[run[-1][1] : end].lower()
    vague = written in _PLURALS and not ordinal and written not in _MULTIPLIERS
    sure = not vague and run[0][0] not in _MULTIPLIERS
    sure = sure and not (len(run) == 1 and last in _LOOSE) and "decade" not in (last, run[0][0])
    parts = (round(1 / value, 6), round(100 / value, 4)) if ordinal else ()
    return Word((value, *parts), run[0][1], end, sure)
