"""Spreadsheets as people have them, and those that mean harm."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from glossary.formats.errors import FileTooLarge, FormatError, UnsafeFile
from glossary.formats.port import Limits
from tests.glossary.tables import read_table, terms


def _book(*rows: tuple[object, ...], **parts: bytes) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    if not parts:
        return out.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            name = item.filename.rpartition("/")[2].removesuffix(".xml")
            new.writestr(item, parts.get(name, old.read(item)))
        if "extra" in parts:
            new.writestr("xl/extra.bin", parts["extra"])
    return changed.getvalue()


def test_spreadsheets_of_others() -> None:
    date = datetime.date(2026, 3, 2)
    data = _book(("en", "ko", "note"), ("top 10", 10, None), ("true", True, ""), ("half", date, ""))
    read = read_table(data)
    assert terms(read) == [["top 10", "10"], ["true", "TRUE"]]
    (problem,) = read.problems
    assert (problem.row, problem.column) == (4, "column B")
    assert "date" in problem.text
    assert "text" in problem.remedy


def test_a_spreadsheet_that_is_a_bomb() -> None:
    data = _book(("en", "ko"), extra=b"\0" * 40_000_000)
    with pytest.raises(UnsafeFile):
        read_table(data)
    with pytest.raises(FileTooLarge):
        read_table(data, limits=Limits(unpacked_bytes=1_000_000))


def test_a_spreadsheet_with_entities() -> None:
    sheet = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    with pytest.raises(UnsafeFile):
        read_table(_book(("en", "ko"), sheet1=sheet))


def test_a_spreadsheet_that_lies_about_its_size() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>en</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>ko</t></is></c></row>%s</sheetData></worksheet>'
    )
    near = b'<row r="9"><c r="A9" t="inlineStr"><is><t>a</t></is></c>' + (
        b'<c r="B9" t="inlineStr"><is><t>b</t></is></c></row>'
    )
    read = read_table(_book((), sheet1=far % near))
    assert terms(read) == [["a", "b"]]
    assert read.rows == {"a": 9}
    wide = b'<row r="2"><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>'
    with pytest.raises(FileTooLarge):
        read_table(_book((), sheet1=far % wide))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and then nothing",
        b"\xd0\xcf\x11\xe0 an XLS of old",
        _book(("en", "ko"))[:-200],
        _book(("en", "ko"), workbook=b"<workbook"),
        _book(("en", "ko"), sheet1=b"<worksheet><sheetData><row></sheetData></worksheet>"),
    ],
)
def test_what_is_no_spreadsheet(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read_table(data)
    assert caught.value.remedy
