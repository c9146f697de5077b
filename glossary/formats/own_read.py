"""Reading our own table, also with columns moved, left out or added by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glossary.concept import Term
from glossary.errors import GlossaryError
from glossary.formats.builder import Builder, choice
from glossary.formats.errors import BadColumns
from glossary.formats.own_columns import ABOUT_ROW, CHOICES, COLUMNS, LISTS, unlisted
from glossary.formats.port import Imported, ReadOptions
from glossary.formats.table import Row, Table
from glossary.language import parse_language

_CONCEPT_TEXTS = {"domain": "domain", "definition": "definition", "concept note": "note"}
_NO = ("no", "n", "false", "0", "-")


def read_own(table: Table, options: ReadOptions, format_name: str) -> Imported:
    """Read our own columns, also with columns moved, left out or added by a person."""
    columns = _columns(table.header)
    builder = Builder(format_name, options)
    builder.problems += table.problems
    broken = {problem.row for problem in table.problems}
    about = {row[0]: row[1] for row in table.about if len(row) > 1}
    groups: dict[tuple[str, str], list[tuple[Row, dict[str, str]]]] = {}
    for row in table.rows[1:]:
        said = _said(row, columns)
        if said["id"] == ABOUT_ROW:
            about = {"glossary": said["concept"], "title": said["term"]}
            about["description"] = said["definition"]
        elif len(row.cells) > len(table.header) and any(row.cells[len(table.header) :]):
            builder.problem(
                row.number, "", "more cells than the header has", 'Put cells with commas in "".'
            )
            broken.add(row.number)
        key = (said["id"], "" if said["id"] else said["concept"])
        if said["id"] != ABOUT_ROW:
            groups.setdefault(key, []).append((row, said))
    for (id_, heading), members in groups.items():
        if not id_ and not heading:
            for row, _ in members:
                builder.problem(
                    row.number,
                    "id",
                    "there is neither an id nor a word in `concept`",
                    "Write its concept's id; for a new concept, the same word in all its rows.",
                )
        elif not any(row.number in broken for row, _ in members):
            _add(builder, id_, heading, members)
    return builder.finish(
        stamp=about.get("glossary", ""),
        title=about.get("title", ""),
        description=about.get("description", ""),
        notes=table.notes,
    )


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, name in enumerate(header):
        folded = " ".join(name.casefold().split())
        if folded and folded in columns:
            raise BadColumns(
                f"Two columns are named {name!r}.", "Rename one of them, or take it out."
            )
        columns[folded] = index
    missing = [name for name in ("id", "language", "term") if name not in columns]
    if missing:
        raise BadColumns(
            f"The columns {', '.join(missing)} are missing.",
            "Export the glossary to see the columns, or import the file as `plain`.",
        )
    return columns


def _said(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    said = dict.fromkeys(COLUMNS, "")
    for name, index in columns.items():
        said[name] = row.cell(index)
    return said


def _add(
    builder: Builder, id_: str, heading: str, members: list[tuple[Row, dict[str, str]]]
) -> None:
    first = members[0][0].number
    found = len(builder.problems)
    shared = _shared(builder, members)
    terms = [_term(builder, row.number, said) for row, said in members]
    if len(builder.problems) == found:
        builder.concept(first, id_ or builder.invent_id(heading), terms, **shared)


def _shared(builder: Builder, members: list[tuple[Row, dict[str, str]]]) -> dict[str, Any]:
    """The concept's own fields: from whichever row has them; two that differ are a problem."""
    shared: dict[str, Any] = {}
    names = {**_CONCEPT_TEXTS, "benchmarks": "benchmarks", "contrasts": "contrasts"}
    for column, field in names.items():
        values: dict[str | tuple[str, ...], int] = {}
        for row, said in members:
            cell = _list(said, column, "; ") if column in LISTS else said[column]
            if cell:
                values.setdefault(cell, row.number)
        if len(values) > 1:
            numbers = " and ".join(str(number) for number in list(values.values())[:2])
            builder.problem(
                members[0][0].number,
                column,
                f"rows {numbers} of this concept differ",
                "Write it in the concept's first row only.",
            )
        elif values:
            shared[field] = next(iter(values))
    return shared


def _list(said: Mapping[str, str], name: str, separator: str) -> tuple[str, ...]:
    items: list[str] = []
    count = 1
    column = name
    while column in said:
        items += unlisted(said[column], separator)
        count += 1
        column = f"{name} {count}"
    return tuple(items)


def _term(builder: Builder, row: int, said: Mapping[str, str]) -> Term | None:
    try:
        language = parse_language(said["language"])
    except GlossaryError as error:
        builder.problem(row, "language", str(error), "Choose en, zh-TW, zh-CN or ko.")
        return None
    fields: dict[str, Any] = {}
    for column, field in (
        ("status", "status"),
        ("strength", "strength"),
        ("part of speech", "part_of_speech"),
    ):
        if said[column]:
            fields[field] = choice(said[column], CHOICES[column])
            if fields[field] is None:
                known = ", ".join(CHOICES[column])
                builder.problem(row, column, f"{said[column]!r} is no choice", f"Choose {known}.")
                return None
    for column, field in (("keep", "keep"), ("case sensitive", "case_sensitive")):
        fields[field] = said[column].casefold() in ("yes", "y", "true", "x", "1")
        if said[column] and not fields[field] and said[column].casefold() not in _NO:
            builder.problem(row, column, f"{said[column]!r} is no choice", "Choose yes or no.")
            return None
    return builder.term(
        row,
        "term",
        language,
        said["term"],
        condition=said["condition"],
        note=said["note"],
        examples=_list(said, "examples", "\n"),
        **fields,
    )
