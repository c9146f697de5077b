"""Length: a translation is about as long as people make it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, Severity

_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3041-\u30ff]++")
_HANGUL = re.compile(r"[\uac00-\ud7a3]++")
_LETTERS = re.compile(r"[^\W_]++")
_HANGUL_WEIGHT = 0.73
_OTHER_WEIGHT = 0.35
"""A Hangul syllable and a letter or digit say as much as so many Han characters.

Medians over human translations, printed by ``python -m bench.checks.lengths``.
"""
_BASE, _SHORT = 0.27, 1.9
"""Bound of the logarithm of the ratio for long texts, and how it widens for short ones.

Chosen so that about 99 % of human translations lie inside, from one word to 400 characters
(same command).
"""
_FAR = math.log(2)


def length(item: ItemPair) -> Iterator[Finding]:
    """A translation is neither much shorter nor much longer than human translations are.

    Lengths are compared in Han equivalents: a Han character counts 1, a Hangul syllable 0.73, any
    other letter or digit 0.35; formulas, code and URLs count nothing. So one rule serves all
    directions. Short texts may vary more than long ones: an option of one word may be explained by
    four, a paragraph may not double.

    Soft outside the range of about 99 % of human translations, hard beyond half or double of its
    ends. Empty translations are the matter of `structure`.

    Known limits:

    - half of a text of fewer than about 20 Han equivalents can be lost without a finding;
      `truncated` sees some of these;
    - names kept in Latin letters make a Chinese or Korean text look longer than it is.
    """
    for segment in item.segments:
        if segment.unchanged or not segment.target.strip():
            continue
        before = han_equivalents(segment.source_prose)
        after = han_equivalents(segment.target_prose)
        if not before or not after:
            continue
        ratio = math.log(after / before)
        bound = _BASE + _SHORT / math.sqrt(min(before, after) if ratio > 0 else before)
        if abs(ratio) <= bound:
            continue
        hard = abs(ratio) > bound + _FAR
        much = "longer" if ratio > 0 else "shorter"
        yield segment.finding(
            "length",
            Severity.MAJOR if hard else Severity.MINOR,
            f"The translation is much {much} than is usual: {_times(ratio)} as long as the source.",
            hard=hard,
            target=(0, len(segment.target)),
            expected=f"{_times(-bound)} to {_times(bound)}",
            found=_times(ratio),
        )


def han_equivalents(text: str) -> float:
    """How many Han characters would say as much as ``text``."""
    letters = sum(map(len, _LETTERS.findall(text)))
    if text.isascii():
        return _OTHER_WEIGHT * letters
    han, hangul = sum(map(len, _HAN.findall(text))), sum(map(len, _HANGUL.findall(text)))
    other = letters - han - hangul
    return han + _HANGUL_WEIGHT * hangul + _OTHER_WEIGHT * max(0, other)


def _times(logarithm: float) -> str:
    return f"{math.exp(logarithm):.2g} times"
