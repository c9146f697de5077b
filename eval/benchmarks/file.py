"""Benchmark files: JSON Lines, one JSON document, CSV and TSV; read leniently, written exactly.

A record that cannot be read does not hide the others: it comes out as an error with its line. The
text is edited and never serialised anew, so a written file differs from its source in the edited
values only: byte order mark, line ends, blank lines, quoting and unreadable records are copied.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.benchmarks.path import Location, locate
from eval.benchmarks.raw_json import edit_json, is_escaped
from eval.benchmarks.raw_table import edit_row, table_rows
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
    """One record: its data, or why it cannot be read.

    ``raw`` is its text with blank lines before it and its line end; empty in a JSON document, where
    ``location`` says where the record lies.
    """

    index: int
    data: Any
    raw: str
    location: Location = ()
    error: FileError | None = None


@dataclass(frozen=True, slots=True)
class BenchmarkFile:
    """A file that was read, and can be written again with some values changed.

    ``text`` is without the byte order mark, which is ``mark`` where there was one.
    """

    path: Path
    format: FileFormat
    text: str
    records: tuple[Record, ...]
    mark: str = ""

    def written(self, edits: Mapping[int, Edits], dropped: Collection[int] = ()) -> str:
        """The file's text with each record's edits made and the dropped records left out.

        Without edits and drops it encodes to the bytes that were read.
        """
        if self.format is FileFormat.JSON:
            return self.mark + self._written_document(edits, dropped)
        edited = self._line_editor() if self.format is FileFormat.JSONL else self._edited_row
        head = self.text[: len(self.text) - sum(len(record.raw) for record in self.records)]
        lines = [
            edited(record, edits[record.index]) if edits.get(record.index) else record.raw
            for record in self.records
            if record.index not in dropped
        ]
        return "".join([self.mark, head, *lines])

    def _written_document(self, edits: Mapping[int, Edits], dropped: Collection[int]) -> str:
        changes, gone = {}, []
        for record in self.records:
            if record.index in dropped:
                gone.append(_element_of(record.location))
                continue
            for location, value in edits.get(record.index, {}).items():
                changes[*record.location, *location] = value
        return edit_json(self.text, changes, gone)

    def _line_editor(self) -> Callable[[Record, Edits], str]:
        """Editing lines as the whole file writes them: one line may hold no escape by chance."""
        escape = is_escaped(self.text)
        return lambda record, edits: edit_json(record.raw, edits, escape=escape)

    def _edited_row(self, record: Record, edits: Edits) -> str:
        columns: dict[Location, int] = {(name,): column for column, name in enumerate(record.data)}
        cells = {columns[location]: str(value) for location, value in edits.items()}
        return edit_row(record.raw, cells, _DELIMITERS[self.format])


def _element_of(location: Location) -> Location:
    """The array element that holds a record: ``rows[3]`` of ``rows[3].row``."""
    while not isinstance(location[-1], int):
        location = location[:-1]
    return location


_DELIMITERS = {FileFormat.CSV: ",", FileFormat.TSV: "\t"}
_MARK = "\ufeff"


def read_file(path: Path, recipe: Recipe | None = None, *, quoting: bool = True) -> BenchmarkFile:
    """Read a benchmark file.

    Without ``quoting`` each line of a CSV or TSV file is a row, and quotes are ordinary characters.
    Such a file can be read only, not written again.

    Raises:
        FileError: there is no such file, it is not UTF-8, or it holds no records at all.
    """
    try:
        whole = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise FileError(str(path), error.strerror or "cannot be read", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise FileError(
            str(path), f"not UTF-8 at byte {error.start}", "Save the file as UTF-8."
        ) from error
    text = whole.removeprefix(_MARK)
    format_ = _format_of(path, text)
    if format_ is FileFormat.JSON:
        records = _json_records(path, text, recipe)
    elif format_ is FileFormat.JSONL:
        records = _jsonl_records(path, text)
    else:
        records = _table_records(path, text, format_, quoting)
    if not records:
        raise FileError(str(path), "no records inside", "Check that the file is complete.")
    return BenchmarkFile(path, format_, text, tuple(records), whole[: len(whole) - len(text)])


def _format_of(path: Path, text: str) -> FileFormat:
    suffix = path.suffix.lower().lstrip(".")
    if suffix in (FileFormat.CSV, FileFormat.TSV):
        return FileFormat(suffix)
    if suffix in ("jsonl", "ndjson") or not text.strip():
        return FileFormat.JSONL
    head = re.match(r"\s*(\[|\{)", text)
    if head is None:
        raise FileError(
            str(path),
            "neither JSON nor CSV",
            "Name it .jsonl, .json, .csv or .tsv after its format.",
        )
    if suffix == "json":
        return FileFormat.JSONL if _is_lines(text) else FileFormat.JSON
    return FileFormat.JSON if head.group(1) == "[" else FileFormat.JSONL


def _is_lines(text: str) -> bool:
    """JSON Lines under the name ``.json``, as many benchmarks are published."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return rest.lstrip().startswith(first[0])


def _jsonl_records(path: Path, text: str) -> list[Record]:
    records: list[Record] = []
    blank = ""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if not line.strip():
            blank += line
            continue
        data, error = None, None
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as reason:  # ValueError: also a number of 4,300 digits
            error = FileError(
                f"{path.name}, line {number}",
                f"not JSON: {reason}",
                "Repair or remove the line; the other lines are not affected.",
            )
        records.append(Record(len(records), data, blank + line, error=error))
        blank = ""
    if records and blank:
        records[-1] = replace(records[-1], raw=records[-1].raw + blank)
    return records


def _json_records(path: Path, text: str, recipe: Recipe | None) -> list[Record]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
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
    if document == []:
        return []
    lists = [key for key in document if isinstance(document[key], list)] if document else []
    raise FileError(
        str(path),
        "the document is not a list of items"
        + (f"; lists inside: {', '.join(lists)}" if lists else ""),
        "Say in the recipe where the items lie, for example `items: data[*].paragraphs[*]`.",
    )


def _table_records(path: Path, text: str, format_: FileFormat, quoting: bool) -> list[Record]:
    rows = list(table_rows(text, _DELIMITERS[format_], quoting=quoting))
    if not rows:
        return []
    header = rows[0].values
    if len(set(header)) != len(header):
        raise FileError(
            str(path), "column names repeat", "Give the file a first row with distinct names."
        )
    records: list[Record] = []
    for index, row in enumerate(rows[1:]):
        raw = text[row.start : row.end]
        if len(row.cells) == len(header):
            records.append(Record(index, dict(zip(header, row.values, strict=True)), raw))
            continue
        error = FileError(
            f"{path.name}, line {row.line}",
            f"{len(row.cells)} cells, {len(header)} columns",
            "Repair or remove the row; the other rows are not affected.",
        )
        records.append(Record(index, None, raw, error=error))
    if records:
        last = records[-1]
        records[-1] = replace(last, raw=last.raw + text[rows[-1].end :])
    return records
