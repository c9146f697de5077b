"""Characters that a translation cannot have on purpose: invisible, control, broken, escaped."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity

# Bytes 0x80 to 0xBF as Windows-1252 and Latin-1 show them.
_BYTE = (
    "\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019"
    "\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178\x80-\xbf"
)
_EMOJI = (
    r"[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff"
    r"\U0001f900-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of character: what one of them is called, and how bad it is."""

    name: str
    pattern: str
    severity: Severity
    hard: bool


_KINDS = {
    "mojibake": _Kind(
        "Text in a wrong encoding",
        # UTF-8 read as Windows-1252 ("Ã©", "â€™", "ï¼Œ", "ä¸­æ–‡") or as GBK ("锟斤拷", "鈥").
        rf"[\xc2\xc3][{_BYTE}]|\xe2\u20ac[{_BYTE}]?|[\xef\xe3][\xbc\xbd\u20ac][{_BYTE}]"
        rf"|(?:[\xe0-\xef][{_BYTE}]{{2}}){{2,20}}|\xf0\u0178[{_BYTE}]{{2}}|锟斤拷|[鈥銆锛]",
        Severity.MAJOR,
        True,
    ),
    "replacement": _Kind("A replacement character", "\ufffd", Severity.MAJOR, True),
    "control": _Kind(
        "A control character", r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", Severity.MAJOR, True
    ),
    "private": _Kind(
        "A character for private use",
        r"[\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]",
        Severity.MAJOR,
        True,
    ),
    "entity": _Kind(
        "A character written as HTML",
        r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|[mn]dash"
        r"|hellip|times|deg|middot|ensp|emsp|bull);",
        Severity.MAJOR,
        True,
    ),
    "escape": _Kind(
        "A character written as an escape",
        r"(?<!\\)\\(?:[nrt](?![a-z])|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}(?![A-Za-z]))",
        Severity.MAJOR,
        True,
    ),
    "invisible": _Kind(
        "An invisible character",
        r"[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
        r"\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0]"
        rf"|(?<!{_EMOJI})(?<!\ufe0f)\u200d",
        Severity.MINOR,
        False,
    ),
    "mark": _Kind(
        "An accent without a letter",
        r"(?:(?<=[\s\u3000-\u303f\u3400-\u9fff\uac00-\ud7af])|\A)[\u0300-\u036f]",
        Severity.MINOR,
        False,
    ),
    "emoji": _Kind("An emoji", _EMOJI, Severity.MINOR, False),
}
_ANY = re.compile("|".join(f"(?P<{name}>{kind.pattern})" for name, kind in _KINDS.items()))
# Every match of `_ANY` begins with one of these, and few texts have any.
_SUSPECT = re.compile(
    r"[^\t\n\r -%'-\[\]-~\xa0-\xac\xae-\xc1\xc4-\xdf\xe9\xf1-\u02ff\u0370-\u0600\u2010-\u2027"
    r"\u202f-\u205f\u2070-\u25ff\u3000-\u3163\u3165-\u9224\u9226-\u9285\u9287-\u951a"
    r"\u951c-\u951e\u9520-\u9fff\uac00-\ud7a3\uff01-\uff9f\uffe0-\uffee]"
)


def characters(item: ItemPair) -> Iterator[Finding]:
    r"""No broken, invisible or escaped characters that the source does not have; no emoji is lost.

    Hard, because no translator writes them: the replacement character U+FFFD, text in a wrong
    encoding (`ï¼Œ`, `Ã©`, `锟斤拷`), control characters, characters for private use, HTML entities
    (`&nbsp;`) and escapes (`\n`, `\u4e2d`) as text. Soft: characters without width or ink
    (U+200B, U+FEFF, U+00AD, marks of direction), accents without a letter, text that is not in
    Unicode's form NFC (Korean in pieces, compatibility forms of Chinese characters), emoji lost
    or added.

    What the source has is allowed as often as it has it, and counted per character. There is one
    finding per kind and text, at the first one.

    Known limits:

    - a wrong encoding is known by the forms that it gives to UTF-8 read as Windows-1252 or GBK;
    - whether an emoji has a variant for its skin or a selector for its colour does not matter.
    """
    for segment in item.segments:
        if not segment.unchanged:
            yield from _characters(segment)


def _characters(segment: SegmentPair) -> Iterator[Finding]:
    before, after = _found(segment.source), _found(segment.target)
    for name, matches in after.items():
        yield from _added(segment, name, matches, Counter(m.group() for m in before.get(name, ())))
    yield from _lost_emoji(segment, before.get("emoji", []), after.get("emoji", []))
    yield from _decomposed(segment)


def _found(text: str) -> dict[str, list[re.Match[str]]]:
    found: dict[str, list[re.Match[str]]] = {}
    if _SUSPECT.search(text):
        for match in _ANY.finditer(text):
            found.setdefault(match.lastgroup or "", []).append(match)
    return found


def _added(
    segment: SegmentPair, name: str, matches: list[re.Match[str]], known: Counter[str]
) -> Iterator[Finding]:
    """One finding for all characters of a kind, at the first that the source does not have."""
    new = []
    for match in matches:
        if known[match.group()] > 0:
            known[match.group()] -= 1
        else:
            new.append(match)
    if new:
        kind, first = _KINDS[name], new[0]
        code = f" (U+{ord(first.group()):04X})" if len(first.group()) == 1 else ""
        more = f" and {len(new) - 1} more" if len(new) > 1 else ""
        yield segment.finding(
            "characters",
            kind.severity,
            f"{kind.name}{code}{more} that the source does not have.",
            hard=kind.hard,
            target=first.span(),
        )


def _lost_emoji(
    segment: SegmentPair, before: list[re.Match[str]], after: list[re.Match[str]]
) -> Iterator[Finding]:
    there = {match.group() for match in after}
    lost = [match for match in before if match.group() not in there]
    if lost:
        yield segment.finding(
            "characters",
            Severity.MAJOR,
            f"The emoji {lost[0].group()} is missing in the target.",
            hard=False,
            source=lost[0].span(),
        )


def _decomposed(segment: SegmentPair) -> Iterator[Finding]:
    text = segment.target
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return
    if unicodedata.is_normalized("NFC", segment.source):
        composed = unicodedata.normalize("NFC", text)
        places = enumerate(zip(text, composed, strict=False))
        start = next((n for n, (a, b) in places if a != b), len(composed))
        end = start + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        yield segment.finding(
            "characters",
            Severity.MINOR,
            "Letters in pieces or in compatibility forms; Unicode's form NFC has them whole.",
            hard=False,
            target=(start, end),
        )


def _joins(char: str) -> bool:
    """A combining mark or a piece of a Hangul syllable."""
    return unicodedata.combining(char) > 0 or "\u1100" <= char <= "\u11ff"
