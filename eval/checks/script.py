"""Script: the target is written in the target language's characters.

Which characters belong to one Chinese script only is read off two standards at once: OpenCC's
conversion tables say that a character changes, and the other side's character set (Big5 or GB 2312)
does not have it. So 后, 里, 面 and 只, which both scripts write, are never reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import opencc

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from glossary.language import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7af]+")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff]+")
_LATIN_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}+(?:[\s,'-]++[A-Za-z]++){2,}+")
_QUOTING = frozenset("(（[［「『《〈“‘\"'")
_MOST = 0.4
"""Share of a text that good human translations rarely keep in English."""


def script(item: ItemPair) -> Iterator[Finding]:
    """No run of characters that the target language does not write, unless the source has it."""
    if item.pair.source == item.pair.target:
        return
    for segment in item.segments:
        yield from _foreign(item.pair.target, segment)
        yield from _untranslated(item, segment)


def _foreign(target: Language, segment: SegmentPair) -> Iterator[Finding]:
    for name, pattern in _foreign_to(target):
        for match in pattern.finditer(segment.target_prose):
            if name not in _VARIANTS and match.group() in segment.source:
                continue
            message = f"{name} in {target.english_name} text."
            yield _finding(segment, match.span(), message, Severity.MAJOR)


def _untranslated(item: ItemPair, segment: SegmentPair) -> Iterator[Finding]:
    """Source text that was copied into a text of another script.

    One finding where it makes up most of the text. Otherwise Han and Hangul count where they stand,
    unless they are quoted or in brackets behind their translation; English does not, because
    names are often kept.
    """
    source = item.pair.source
    if item.pair.same_script_family:
        return
    message, text = "Left in the source language.", segment.target_prose
    found = _SOURCE_SCRIPT[source].finditer(text)
    runs = [match for match in found if match.group() in segment.source]
    copied = sum(len(match.group()) for match in runs)
    if copied > _MOST * len(text.strip()):
        span = (runs[0].start(), runs[-1].end())
        yield _finding(segment, span, message, Severity.CRITICAL)
    elif source is not Language.EN:
        for match in runs:
            if text[max(0, match.start() - 1) : match.start()] not in _QUOTING:
                yield _finding(segment, match.span(), message, Severity.CRITICAL)


def _finding(
    segment: SegmentPair, span: tuple[int, int], message: str, severity: Severity
) -> Finding:
    return segment.finding("script", severity, message, hard=True, target=span)


_VARIANTS = ("Simplified characters", "Traditional characters")
_SOURCE_SCRIPT = {
    Language.EN: _LATIN_WORDS,
    Language.ZH_TW: _HAN,
    Language.ZH_CN: _HAN,
    Language.KO: _HANGUL,
}


@cache
def _foreign_to(target: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if target is Language.ZH_TW:
        return (
            ("Simplified characters", only_in("simplified")),
            ("Hangul", _HANGUL),
            ("Kana", _KANA),
        )
    if target is Language.ZH_CN:
        return (
            ("Traditional characters", only_in("traditional")),
            ("Hangul", _HANGUL),
            ("Kana", _KANA),
        )
    if target is Language.KO:
        return (("Chinese characters", _HAN), ("Kana", _KANA))
    return (("Chinese characters", _HAN), ("Hangul", _HANGUL), ("Kana", _KANA))


@cache
def only_in(variant: str) -> re.Pattern[str]:
    """Runs of characters that only ``simplified`` or only ``traditional`` Chinese writes."""
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    config, charset = ("s2t", "cp950") if variant == "simplified" else ("t2s", "gb2312")
    converted = opencc.OpenCC(config).convert("\n".join(han)).split("\n")
    chars = [
        char
        for char, other in zip(han, converted, strict=True)
        if char != other and not _encodable(char, charset)
    ]
    return re.compile(f"[{''.join(chars)}]+")


def _encodable(char: str, charset: str) -> bool:
    return bool(char.encode(charset, "ignore"))
