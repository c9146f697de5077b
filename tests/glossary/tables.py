"""Tables, read for a test."""

from __future__ import annotations

from glossary.exchange import read_glossary
from glossary.formats.port import Imported, ReadOptions


def read_table(text: str | bytes, **options: object) -> Imported:
    """What a table of these lines or bytes holds; options as in ``ReadOptions``."""
    data = text.encode() if isinstance(text, str) else text
    return read_glossary(data, ReadOptions(**options))  # type: ignore[arg-type]


def terms(read: Imported) -> list[list[str]]:
    """The texts of each concept."""
    return [[term.text for term in concept.terms] for concept in read.glossary.concepts]
