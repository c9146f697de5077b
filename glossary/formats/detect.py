"""Which format a file has, by what is in it."""

from __future__ import annotations

import re
from pathlib import PurePath

from glossary.formats import load_format
from glossary.formats.columns import names_languages
from glossary.formats.deepl import is_deepl, read_deepl
from glossary.formats.errors import FileTooLarge, UnknownLayout
from glossary.formats.matecat import is_matecat, read_matecat
from glossary.formats.own_columns import is_own
from glossary.formats.own_read import read_own
from glossary.formats.plain import read_plain
from glossary.formats.port import Imported, ReadOptions
from glossary.formats.table import Table, is_workbook, read_table
from glossary.formats.weblate import is_weblate, read_weblate

_DCT = re.compile(r"""<tbx\b[^>]*\bstyle\s*=\s*["']dct""")
_YAML = re.compile(r"^(name|format|concepts): ?[^,;\t]*$", re.MULTILINE)
_MARKS = "\xef\xbb\xbf\xff\xfe \r\n\t"
_LISTS = (".txt", ".tab", ".utf8", ".tsv")
"""Suffixes of OmegaT's glossaries."""
_HOW = "Name the columns of languages en, zh-TW, zh-CN, ko, or say columns=en=A,ko=B."


def read_glossary(
    data: bytes, options: ReadOptions, *, file_name: str = "", format_name: str | None = None
) -> Imported:
    """Read a file; its format is told by what is in it, or by ``format_name``.

    Raises:
        FormatError: it cannot be read at all.
    """
    if len(data) > options.limits.file_bytes:
        raise FileTooLarge("bytes", options.limits.file_bytes)
    if format_name:
        return load_format(format_name).read(data, options)
    start = _start(data)
    if not is_workbook(data):
        if start.startswith("<"):
            name = "tbx-v2" if "<martif" in start else "tbx-dct" if _DCT.search(start) else "tbx"
            return load_format(name).read(data, options)
        if start.startswith(("{", "[{", "[\n", "[ ", "[]")):
            return load_format("json").read(data, options)
        if PurePath(file_name).suffix.lower() in (".yaml", ".yml") or _YAML.search(start):
            return load_format("yaml").read(data, options)
    return _read_table(data, read_table(data, options), options, PurePath(file_name).suffix)


def _start(data: bytes) -> str:
    """The first characters, whatever the encoding: what is looked for is ASCII."""
    return data[:4096].replace(b"\0", b"").decode("latin-1").lstrip(_MARKS)


def _read_table(data: bytes, table: Table, options: ReadOptions, suffix: str) -> Imported:
    header = table.header
    if is_own(header):
        name = {"\t": "tsv", "": "xlsx"}.get(table.delimiter, "csv")
        return read_own(table.armed(), options, name)
    if is_matecat(header):
        return read_matecat(table.armed(), options)
    if is_weblate(header):
        return read_weblate(table.armed(), options)
    if is_deepl(table.rows):
        return read_deepl(table.armed(), options)
    named = {"source", "target"} <= {name.casefold() for name in header}
    if options.columns or names_languages(header) or (named and options.pair):
        return read_plain(table, options)
    if named:
        raise UnknownLayout(header, "Say the pair, for example en>ko.")
    if options.pair and table.delimiter == "\t" and suffix.lower() in _LISTS:
        return load_format("omegat").read(data, options)
    if options.pair and len(header) in (2, 3):
        return read_deepl(table.armed(), options)
    raise UnknownLayout(header, f"{_HOW} A list without a header needs a pair: en>ko.")
