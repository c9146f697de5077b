"""Our own table, loss-free: a row per term, the concept's own fields in the concept's first row.

The same columns as CSV, TSV and XLSX. What the glossary says of itself stands in the spreadsheet's
sheet ``about``, in text in a last row with the id ``#glossary``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from glossary.concept import Concept, Glossary
from glossary.formats.own_columns import ABOUT_ROW, CHOICES, COLUMNS, list_cells
from glossary.formats.own_read import read_own
from glossary.formats.port import (
    Imported,
    ReadOptions,
    WriteOptions,
    Written,
    name_and_version,
)
from glossary.formats.table import read_table, write_table
from glossary.language import Language

_WIDTHS = {"id": 20, "concept": 26, "term": 34, "condition": 34, "note": 34, "examples": 44}
_WIDTHS |= {"definition": 44, "concept note": 34, "language": 10, "status": 12, "strength": 10}
_HELP = (
    ("", ""),
    ("How to fill in", "One row per term; rows with the same id are one concept, in this order."),
    ("New concept", "Leave id empty and write the same word into `concept` in all its rows."),
    ("concept", "Only to read by, and to hold new rows together."),
    ("status", "preferred, admitted: may be used. deprecated, forbidden: must not. proposed: new."),
    ("strength", "Where the term is missed: hard is repaired, prefer is told, hint is not."),
    ("keep", "yes: stays as it is in every target language."),
    ("benchmarks", "The concept applies only there; empty: everywhere. Several: a; b"),
    ("contrasts", "Concepts that share a word here keep different terms. Several: a; b"),
    ("examples", "One sentence per line."),
    ("last columns", "domain to concept note belong to the concept: its first row is enough."),
)


class _OwnTable:
    name: ClassVar[str]
    lossless: ClassVar[bool] = True
    delimiter: ClassVar[str] = ""

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        return read_own(read_table(data, options).armed(), options, self.name)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        header, *rows = own_rows(glossary)
        about = [ABOUT_ROW, name_and_version(glossary), "", glossary.title]
        about += [glossary.description if name == "definition" else "" for name in header[4:]]
        return Written(write_table([header, *rows, about], self.delimiter))


class Csv(_OwnTable):
    """Our table as CSV."""

    name = "csv"
    title = "CSV, one row per term"
    suffix = ".csv"
    media_type = "text/csv"
    delimiter = ","


class Tsv(_OwnTable):
    """Our table with tabs."""

    name = "tsv"
    title = "TSV, one row per term"
    suffix = ".tsv"
    media_type = "text/tab-separated-values"
    delimiter = "\t"


class Xlsx(_OwnTable):
    """Our table as a spreadsheet, with choices in the cells and a page of help."""

    name = "xlsx"
    title = "Spreadsheet (XLSX), one row per term"
    suffix = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write all of a glossary."""
        from glossary.formats.workbook import write_workbook

        about = (
            ("glossary", name_and_version(glossary)),
            ("title", glossary.title),
            ("description", glossary.description),
            *_HELP,
        )
        rows = own_rows(glossary)
        return Written(write_workbook(rows, widths=_WIDTHS, choices=CHOICES, about=about))


def own_rows(glossary: Glossary) -> list[list[str]]:
    """The header and a row per term."""
    records = [record for concept in glossary.concepts for record in _records(concept)]
    extra = {name for record in records for name in record} - set(COLUMNS)
    # A list that is longer than a cell goes on in ``examples 2`` and so on.
    header = [*COLUMNS, *sorted(extra, key=lambda name: (name.split()[0], int(name.split()[1])))]
    return [header, *([record.get(name, "") for name in header] for record in records)]


def _records(concept: Concept) -> Iterator[dict[str, str]]:
    english = concept.in_language(Language.EN)
    heading = (english or concept.terms)[0].text
    for index, term in enumerate(concept.terms):
        record = {
            "id": concept.id,
            "concept": heading,
            "language": term.language.value,
            "term": term.text,
            "status": term.status.value,
            "strength": term.strength.value,
            "keep": "yes" if term.keep else "",
            "case sensitive": "yes" if term.case_sensitive else "",
            "part of speech": term.part_of_speech.value if term.part_of_speech else "",
            "condition": term.condition,
            "note": term.note,
            **list_cells("examples", term.examples, "\n"),
        }
        if index == 0:
            record |= {"domain": concept.domain, "definition": concept.definition}
            record |= {"concept note": concept.note}
            record |= list_cells("benchmarks", concept.benchmarks, "; ")
            record |= list_cells("contrasts", concept.contrasts, "; ")
        yield record
