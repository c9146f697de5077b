"""Script: the target is written in the target language's characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import opencc
import yaml

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.word_lists import alternation
from glossary.language import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7af\uffa0-\uffdc]+")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f]+")
_OTHER = re.compile(r"[\u0400-\u0e3e\u0e40-\u10ff\u1200-\u139f\u1780-\u18af]+")
"""Cyrillic to Georgian without the sign of the baht, Ethiopic, Khmer, Mongolian."""
_OPENING, _CLOSING = "(（[［「『《〈“‘", ")）]］」』》〉”’"
_NEAR = 80
"""Characters before a place in which a bracket around it opens."""
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
      other script writes (以后 for 以後, 皇后 is right).

    Soft: kana, Hangul or others in brackets or quotation marks, as titles are; in zh-TW older
    forms (裏, 着, 爲, 羣). Hanja in brackets in Korean text is right.

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
        if item.pair.target is Language.ZH_TW:
            yield from _old_forms(segment)


def _other_variant(item: ItemPair, segment: SegmentPair) -> Iterator[Finding]:
    text = segment.target_prose
    target = item.pair.target
    variant = _VARIANT[target]
    found = [match.span() for match in only_in(variant).finditer(text)]
    words = _word_list(target)
    found += [m.span() for m in words.pattern.finditer(text) if m.group() in words.wrong]
    if not item.pair.same_script_family:
        found = [span for span in found if text[slice(*span)] not in segment.source]
    if not found:
        return
    message = f"{variant.capitalize()} characters in {target.english_name} text."
    for span in _merged(sorted(found)):
        yield segment.finding("script", Severity.MAJOR, message, hard=True, target=span)


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
    if text.isascii():
        return
    for name, pattern in _FOREIGN[target]:
        spans = [m.span() for m in pattern.finditer(text) if m.group() not in segment.source]
        if not spans:
            continue
        hard = [span for span in spans if not _enclosed(text, span[0])]
        message = f"{name} in {target.english_name} text."
        for span in _merged(hard):
            yield segment.finding("script", Severity.MAJOR, message, hard=True, target=span)
        if pattern is not _HAN:
            for span in _merged([span for span in spans if span not in hard]):
                yield segment.finding("script", Severity.MINOR, message, hard=False, target=span)


def _old_forms(segment: SegmentPair) -> Iterator[Finding]:
    for match in _OLD.finditer(segment.target_prose):
        usual = match.group().translate(_OLD_FORMS)
        message = f"Taiwan writes {usual}."
        yield segment.finding(
            "script", Severity.MINOR, message, hard=False, target=match.span(), expected=usual
        )


def _enclosed(text: str, place: int) -> bool:
    """Does ``place`` lie in brackets or quotation marks?"""
    before = text[max(0, place - _NEAR) : place]
    return max(map(before.rfind, _OPENING)) > max(map(before.rfind, _CLOSING))


_VARIANT = {Language.ZH_TW: "simplified", Language.ZH_CN: "traditional"}
_IN_CHINESE = (("Hangul", _HANGUL), ("Kana", _KANA), ("Letters of another script", _OTHER))
_IN_OTHERS = (("Chinese characters", _HAN), *_IN_CHINESE[1:])
_FOREIGN = {
    Language.ZH_TW: _IN_CHINESE,
    Language.ZH_CN: _IN_CHINESE,
    Language.KO: _IN_OTHERS,
    Language.EN: (*_IN_OTHERS, _IN_CHINESE[0]),
}


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
    text = files("eval.checks").joinpath("lists", "script.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)[language.value]
    wrong = frozenset(listed["words"].split())
    pattern = re.compile(alternation(wrong | frozenset(listed["right"].split())))
    return _Words("".join(listed["characters"].split()), wrong, pattern)
