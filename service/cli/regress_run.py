"""``isogloss regress run``: translate a file, measure it, keep a snapshot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.checks.word_lists import read_word_lists
from eval.regress.snapshot import Snapshot, write_snapshot
from glossary.language import parse_language
from service.cli import choices, glossaries
from service.cli.measuring import Wanted, measure_folder
from service.cli.screen import console, progress_bar, show_outcome
from service.job import FileJob, InProcess, translate_file
from service.pipeline.levels import Effort, Method, candidates_for
from service.pipeline.run import RunOptions, pair_of
from service.regress import snapshot_of_run
from service.round_trip.options import RoundTripOptions
from service.settings import load_settings
from service.wiring import make_engines, make_metrics


def run(
    file: Annotated[Path, typer.Argument(help="Benchmark file: .jsonl, .json, .csv or .tsv.")],
    to: choices.To,
    out: Annotated[
        Path,
        typer.Option("--out", help="Folder of the snapshot, for version control."),
    ],
    benchmark: choices.Benchmark = None,
    recipe_file: choices.RecipeFile = None,
    source: choices.Source = None,
    engine: choices.EngineName = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    round_trip: Annotated[
        str | None,
        typer.Option("--round-trip", metavar="ENGINE", help="Translate back with this engine."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            help="With --round-trip: score with this configured metric, beside chrF. May be given "
            "several times.",
        ),
    ] = None,
    effort: choices.Efforts = Effort.CHECKED,
    method: choices.Methods = None,
    candidates: choices.Candidates = None,
    seed: choices.Seed = None,
    check: choices.Checks = None,
    glossary: glossaries.Given = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N items.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--run", help="Folder of the run itself; default: runs/FILE.TARGET.regress."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was broken off.")
    ] = False,
) -> None:
    """Translate a file, measure it and keep a snapshot; all items are translated anew.

    Examples:
    * `isogloss regress run mmlu.jsonl -b mmlu --to ko --engine vllm --round-trip gemma --out
      snapshots/ko`

    * `isogloss regress run cmmlu.jsonl -b cmmlu --to zh-TW --engine opencc --round-trip opencc
      --out snapshots/zh-TW`

    Without `--round-trip` there are no scores, and failures and findings are all that can be
    compared.
    """
    if metric and not round_trip:
        raise typer.BadParameter("--metric scores the way back: say who translates, --round-trip")
    if method and effort is not Effort.THOROUGH:
        raise typer.BadParameter("--method is for --effort thorough")
    recipe = choices.chosen_recipe(benchmark, recipe_file)
    pair = pair_of(recipe, parse_language(source) if source else None, parse_language(to))
    settings, name = choices.with_engine(
        load_settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    levels = choices.levels(check)
    options = RunOptions(
        effort=effort,
        method=method or Method.BEST_OF_N,
        candidates=candidates_for(effort, candidates, settings.max_candidates),
        seed=seed,
        in_input_order=False,
        max_item_characters=settings.max_item_characters,
        checks=levels,
        lists=read_word_lists(settings.word_lists),
        terminology=glossaries.terminology_of(glossary, settings, pair, recipe.name),
    )
    folder = folder or Path("runs") / f"{file.stem}.{pair.target}.regress"
    job = FileJob(file, recipe, folder, restart=not resume, limit=limit, checks=levels)
    engines, metrics = make_engines(settings), make_metrics(settings)

    async def work() -> None:
        try:
            translating = InProcess(engines.choose(name, pair), recipe, pair, options)
            with progress_bar(file.name) as progress:
                info, records = await translate_file(job, translating, progress)
            show_outcome(info, records)
            if round_trip:
                wanted = Wanted(RoundTripOptions(engine=round_trip), metrics=metric or ())
                await measure_folder(folder, recipe, engines, metrics, wanted)
        finally:
            await engines.close()
            await metrics.close()

    asyncio.run(work())
    taken = snapshot_of_run(folder)
    write_snapshot(taken, out)
    tell(taken, out)


def tell(snapshot: Snapshot, out: Path) -> None:
    """Say what the snapshot holds and where it is."""
    scores = ", ".join(sorted(snapshot.run.metrics)) or "no scores"
    console.print(
        f"{len(snapshot.records):,} items with {escape(scores)} kept in "
        f"[bold]{escape(str(out))}[/]",
        soft_wrap=True,
        highlight=False,
    )
