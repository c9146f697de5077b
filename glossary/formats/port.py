"""What a format is: it reads a file, with its problems, and writes a glossary, with the losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from glossary.concept import Glossary
from glossary.formats.errors import PairNeeded
from glossary.language import Language, Pair


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read; more is an error that names the limit."""

    file_bytes: int = 32 * 1024 * 1024
    unpacked_bytes: int = 256 * 1024 * 1024
    """Of all parts of a spreadsheet together."""
    ratio: int = 200
    """A spreadsheet of some size that unpacks to more times its size is a bomb."""
    rows: int = 200_000
    columns: int = 500
    cell_characters: int = 100_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the file does not say itself."""

    name: str = "imported"
    """Of the glossary, where the file does not name one."""
    pair: Pair | None = None
    """For layouts that hold two languages and do not say which."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Role to column: ``{"en": "A", "ko": "Korean term", "condition": "note"}``.

    Roles are language tags, ``condition``, ``note``, ``definition``, ``domain`` and ``id``. A
    column is its header, else its letter. In XML, a language's role renames the file's own tag.
    """
    header: bool = True
    """Plain tables: the first row names the columns."""
    encoding: str | None = None
    delimiter: str | None = None
    """Between the cells of a table in text; ``None``: whichever its first row has most of."""
    split: bool = True
    """Plain tables: take ``name（translation）`` and lists of alternatives apart."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person has to look at; the concept of the row, if any, was left out."""

    row: int | None
    """As the file counts: rows of a table with its header from 1, lines of XML or JSON."""
    column: str
    text: str
    remedy: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "file"
        return f"{where}{f', {self.column}' if self.column else ''}: {self.text}"


@dataclass(frozen=True, slots=True)
class Imported:
    """A file as it was understood."""

    format: str
    glossary: Glossary
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """How the file was read, for a person to check: encoding, columns, cells taken apart."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """Concept id to the row where it begins."""
    complete: bool = True
    """Its concepts are whole; else they add to what a glossary has and take nothing away."""
    invented: frozenset[str] = frozenset()
    """Ids that the file does not say: made from the terms."""
    own: bool = False
    """Written by this program: its ids and its version are those of ``glossary.name``."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What the glossary does not say itself."""

    pair: Pair | None = None
    """For layouts that hold two languages; not needed where the glossary has but two."""


@dataclass(frozen=True, slots=True)
class Written:
    """A glossary as a file, and what the format could not hold."""

    data: bytes
    losses: tuple[str, ...] = ()


class Format(Protocol):
    """One format of files. ``lossless``: what it writes reads back as the same glossary."""

    name: ClassVar[str]
    title: ClassVar[str]
    suffix: ClassVar[str]
    media_type: ClassVar[str]
    lossless: ClassVar[bool]

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read a file.

        Raises:
            FormatError: it cannot be read at all; what is wrong with a row is a problem.
        """

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write a glossary.

        Raises:
            PairNeeded: the format holds two languages and ``options`` do not say which.
        """


def name_and_version(glossary: Glossary) -> str:
    """``exams@12``, from which a file of ours is known; version 0 was never stored."""
    return f"{glossary.name}@{glossary.version}"


def pair_to_write(layout: str, glossary: Glossary, options: WriteOptions) -> Pair:
    """The pair that was asked for, or the only one there is."""
    if options.pair:
        return options.pair
    languages: list[Language] = []
    for concept in glossary.concepts:
        languages += [term.language for term in concept.terms]
    distinct = list(dict.fromkeys(languages))
    if len(distinct) != 2:
        raise PairNeeded(layout)
    return Pair(distinct[0], distinct[1])
