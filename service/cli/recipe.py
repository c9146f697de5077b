"""``isogloss recipe``: which benchmarks are known, and describing one that is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.benchmarks.file import read_file
from eval.benchmarks.guess import as_yaml, guess_recipe, known_recipes
from eval.benchmarks.library import all_recipes, load_recipe
from service.cli.screen import console

app = typer.Typer(
    no_args_is_help=True, help="Which benchmarks are known, and describing one that is not."
)
_COLUMNS = ("name", "from", "category", "scoring", "licence", "title")
_CUT = ("licence", "title")
"""Columns that a narrow terminal cuts short."""
_SAMPLE = 200


@app.command("list")
def list_() -> None:
    """All recipes with their languages, categories, scoring and licences, a line each.

    A narrow terminal cuts them short; `isogloss recipe show NAME` has all of one.
    """
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    rows = [
        (
            each.name,
            each.source_language,
            each.category,
            each.scoring,
            each.licence.name,
            each.title,
        )
        for each in all_recipes()
    ]
    for name in _COLUMNS:
        table.add_column(name, no_wrap=name not in _CUT)
    for row in rows:
        table.add_row(*(Text(cell or "", no_wrap=True, overflow="ellipsis") for cell in row))
    Console().print(table)  # what was asked for goes to standard output, to be searched


@app.command()
def show(name: Annotated[str, typer.Argument(help="For example cmmlu.")]) -> None:
    """One recipe as YAML: fields, licence and known traps."""
    recipe = load_recipe(name).model_dump(mode="json", exclude_unset=True)
    typer.echo(yaml.safe_dump(recipe, allow_unicode=True, sort_keys=False))


@app.command()
def guess(
    file: Annotated[Path, typer.Argument(help="Benchmark file: .jsonl, .json, .csv or .tsv.")],
) -> None:
    """Draft a recipe from a file's items, for you to confirm.

    Write it to a file, correct it, and use it with `isogloss translate FILE --recipe YOURS.yaml`.
    """
    records = read_file(file).records
    items = [record.data for record in records if record.error is None][:_SAMPLE]
    if not items and records[0].error:
        raise records[0].error
    fitting = known_recipes(items)
    if fitting:
        names = ", ".join(recipe.name for recipe in fitting[:5])
        console.print(f"Known recipes whose fields all items have: [bold]{names}[/]")
    typer.echo(as_yaml(guess_recipe(items, file.stem)))
