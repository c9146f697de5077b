"""Bytes to text: UTF-8 and UTF-16 by rule, Big5, GB18030, CP949 and Latin-1 by what they show.

A guess is made only where one encoding explains the bytes and the others do not; else it is an
error, because a wrong guess would put garbage into a glossary without a word.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from glossary.formats.errors import BadEncoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SURE = 0.9
"""Share of the characters that must lie where common ones do in the encoding."""
_ENOUGH = 10
"""Characters that make the absence of a kind of byte telling."""
_UNCOMMON = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ue000-\uf8ff\ufffe\uffff]")

_FOREIGN = re.compile("[\u0250-\u036f\u0400-\u07ff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was read."""

    text: str
    encoding: str
    guessed: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know before trusting the text."""
        notes = []
        if self.guessed:
            notes.append(
                f"The file does not say its encoding; read as {self.encoding}: look at some rows."
            )
        if damaged := self.text.count("\ufffd"):
            notes.append(
                f"{damaged} characters were lost before this import (\ufffd): find the original."
            )
        return tuple(notes)


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Read bytes as text.

    Raises:
        BadEncoding: the encoding that was said does not fit, or none can be told.
    """
    if encoding:
        return _as_said(data, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as_said(data, name)
    if b"\0" in data:
        return _utf16_without_mark(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error)
        return _legacy(data)
    _refuse_chance_utf8(text, data)
    return Decoded(text, "utf-8")


def _as_said(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except LookupError:
        raise BadEncoding(f"There is no encoding {encoding!r}.", ["big5", "cp949"]) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadEncoding(f"The file is not {encoding}: line {line} cannot be read.") from None
    return Decoded(text.removeprefix("\ufeff"), encoding)


def _utf16_without_mark(data: bytes) -> Decoded:
    """ASCII characters, which every table has, leave a zero on one side."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    names = ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le")
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if not _UNCOMMON.search(text):
            return Decoded(text, name, guessed=True)
    raise BadEncoding("The file holds zero bytes and is no UTF-16: it is no text.")


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """A file that is UTF-8 but for a few bytes is damaged, not in another encoding."""
    text = data.decode("utf-8", errors="replace")
    beyond = sum(char > "\x7f" for char in text)
    lost = text.count("\ufffd")
    if lost * 10 <= beyond:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadEncoding(f"The file is UTF-8, but damaged: line {line} cannot be read.") from None


def _refuse_chance_utf8(text: str, data: bytes) -> None:
    """A word or two of Chinese can be UTF-8 by chance, and is then Cyrillic, Hebrew or the like."""
    if not _FOREIGN.search(text) or max(text) > "\u07ff":
        return
    fits = [each.name for each in _fitting(data, _pairs(data))]
    if fits:
        raise BadEncoding("The file may be UTF-8 or something else.", ["utf-8", *fits])


@dataclass(frozen=True, slots=True)
class _Legacy:
    """An encoding of two bytes a character, and where its common characters lie."""

    name: str
    codec: str
    common: Callable[[int, int], bool]


def _high(byte: int) -> bool:
    return 0xA1 <= byte <= 0xFE


# Each standard put the characters of daily use into rows of their own, before the rare ones.
_LEGACY = (
    _Legacy("cp949", "cp949", lambda a, b: 0xB0 <= a <= 0xC8 and _high(b)),
    _Legacy("gb18030", "gb18030", lambda a, b: 0xB0 <= a <= 0xD7 and _high(b)),
    _Legacy("big5", "cp950", lambda a, b: 0xA4 <= a <= 0xC6 and (_high(b) or 0x40 <= b <= 0x7E)),
)


def _legacy(data: bytes) -> Decoded:
    pairs = _pairs(data)
    fits = {each.name: each for each in _fitting(data, pairs)}
    if len(pairs) >= _ENOUGH:
        _drop_contradicted(fits, pairs)
    if len(fits) == 1:
        (only,) = fits.values()
        return Decoded(data.decode(only.codec), only.name, guessed=True)
    if not fits and (text := _western(data)) is not None:
        return Decoded(text, "cp1252", guessed=True)
    names = list(fits) or [each.name for each in _LEGACY]
    raise BadEncoding(
        "The file is not UTF-8, and its encoding cannot be told for sure.", names
    ) from None


def _pairs(data: bytes) -> list[tuple[int, int]]:
    """The two-byte characters, without signs and full-width letters, which all share."""
    found = []
    at = 0
    while at < len(data) - 1:
        if data[at] < 0x80:
            at += 1
            continue
        if not 0xA1 <= data[at] <= 0xA3:
            found.append((data[at], data[at + 1]))
        at += 2
    return found


def _fitting(data: bytes, pairs: list[tuple[int, int]]) -> list[_Legacy]:
    return [each for each in _LEGACY if _share(each, pairs) >= _SURE and _clean(each, data)]


def _share(legacy: _Legacy, pairs: list[tuple[int, int]]) -> float:
    return sum(legacy.common(*pair) for pair in pairs) / len(pairs) if pairs else 0.0


def _clean(legacy: _Legacy, data: bytes) -> bool:
    try:
        return not _UNCOMMON.search(data.decode(legacy.codec))
    except UnicodeDecodeError:
        return False


def _drop_contradicted(fits: dict[str, _Legacy], pairs: list[tuple[int, int]]) -> None:
    """Take out what would be a strange text in its own encoding.

    Four in ten characters of Big5 end in a low byte, those of the other two never; a third of
    Chinese in GB begins beyond the last Korean syllable.
    """
    low = sum(b < 0xA1 for _, b in pairs) / len(pairs)
    late = sum(a > 0xC8 for a, _ in pairs) / len(pairs)
    if low < 0.1:
        fits.pop("big5", None)
    if late < 0.02 and "cp949" in fits:
        fits.pop("gb18030", None)
    if late > 0.05:
        fits.pop("cp949", None)


def _western(data: bytes) -> str | None:
    """Accented letters between ASCII ones; ``None`` where that is not what the bytes show."""
    beyond = [byte for byte in data if byte > 0x7F]
    letters = sum(byte >= 0xC0 for byte in beyond)
    doubled = len(re.findall(rb"[\x80-\xff]{2}", data))
    if len(beyond) * 5 > len(data) or letters * 2 < len(beyond) or doubled * 4 > len(beyond):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _UNCOMMON.search(text) else text
