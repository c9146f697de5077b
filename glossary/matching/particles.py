"""Korean particles: the form that follows a word, and repair where a term is put in.

What decides is the sound at the end of the word as Korean reads it: 서버를, 모델을, ``GPU를``,
``LLM을``, ``3을``.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from glossary.matching.korean_reading import Ending, ending_of


class _Rule(Enum):
    """After which endings the first of two forms stands."""

    CONSONANT = (Ending.CONSONANT, Ending.RIEUL)
    NOT_RIEUL = (Ending.CONSONANT,)


# What the copula and its kin lose their 이 before: 모델이며, 서버며.
_AFTER_I = (
    "나 나마 니 니까 다 든 든가 든지 라 라고 라는 라도 라면 라서 란 랑 며 면 면서 "
    "므로 야 야말로 여 자 지 지만 고 거나 냐 냐고"
)
_PAIRS: list[tuple[str, str, _Rule]] = [
    ("은", "는", _Rule.CONSONANT),
    ("이", "가", _Rule.CONSONANT),
    ("을", "를", _Rule.CONSONANT),
    ("과", "와", _Rule.CONSONANT),
    ("아", "야", _Rule.CONSONANT),
    ("으로", "로", _Rule.NOT_RIEUL),
    ("이었", "였", _Rule.CONSONANT),
    ("이에요", "예요", _Rule.CONSONANT),
    ("이어서", "여서", _Rule.CONSONANT),
    ("이어야", "여야", _Rule.CONSONANT),
    ("이어도", "여도", _Rule.CONSONANT),
    *(("이" + rest, rest, _Rule.CONSONANT) for rest in _AFTER_I.split()),
]  # fmt: skip
_RULES = {form: (first, second, rule) for first, second, rule in _PAIRS for form in (first, second)}
_ALLOMORPH = re.compile("|".join(sorted(map(re.escape, _RULES), key=len, reverse=True)))

_CASE = (
    "은|는|이|가|을|를|과|와|의|도|만|로|으로|에|에서|에게|에게서|께|께서|한테|서|써|부터|까지|보다|처럼"
    "|같이|만큼|마다|조차|마저|밖에|대로|이나|나|이랑|랑|이든|이든지|이든가|든|든지|든가|이라도|라도|이란|란"
    "|이야|이야말로|야말로|뿐|하고|쯤|씩|끼리|따라|더러|아|야"
)
_COPULA = (
    "이?(?:다|고|며|면|면서|지만|지|자|라|라고|라고도|라는|라면|라서|므로|니|니까|거나|냐|냐고)|이?었[가-힣]*|였[가-힣]*"
    "|이어서|여서|이어야|여야|이어도|여도|이에요|예요|인|인가|인가요|인지|인데|인데도|일|일까|일까요|일지"
    "|일지라도|일수록|일때|임|임에도|입니다|입니다만|입니까|이신|이시[가-힣]*|이요|요"
)
_TAIL = re.compile(f"들?(?:{_CASE}){{0,4}}(?:(?:{_COPULA})(?:{_CASE}){{0,2}})?")
_HANGUL = re.compile(r"[가-힣]*")
_LONGEST = 24
# Not read aloud, so the particle behind it goes by the word before: 모델(model)은, “모델”은.
_UNREAD = re.compile(
    r"[\"'”’」』》〉*`]{0,2}(?:\([^()\n]{1,60}\)|（[^（）\n]{1,60}）)?[\"'”’」』》〉*`]{0,2}"
)


def allomorph(word: str, particle: str) -> str:
    """The form of a particle that follows the word: ``를`` for ``을`` after ``서버``.

    Any of its forms may be given, also with more behind it (``으로부터``). It comes back as it
    is when it has only one form, or when nobody can say how the word is read (``서버/??``).
    """
    unit = _ALLOMORPH.match(particle)
    ending = ending_of(word)
    if unit is None or ending is None:
        return particle
    first, second, rule = _RULES[unit[0]]
    return (first if ending in rule.value else second) + particle[unit.end() :]


@lru_cache(maxsize=16_384)
def is_tail(text: str) -> bool:
    """Is all of this particles (``에서는``) or a form of the copula (``입니다``)?"""
    return 0 < len(text) <= _LONGEST and _TAIL.fullmatch(text) is not None


def following(text: str, index: int) -> str:
    """The Hangul that follows without a space, at most as much as endings may be long."""
    found = _HANGUL.match(text, index, index + _LONGEST + 1)
    return found[0] if found else ""


def substituted(text: str, start: int, end: int, new: str) -> str:
    """The text with ``new`` in place of ``text[start:end]``; a particle right after it fits.

    Nothing else changes. What follows counts as a particle only when all of it up to the end of
    the word is one (in 세계은행 the 은 is none). Closing quotes and a bracket may stand between.
    """
    unread = _UNREAD.match(text, end)
    at = unread.end() if unread else end
    tail = following(text, at)
    repaired = tail
    if is_tail(tail) and _stands_after(text[start:end], tail):
        repaired = allomorph(new, tail)
    return text[:start] + new + text[end:at] + repaired + text[at + len(tail) :]


def _stands_after(old: str, tail: str) -> bool:
    """Copula forms without 이 (``서버다``) stand only after vowels; else they are other words."""
    unit = _ALLOMORPH.match(tail)
    if unit is None:
        return False
    first, second, _ = _RULES[unit[0]]
    shortened = first == "이" + second and unit[0] == second
    return not shortened or ending_of(old) not in (Ending.CONSONANT, Ending.RIEUL)
