"""``isogloss recipe``: which benchmarks are known, and describing one that is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.table import Table

from eval.benchmarks.file import read_file
from eval.benchmarks.guess import as_yaml, guess_recipe, known_recipes
from eval.benchmarks.library import all_recipes, load_recipe
from service.cli.screen import console

app = typer.Typer(
    no_args_is_help=True, help="Which benchmarks are known, and describing one that is not."
)
_SAMPLE = 200


@app.command("list")
def list_() -> None:
    """All recipes with their languages, categories, scoring and licences."""
    table = Table()
    for name in ("name", "from", "category", "scoring", "licence", "title"):
        table.add_column(name, overflow="fold")
    for recipe in all_recipes():
        table.add_row(
            recipe.name,
            recipe.source_language,
            recipe.category,
            recipe.scoring,
            recipe.licence.name,
            recipe.title,
        )
    console.print(table)


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
