"""MateCat's glossary: a row per concept, columns per language, and rows of forbidden terms.

``Forbidden``, ``Domain``, ``Subdomain``, ``Definition``, then for each language its tag, ``Notes``
and ``Example of use``. MateCat loads XLSX and gives CSV back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from glossary.concept import Concept, Glossary, Status, Term
from glossary.errors import GlossaryError
from glossary.formats.bilingual import usable
from glossary.formats.builder import Builder, join
from glossary.formats.errors import BadColumns
from glossary.formats.losses import Losses
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written
from glossary.formats.table import Row, Table, apostrophes, read_table, write_table
from glossary.language import Language, parse_language

_HEAD = ("Forbidden", "Domain", "Subdomain", "Definition")
_NOTES, _EXAMPLE = "Notes", "Example of use"
_TAGS = {
    Language.EN: "en-US",
    Language.ZH_TW: "zh-TW",
    Language.ZH_CN: "zh-CN",
    Language.KO: "ko-KR",
}
_TRUE = ("true", "1", "yes", "x")


def is_matecat(header: Sequence[str]) -> bool:
    """Has it MateCat's columns beside the languages?"""
    names = {name.casefold() for name in header}
    return _EXAMPLE.casefold() in names or {"forbidden", "domain", "subdomain"} <= names


class MateCat:
    """The spreadsheet that MateCat loads."""

    name: ClassVar[str] = "matecat"
    title: ClassVar[str] = "MateCat glossary (XLSX)"
    suffix: ClassVar[str] = ".xlsx"
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    lossless: ClassVar[bool] = False

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read the spreadsheet, or the CSV that MateCat exports."""
        return read_matecat(read_table(data, options).armed(), options)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write all languages."""
        from glossary.formats.workbook import write_workbook

        rows, losses = _written(glossary)
        widths = dict.fromkeys(rows[0], 28)
        return Written(write_workbook(rows, widths=widths, choices={}), losses)


