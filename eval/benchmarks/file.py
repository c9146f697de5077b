"""Benchmark files: JSON Lines, one JSON document, CSV and TSV; read leniently, written exactly.

A record that cannot be read does not hide the others: it comes out as an error with its line.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.benchmarks.path import Location, locate
from eval.benchmarks.raw_json import edit_json
from eval.benchmarks.recipe import Recipe
from eval.errors import FileError

Edits = Mapping[Location, str | int]


class FileFormat(StrEnum):
    """How records lie in a file."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its data, or why it cannot be read."""

    index: int
    data: Any
    raw: str
    location: Location = ()
    error: FileError | None = None


@dataclass(frozen=True, slots=True)
class BenchmarkFile:
    """A file that was read, and can be written again with some values changed."""

    path: Path
    format: FileFormat
    text: str
    records: tuple[Record, ...]

    def written(self, edits: Mapping[int, Edits], dropped: Collection[int] = ()) -> str:
        """The file's text with each record's edits made and the dropped records left out."""
        kept = [record for record in self.records if record.index not in dropped]
        if self.format is FileFormat.JSON:
            changes = {
                (*record.location, *location): value
                for record in kept
                for location, value in edits.get(record.index, {}).items()
            }
            gone = [record.location for record in self.records if record.index in dropped]
            return edit_json(self.text, changes, gone)
        if self.format is FileFormat.JSONL:
            return "".join(edit_json(record.raw, edits.get(record.index, {})) for record in kept)
        return self._written_table(edits, kept)

    def _written_table(self, edits: Mapping[int, Edits], kept: list[Record]) -> str:
        out = io.StringIO(newline="")
        newline = "\r\n" if "\r\n" in self.text else "\n"
        header = next(csv.reader(io.StringIO(self.text, newline=""), delimiter=self._delimiter))
        writer = csv.writer(out, delimiter=self._delimiter, lineterminator=newline)
        writer.writerow(header)
        for record in kept:
            changes = edits.get(record.index, {})
            writer.writerow([changes.get((name,), record.data[name]) for name in header])
        return out.getvalue()

    @property
    def _delimiter(self) -> str:
        return "\t" if self.format is FileFormat.TSV else ","


def read_file(path: Path, recipe: Recipe | None = None) -> BenchmarkFile:
    """Read a benchmark file.

    Raises:
        FileError: there is no such file, it is not UTF-8, or it holds no records at all.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileError(str(path), error.strerror or "cannot be read", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise FileError(
            str(path), f"not UTF-8 at byte {error.start}", "Save the file as UTF-8."
        ) from error
    format_ = _format_of(path, text)
    readers = {FileFormat.JSON: _json_records, FileFormat.JSONL: _jsonl_records}
    reader = readers.get(format_)
    records = reader(path, text, recipe) if reader else _table_records(path, text, format_)
    if not records:
        raise FileError(str(path), "no records inside", "Check that the file is complete.")
    return BenchmarkFile(path, format_, text, tuple(records))


def _format_of(path: Path, text: str) -> FileFormat:
    suffix = path.suffix.lower().lstrip(".")
    if suffix in (FileFormat.CSV, FileFormat.TSV):
        return FileFormat(suffix)
    head = re.match(r"\s*(\[|\{)", text)
    if suffix == "jsonl" or suffix == "ndjson":
        return FileFormat.JSONL
    if suffix == "json" and head:
        return FileFormat.JSON
    if head:
        return FileFormat.JSON if head.group(1) == "[" else FileFormat.JSONL
    raise FileError(
        str(path), "neither JSON nor CSV", "Name it .jsonl, .json, .csv or .tsv after its format."
    )


def _jsonl_records(path: Path, text: str, recipe: Recipe | None) -> list[Record]:
    records: list[Record] = []
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if not line.strip():
            continue
        index = len(records)
        try:
            records.append(Record(index, json.loads(line), line))
        except (json.JSONDecodeError, RecursionError) as error:
            why = FileError(
                f"{path.name}, line {number}",
                f"not JSON: {error}",
                "Repair or remove the line; the other lines are not affected.",
            )
            records.append(Record(index, None, line, error=why))
    return records


def _json_records(path: Path, text: str, recipe: Recipe | None) -> list[Record]:
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise FileError(
            str(path), f"not JSON: {error}", "Repair the file, or save it as JSON Lines."
        ) from error
    paths = [layout.items for layout in recipe.layouts if layout.items] if recipe else []
    for candidate in [*paths, "[*]"]:
        found = locate(candidate, document)
        if found:
            return [
                Record(index, value, "", location) for index, (location, value) in enumerate(found)
            ]
    raise FileError(
        str(path),
        "the document is not a list of items",
        "Say in the recipe where the items lie, for example `items: data[*].paragraphs[*]`.",
    )


def _table_records(path: Path, text: str, format_: FileFormat) -> list[Record]:
    delimiter = "\t" if format_ is FileFormat.TSV else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(rows, [])
    if len(set(header)) != len(header):
        raise FileError(
            str(path), "column names repeat", "Give the file a first row with distinct names."
        )
    records: list[Record] = []
    for row in rows:
        index = len(records)
        if len(row) == len(header):
            records.append(Record(index, dict(zip(header, row, strict=True)), ""))
            continue
        why = FileError(
            f"{path.name}, line {rows.line_num}",
            f"{len(row)} cells, {len(header)} columns",
            "Repair or remove the row; the other rows are not affected.",
        )
        records.append(Record(index, None, "", error=why))
    return records
