"""Punctuation as the target language writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.benchmarks.protect import CJK
from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from glossary.language import Language

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_FULL = "，。、；：！？"
_QUOTES = "「」『』“”《》（）"
# Each pattern begins with a set of characters, which is what makes it fast; what stands before
# them is looked at behind them.
_DOUBLED = (
    rf"[，、；：。,;][{_FULL},;]"
    r"(?:(?<=[，、；：][，。、；：])|(?<=。[，、；：？！])|(?<=,,)|(?<=;;)|(?<=。。)(?<!。。。)(?!。))"
)
_IN_CHINESE = {
    "Doubled punctuation": _DOUBLED,
    "A space before punctuation": rf"[ \t\u3000](?<=[{_HAN}].)[{_FULL}]",
    "Half-width punctuation in Chinese text": (
        rf"[,;:!?](?<=[{_HAN}」』”》）].)(?![,;:!?\-)(DP])(?=[\s{_HAN}{_QUOTES}0-9A-Za-z]|\Z)"
        rf"(?<!:(?=[{_HAN}]))"
        rf"|[.](?<=[{_HAN}」』”》）].)(?=[\s{_HAN}{_QUOTES}]|\Z)(?!\s*\.)"
    ),
}
_BETWEEN_WORDS = rf"[ \t](?<=[^\s,.;:!?{_FULL}].)[,;:!?.](?=\s|\Z)"
_KINDS = {
    language: {title: re.compile(pattern) for title, pattern in kinds.items()}
    for language, kinds in {
        Language.ZH_TW: {
            **_IN_CHINESE,
            "Quotation marks of the mainland": rf"[“”](?:(?=[{_HAN}])(?<=“)|(?<=[{_HAN}]”))",
        },
        Language.ZH_CN: {
            **_IN_CHINESE,
            "Quotation marks of Taiwan": rf"[「」](?:(?=[{_HAN}])(?<=「)|(?<=[{_HAN}]」))",
        },
        Language.KO: {
            "Doubled punctuation": _DOUBLED,
            "A space before punctuation": _BETWEEN_WORDS,
            "Full-width punctuation in Korean text": rf"[{_FULL}（）](?<![{_HAN}].)(?![{_HAN}])",
        },
        Language.EN: {
            "Doubled punctuation": _DOUBLED,
            "A space before punctuation": _BETWEEN_WORDS,
            "Full-width punctuation in English text": (
                rf"[{_FULL}「」『』《》【】\uff08-\uff5e](?<![{CJK}].)(?![{CJK}])"
            ),
        },
    }.items()
}


def punctuation(item: ItemPair) -> Iterator[Finding]:
    """Punctuation has the width and the form that the target language gives it.

    Always soft, minor. Found are, in Chinese, half-width `, ; : ! ? .` behind Chinese characters
    and the other side's quotation marks around them (`“”` in zh-TW, `「」` in zh-CN); in Korean and
    English, full-width marks; in all, a mark twice (`。。`) and a space before a mark. There is one
    finding per kind and text, at the first one, and it says how many there are.

    Numbers, times, code, formulas and URLs have their own marks and are not looked at, nor is
    Chinese that a Korean or English text talks about. What the source has as often is not reported.

    Known limits:

    - a half-width colon between two Chinese characters may be a ratio and is not reported;
    - brackets of either width pass in Chinese, because both are in use, and so do straight
      quotation marks;
    - spaces beside Latin letters or formulas are a matter of house style and are not reported.
    """
    for segment in item.segments:
        if not segment.unchanged:
            yield from _wrong(item, segment)


def _wrong(item: ItemPair, segment: SegmentPair) -> Iterator[Finding]:
    found = _found(item.pair.target, segment.target, segment.target_prose)
    if not found:
        return
    before = _found(item.pair.source, segment.source, segment.source_prose)
    for kind, spans in found.items():
        if len(spans) > len(before.get(kind, ())):
            more = f", {len(spans)} times" if len(spans) > 1 else ""
            yield segment.finding(
                "punctuation", Severity.MINOR, f"{kind}{more}.", hard=False, target=spans[0]
            )


def _found(language: Language, text: str, prose: str) -> dict[str, list[tuple[int, int]]]:
    """Wrong marks by kind; a mark beside a formula counts, one inside of it does not."""
    return {
        kind: spans
        for kind, pattern in _KINDS[language].items()
        if (
            spans := [
                match.span()
                for match in pattern.finditer(text)
                if prose[match.end() - 1] == text[match.end() - 1]
            ]
        )
    }
