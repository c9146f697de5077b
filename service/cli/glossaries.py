"""The glossaries that a command is given: names in the database, or files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.errors import FileError
from glossary.concept import Glossary
from glossary.language import Pair
from glossary.store.errors import UnknownGlossary
from glossary.terminology import Terminology
from service.cli.screen import console
from service.settings import Settings
from service.wiring import make_store

Given = Annotated[
    list[str] | None,
    typer.Option(
        "--glossary",
        metavar="NAME|FILE",
        help="Terms to obey: a glossary of the database, or a file (TBX, XLSX, CSV, TSV, JSON). "
        "May be given several times; the first has precedence.",
    ),
]


def terminology_of(
    given: Sequence[str] | None, settings: Settings, pair: Pair, benchmark: str
) -> Terminology | None:
    """The terms of these glossaries for a pair; ``None`` where none is given.

    Raises:
        UnknownGlossary: neither a file nor in the database.
        FormatError, FileError: a file cannot be read.
    """
    if not given:
        return None
    return Terminology(read_glossaries(given, settings, pair), pair, benchmark=benchmark)


def read_glossaries(given: Sequence[str], settings: Settings, pair: Pair) -> list[Glossary]:
    """These glossaries in their order, each once.

    Raises:
        UnknownGlossary: neither a file nor in the database.
        FormatError, FileError: a file cannot be read.
    """
    return [_glossary(text, settings, pair) for text in dict.fromkeys(given)]


def names_only(given: Sequence[str] | None) -> list[str]:
    """The glossaries that a running service is to use, which knows no files of ours."""
    for text in given or ():
        if Path(text).is_file():
            raise typer.BadParameter(
                f"--glossary {text}: the service has its own glossaries; import the file first "
                "(isogloss terms import) and give the glossary's name"
            )
    return list(given or ())


def _glossary(text: str, settings: Settings, pair: Pair) -> Glossary:
    path = Path(text)
    if not path.is_file():
        store = make_store(settings)
        try:
            return store.glossary(text)
        except UnknownGlossary as error:
            if not path.suffix and len(path.parts) == 1:
                raise
            why = "there is no such file, and no glossary of that name"
            raise FileError(text, why, "Check the path given to --glossary.") from error
        finally:
            store.close()
    # What reads spreadsheets takes longer to start than most commands take.
    from glossary.formats.detect import read_glossary
    from glossary.formats.port import ReadOptions

    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise FileError(text, why, "Check the path given to --glossary.") from error
    imported = read_glossary(data, ReadOptions(pair=pair), file_name=path.name)
    for problem in imported.problems:
        console.print(f"[yellow]{escape(path.name)}[/], {escape(str(problem))}")
    return imported.glossary
