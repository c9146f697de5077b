"""Script: the target is written in the target language's characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import opencc

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.own_script import words_of_another
from eval.checks.phrases import word_list
from eval.checks.word_lists import alternation
from glossary.language import Language

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HANGUL = r"\u1100-\u11ff\u3131-\u318e\uac00-\ud7af\uffa0-\uffdc"
_KANA = r"\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"
_OTHER = r"\u0400-\u0e3e\u0e40-\u10ff\u1200-\u139f\u1780-\u18af"
"""Cyrillic to Georgian without the sign of the baht, Ethiopic, Khmer, Mongolian."""
_OPENING, _CLOSING = "(（[［「『《〈“‘\"'", ")）]］」』》〉”’\"'"
_HANJA = re.compile(rf"[{_HANGUL}]\s?[(（\[]\Z")
"""Behind it Chinese characters explain a Korean word."""
_MANY = 5
"""Places from which the fault is one, that of the whole text."""
_TAIWAN_TOO = "腭疱"
_OLD_FORMS = str.maketrans("裏着爲羣綫峯牀衆麪", "裡著為群線峰床眾麵")
_OLD = re.compile("[裏着爲羣綫峯牀衆麪]")


def script(item: ItemPair) -> Iterator[Finding]:
    """The translation is written in the characters of its language.

    Hard, where the source does not have them:

    - Han in Korean or English, Hangul in Chinese or English, kana in any of them, letters from
      Cyrillic to Thai (not Greek: it writes formulas);
    - Simplified characters in zh-TW, Traditional ones in zh-CN. Two standards decide together:
      OpenCC's tables convert the character, and the other side's character set (Big5, GB 2312)
      does not have it. `eval/checks/lists/script.yaml` has what this cannot see: characters that
      are in the set and in no everyday text (机), and words of shared characters that only the
      other script writes (以后 for 以後, 皇后 is right);
    - a Chinese or Korean text without one character of its script whose Latin words the source does
      not have: it is in another language, or in none.

    Soft: letters of another script that are all that stands in brackets or quotation marks, as
    an original or a title does; in zh-TW older forms (裏, 着, 爲, 羣). Chinese characters in
    brackets behind a Korean word are right: 미국(美國).

    From six places on, the text is one finding.

    Known limits:

    - shared characters outside the listed words are not judged (只 for 隻, 面 for 麵, 台);
    - a passage in classical Chinese that keeps its old characters is found in zh-CN.
    """
    if item.pair.source == item.pair.target:
        return
    for segment in item.segments:
        if item.pair.target in (Language.ZH_TW, Language.ZH_CN):
            yield from _other_variant(item, segment)
        yield from _foreign(item.pair.target, segment)
        if (span := words_of_another(item, segment)) is not None:
            message = f"No word is written in {item.pair.target.english_name}."
            yield segment.finding("script", Severity.CRITICAL, message, hard=True, target=span)
        if item.pair.target is Language.ZH_TW:
            yield from _old_forms(segment)


def _other_variant(item: ItemPair, segment: SegmentPair) -> Iterator[Finding]:
    text = segment.target_prose
    target = item.pair.target
    variant = _VARIANT[target]
    found = list(only_in(variant).finditer(text))
    words = _word_list(target)
    found += [match for match in words.pattern.finditer(text) if match.group() in words.wrong]
    if not found:
        return
    spans = (
        [match.span() for match in found]
        if item.pair.same_script_family
        else _not_in_source(found, segment)
    )
    message = f"{variant.capitalize()} characters in {target.english_name} text."
    for span in _merged(sorted(spans)):
        yield segment.finding("script", Severity.MAJOR, message, hard=True, target=span)


def _not_in_source(found: Sequence[re.Match[str]], segment: SegmentPair) -> list[tuple[int, int]]:
    if not found:
        return []
    there = pieces(segment.source)
    return [match.span() for match in found if not pieces(match.group()) <= there]


def pieces(text: str) -> set[str]:
    """The characters and the pairs of neighbours of a text.

    A text most probably holds a word if it has all pieces of the word. In a long text this is found
    faster than by looking for each of many words.
    """
    return {*text, *map("".join, pairwise(text))}


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Many places as one; of two that overlap the first."""
    if len(spans) > _MANY:
        return [(spans[0][0], spans[-1][1])]
    apart: list[tuple[int, int]] = []
    for span in spans:
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def _foreign(target: Language, segment: SegmentPair) -> Iterator[Finding]:
    text = segment.target_prose
    any_script, scripts = _FOREIGN[target]
    if text.isascii() or any_script.search(text) is None:
        return
    for name, pattern in scripts:
        spans = _not_in_source(list(pattern.finditer(text)), segment)
        if pattern is _HAN_RUNS:
            spans = [
                span for span in spans if not _HANJA.search(text, max(0, span[0] - 3), span[0])
            ]
        message = f"{name} in {target.english_name} text."
        for span in _merged([span for span in spans if not _is_all(text, span)]):
            yield segment.finding("script", Severity.MAJOR, message, hard=True, target=span)
        for span in _merged([span for span in spans if _is_all(text, span)]):
            yield segment.finding("script", Severity.MINOR, message, hard=False, target=span)


