"""Weblate's CSV: ``source`` and ``target`` with ids, contexts, comments and "needs editing".

The CSV has no flags: forbidden and read-only terms travel in ``tbx-v2``, which Weblate reads too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from glossary.concept import Glossary, Status
from glossary.formats.bilingual import PairRow, Pairs, comment, term_pairs
from glossary.formats.builder import Builder
from glossary.formats.errors import PairNeeded
from glossary.formats.losses import Losses
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written, pair_to_write
from glossary.formats.table import Table, apostrophes, read_table, write_table

COLUMNS = (
    "location",
    "source",
    "target",
    "id",
    "fuzzy",
    "context",
    "translator_comments",
    "developer_comments",
)
_TRUE = ("true", "1", "yes", "x")


def is_weblate(header: Sequence[str]) -> bool:
    """Source, target, and one at least of Weblate's further columns?"""
    names = {name.casefold() for name in header}
    own = {"location", "fuzzy", "context", "translator_comments", "developer_comments"}
    return {"source", "target"} <= names and bool(own & names)


class Weblate:
    """A glossary component of Weblate in one language, as CSV."""

    name: ClassVar[str] = "weblate"
    title: ClassVar[str] = "Weblate CSV"
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv"
    lossless: ClassVar[bool] = False

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read the CSV; the file does not say its languages."""
        return read_weblate(read_table(data, options).armed(), options)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write one pair."""
        pair = pair_to_write(self.name, glossary, options)
        losses = Losses(glossary)
        losses.status(Status.DEPRECATED, Status.FORBIDDEN)
        losses.all_of("strength", "keep", "case_sensitive", "part_of_speech", "examples")
        losses.all_of_concepts("benchmarks", "contrasts")
        rows = [list(COLUMNS)]
        for concept, source, target in term_pairs(glossary, pair, losses):
            fuzzy = "True" if target.status is Status.PROPOSED else ""
            about = (concept.domain, comment(concept, target), concept.definition)
            rows.append(["", source.text, target.text, concept.id, fuzzy, *about])
        data = write_table(rows, ",", mark=False)
        return Written(data, (*losses.told(), *apostrophes(rows)))


def read_weblate(table: Table, options: ReadOptions) -> Imported:
    """Read Weblate's columns."""
    if options.pair is None:
        raise PairNeeded("weblate")
    at = {name.casefold(): index for index, name in enumerate(table.header)}
    builder = Builder("weblate", options)
    pairs = Pairs(builder, options.pair)
    for row in table.rows[1:]:
        said = {name: row.cell(at[name]) if name in at else "" for name in COLUMNS}
        pairs.add(
            PairRow(
                row.number,
                said["source"],
                said["target"],
                key=said["id"],
                note=said["translator_comments"],
                definition=said["developer_comments"],
                domain=said["context"],
                proposed=said["fuzzy"].casefold() in _TRUE,
            )
        )
    pairs.finish()
    return builder.finish(complete=False, notes=table.notes)
