"""Translations made elsewhere, as commands are given them: read, laid beside, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.benchmarks.file import read_file
from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Level
from eval.checks.suite import rules_for
from eval.checks.word_lists import read_word_lists
from eval.errors import MissingTranslation, SurplusTranslation
from eval.run_log import ItemRecord
from glossary.language import Language, Pair, parse_language
from service.cli import choices, glossaries
from service.cli.screen import console, progress_bar
from service.files.given import Given, aligned, find_columns, parallel, parallel_recipe
from service.pipeline.judge import Beside, Judge
from service.pipeline.record import failed_record
from service.pipeline.run import pair_of
from service.settings import Settings

_NAMED = 10
"""So many ids of missing or surplus items are shown."""

TargetFile = Annotated[
    Path | None, typer.Argument(help="The translated benchmark, in the shape of the first.")
]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be judged, read by which recipe, in which direction."""

    recipe: Recipe
    pair: Pair
    given: list[Given]


@dataclass(frozen=True, slots=True)
class Files:
    """What a command was given: a parallel file, or a benchmark and its translation.

    References are a column of the parallel file (``reference_column``), or a third file.
    """

    source: Path
    target: Path | None = None
    benchmark: str | None = None
    recipe: Path | None = None
    from_: str | None = None
    to: str | None = None
    columns: tuple[str | None, str | None] = (None, None)
    reference: Path | None = None
    reference_column: str | None = None

    def read(self) -> Work:
        """Read the files.

        Raises:
            FileError, EvalError, GlossaryError: one of them cannot be used.
        """
        if self.target is None and (self.benchmark or self.recipe):
            raise typer.BadParameter("a recipe needs two files: SOURCE and TARGET")
        if self.target is None and self.reference is not None:
            raise typer.BadParameter(
                "--reference is for the files of a benchmark; of a parallel file name the column: "
                "--reference-column"
            )
        if self.target is not None and self.reference_column is not None:
            raise typer.BadParameter("--reference-column is for a parallel file: --reference FILE")
        work = self._rows() if self.target is None else self._items(self.target)
        if work.pair.source == work.pair.target:
            raise typer.BadParameter(f"both sides are {work.pair.source}: say --from and --to")
        return work

    @property
    def _languages(self) -> tuple[Language | None, Language | None]:
        source, target = (parse_language(tag) if tag else None for tag in (self.from_, self.to))
        return source, target

    def _rows(self) -> Work:
        # In parallel TSV files a quote is what the sentence begins with, never what holds the cell.
        table = read_file(self.source, quoting=self.source.suffix.lower() != ".tsv")
        columns = find_columns(table, self.columns, self._languages, self.reference_column)
        recipe = parallel_recipe(table, columns)
        return Work(recipe, columns.pair, list(parallel(table, columns, recipe)))

    def _items(self, target: Path) -> Work:
        recipe = choices.chosen_recipe(self.benchmark, self.recipe)
        from_, to = self._languages
        if to is None:
            raise typer.BadParameter("say the target language: --to")
        reference = read_file(self.reference, recipe) if self.reference else None
        given = aligned(
            read_file(self.source, recipe), read_file(target, recipe), recipe, reference
        )
        return Work(recipe, pair_of(recipe, from_, to), list(given))


def judged(
    work: Work,
    settings: Settings,
    levels: Mapping[str, Level],
    glossary: Sequence[str] | None,
    title: str,
) -> tuple[Judge, list[ItemRecord]]:
    """Judge everything, with a progress bar."""
    terminology = glossaries.terminology_of(glossary, settings, work.pair, work.recipe.name)
    rules = rules_for(work.recipe, levels, read_word_lists(settings.word_lists), terminology)
    judge = Judge(work.recipe, work.pair, rules, settings.max_item_characters)
    records = []
    with progress_bar(title) as progress:
        progress(len(work.given), None)
        for given in work.given:
            record = (
                judge.record(given.index, given.source, given.target, Beside(given.reference))
                if given.error is None
                else failed_record(
                    given.index, given.id, given.source, given.error, judge.info.signature
                )
            )
            records.append(record)
            progress(len(work.given), record)
    return judge, judge.all_together(records)


def name_unpaired(records: Sequence[ItemRecord]) -> None:
    """Items of which there is only a source, or only a translation."""
    for error, what in ((MissingTranslation, "No translation of"), (SurplusTranslation, "Surplus")):
        ids = [each.id for each in records if each.error and each.error.code == error.code]
        if ids:
            more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
            console.print(f"[red]{what}:[/] {escape(', '.join(ids[:_NAMED]))}{more}")
            if all(record.id == str(record.index) for record in records):
                console.print("The items have no ids: they were compared by their position.")
