"""Spreadsheets (XLSX): read with limits, written for people with choices and filters."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from glossary.formats.errors import BadFile, FileTooLarge, UnsafeFile
from glossary.formats.port import Limits, Problem
from glossary.formats.xml import refuse_entities

ABOUT = "about"
"""Name of the sheet that holds what the glossary says of itself."""
_UNREADABLE = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    SyntaxError,
    OSError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
)
"""What the library raises where a part is missing or is not as it should be."""
_SMALL = 10 * 1024 * 1024
_NOT_A_BOOK = "Save it anew as .xlsx (not .xls or .ods), or as CSV in UTF-8."
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class Book:
    """The first sheet's rows with their numbers, and the sheet ``about`` if there is one."""

    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    about: Sequence[Sequence[str]] = ()


def read_workbook(data: bytes, limits: Limits) -> Book:
    """Read the first visible sheet.

    Raises:
        BadFile: not an XLSX file. UnsafeFile: a bomb. FileTooLarge: more than the limits.
    """
    try:
        _refuse_bomb(data, limits)
        with warnings.catch_warnings():
            # The library warns of charts, styles and the like, which are nothing to us.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return _book(book, limits)
    except _UNREADABLE as error:
        raise BadFile(f"The file is no XLSX spreadsheet ({error}).", _NOT_A_BOOK) from error


def _refuse_bomb(data: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.unpacked_bytes:
            raise FileTooLarge("bytes when unpacked", limits.unpacked_bytes)
        if unpacked > _SMALL and unpacked > limits.ratio * len(data):
            raise UnsafeFile(
                f"The spreadsheet unpacks to {unpacked // len(data):,} times its size.", _NOT_A_BOOK
            )
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                refuse_entities(archive.read(member))


def _book(book: Any, limits: Limits) -> Book:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise BadFile("The spreadsheet has no visible sheet.", _NOT_A_BOOK)
    problems: list[Problem] = []
    rows = list(_rows(sheets[0], limits, problems))
    about = [sheet for sheet in book.worksheets if sheet.title == ABOUT and sheet is not sheets[0]]
    others = [sheet.title for sheet in sheets[1:] if sheet.title != ABOUT]
    notes = (
        [f"Only the sheet {sheets[0].title!r} was read, not {', '.join(others)}."] if others else []
    )
    return Book(
        rows=rows,
        notes=tuple(notes),
        problems=tuple(problems),
        about=[cells for _, cells in _rows(about[0], limits, [])] if about else (),
    )


def _rows(
    sheet: Any, limits: Limits, problems: list[Problem]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    # The extent that a sheet states can be a lie, and an empty one is padded to it.
    sheet.reset_dimensions()
    kept = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if len(row) > limits.columns:
            row = row[: limits.columns + 1] if any(row[limits.columns :]) else row[: limits.columns]
            if len(row) > limits.columns:
                raise FileTooLarge("columns", limits.columns)
        if all(value is None for value in row):
            continue
        kept += 1
        if kept > limits.rows:
            raise FileTooLarge("rows", limits.rows)
        yield (
            number,
            tuple(_text(value, number, index, problems) for index, value in enumerate(row)),
        )


def _text(value: object, row: int, index: int, problems: list[Problem]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        problems.append(
            Problem(
                row,
                f"column {get_column_letter(index + 1)}",
                f"is a date or time ({value}); a spreadsheet makes these of texts like 1-2",
                "Format the column as text and write the term again.",
            )
        )
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), str(value))


def write_workbook(
    rows: Iterable[Sequence[str]],
    *,
    widths: Mapping[str, int],
    choices: Mapping[str, Sequence[str]],
    about: Sequence[Sequence[str]] = (),
    title: str = "terms",
) -> bytes:
    """Rows, the header first, as a spreadsheet; ``widths`` and ``choices`` go by the header."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    rows = iter(rows)
    header = list(next(rows))
    last = get_column_letter(len(header))
    sheet.freeze_panes = "A2"
    for index, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = widths.get(name, 16)
    pen = _Pen(sheet)
    sheet.append(pen.row(header, header=True))
    count = 1
    for row in rows:
        sheet.append(pen.row(row))
        count += 1
    sheet.auto_filter.ref = f"A1:{last}{count}"
    for name, values in choices.items():
        _offer(sheet, header.index(name) + 1, values, count)
    if about:
        second = book.create_sheet(ABOUT)
        second.column_dimensions["A"].width, second.column_dimensions["B"].width = 20, 100
        pen = _Pen(second)
        for row in about:
            second.append(pen.row(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Pen:
    """Makes cells that hold text whatever it looks like: no formula, error or number."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet
        # Styles are slow to make and the same in all cells.
        self._plain = self._style()
        self._quoted = self._style(quoted=True)
        self._header = self._style(header=True)

    def _style(self, *, quoted: bool = False, header: bool = False) -> Any:
        cell: Any = WriteOnlyCell(self._sheet)
        cell.number_format = "@"
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.quotePrefix = quoted
        if header:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6F0")
        return cell._style

    def row(self, texts: Iterable[str], *, header: bool = False) -> list[Cell | None]:
        """Cells for one row; an empty text is an empty cell."""
        return [self._cell(text, header) if text else None for text in texts]

    def _cell(self, text: str, header: bool) -> Any:
        escaped = _ESCAPE.sub(lambda found: f"_x005F_x{found[1]}_", text)
        cell: Any = WriteOnlyCell(self._sheet, value=escaped)
        cell.data_type = "s"
        quoted = self._quoted if escaped[0] in "=+-@'\t\r" else self._plain
        cell._style = self._header if header else quoted
        return cell


def _offer(sheet: Any, column: int, values: Sequence[str], rows: int) -> None:
    letter = get_column_letter(column)
    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(values)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Not one of the choices",
        error=f"Choose one of: {', '.join(values)}.",
    )
    # Some empty rows below, for terms that people add.
    choice.add(f"{letter}2:{letter}{rows + 500}")
    sheet.data_validations.append(choice)
