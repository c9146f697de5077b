"""Texts for the fuzz: random signs, damaged translations, long repeats, what has no language."""

from __future__ import annotations

import random
from functools import cache

from bench.checks.clean import exams, samples
from bench.checks.data import ALL_PAIRS, Half, ntrex

LONG = 40_000
_ALPHABETS = (
    "0123456789.,-−–~%/:$€₩¥^×½²₂Ⅳ①㈠０９",
    "零〇一二三四五六七八九十百千萬万億亿兆兩两半第年月日時点點分秒度倍",
    "하나둘셋넷열스물쉰첫일이삼사오육칠팔구십백천만억조반년월일시분초번째개명",
    "()（）[]【】「」『』《》“”‘’\"'<>{}|\\`*_#&@~",
    "，。、；：？！…—·,.;:?! \n\t\u3000\r",
    "\u200b\u200d\u2060\ufeff\u202e\u00ad\ufffd\ue000\u0301\u0300\u20e3\ufe0f\x00\x08\x1b\x7f\x85",
    "ABCDEabcdeIVXⅠⅡ甲乙丙丁ㄱㄴㄷ가나다",
    "不没沒未無无非否除않못없아니말notneverNOTEXCEPTexcept",
    "ｱァんですЖдαβ∑√∫≤≥≠ℝ🙂👩‍👩‍👧🇹🇼🇰🇷𠮷𝒙𝟛",
)
_PIECES = (
    r"$\frac{1}{2}$",
    "`x = 1`",
    "```\n",
    "$$",
    r"\(",
    r"\text{",
    "https://a.b/c",
    "{name}",
    "____",
    "<<1+2=3>>",
    "#### 4",
    "(A)",
    "A. ",
    "B) ",
    "以上皆是",
    "None of the above",
    "위의 모두",
    "Note: ",
    "翻譯：",
    "정답: ",
    "3.5 km",
    "-40 °F",
    "2:30 p.m.",
    "5萬3千",
    "3만 5천",
    "two-thirds",
    "1,234.5",
    "3×10^8",
    "% d",
    "<b>",
    "</b>",
    "[MASK]",
    "\\",
    "”",
    "1/0",
    "０",
    "999999999999999999999999",
    "e999",
)
_UNTRANSLATABLE = (
    "42",
    "-3.5",
    "1,000,000",
    "3/4",
    "$x^2+1$",
    r"\frac{a}{b}",
    r"\(y = 2x\)",
    "https://example.org/?q=1",
    "a@b.example",
    "{name}",
    "____",
    "H2O",
    "NaCl",
    "CO₂",
    "`print(1)`",
    "α",
    "∞",
    "±",
    "10^8",
    "1e-5",
    "=",
    "+",
    "{}",
    "[1, 2, 3]",
    "(3, 4)",
    "0x1F",
    "A",
    "B",
    "I",
    "II",
    "x",
    "y = mx + b",
    "25%",
    "$5",
    "🙂",
    "1:2",
    "12:30",
    "5 m/s",
    "9.8 N",
    "3 + 4 = 7",
    "π",
    "√2",
    "∠ABC",
    "<b>",
    "…",
    "?",
    "f(x)",
    "sin x",
)


@cache
def real() -> list[tuple[str, str]]:
    """Good pairs of texts: the half to tune on, and our samples."""
    news = [(t.source, t.target) for pair in ALL_PAIRS for t in ntrex(pair, Half.TUNE)[:200]]
    items = [*samples(), *exams(Half.TUNE)]
    return news + [(text, c.targets[name]) for c in items for name, text in c.sources.items()]


def any_sign(rng: random.Random) -> str:
    """A code point of any plane, surrogates excepted."""
    top = rng.choice((0x80, 0x3000, 0xFFFF, 0x10FFFF))
    point = rng.randrange(top + 1)
    return chr(point) if not 0xD800 <= point <= 0xDFFF else "\ufffd"


def scrap(rng: random.Random) -> str:
    """A short piece of anything."""
    match rng.randrange(4):
        case 0:
            return "".join(any_sign(rng) for _ in range(rng.randrange(1, 12)))
        case 1:
            return rng.choice(_PIECES)
        case 2:
            pair = rng.choice(real())
            text = rng.choice(pair)
            start = rng.randrange(max(1, len(text)))
            return text[start : start + rng.randrange(1, 20)]
    letters = rng.choice(_ALPHABETS)
    return "".join(rng.choices(letters, k=rng.randrange(1, 12)))


def soup(rng: random.Random) -> str:
    """Scraps one after the other; seldom nothing at all."""
    return "".join(scrap(rng) for _ in range(rng.choice((0, 1, 1, 2, 3, 5, 8, 20))))


def damaged(text: str, rng: random.Random) -> str:
    """A text after some random edits."""
    for _ in range(rng.randrange(1, 7)):
        a = rng.randrange(len(text) + 1)
        b = min(len(text), a + rng.choice((0, 1, 1, 2, 5, 20)))
        piece = text[a:b]
        new = rng.choice(("", scrap(rng), piece * 2, piece[::-1], piece.swapcase(), piece * 30))
        text = text[:a] + new + text[b:]
    return text


def pair_of_texts(rng: random.Random) -> tuple[str, str]:
    """A source and a target."""
    source, target = rng.choice(real())
    match rng.randrange(6):
        case 0:
            return soup(rng), soup(rng)
        case 1:
            return source, damaged(target, rng)
        case 2:
            return damaged(source, rng), target
        case 3:
            text = damaged(source, rng)
            return text, damaged(text, rng)
        case 4:
            text = soup(rng)
            return text, text
    return damaged(source, rng), damaged(target, rng)


def untranslatable(rng: random.Random) -> str:
    """Numbers, formulas, addresses: the same in every language."""
    return " ".join(rng.choices(_UNTRANSLATABLE, k=rng.choice((1, 1, 1, 2, 3))))


def repeated(rng: random.Random) -> str:
    """A long text of one repeated pattern, sometimes between two others."""
    unit = rng.choice((scrap(rng), rng.choice(rng.choice(_ALPHABETS)), rng.choice(_PIECES), " "))
    body = unit * (LONG // len(unit))
    return (scrap(rng) + body + scrap(rng))[:LONG] if rng.random() < 0.5 else body
