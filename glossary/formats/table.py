"""Delimited text to rows of cells and back, with formulas made harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from glossary.formats.errors import BadFile, FileTooLarge
from glossary.formats.port import Limits, Problem, ReadOptions
from glossary.formats.text import Decoded, decode

_DELIMITERS = "\t,;"
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, and the row's number as a spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """A cell without blanks around it; empty where the row is shorter."""
        return self.cells[index].strip() if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, the header among them; rows without a word in them are left out."""

    rows: tuple[Row, ...]
    delimiter: str
    """Empty: a spreadsheet."""
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    about: Sequence[Sequence[str]] = ()
    """Of our own spreadsheets: what the sheet ``about`` says."""

    def armed(self) -> Table:
        """The cells as they were before ``write_table``; a spreadsheet's were never changed."""
        if not self.delimiter:
            return self
        rows = tuple(Row(row.number, tuple(map(armed, row.cells))) for row in self.rows)
        return replace(self, rows=rows)

    @property
    def header(self) -> tuple[str, ...]:
        """The first row's cells."""
        return tuple(cell.strip() for cell in self.rows[0].cells) if self.rows else ()


def is_workbook(data: bytes) -> bool:
    """Does it begin like a ZIP archive, or like the XLS of old?"""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def read_table(data: bytes, options: ReadOptions) -> Table:
    """Read a spreadsheet, or text with tabs, commas or semicolons between cells.

    Raises:
        FormatError: it is too large, unsafe, empty, or no text that can be told.
    """
    limits = options.limits
    if len(data) > limits.file_bytes:
        raise FileTooLarge("bytes", limits.file_bytes)
    if is_workbook(data):
        # The library behind it brings half of numpy along: only where a spreadsheet is read.
        from glossary.formats.workbook import read_workbook

        book = read_workbook(data, limits)
        rows = tuple(Row(number, cells) for number, cells in book.rows if any(cells))
        return _kept(Table(rows, "", book.notes, book.problems, book.about))
    decoded = decode(data, options.encoding)
    delimiter, rows = _parsed(decoded, options)
    return _kept(Table(rows, delimiter, decoded.notes))


def _kept(table: Table) -> Table:
    if not table.rows:
        raise BadFile("The file is empty.", "Choose a file with a header row and a row per term.")
    return table


def _parsed(decoded: Decoded, options: ReadOptions) -> tuple[str, tuple[Row, ...]]:
    text, limits = decoded.text, options.limits
    # Excel writes this line for itself; it is not a row, but it counts as one.
    hint = re.match(r"sep=(.)\r?\n", text)
    first = text[hint.end() if hint else 0 :].lstrip("\r\n").partition("\n")[0]
    delimiter = options.delimiter or (hint[1] if hint else max(_DELIMITERS, key=first.count))
    if delimiter == "\t":
        rows = _tab_rows(text, limits)
    else:
        rows = tuple(_rows(text, delimiter, limits, quoting=True))
    return delimiter, rows[1:] if hint else rows


def _tab_rows(text: str, limits: Limits) -> tuple[Row, ...]:
    """Quotes hold cells where that gives a table; in many such files they are but text."""
    if '"' not in text:
        return tuple(_rows(text, "\t", limits, quoting=False))
    try:
        quoted = tuple(_rows(text, "\t", limits, quoting=True))
    except (BadFile, FileTooLarge):
        return tuple(_rows(text, "\t", limits, quoting=False))
    plain = tuple(_rows(text, "\t", limits, quoting=False))
    return quoted if _ragged(quoted) <= _ragged(plain) else plain


def _ragged(rows: Sequence[Row]) -> int:
    return sum(len(row.cells) != len(rows[0].cells) for row in rows)


def _rows(text: str, delimiter: str, limits: Limits, *, quoting: bool) -> Iterator[Row]:
    """Rows with something in them, numbered as a spreadsheet would number them."""
    csv.field_size_limit(max(csv.field_size_limit(), limits.file_bytes))
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE,
        strict=quoting,
    )
    kept = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > limits.columns:
                raise FileTooLarge("columns", limits.columns, _UNCLOSED)
            if any(len(cell) > limits.cell_characters for cell in cells):
                raise FileTooLarge("characters in a cell", limits.cell_characters, _UNCLOSED)
            if any(cell.strip() for cell in cells):
                kept += 1
                if kept > limits.rows:
                    raise FileTooLarge("rows", limits.rows)
                yield Row(number, tuple(cells))
    except csv.Error as error:
        raise BadFile(
            f"the cells cannot be told apart ({error}).", _UNCLOSED, reader.line_num
        ) from None


_UNCLOSED = 'Look for a quotation mark that is not closed, or write it twice ("") inside a cell.'


def write_table(rows: Iterable[Sequence[str]], delimiter: str, *, mark: bool = True) -> bytes:
    """Rows as UTF-8, with the mark that makes spreadsheets see that; formulas disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([disarmed(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def is_dangerous(cell: str) -> bool:
    """Would a spreadsheet take it for a formula?"""
    return bool(_DANGEROUS.match(cell))


def disarmed(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run; ``armed`` takes it away again."""
    return f"'{cell}" if is_dangerous(cell) else cell


def armed(cell: str) -> str:
    """The cell as it was before ``disarmed``."""
    return cell[1:] if _DISARMED.match(cell) else cell


def apostrophes(rows: Iterable[Sequence[str]]) -> list[str]:
    """The loss to tell where another tool will read the apostrophes of ``disarmed`` as text."""
    count = sum(is_dangerous(cell) for row in rows for cell in row)
    if not count:
        return []
    return [
        f"{count} cells begin like a formula (= + - @) and have an apostrophe before them, so that "
        "no spreadsheet runs them: take it away in the other tool."
    ]
