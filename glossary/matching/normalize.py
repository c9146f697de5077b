"""Text folded for comparison, with the way back to code points of the text as given.

Case, width, kinds of hyphen, apostrophe and space, and spellings of one Han character do not
matter; characters without width are dropped, white space is one space, a blank line stays a
barrier that no term crosses.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_VARIANTS = dict(
    zip("台裏羣綫峯着爲麽啓衞汙脣牀眞産", "臺裡群線峰著為麼啟衛污唇床真產", strict=True)
)


def _one_to_one() -> dict[str, str]:
    table = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for mark in "，：；？！":  # on every line of Chinese, in next to no term
        del table[mark]
    table |= dict.fromkeys(_SPACES, " ")
    table |= dict.fromkeys("‐‑‒–−﹣", "-")
    table |= dict.fromkeys("‘’ʼ", "'")
    table |= _VARIANTS
    # Compatibility ideographs and radicals, each the double of an ordinary character.
    for code in (*range(0xF900, 0xFB00), *range(0x2F00, 0x2FE0)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[chr(code)] = plain
    return table


_TABLE = _one_to_one()
_FOLDABLE = re.compile("[" + re.escape("".join(sorted(_TABLE))) + "]")
_WITHOUT_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MARKS = "\u0300-\u036f\u3099\u309a"
# Not one character for one: marks and conjoining letters, no width, ligatures, the only capital
# whose small form is two characters; and the rare spaces, which may stand in a row.
_ODD = re.compile(f"[{_MARKS}\u2000-\u200a\u1100-\u11ff\ufb00-\ufb06İ{_WITHOUT_WIDTH}]")
_GAP = re.compile(rf"[ {_SPACES}]{{2,}}")
# Marks on one letter are cut at 30: ordering a longer row takes time that grows with its square.
_IRREGULAR = re.compile(
    rf"(?P<gap>[ {_SPACES}]{{2,}})|[{_WITHOUT_WIDTH}]+|[^{_MARKS}\s][{_MARKS}]{{1,30}}"
    rf"|[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|[\ufb00-\ufb06İ]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch whose folded form has another length: folded and given offsets."""

    start: int
    end: int
    given_start: int
    given_end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text: ``text`` is in small letters and without hyphens, ``cased`` has both.

    The two have one length; the ``given_`` functions lead back to the text as given.
    """

    text: str
    cased: str
    runs: tuple[Run, ...] = ()

    def given_start(self, index: int) -> int:
        """Where the folded character begins in the text as given."""
        run = self._run(index)
        if run is None:
            return index
        return run.given_start if index < run.end else index - run.end + run.given_end

    def given_end(self, index: int) -> int:
        """Where what ends before the folded character ends in the text as given."""
        run = self._run(index - 1)
        if run is None:
            return index
        return run.given_end if index <= run.end else index - run.end + run.given_end

    def _run(self, index: int) -> Run | None:
        found = bisect_right(self.runs, index, key=lambda run: run.start)
        return self.runs[found - 1] if found else None


def fold(text: str) -> Folded:
    """Fold a text; takes time linear in its length."""
    if _has_gap(text) or (not text.isascii() and _ODD.search(text)):
        cased, runs = _fold_irregular(text)
    else:
        cased, runs = _fold_regular(text), ()
    return Folded(key(cased), cased, runs)


def key(cased: str) -> str:
    """What is compared of a folded text: small letters, and a space for a hyphen."""
    return cased.lower().replace("-", " ").replace("ς", "σ")


def _has_gap(text: str) -> bool:
    # Substring tests are ten times as fast as the expression, and most texts have none of these.
    if "  " in text or "\n" in text or "\r" in text or "\t" in text:
        return _GAP.search(text) is not None
    return ("\u3000" in text or "\xa0" in text) and _GAP.search(text) is not None


def _fold_regular(text: str) -> str:
    if text.isascii() and "\n" not in text and "\t" not in text:
        return text
    return _FOLDABLE.sub(lambda match: _TABLE[match[0]], text)


def _fold_irregular(text: str) -> tuple[str, tuple[Run, ...]]:
    pieces: list[str] = []
    runs: list[Run] = []
    at = length = 0
    for match in _IRREGULAR.finditer(text):
        pieces.append(_fold_regular(text[at : match.start()]))
        length += len(pieces[-1])
        pieces.append(_fold_run(match))
        end = length + len(pieces[-1])
        runs.append(Run(length, end, match.start(), match.end()))
        at, length = match.end(), end
    pieces.append(_fold_regular(text[at:]))
    return "".join(pieces), tuple(runs)


def _fold_run(match: re.Match[str]) -> str:
    run = match[0]
    if match["gap"]:
        return "\n" if len(run.splitlines()) > 2 or run.count("\n") > 1 else " "
    if run[0] in _WITHOUT_WIDTH:
        return ""
    if run == "İ":
        return "I"
    if "\ufb00" <= run[0] <= "\ufb06":
        return unicodedata.normalize("NFKC", run)
    return _fold_regular(unicodedata.normalize("NFC", run))
