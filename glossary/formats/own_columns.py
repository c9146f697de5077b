"""The columns of our own table, and lists in its cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from glossary.concept import PartOfSpeech, Status, Strength
from glossary.language import Language

ABOUT_ROW = "#glossary"
LISTS = ("examples", "benchmarks", "contrasts")
COLUMNS = (
    "id",
    "concept",
    "language",
    "term",
    "status",
    "strength",
    "keep",
    "case sensitive",
    "part of speech",
    "condition",
    "note",
    "examples",
    "domain",
    "definition",
    "benchmarks",
    "contrasts",
    "concept note",
)
CHOICES: Mapping[str, Sequence[str]] = {
    "language": [language.value for language in Language],
    "status": [status.value for status in Status],
    "strength": [strength.value for strength in Strength],
    "keep": ["yes", "no"],
    "case sensitive": ["yes", "no"],
    "part of speech": [each.value for each in PartOfSpeech],
}
_MOST = 32_000
"""Characters (UTF-16) in a cell: a spreadsheet holds some more."""


def is_own(header: Sequence[str]) -> bool:
    """Are these the columns of our own table?"""
    return {"id", "language", "term"} <= {name.casefold() for name in header}


def list_cells(name: str, items: Sequence[str], separator: str) -> dict[str, str]:
    """A list as one cell, or as several where it is longer than a cell of a spreadsheet."""
    cells: list[str] = []
    part: list[str] = []
    for item in items:
        if part and _length(_listed([*part, item], separator)) > _MOST:
            cells.append(_listed(part, separator))
            part = []
        part.append(item)
    cells.append(_listed(part, separator))
    return {name if n == 1 else f"{name} {n}": cell for n, cell in enumerate(cells, start=1)}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _listed(items: Sequence[str], separator: str) -> str:
    """Items one after the other; as JSON where that would not read back."""
    plain = separator.join(items)
    same = unlisted(plain, separator) == tuple(items) and not plain.startswith("[")
    return plain if same else json.dumps(items, ensure_ascii=False)


def unlisted(cell: str, separator: str) -> tuple[str, ...]:
    """The items of a cell."""
    if cell.startswith("["):
        try:
            items = json.loads(cell)
        except ValueError:
            items = None
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return tuple(items)
    parts = cell.split(separator.strip() or separator)
    return tuple(part.strip() for part in parts if part.strip())