class MateCatCsv(MateCat):
    """The same columns as CSV."""

    name = "matecat-csv"
    title = "MateCat glossary (CSV)"
    suffix = ".csv"
    media_type = "text/csv"

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write all languages."""
        rows, losses = _written(glossary)
        return Written(write_table(rows, ","), (*losses, *apostrophes(rows)))


def _written(glossary: Glossary) -> tuple[list[list[str]], tuple[str, ...]]:
    present = {term.language for concept in glossary.concepts for term in concept.terms}
    languages = [language for language in Language if language in present]
    losses = Losses(glossary)
    losses.status(Status.PROPOSED, Status.ADMITTED, Status.DEPRECATED)
    losses.all_of("strength", "keep", "case_sensitive", "part_of_speech")
    losses.all_of_concepts("benchmarks", "contrasts", "note")
    header = [*_HEAD]
    for language in languages:
        header += [_TAGS[language], _NOTES, _EXAMPLE]
    rows = [header]
    for concept in glossary.concepts:
        rows += _concept_rows(concept, languages, losses)
    return rows, losses.told()


def _concept_rows(
    concept: Concept, languages: Sequence[Language], losses: Losses
) -> Iterator[list[str]]:
    """A row of the best terms, rows of further ones, and a forbidden row for each banned one."""
    terms = {language: usable(concept, language) for language in languages}
    first = next((language for language in languages if terms[language]), None)
    for index in range(max(len(each) for each in terms.values())):
        # A further term stands beside the best ones of the other languages: alone it says nothing.
        chosen = {
            language: each[min(index, len(each) - 1)] for language, each in terms.items() if each
        }
        yield _row(concept, languages, chosen, forbidden=False)
    for term in concept.terms:
        if not term.status.banned:
            continue
        source = terms[first][0] if first and first is not term.language else None
        chosen = {source.language: source} if source else {}
        if first is term.language:
            losses.count("banned terms of the first language are forbidden whatever the source")
        yield _row(concept, languages, {**chosen, term.language: term}, forbidden=True)


def _row(
    concept: Concept, languages: Sequence[Language], terms: dict[Language, Term], *, forbidden: bool
) -> list[str]:
    row = ["TRUE" if forbidden else "", concept.domain, "", concept.definition]
    for language in languages:
        term = terms.get(language)
        row += [
            term.text if term else "",
            join([term.condition, term.note]) if term else "",
            "\n".join(term.examples) if term else "",
        ]
    return row


@dataclass(slots=True)
class _Layout:
    """Where MateCat's columns stand; notes and examples belong to the language before them."""

    head: dict[str, int] = field(default_factory=dict)
    texts: dict[Language, int] = field(default_factory=dict)
    notes: dict[Language, int] = field(default_factory=dict)
    examples: dict[Language, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def _layout(header: Sequence[str]) -> _Layout:
    layout = _Layout()
    head = {name.casefold() for name in _HEAD}
    language: Language | None = None
    for index, name in enumerate(header):
        folded = name.casefold()
        if folded in head:
            layout.head[folded] = index
        elif folded in (_NOTES.casefold(), _EXAMPLE.casefold()):
            if language is not None:
                of = layout.notes if folded == _NOTES.casefold() else layout.examples
                of[language] = index
        elif folded:
            try:
                language = parse_language(name)
            except GlossaryError:
                language = None
                layout.unknown.append(name)
                continue
            if language in layout.texts:
                raise BadColumns(f"Two columns are {language}.", "Rename one of them.")
            layout.texts[language] = index
    if not layout.texts:
        raise BadColumns("No column names one of our languages.", "Name them en-US, ko-KR, zh-TW.")
    return layout


def read_matecat(table: Table, options: ReadOptions) -> Imported:
    """Read MateCat's columns; the same first term, domain and definition make one concept."""
    layout = _layout(table.header)
    builder = Builder("matecat", options)
    builder.problems += table.problems
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in table.rows[1:]:
        language = next((each for each, at in layout.texts.items() if row.cell(at)), None)
        if language is None:
            builder.problem(row.number, "", "there is no term", "Fill it in, or remove the row.")
            continue
        first = row.cell(layout.texts[language])
        domain = join([_head(row, layout, "domain"), _head(row, layout, "subdomain")])
        groups.setdefault((first, domain, _head(row, layout, "definition")), []).append(row)
    for (first, domain, definition), rows in groups.items():
        terms: dict[tuple[Language, str], Term | None] = {}
        for row in sorted(rows, key=lambda row: _forbidden(row, layout)):
            _row_terms(builder, layout, row, terms)
        builder.concept(
            rows[0].number,
            builder.invent_id(first),
            list(terms.values()),
            domain=domain.replace("\n", " / "),
            definition=definition,
        )
    if layout.unknown:
        builder.notes.append(f"Passed over: the columns {', '.join(layout.unknown)}.")
    return builder.finish(complete=False, notes=table.notes)


def _head(row: Row, layout: _Layout, name: str) -> str:
    return row.cell(layout.head[name]) if name in layout.head else ""


def _forbidden(row: Row, layout: _Layout) -> bool:
    return _head(row, layout, "forbidden").casefold() in _TRUE


def _row_terms(
    builder: Builder,
    layout: _Layout,
    row: Row,
    terms: dict[tuple[Language, str], Term | None],
) -> None:
    """In a forbidden row of several languages the first is the source, the others are banned."""
    filled = [language for language, at in layout.texts.items() if row.cell(at)]
    forbidden = _forbidden(row, layout)
    for language in filled:
        text = row.cell(layout.texts[language])
        if (language, text) in terms:
            continue
        banned = forbidden and (len(filled) == 1 or language is not filled[0])
        known = any(each is language for each, _ in terms)
        status = Status.FORBIDDEN if banned else Status.ADMITTED if known else Status.PREFERRED
        note = row.cell(layout.notes[language]) if language in layout.notes else ""
        example = row.cell(layout.examples[language]) if language in layout.examples else ""
        terms[language, text] = builder.term(
            row.number,
            language,
            language,
            text,
            status=status,
            note=note,
            examples=tuple(filter(None, example.split("\n"))),
        )
