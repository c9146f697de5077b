"""Errors of exchange: a file that cannot be read, a glossary that cannot be written.

FormatError
├── UnknownFormat      no format of that name
├── UnknownLayout      a table, but of no layout that we know
├── BadColumns         columns that are missing, double, or named wrongly in ``columns``
├── BadFile            not what it seems to be, or damaged
├── BadEncoding        text in an encoding that cannot be told or is not what was said
├── UnsafeFile         holds what only an attack needs: entities, a bomb
├── FileTooLarge       more than the limits allow
└── PairNeeded         the layout holds two languages and nobody says which
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glossary.errors import GlossaryError, nearest


class FormatError(GlossaryError):
    """Root of the errors of exchange; ``remedy`` says what to do next."""

    code = "format_error"
    remedy: str = ""


class UnknownFormat(FormatError):
    """No format of that name."""

    code = "unknown_format"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.remedy = nearest(name, known)
        super().__init__(f"Unknown glossary format {name!r}.")


class UnknownLayout(FormatError):
    """A table whose columns say nothing to us."""

    code = "unknown_layout"

    def __init__(self, header: Sequence[str], remedy: str) -> None:
        self.header, self.remedy = tuple(header), remedy
        shown = ", ".join(repr(cell[:40]) for cell in header[:8])
        super().__init__(f"The columns tell no glossary: {shown or 'there are none'}.")


class BadColumns(FormatError):
    """Columns that are missing, double, or named wrongly."""

    code = "bad_columns"

    def __init__(self, why: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(why)


class BadFile(FormatError):
    """Not what it seems to be, or damaged; ``line`` where that can be told."""

    code = "bad_glossary_file"

    def __init__(self, why: str, remedy: str, line: int | None = None) -> None:
        self.line, self.remedy = line, remedy
        super().__init__(f"Line {line}: {why}" if line else why)


class BadEncoding(FormatError):
    """Text whose encoding cannot be told, or is not what was said."""

    code = "bad_encoding"

    def __init__(self, why: str, candidates: Sequence[str] = ()) -> None:
        self.candidates = tuple(candidates)
        named = " or ".join(f"encoding={name}" for name in candidates)
        self.remedy = "Save the file as UTF-8" + (
            f", or say how it is written: {named}." if named else " and import it again."
        )
        super().__init__(why)


class UnsafeFile(FormatError):
    """Holds what a glossary never needs and an attack does."""

    code = "unsafe_file"

    def __init__(self, why: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(why)


class FileTooLarge(FormatError):
    """More than the limits allow."""

    code = "glossary_file_too_large"

    def __init__(self, what: str, limit: int, remedy: str = "Split the file into several.") -> None:
        self.limit, self.remedy = limit, remedy
        super().__init__(f"The file has more than {limit:,} {what}.")


class PairNeeded(FormatError):
    """The layout holds two languages and nothing says which."""

    code = "pair_needed"

    def __init__(self, layout: str, why: str = "") -> None:
        self.remedy = "Say the pair, for example en>ko."
        super().__init__(why or f"The layout {layout} holds two languages; which is not said.")
