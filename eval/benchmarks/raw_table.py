r"""Changing cells of CSV and TSV text without touching any other byte of it.

A cell is quoted (RFC 4180) when it begins with ``"`` and the quote that closes it ends the cell;
any other quote is an ordinary character, as in the many TSV files that are written without quoting.
Lines end in ``\n``, ``\r\n`` or ``\r``; blank lines are no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value and the range of code points that holds it, quotes included."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row and the range that holds it, with blank lines before it and its line end."""

    cells: tuple[Cell, ...]
    start: int
    end: int
    line: int
    """Number of its first line, from 1."""

    @property
    def values(self) -> list[str]:
        """The cells' values."""
        return [cell.value for cell in self.cells]


def table_rows(text: str, delimiter: str, *, quoting: bool = True) -> Iterator[Row]:
    """All rows of ``text``, the header among them; their ranges join without a gap.

    Without ``quoting`` a quote is an ordinary character everywhere and each line is a row.
    """
    pattern = _cell_pattern(delimiter) if quoting else _plain_pattern(delimiter)
    start = position = 0
    line = first_line = 1
    cells: list[Cell] = []
    while position < len(text):
        match = pattern.match(text, position)
        assert match is not None  # the pattern accepts an empty cell anywhere
        quoted = match["quoted"] if quoting else None
        value = match["plain"] if quoted is None else quoted.replace('""', '"')
        cells.append(Cell(value, position, match.start("border")))
        position = match.end()
        line += len(_LINE_END.findall(match.group()))
        if match["border"] == delimiter and position < len(text):
            continue
        if match["border"] == delimiter:
            cells.append(Cell("", position, position))
        if len(cells) > 1 or cells[0].end > cells[0].start:
            yield Row(tuple(cells), start, position, first_line)
            start = position
        cells, first_line = [], line


def edit_row(raw: str, edits: Mapping[int, str], delimiter: str) -> str:
    """One row's text with the cells at some columns replaced."""
    row = next(table_rows(raw, delimiter))
    pieces, position = [], 0
    for column, cell in enumerate(row.cells):
        if column in edits:
            was_quoted = raw[cell.start : cell.end] != cell.value
            pieces += [raw[position : cell.start], _written(edits[column], delimiter, was_quoted)]
            position = cell.end
    return "".join([*pieces, raw[position:]])


_LINE_END = re.compile(r"\r\n|\r|\n")


@cache
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    border = rf"{mark}|\r\n|\r|\n|\Z"
    return re.compile(
        rf'(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?={border})|(?P<plain>[^{mark}\r\n]*+))'
        rf"(?P<border>{border})"
    )


@cache
def _plain_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf"(?P<plain>[^{mark}\r\n]*+)(?P<border>{mark}|\r\n|\r|\n|\Z)")


def _written(value: str, delimiter: str, quoted: bool) -> str:
    special = value.startswith('"') or any(char in value for char in (delimiter, "\r", "\n"))
    return '"' + value.replace('"', '""') + '"' if quoted or special else value
