"""Plain tables: a column per language, a row per concept, as people make them everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from glossary.concept import Concept, Glossary, Status, Term
from glossary.formats.builder import Builder, join
from glossary.formats.columns import Columns, find_columns
from glossary.formats.losses import Losses
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written
from glossary.formats.table import Row, Table, apostrophes, read_table, write_table
from glossary.language import Language

_NAMED = re.compile(
    r"(?P<name>.+?)\s*(?:（(?P<a>[^（）]+)）|\((?P<b>[^()]+)\)|(?:--|——|—)\s+(?P<c>.+))", re.DOTALL
)
_ALTERNATIVES = re.compile(r"[,;，；]\s+")
_SHORT = 30


class Plain:
    """A table with a column per language; further columns become conditions and notes."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain table, one column per language"
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv"
    lossless: ClassVar[bool] = False

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read a table of languages."""
        return read_plain(read_table(data, options), options)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write the best term of each language, beside each other."""
        languages = [
            language
            for language in Language
            if any(concept.in_language(language) for concept in glossary.concepts)
        ]
        losses = Losses(glossary)
        losses.all_of("strength", "keep", "case_sensitive", "part_of_speech", "note", "examples")
        losses.all_of_concepts("benchmarks", "contrasts", "note")
        losses.status(Status.PROPOSED, Status.ADMITTED, Status.DEPRECATED, Status.FORBIDDEN)
        rows = [[*languages, "condition", "domain", "definition", "id"]]
        for concept in glossary.concepts:
            best = [_best(concept, language) for language in languages]
            conditions = join(term.condition for term in concept.terms)
            rows.append([*best, conditions, concept.domain, concept.definition, concept.id])
        return Written(write_table(rows, ","), (*losses.told(), *apostrophes(rows)))


def _best(concept: Concept, language: Language) -> str:
    usable = [term for term in concept.in_language(language) if term.status.usable]
    preferred = [term for term in usable if term.status is Status.PREFERRED]
    return (preferred or usable)[0].text if usable else ""


def read_plain(table: Table, options: ReadOptions) -> Imported:
    """Read a plain table; what was taken apart or carried elsewhere is told in the notes."""
    width = max(len(row.cells) for row in table.rows)
    header = table.header if options.header else tuple(_letter(n) for n in range(width))
    columns = find_columns(header, options)
    builder = Builder("plain", options)
    builder.problems += table.problems
    broken = {problem.row for problem in table.problems}
    apart: Counter[str] = Counter()
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows[1:] if options.header else table.rows:
        if row.number in broken:
            continue
        if any(cell.strip() for cell in row.cells[len(header) :]):
            builder.problem(
                row.number,
                "",
                "there are more cells than the header has",
                'A cell with a comma or a tab in it needs quotation marks: "a, b".',
            )
            continue
        cells = tuple(cell.strip() for cell in row.cells)
        if cells in seen:
            builder.notes.append(f"Row {row.number} repeats row {seen[cells]}; it was left out.")
            continue
        seen[cells] = row.number
        _add(builder, columns, row, apart)
    builder.notes += _how_read(header, columns, options, apart)
    return builder.finish(complete=False, notes=table.notes)


def _letter(index: int) -> str:
    return (chr(ord("A") + index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def _add(builder: Builder, columns: Columns, row: Row, apart: Counter[str]) -> None:
    (source, at), *targets = columns.languages.items()
    original = row.cell(at)
    cells = {language: row.cell(index) for language, index in targets if row.cell(index)}
    if not original or not cells:
        builder.problem(
            row.number,
            "" if original else source,
            "there is no translation" if original else "the term is missing",
            f"Fill the {source} cell and one other language at least, or remove the row.",
        )
        return
    said = {role: row.cell(index) for role, index in columns.roles.items()}
    condition = said.get("condition", "")
    kept = {language for language, cell in cells.items() if cell == original}
    everywhere = len(kept) == len(targets)
    terms: list[Term | None] = [
        builder.term(
            row.number,
            source,
            source,
            original,
            keep=everywhere,
            condition=condition if everywhere else "",
        )
    ]
    for language, cell in cells.items():
        texts = _texts(cell, original, apart) if builder.options.split else [cell]
        terms += [
            builder.term(
                row.number,
                language,
                language,
                text,
                status=Status.ADMITTED if number else Status.PREFERRED,
                keep=everywhere,
                condition=condition,
            )
            for number, text in enumerate(texts)
        ]
    others = [f"{name}: {row.cell(at)}" for name, at in columns.other.items() if row.cell(at)]
    builder.concept(
        row.number,
        builder.usable_id(said.get("id", ""), original),
        terms,
        domain=said.get("domain", ""),
        definition=said.get("definition", ""),
        note=join([said.get("note", ""), *others]),
    )


def _texts(cell: str, original: str, apart: Counter[str]) -> list[str]:
    """The terms of a cell: without the source term repeated before them, alternatives apart.

    Nothing is lost: the source term stands in its own column, and the alternatives follow each
    other. A cell that only looks alike (other words before the bracket) stays whole.
    """
    found = _NAMED.fullmatch(cell)
    if found and " ".join(found["name"].split()) == " ".join(original.split()):
        apart["named"] += 1
        return [(found["a"] or found["b"] or found["c"]).strip()]
    parts = list(dict.fromkeys(part.strip() for part in _ALTERNATIVES.split(cell)))
    listed = len(parts) > 1 and all(part and len(part) <= _SHORT for part in parts)
    if listed and not _ALTERNATIVES.search(original):
        apart["alternatives"] += 1
        return parts
    return [cell]


def _how_read(
    header: Sequence[str], columns: Columns, options: ReadOptions, apart: Counter[str]
) -> list[str]:
    notes = []
    if "condition" in columns.roles and "condition" not in options.columns:
        name = header[columns.roles["condition"]]
        notes.append(
            f"Column {name!r} was read as the condition under which the translation applies; "
            f"columns=note={name} makes it a note."
        )
    if columns.other:
        notes.append(f"Kept in the note of the concept: {', '.join(columns.other)}.")
    if apart["named"]:
        notes.append(
            f"{apart['named']} cells repeat the source term, as in `name（translation）`: the "
            "translation alone was taken. split=no keeps such cells whole."
        )
    if apart["alternatives"]:
        notes.append(
            f"{apart['alternatives']} cells list alternatives: the first was taken as preferred, "
            "the others as admitted. split=no keeps such cells whole."
        )
    return notes
