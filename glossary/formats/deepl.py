"""DeepL's glossary lists: source, target and, in its CSV, the two languages; no header.

DeepL knows one Chinese (``ZH``): which one a file means has to be said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from glossary.concept import Glossary, Status
from glossary.errors import GlossaryError
from glossary.formats.bilingual import PairRow, Pairs, term_pairs
from glossary.formats.builder import Builder
from glossary.formats.errors import PairNeeded
from glossary.formats.losses import Losses
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written, pair_to_write
from glossary.formats.table import Row, Table, apostrophes, read_table, write_table
from glossary.language import Language, Pair, parse_language

_CODES = {Language.EN: "EN", Language.KO: "KO", Language.ZH_TW: "ZH", Language.ZH_CN: "ZH"}
_CODE = re.compile("(EN|KO|ZH)(-[A-Z]{2,4})?", re.IGNORECASE)
_BYTES = 1024


def is_deepl(rows: Sequence[Row]) -> bool:
    """Are the third and fourth cells codes of languages (``EN``, ``KO``) from the first row on?"""
    return bool(rows) and all(map(_has_codes, rows[:2]))


def _has_codes(row: Row) -> bool:
    codes = (row.cell(2), row.cell(3))
    return all(_CODE.fullmatch(code) for code in codes)


class DeepL:
    """CSV: source, target, language codes."""

    name: ClassVar[str] = "deepl"
    title: ClassVar[str] = "DeepL glossary (CSV)"
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv"
    lossless: ClassVar[bool] = False
    delimiter: ClassVar[str] = ","

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read two or four columns, with commas or tabs."""
        return read_deepl(read_table(data, options).armed(), options)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write one pair: a source term once, with its best translation."""
        pair = pair_to_write(self.name, glossary, options)
        losses = Losses(glossary)
        losses.status(Status.PROPOSED, Status.DEPRECATED, Status.FORBIDDEN)
        losses.all_of("strength", "keep", "case_sensitive", "part_of_speech", "condition", "note")
        losses.all_of("examples")
        losses.all_of_concepts("domain", "definition", "benchmarks", "contrasts", "note")
        rows: list[list[str]] = []
        seen: set[str] = set()
        for _, source, target in term_pairs(glossary, pair, losses):
            if source.text in seen:
                losses.count("translations are left out: DeepL takes a source term once")
            elif max(len(text.encode()) for text in (source.text, target.text)) > _BYTES:
                losses.count(f"terms are left out: longer than DeepL's {_BYTES} bytes")
            else:
                seen.add(source.text)
                codes = [_CODES[pair.source], _CODES[pair.target]] if self.delimiter == "," else []
                rows.append([source.text, target.text, *codes])
        return Written(
            write_table(rows, self.delimiter, mark=False), (*losses.told(), *apostrophes(rows))
        )


class DeepLTsv(DeepL):
    """TSV: source and target."""

    name = "deepl-tsv"
    title = "DeepL glossary (TSV)"
    suffix = ".tsv"
    media_type = "text/tab-separated-values"
    delimiter = "\t"


def read_deepl(table: Table, options: ReadOptions) -> Imported:
    """Read rows of two, four or five cells; the fifth, a relevance, is passed over."""
    pair = options.pair or _said(table.rows[0])
    if pair is None:
        raise PairNeeded("deepl")
    builder = Builder("deepl", options)
    builder.problems += table.problems
    pairs = Pairs(builder, pair)
    for row in table.rows:
        if _has_codes(row) and not _fits(row, pair):
            builder.problem(
                row.number,
                "languages",
                f"{row.cell(2)} and {row.cell(3)} are not {pair}",
                "Import each pair of languages from a file of its own.",
            )
        else:
            pairs.add(PairRow(row.number, row.cell(0), row.cell(1)))
    pairs.finish()
    return builder.finish(complete=False, notes=table.notes)


def _said(row: Row) -> Pair | None:
    if not _has_codes(row):
        return None
    try:
        return Pair(parse_language(row.cell(2)), parse_language(row.cell(3)))
    except GlossaryError as error:
        raise PairNeeded(
            "deepl", f"DeepL's codes do not say which language it is. {error}"
        ) from None


def _fits(row: Row, pair: Pair) -> bool:
    codes = (_CODES[pair.source], _CODES[pair.target])
    return (row.cell(2)[:2].upper(), row.cell(3)[:2].upper()) == codes
