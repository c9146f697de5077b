"""``isogloss translate FILE``."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.file import read_file
from glossary.language import Pair, parse_language
from service.cli import choices
from service.cli.screen import console, progress_bar, show_outcome
from service.engines.base import Engine
from service.job import FileJob, InProcess, OverHttp, Translating, request_body, translate_file
from service.pipeline.run import RunOptions, pair_of, prepare_run
from service.pipeline.translate import protected_preview
from service.run_folder import REPORT
from service.settings import Settings
from service.wiring import make_engines


def translate(
    file: Annotated[Path, typer.Argument(help="Benchmark file: .jsonl, .json, .csv or .tsv.")],
    to: choices.To,
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", "-b", help="Its recipe: isogloss recipe list.")
    ] = None,
    recipe_file: Annotated[
        Path | None, typer.Option("--recipe", help="A recipe of your own (YAML).")
    ] = None,
    source: choices.Source = None,
    engine: choices.EngineName = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    server: choices.Server = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the run; default: runs/FILE.TARGET.")
    ] = None,
    candidates: choices.Candidates = 1,
    seed: choices.Seed = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N items.")
    ] = None,
    drop_flagged: Annotated[
        bool, typer.Option("--drop-flagged", help="Leave flagged items out of the result.")
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Start over instead of resuming.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; send nothing.")
    ] = False,
) -> None:
    """Translate a benchmark file; an interrupted run resumes where it stopped.

    Examples:
    * `isogloss translate cmmlu.jsonl -b cmmlu --to zh-TW --engine opencc`

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --base-url http://127.0.0.1:8000 -n 4`

    The run's folder holds the translated items in their original shape, the failures, a manifest,
    and `report.html` to look at.
    """
    recipe = choices.chosen_recipe(benchmark, recipe_file)
    pair = pair_of(recipe, parse_language(source) if source else None, parse_language(to))
    settings, name = choices.with_engine(
        Settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    options = RunOptions(candidates, seed, False, settings.max_item_characters)
    folder = out or Path("runs") / f"{file.stem}.{pair.target}"
    job = FileJob(file, recipe, folder, restart, drop_flagged, limit)
    engines = make_engines(settings)

    async def work() -> None:
        try:
            if dry_run:
                await _show(job, engines.choose(name, pair), pair, options)
                return
            translating: Translating = (
                OverHttp(server, request_body(recipe, pair, options, name))
                if server
                else InProcess(engines.choose(name, pair), recipe, pair, options)
            )
            with progress_bar(file.name) as progress:
                info, records = await translate_file(job, translating, progress)
            show_outcome(info, records)
            for note in info.licence_notes:
                console.print(f"[dim]Licence: {note}[/]", highlight=False)
            console.print(f"Written to [bold]{folder}[/]; look at [bold]{folder / REPORT}[/]")
        finally:
            await engines.close()

    asyncio.run(work())


async def _show(job: FileJob, engine: Engine, pair: Pair, options: RunOptions) -> None:
    """Print, as JSON, what would be sent for the first items."""
    run = await prepare_run(engine, job.recipe, pair, options)
    records = read_file(job.path, job.recipe).records
    for record in records[: job.limit or 3]:
        if record.error:
            raise record.error
        item, request = run.translator.preview(record.index, record.data)
        shown = {
            "index": item.index,
            "id": item.id,
            "segments": protected_preview(item),
            "prompts": await engine.preview(request),
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
