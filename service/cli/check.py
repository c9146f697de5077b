"""``isogloss check FILE``: judge translations made elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from eval.benchmarks.file import read_file
from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Level
from eval.checks.suite import rules_for
from eval.checks.word_lists import read_word_lists
from eval.errors import MissingTranslation, SurplusTranslation
from eval.report.html import render_report
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Language, Pair, parse_language
from service.cli import choices, glossaries
from service.cli.findings import show_checks, show_worst
from service.cli.screen import console, progress_bar, verdict_table
from service.given import Given, aligned, find_columns, parallel, parallel_recipe
from service.pipeline.judge import Judge
from service.pipeline.record import failed_record
from service.pipeline.run import pair_of
from service.run_folder import REPORT, write_at_once, writing
from service.settings import load_settings

FINDINGS = "findings.jsonl"
_NAMED = 10
"""So many ids of missing or surplus items are shown."""


def check(
    file: Annotated[
        Path,
        typer.Argument(help="Parallel file, or the source benchmark: .tsv, .csv, .jsonl, .json."),
    ],
    target_file: Annotated[
        Path | None, typer.Argument(help="The translated benchmark, in the shape of the first.")
    ] = None,
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", "-b", help="Its recipe: isogloss recipe list.")
    ] = None,
    recipe_file: Annotated[
        Path | None, typer.Option("--recipe", help="A recipe of your own (YAML).")
    ] = None,
    source: choices.Source = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Target language: en, zh-TW, zh-CN or ko.")
    ] = None,
    source_column: Annotated[
        str | None,
        typer.Option("--source-column", help="Default: `source`, or the language's tag."),
    ] = None,
    target_column: Annotated[
        str | None,
        typer.Option("--target-column", help="Default: `target`, or the language's tag."),
    ] = None,
    level: choices.Checks = None,
    glossary: glossaries.Given = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the result; default: runs/FILE.check.")
    ] = None,
    worst: Annotated[
        int, typer.Option("--worst", min=0, help="How many of the worst items are shown.")
    ] = 5,
    allow_flagged: Annotated[
        float,
        typer.Option(
            "--allow-flagged", min=0, max=1, help="Share of items not ok that is still a success."
        ),
    ] = 0.0,
) -> None:
    """Judge translations made elsewhere.

    Examples:
    * `isogloss check pairs.tsv --from en --to ko`: columns `source` and `target`; a line is a row,
      quotes are part of the text (in .csv they hold a cell)

    * `isogloss check pairs.jsonl`: fields `en` and `zh-TW`

    * `isogloss check mmlu.jsonl mmlu.ko.jsonl -b mmlu --to ko`: items are found by id, else by
      position

    * `isogloss check pairs.tsv --from en --to ko --check numbers=hard --check wording=off`

    * `isogloss check pairs.tsv --from en --to ko --glossary terms.xlsx`

    The folder of the result holds `report.html` to look at and `findings.jsonl`. The exit status
    is 0 when all items are ok, 1 when some are flagged or cannot be judged (more than
    `--allow-flagged`), 2 on errors.
    """
    tags = (parse_language(source) if source else None, parse_language(to) if to else None)
    if target_file is None:
        if benchmark or recipe_file:
            raise typer.BadParameter("a recipe needs two files: isogloss check SOURCE TARGET ...")
        work = _rows(file, (source_column, target_column), tags)
    else:
        work = _items(file, target_file, choices.chosen_recipe(benchmark, recipe_file), *tags)
    if work.pair.source == work.pair.target:
        raise typer.BadParameter(f"both sides are {work.pair.source}: say --from and --to")
    judge, records = _judged(work, choices.levels(level), glossary, file.name)
    folder = out or Path("runs") / f"{file.name}.check"
    _write(folder, judge.info, records)
    console.print(verdict_table([(file.name, judge.info.counts)], judge.info.pair))
    show_checks(records)
    show_worst(records, worst)
    _name_unpaired(records)
    console.print(
        f"Written to [bold]{escape(str(folder))}[/]; "
        f"look at [bold]{escape(str(folder / REPORT))}[/]",
        soft_wrap=True,
    )
    counts = judge.info.counts
    if counts.items - counts.usable > allow_flagged * counts.items:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be judged, read by which recipe, in which direction."""

    recipe: Recipe
    pair: Pair
    given: list[Given]


def _rows(
    file: Path,
    names: tuple[str | None, str | None],
    languages: tuple[Language | None, Language | None],
) -> _Work:
    # In parallel TSV files a quote is what the sentence begins with, never what holds the cell.
    table = read_file(file, quoting=file.suffix.lower() != ".tsv")
    columns = find_columns(table, names, languages)
    recipe = parallel_recipe(table, columns)
    return _Work(recipe, columns.pair, list(parallel(table, columns, recipe)))


def _items(
    source: Path, target: Path, recipe: Recipe, from_: Language | None, to: Language | None
) -> _Work:
    if to is None:
        raise typer.BadParameter("say the target language: --to")
    given = aligned(read_file(source, recipe), read_file(target, recipe), recipe)
    return _Work(recipe, pair_of(recipe, from_, to), list(given))


def _judged(
    work: _Work, levels: Mapping[str, Level], glossary: Sequence[str] | None, title: str
) -> tuple[Judge, list[ItemRecord]]:
    settings = load_settings()
    terminology = glossaries.terminology_of(glossary, settings, work.pair, work.recipe.name)
    rules = rules_for(work.recipe, levels, read_word_lists(settings.word_lists), terminology)
    judge = Judge(work.recipe, work.pair, rules, settings.max_item_characters)
    records = []
    with progress_bar(title) as progress:
        progress(len(work.given), None)
        for given in work.given:
            record = (
                judge.record(given.index, given.source, given.target)
                if given.error is None
                else failed_record(
                    given.index, given.id, given.source, given.error, judge.info.signature
                )
            )
            records.append(record)
            progress(len(work.given), record)
    return judge, judge.all_together(records)


def _write(folder: Path, info: RunInfo, records: Sequence[ItemRecord]) -> None:
    lines = "".join(
        json.dumps({"index": record.index, "id": record.id, **entry}, ensure_ascii=False) + "\n"
        for record in records
        for entry in _entries(record)
    )
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_at_once(folder / FINDINGS, lines)
        write_at_once(folder / REPORT, render_report(info, records))


def _entries(record: ItemRecord) -> Iterator[dict[str, Any]]:
    """What was found in an item, or why it could not be judged."""
    if record.error is not None:
        yield {"error": record.error.model_dump()}
    for finding in record.findings:
        yield asdict(finding)


def _name_unpaired(records: Sequence[ItemRecord]) -> None:
    """Items of which there is only a source, or only a translation."""
    for error, what in ((MissingTranslation, "No translation of"), (SurplusTranslation, "Surplus")):
        ids = [each.id for each in records if each.error and each.error.code == error.code]
        if ids:
            more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
            console.print(f"[red]{what}:[/] {escape(', '.join(ids[:_NAMED]))}{more}")
            if all(record.id == str(record.index) for record in records):
                console.print("The items have no ids: they were compared by their position.")
