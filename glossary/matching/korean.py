"""Korean words: the stems of verbs, and whether a term stands in a word as itself.

Particles and endings are written together with the word, and compounds often are. There is no
dictionary here, so a term inside a longer word is judged by what surrounds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from glossary.matching.korean_reading import Ending, ending_of
from glossary.matching.particles import is_tail

_LONGEST = 24
_BEFORE = re.compile(r"[가-힣]*")
# What makes a verb or an adjective of a noun: 학습하다, 학습시킨, 학습된.
_LIGHT_VERB = re.compile(
    "(?:하|한|할|함|합|해|했|하였|되|된|될|됨|됩|돼|됐|되었|시키|시킨|시킬|시킴|시킵|시켜|시켰"
    "|당하|당한|당할|당함|당해|당했|받|스럽|스러|롭|로운)[가-힣]*"
)
# Makes another word of a noun, in most cases with another translation: 경제적, 일반화.
_DERIVATION = re.compile("[적화성학론법률력자가사인원관제]")
# Stand behind a term and leave it what it is: 모델별, 평균값, 학습용.
_SUFFIX = frozenset("들별용값중시후전간내외측당형수식상급")
# Stand before a word and leave it what it is: 각모델, 본논문.
_DETERMINER = frozenset("각본총새현")
# Make another concept of what follows: 비지도학습, 초매개변수, 자기지도학습.
_PREFIX = re.compile(
    "(?:비|무|불|부|미|반|탈|역|준|초|재|과|자|가|자기|하이퍼|메타|슈퍼|서브|안티|의사|유사)"
)
# After a noun of one syllable only the particles that nothing else looks like: 수를, not 수도.
_SHORT_TAIL_TEXT = "은 는 을 를 이 가 의 에 에서 에는 에도 와 과 으로"
_SHORT_TAIL = frozenset(_SHORT_TAIL_TEXT.split())
# Words of their own that look like a noun of one syllable with such a particle.
_LOOK_ALIKE_TEXT = (
    "주의 정의 회의 의의 이의 논의 합의 동의 강의 문의 결의 상의 토의 고의 유의 "
    "창의 편의 성의 호의 질의 심의 항의 거의 모의 예의 열의 물의 사의 길이 깊이 "
    "넓이 높이 놀이 먹이 종이 차이 사이 나이 아이 시가 주가 가가 국가 대가 물가 "
    "평가 작가 증가 추가 참가 휴가 결과 효과 성과 사과 초과 통과 투과 학과 내과 "
    "외과 기와 가는 기는 나는 하는 되는 사는 자는 주는 오는 지는 보는 시는 서는 "
    "가를 나를 가을 마을 노을"
)
_LOOK_ALIKE = frozenset(_LOOK_ALIKE_TEXT.split())


@lru_cache(maxsize=16_384)
def noun_stands(word: str, before: str, after: str, lenient: bool = False) -> bool:
    """Is the term the same word here as alone, with this Hangul attached to it?

    Args:
        word: The term as it stands, or as much of it as ends in Hangul.
        before: Hangul directly before it.
        after: Hangul directly after it.
        lenient: Also admit derived words (경제적 for 경제): for translations, not for sources.
    """
    size = sum("가" <= char <= "힣" for char in word)
    if size == 0:
        return True
    if size == 1 and len(word) == 1:
        return not before and _short_stands(word, after)
    if before and not _prefixed(size, before, word, after):
        return False
    return _followed(size, after, lenient)


def _short_stands(word: str, after: str) -> bool:
    if not after:
        return True
    if after not in _SHORT_TAIL or word + after in _LOOK_ALIKE:
        return False
    if after in ("은", "을", "이", "과", "으로"):
        return ending_of(word) in (Ending.CONSONANT, Ending.RIEUL)
    if after in ("는", "를", "가", "와"):
        return ending_of(word) is Ending.VOWEL
    return True


def _prefixed(size: int, before: str, word: str, after: str) -> bool:
    if is_tail(word + after):  # 국민이자: not the interest but an ending
        return False
    if _PREFIX.fullmatch(before):
        return False
    return len(before) > 1 or size > 2 or before in _DETERMINER


def _followed(size: int, after: str, lenient: bool) -> bool:
    if not after or is_tail(after) or _LIGHT_VERB.fullmatch(after):
        return True
    # A second noun: the shortest beginning after which only particles are left.
    noun = next((after[:at] for at in range(1, len(after)) if is_tail(after[at:])), after)
    if len(noun) == 1:
        if noun in _SUFFIX:
            return True
        return (lenient or size > 2) and (lenient or not _DERIVATION.match(noun))
    if _DERIVATION.match(noun) and (is_tail(noun[1:]) or _LIGHT_VERB.fullmatch(noun[1:])):
        return lenient
    return True


_IRREGULAR_D = frozenset("듣걷싣묻긷붇") | {"깨닫", "일컫"}
_IRREGULAR_S = frozenset("짓잇낫붓긋젓")


def verb_stems(term: str) -> Iterator[str]:
    """What the forms of a verb or adjective begin with: ``학습하다`` → 학습하, 학습한, 학습했 ...

    Empty when the term does not end in 다.
    """
    if len(term) < 2 or not term.endswith("다") or not "가" <= term[-2] <= "힣":
        return
    stem = term[:-1]
    yield stem
    if stem.endswith("하"):
        yield from (stem[:-1] + form for form in ("한", "할", "함", "합", "해", "했"))
        return
    start, (lead, vowel, final) = stem[:-1], _parts(stem[-1])
    if final == 0:
        yield from (start + _join(lead, vowel, each) for each in (4, 8, 16, 17))  # ㄴ ㄹ ㅁ ㅂ
        yield from _contracted(start, lead, vowel)
    elif final == 8:  # ㄹ falls before ㄴ ㅂ ㅅ: 만드는, 만든, 만듭니다
        yield from (start + _join(lead, vowel, each) for each in (0, 4, 10, 17))
    elif final == 17:  # ㅂ becomes 우: 도와, 어려운
        open_syllable = start + _join(lead, vowel, 0)
        yield from (open_syllable + each for each in "우운울움웠워와왔")
    elif stem[-1] in _IRREGULAR_S:
        yield from (start + _join(lead, vowel, 0) + each for each in "어었은을음으아았")
    if stem[-1] in _IRREGULAR_D or stem[-2:] in _IRREGULAR_D:
        yield start + _join(lead, vowel, 8)


_CONTRACTION = {8: 9, 13: 14, 20: 6, 11: 10}  # ㅗ ㅘ, ㅜ ㅝ, ㅣ ㅕ, ㅚ ㅙ


def _contracted(start: str, lead: int, vowel: int) -> Iterator[str]:
    """Vowel stems with 어 and 었: 보 → 봐, 봤; 흐르 → 흘러, 흘렀."""
    if vowel == 18:  # ㅡ falls
        bright = bool(start) and _parts(start[-1])[1] in (0, 8)
        new = 0 if bright else 4
        if lead == 5 and start and _parts(start[-1])[2] == 0:
            lead_before, vowel_before, _ = _parts(start[-1])
            start = start[:-1] + _join(lead_before, vowel_before, 8)
        yield from (start + _join(lead, new, each) for each in (0, 20))
        return
    new = _CONTRACTION.get(vowel, vowel)
    if new != vowel:
        yield start + _join(lead, new, 0)
    yield start + _join(lead, new, 20)


def _parts(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def _join(lead: int, vowel: int, final: int) -> str:
    return chr(0xAC00 + lead * 588 + vowel * 28 + final)


# What may follow a stem; the stem itself holds the first sound of most endings.
_VERB_ENDING = re.compile(
    "(?:[고지게네며면니는다던도거기길나든러려므시신실십세셔셨아어여았었였겠요자죠서야라]"
    "|[주준줄줘줬줍봐본볼봅봤진질졌놓둔]"  # 도와준다, 만들어본
    "|으[며면로니므려러시신실]|은|을|음|습|습니|구나|든지|는지)[가-힣]*|"
)


def verb_stands(before: str, after: str) -> bool:
    """Is a stem a verb here, with this Hangul before and after it?"""
    return not before and _VERB_ENDING.fullmatch(after) is not None


def attached_before(text: str, index: int) -> str:
    """The Hangul directly before an index, at most a few dozen syllables."""
    at = index
    while at > 0 and index - at < _LONGEST and "가" <= text[at - 1] <= "힣":
        at -= 1
    return text[at:index]


def spacings(term: str) -> Iterator[str]:
    """Other spacings of a compound: 기계학습 and 기계 학습 are one word."""
    if " " in term:
        words = term.split(" ")
        yield "".join(words)
        if len(words) > 2:
            for at in range(1, len(words)):
                yield "".join(words[:at]) + " " + "".join(words[at:])
        return
    if len(term) >= 4 and all("가" <= char <= "힣" for char in term):
        yield from (term[:at] + " " + term[at:] for at in range(2, len(term) - 1))
