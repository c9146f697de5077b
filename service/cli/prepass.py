"""``isogloss terms learn FILE``: the terms of a benchmark, proposed before it is translated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.benchmarks.file import read_file
from eval.benchmarks.recipe import Recipe
from glossary.language import Pair, parse_language
from service.cli import choices
from service.cli.screen import console
from service.cli.sheets import (
    known_of,
    learning_bar,
    make_sure,
    put_into,
    show_learned,
    write_sheet,
)
from service.pipeline.passages import Benchmark
from service.pipeline.prepass import PrepassOptions, learn_terms
from service.pipeline.run import pair_of
from service.pipeline.sheet import Learned
from service.settings import load_settings
from service.wiring import make_engines, make_store

_NO_ENGINE = "none"


def learn(
    file: Annotated[Path, typer.Argument(help="Benchmark file: .jsonl, .json, .csv or .tsv.")],
    to: Annotated[
        list[str],
        typer.Option(
            "--to", help="Target language: en, zh-TW, zh-CN or ko. May be given several times."
        ),
    ],
    benchmark: choices.Benchmark = None,
    recipe_file: choices.RecipeFile = None,
    source: choices.Source = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            help="The configured engine to ask for translations; `none` asks nobody and only "
            "counts.",
            rich_help_panel=choices.ENGINE_PANEL,
        ),
    ] = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    known: Annotated[
        list[str] | None,
        typer.Option(
            "--glossary",
            metavar="NAME|FILE",
            help="A glossary whose terms are settled and left alone: one of the database, or a "
            "file. May be given several times.",
        ),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option("--into", help="Glossary that gets the proposals; made if it is not there."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File for the term sheet; default: FILE.terms.json")
    ] = None,
    least: Annotated[
        int, typer.Option("--min-items", min=1, help="In how many items a term must stand.")
    ] = 3,
    most: Annotated[
        int, typer.Option("--max-terms", min=1, help="How many candidates are taken at most.")
    ] = 1000,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N items.")
    ] = None,
) -> None:
    """Find the terms of a benchmark and propose one translation for each.

    Examples:
    * `isogloss terms learn mmlu.jsonl -b mmlu --to ko --base-url http://127.0.0.1:8000`

    * `isogloss terms learn mmlu.jsonl -b mmlu --to ko --to zh-TW --into exams`: proposals for a
      linguist to accept, change or reject

    * `isogloss terms learn cmmlu.jsonl -b cmmlu --to en --engine none`: candidates only

    Terms of the glossaries, and proposals that were rejected there, are left alone.
    """
    recipe = choices.chosen_recipe(benchmark, recipe_file)
    pairs = _pairs(recipe, source, to)
    settings, name = choices.with_engine(
        load_settings(),
        name=None if engine == _NO_ENGINE else engine,
        base_url=base_url,
        model=model,
        profile=profile,
    )
    store = make_store(settings)
    engines = make_engines(settings)
    settled = [*(known or ()), *([into] if into else [])]

    async def work() -> Learned:
        try:
            chosen = None if engine == _NO_ENGINE else engines.choose(name, pairs[0])
            items = read_file(file, recipe).records[:limit]
            with learning_bar() as progress:
                return await learn_terms(
                    Benchmark(
                        recipe,
                        [(entry.index, entry.data) for entry in items if entry.error is None],
                        pairs[0].source,
                        tuple(pair.target for pair in pairs),
                    ),
                    chosen,
                    known_of(settled, settings, pairs[0], store),
                    PrepassOptions(least, most, max_item_characters=settings.max_item_characters),
                    progress,
                )
        finally:
            await engines.close()

    try:
        if into is not None:
            make_sure(store, into)
        learned = asyncio.run(work())
        sheet = out or file.with_name(f"{file.stem}.terms.json")
        write_sheet(sheet, learned.glossary)
        show_learned(learned)
        console.print(f"Written to [bold]{escape(str(sheet))}[/]", soft_wrap=True)
        if into is not None:
            put_into(store, into, learned.glossary)
    finally:
        store.close()


def _pairs(recipe: Recipe, source: str | None, to: Sequence[str]) -> list[Pair]:
    """The directions, each once, in the order of the command line."""
    from_ = parse_language(source) if source else None
    pairs = [pair_of(recipe, from_, parse_language(tag)) for tag in dict.fromkeys(to)]
    if any(pair.source == pair.target for pair in pairs):
        raise typer.BadParameter(f"both sides are {pairs[0].source}: say --from and --to")
    return list(dict.fromkeys(pairs))
