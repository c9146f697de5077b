"""How a word ends when Korean reads it aloud: Hangul, numbers, Latin words, symbols."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class Ending(Enum):
    """What particles look at; ㄹ is a consonant for all of them but 으로."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"


_V, _R, _C = Ending.VOWEL, Ending.RIEUL, Ending.CONSONANT
_DIGITS = dict(zip("0123456789", (_C, _R, _V, _C, _V, _V, _C, _R, _R, _V), strict=True))
# 원, 투, 쓰리 ...: a single digit behind a Latin letter is read in English (MP3, GPT-4).
_ENGLISH_DIGITS = dict(zip("0123456789", (_V, _C, _V, _V, _V, _V, _V, _C, _C, _C), strict=True))
_LETTERS = dict.fromkeys("ABCDEFGHIJKOPQSTUVWXYZ", _V) | {"L": _R, "M": _C, "N": _C, "R": _R}
_SYMBOLS = {
    "%": _V, "％": _V, "‰": _V, "°": _V, "℃": _V, "℉": _V, "$": _V, "€": _V, "£": _V, "₩": _C,
    "+": _V, "-": _V, "#": _C, "@": _C, "&": _V, "π": _V, "ε": _C, "ο": _C, "υ": _C,
    "²": _C, "³": _C, "㎏": _C, "㎞": _V, "㎝": _V, "㎜": _V, "㎡": _V, "Ω": _C,
}  # fmt: skip
_UNITS = {
    "kg": _C, "g": _C, "mg": _C, "km": _V, "m": _V, "cm": _V, "mm": _V, "nm": _V, "l": _V,
    "ml": _V, "gb": _V, "mb": _V, "kb": _V, "tb": _V, "hz": _V, "ghz": _V, "mhz": _V, "s": _V,
    "ms": _V, "h": _V, "w": _V, "kw": _V, "v": _V, "mol": _R, "pa": _R, "j": _R, "n": _C, "k": _C,
}  # fmt: skip
# Capitals that are read as a word, where that ends otherwise than their last letter.
_WORD_ACRONYMS = {"COMET": _C, "REST": _V, "CAT": _C, "SOTA": _V, "CRUD": _V, "OPEC": _C}
_IRREGULAR = {
    "bit": _V, "kit": _V, "hub": _V, "github": _V, "type": _C, "check": _V, "tape": _V,
    "sheet": _V, "route": _V, "one": _C, "ai": _V, "id": _V, "shape": _V, "ipad": _V, "deep": _C,
    "docker": _V, "cut": _C, "but": _C, "gpt": _V, "bert": _V, "llama": _V, "loop": _V,
    "japan": _C, "group": _C, "sleep": _C, "chatgpt": _V, "iphone": _C, "phone": _C,
}  # fmt: skip
# Endings of Latin words, the first that fits decides; after them a word ends in a vowel,
# because Korean puts one behind most final consonants (태스크, 레이스).
_SPELLINGS = [
    (re.compile(spelling), ending)
    for spelling, ending in (
        (r"[^aeiou]le$|[aeiou]le$|ll?$|les?l$", _R),
        (r"(?:[^aeiou]|[aeiou])[mn]e$|mb$|gn$|[mn]{1,2}$|ng$|ngue$", _C),
        (r"(?:^|[^aeiou])[aeiou]p{1,2}$|(?:ee|ea|ou)p$", _C),
        (r"(?:^|[^aeiou])[aeiou]t{1,2}$|(?:oo)t$|out$|put$", _C),
        (r"ck$|(?:^|[^aeiou])[aeiou]k$|ook$|[aeiou]c$", _C),
        (r"(?:^|[^aeiou])[aeiou]b{1,2}$", _C),
    )
]
_GREEK = re.compile(r"[Ͱ-Ͽ]")
_BRACKETED = re.compile(r"(?<=[^\s(（\[])\s?(?:\([^()]*\)|（[^（）]*）|\[[^\[\]]*\])$")
_CLOSING = "\"'”’」』》〉)]}）］*_`.,!?;:…~·’ "
_NUMBER = re.compile(r"(?:\d[\d,]*)(?:\.\d+)?$")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+$")


@lru_cache(maxsize=16_384)
def ending_of(word: str) -> Ending | None:
    """How the word ends when it is read aloud; None where nobody can say.

    A bracket behind it is not read: 모델(model) ends like 모델. Latin words are guessed from
    their spelling, capitals are read letter by letter.
    """
    text = word.strip()
    if len(text) > 100:
        text = text[-100:]
    text = (_BRACKETED.sub("", text) or text).rstrip(_CLOSING)
    if not text:
        return None
    last = text[-1]
    if "가" <= last <= "힣":
        return _hangul(last)
    if last.isascii() and last.isdigit():
        return _number(text)
    if latin := _LATIN.search(text):
        return _latin(latin[0], text[: latin.start()])
    if last in _SYMBOLS:
        return _SYMBOLS[last]
    return _V if _GREEK.match(last) else None


def _hangul(syllable: str) -> Ending:
    final = (ord(syllable) - 0xAC00) % 28
    return _V if final == 0 else _R if final == 8 else _C


def _number(text: str) -> Ending:
    found = _NUMBER.search(text)
    assert found is not None
    digits, before = found[0], text[: found.start()].rstrip("-‑ ")
    if len(digits) == 1 and before and before[-1].isascii() and before[-1].isalpha():
        return _ENGLISH_DIGITS[digits]
    zeros = len(digits) - len(digits.rstrip("0,")) if "." not in digits else 0
    zeros -= digits[len(digits.rstrip("0,")) :].count(",") if zeros else 0
    if digits.strip("0,.") == "" or zeros == 0:
        return _DIGITS[digits[-1]]
    return _V if 12 <= zeros < 16 else _C  # 십, 백, 천, 만, 억, 조, 경


def _latin(word: str, before: str) -> Ending:
    lower = word.lower()
    if before.rstrip()[-1:].isdigit() and lower in _UNITS:
        return _UNITS[lower]
    if word.upper() == word or len(word) == 1:
        return _WORD_ACRONYMS.get(word) or _LETTERS.get(word[-1].upper(), _V)
    if word[-1].isupper() and word[-2].isupper():  # tail of a name such as PyTorchAPI
        return _LETTERS.get(word[-1], _V)
    if word[-2].isupper() and word[-1] == "s" and word[:-1].isupper():
        return _V  # LLMs: 엘엘엠스
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    return next((ending for spelling, ending in _SPELLINGS if spelling.search(lower)), _V)
