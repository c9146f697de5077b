"""``isogloss terms import``, ``export`` and ``convert``: glossaries as files."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from glossary.exchange import Effect, Entry, Preview, read_glossary
from glossary.formats import FORMATS, load_format
from glossary.formats.columns import parse_columns
from glossary.formats.errors import BadFile, UnknownFormat
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written
from glossary.language import parse_pair
from service.cli.screen import console
from service.imports import compare, make_if_new
from service.settings import load_settings
from service.wiring import make_store

_SHOWN = 10
_COLOURS = {
    Effect.ADDED: "green",
    Effect.CHANGED: "yellow",
    Effect.CONFLICT: "red",
    Effect.UNCHANGED: "dim",
}
_SUFFIXES = {
    ".tbx": "tbx",
    ".xml": "tbx",
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".txt": "omegat",
}
_KNOWN = ", ".join(FORMATS)

PairText = Annotated[
    str | None,
    typer.Option("--pair", help="Two languages, for layouts that hold two: 'en>ko'."),
]
ColumnsText = Annotated[
    str,
    typer.Option(
        "--columns",
        help="What the columns are, by header or letter: en=A,ko=B,condition=note.",
    ),
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="Of a text file, for example big5 or cp949.")
]
ReadAs = Annotated[
    str | None, typer.Option("--format", help=f"Of the file; default: by its content. {_KNOWN}.")
]
Split = Annotated[
    bool,
    typer.Option("--split/--no-split", help="Plain tables: take alternatives in a cell apart."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def import_(
    file: Annotated[Path, typer.Argument(help="TBX, XLSX, CSV, TSV, JSON or OmegaT's text.")],
    into: Annotated[
        str, typer.Option("--into", help="Name of the glossary; made if it is not there.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", help="Id of a conflict in which the file is right; `all` for every one."
        ),
    ] = None,
    pair: PairText = None,
    columns: ColumnsText = "",
    encoding: Encoding = None,
    format_name: ReadAs = None,
    split: Split = True,
    who: Annotated[
        str | None, typer.Option("--who", help="Name in the history; default: the user's.")
    ] = None,
) -> None:
    """Import a file into a glossary.

    Examples:
    * `isogloss terms import exams.xlsx --into exams --dry-run`: what would change

    * `isogloss terms import kubernetes.tsv --into k8s`: columns named `en`, `ko`, `note`

    * `isogloss terms import words.csv --into tw --columns zh-CN=A,zh-TW=B`

    * `isogloss terms import weblate.csv --into ui --pair 'en>ko'`

    Nothing is deleted: concepts that the file lacks stay. A term that the glossary translates
    otherwise is a conflict and is left as it is, unless it is accepted. The exit status is 0, or
    1 when rows or conflicts were left out; 2 on errors.
    """
    imported = _read(file, _options(into, pair, columns, encoding, split), format_name)
    with closing(make_store(load_settings())) as store:
        shown, versions = compare(store, into, imported)
        _show(shown, file.name)
        accepted = [each.concept.id for each in shown.of(Effect.CONFLICT)]
        if "all" not in (accept or ()):
            accepted = [id_ for id_ in accepted if id_ in (accept or ())]
        edits = shown.edits(accept=accepted, versions=versions)
        if dry_run:
            console.print(f"Nothing was changed: {len(edits):,} concepts would be written.")
        elif edits:
            make_if_new(store, into, imported.glossary, who or getpass.getuser())
            version = store.apply(
                into, edits, who or getpass.getuser(), comment=f"imported {file.name}"
            )
            console.print(
                f"{len(edits):,} concepts written: [bold]{escape(into)}@{version}[/]",
                highlight=False,
            )
        else:
            console.print("There is nothing to change.")
    if imported.problems or len(accepted) < len(shown.of(Effect.CONFLICT)):
        raise typer.Exit(1)


def export(
    name: Annotated[str, typer.Argument(help="Name of the glossary.")],
    as_: Annotated[str, typer.Option("--as", help=f"Format: {_KNOWN}.")] = "xlsx",
    pair: PairText = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File; default: NAME with the format's suffix.")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="An earlier version.")
    ] = None,
    force: Force = False,
) -> None:
    """Export a glossary as a file.

    Examples:
    * `isogloss terms export exams`: a spreadsheet, to be edited and imported again

    * `isogloss terms export exams --as tbx`: TBX 3; `tbx-v2` is what Weblate reads

    * `isogloss terms export exams --as deepl --pair 'en>ko'`

    json, tbx, tbx-dct, tbx-v2, xlsx, csv and tsv hold all of a glossary. The layouts of other
    tools do not; what each leaves out is shown.
    """
    format_ = load_format(as_)
    with closing(make_store(load_settings())) as store:
        glossary = store.glossary(name, version)
    written = format_.write(glossary, WriteOptions(parse_pair(pair) if pair else None))
    _save(out or Path(f"{name}{format_.suffix}"), written, force)


def convert(
    source: Annotated[Path, typer.Argument(help="The file to read.")],
    target: Annotated[Path, typer.Argument(help="The file to write; its suffix is the format.")],
    as_: Annotated[
        str | None, typer.Option("--as", help=f"Format of the new file: {_KNOWN}.")
    ] = None,
    pair: PairText = None,
    columns: ColumnsText = "",
    encoding: Encoding = None,
    format_name: ReadAs = None,
    split: Split = True,
    force: Force = False,
) -> None:
    """Convert a glossary file into another format.

    Examples:
    * `isogloss terms convert kubernetes.tsv kubernetes.tbx`

    * `isogloss terms convert terms.xlsx terms.txt --as omegat --pair 'en>ko'`

    The exit status is 0, or 1 when rows were left out; 2 on errors.
    """
    name = as_ or _SUFFIXES.get(target.suffix.lower())
    if name is None:
        raise UnknownFormat(target.suffix or target.name, FORMATS)
    imported = _read(source, _options("imported", pair, columns, encoding, split), format_name)
    _show_reading(imported)
    chosen = WriteOptions(parse_pair(pair) if pair else None)
    _save(target, load_format(name).write(imported.glossary, chosen), force)
    if imported.problems:
        raise typer.Exit(1)


def _options(
    name: str, pair: str | None, columns: str, encoding: str | None, split: bool
) -> ReadOptions:
    return ReadOptions(
        name=name,
        pair=parse_pair(pair) if pair else None,
        columns=parse_columns(columns),
        encoding=encoding,
        split=split,
    )


def _read(file: Path, options: ReadOptions, format_name: str | None) -> Imported:
    try:
        data = file.read_bytes()
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise BadFile(f"{file}: {why}.", "Check the path and its permissions.") from error
    return read_glossary(data, options, file_name=file.name, format_name=format_name)


def _show(shown: Preview, title: str) -> None:
    _show_reading(shown.imported)
    for note in shown.notes:
        console.print(f"[yellow]Note:[/] {escape(note)}", highlight=False)
    table = Table()
    table.add_column(f"{escape(title)} into {escape(shown.glossary)}")
    table.add_column("concepts", justify="right")
    for effect, count in shown.counts.items():
        table.add_row(f"[{_COLOURS[effect]}]{effect}[/]", f"{count:,}")
    console.print(table)
    for effect in (Effect.CONFLICT, Effect.CHANGED, Effect.ADDED):
        _show_entries(effect, shown.of(effect))


def _show_entries(effect: Effect, entries: Sequence[Entry]) -> None:
    for entry in entries[:_SHOWN]:
        where = f" (row {entry.row})" if entry.row else ""
        texts = " / ".join(term.text for term in entry.concept.terms)
        console.print(
            f"[{_COLOURS[effect]}]{effect}[/] [bold]{escape(entry.concept.id)}[/]{where}: "
            f"{escape(entry.why or texts)}",
            highlight=False,
        )
        for change in entry.changes:
            before, after = change.before or "nothing", change.after or "nothing"
            console.print(
                f"    {escape(change.where)}: {escape(before)} → {escape(after)}", highlight=False
            )
    if len(entries) > _SHOWN:
        console.print(f"[dim]... and {len(entries) - _SHOWN:,} more {effect}[/]")


def _show_reading(imported: Imported) -> None:
    """How the file was understood, and the rows that were left out."""
    count = len(imported.glossary.concepts)
    console.print(f"Read as {imported.format}: {count:,} concepts", highlight=False)
    for note in imported.notes[:_SHOWN]:
        console.print(f"[yellow]Note:[/] {escape(note)}", highlight=False)
    if len(imported.notes) > _SHOWN:
        console.print(f"[dim]... and {len(imported.notes) - _SHOWN:,} more notes[/]")
    for problem in imported.problems[:_SHOWN]:
        console.print(
            f"[red]Left out:[/] {escape(str(problem))}. {escape(problem.remedy)}", highlight=False
        )
    if len(imported.problems) > _SHOWN:
        console.print(f"[dim]... and {len(imported.problems) - _SHOWN:,} more left out[/]")


def _save(file: Path, written: Written, force: bool) -> None:
    if file.exists() and not force:
        raise BadFile(f"{file} is there already.", "Choose another file, or say --force.")
    try:
        file.write_bytes(written.data)
    except OSError as error:
        why = error.strerror or "it cannot be written"
        raise BadFile(f"{file}: {why}.", "Choose another folder.") from error
    for loss in written.losses:
        console.print(f"[yellow]Left out:[/] {escape(loss)}", highlight=False)
    console.print(f"Written to [bold]{escape(str(file))}[/]", highlight=False, soft_wrap=True)
