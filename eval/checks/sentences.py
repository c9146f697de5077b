"""Sentences of a text beside the sentences of its translation."""

from __future__ import annotations

import re

_CLOSING = "\"'”’」』)）"
_END = re.compile(
    # A full stop ends a sentence before a space, but not behind an initial or a short title, nor
    # before a small letter ("6 a.m. today").
    r"(?:(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!Mrs)(?<!Nov)(?<!Prof)"
    rf"\.(?=[\s{_CLOSING}]|\Z)(?!\s[a-z])|[?!。！？])"
    # Korean goes on right behind a quotation ("...다."라고).
    rf"[?!。！？{_CLOSING}]*+(?![가-힣])"
)


def aligned(source: str, target: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Places of sentences in both texts: one by one if both have as many, else the whole texts."""
    before, after = _sentences(source), _sentences(target)
    if len(before) != len(after):
        return [((0, len(source)), (0, len(target)))]
    return list(zip(before, after, strict=True))


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _END.finditer(text)]
    if not ends or text[ends[-1] :].strip():
        ends.append(len(text))
    return list(zip([0, *ends], ends, strict=False))