def _is_all(text: str, span: tuple[int, int]) -> bool:
    """Is it all that stands in brackets or quotation marks?"""
    start, end = span
    return start > 0 and end < len(text) and text[start - 1] in _OPENING and text[end] in _CLOSING


def _old_forms(segment: SegmentPair) -> Iterator[Finding]:
    for match in _OLD.finditer(segment.target_prose):
        usual = match.group().translate(_OLD_FORMS)
        message = f"Taiwan writes {usual}."
        yield segment.finding(
            "script", Severity.MINOR, message, hard=False, target=match.span(), expected=usual
        )


def _runs_of(letters: str) -> re.Pattern[str]:
    """Words of a script: also several, with spaces or middle dots between."""
    return re.compile(f"[{letters}]++(?:[ ・·][{letters}]++)*+")


_VARIANT = {Language.ZH_TW: "simplified", Language.ZH_CN: "traditional"}
_HAN_RUNS = _runs_of(_HAN)
_IN_CHINESE = (
    ("Hangul", _runs_of(_HANGUL)),
    ("Kana", _runs_of(_KANA)),
    ("Letters of another script", _runs_of(_OTHER)),
)
_IN_KOREAN = (("Chinese characters", _HAN_RUNS), *_IN_CHINESE[1:])
_CHINESE = re.compile(f"[{_HANGUL}{_KANA}{_OTHER}]"), _IN_CHINESE
_FOREIGN = {
    Language.ZH_TW: _CHINESE,
    Language.ZH_CN: _CHINESE,
    Language.KO: (re.compile(f"[{_HAN}{_KANA}{_OTHER}]"), _IN_KOREAN),
    Language.EN: (re.compile(f"[{_HAN}{_KANA}{_OTHER}{_HANGUL}]"), (*_IN_KOREAN, _IN_CHINESE[0])),
}
"""A quick look at all foreign scripts of a language, and each of them."""


@cache
def only_in(variant: str) -> re.Pattern[str]:
    """Runs of characters that only ``simplified`` or only ``traditional`` Chinese writes."""
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = variant == "simplified"
    config, charset = ("s2t", "cp950") if simplified else ("t2s", "gb2312")
    converted = opencc.OpenCC(config).convert("\n".join(han)).split("\n")
    chars = [
        char
        for char, other in zip(han, converted, strict=True)
        if char != other and not _encodable(char, charset) and char not in _TAIWAN_TOO
    ]
    chars.append(_word_list(Language.ZH_TW if simplified else Language.ZH_CN).characters)
    return re.compile(f"[{''.join(chars)}]+")


def _encodable(char: str, charset: str) -> bool:
    return bool(char.encode(charset, "ignore"))


@dataclass(frozen=True, slots=True)
class _Words:
    """What the character sets do not show for one language."""

    characters: str
    wrong: frozenset[str]
    pattern: re.Pattern[str]
    """Wrong words and the right ones that hold the same characters."""


@cache
def _word_list(language: Language) -> _Words:
    listed = word_list("script")[language.value]
    wrong = frozenset(listed["words"].split())
    pattern = re.compile(alternation(wrong | frozenset(listed["right"].split())))
    return _Words("".join(listed["characters"].split()), wrong, pattern)
