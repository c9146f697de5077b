"""``isogloss round-trip RUN_FOLDER``: what a finished run looks like on the way back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from service.cli import choices, measuring
from service.cli.screen import kept_when_interrupted
from service.round_trip.options import RoundTripOptions
from service.settings import load_settings
from service.wiring import make_engines, make_metrics


def round_trip(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run, e.g. runs/mmlu.ko.")],
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            help="Who translates back; default: a configured engine of another model family.",
            rich_help_panel=choices.ENGINE_PANEL,
        ),
    ] = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    metric: measuring.Metrics = None,
    probes: measuring.Probes = 0,
    solver: measuring.Solver = None,
    solve_times: measuring.SolveTimes = None,
    recipe_file: Annotated[
        Path | None,
        typer.Option("--recipe", help="The recipe of the run, if it was one of your own (YAML)."),
    ] = None,
    worst: Annotated[
        int, typer.Option("--worst", min=0, help="How many flipped items are shown.")
    ] = 5,
) -> None:
    """Translate a finished run back, blindly, and score it; nothing is translated again.

    Examples:
    * `isogloss round-trip runs/mmlu.ko --engine gemma --metric comet`

    * `isogloss round-trip runs/mmlu.ko --probes 50`

    * `isogloss round-trip runs/mmlu.ko --engine gemma --solver qwen --solve-times 5`

    Back-translations, scores, probes and answers are added to the run's `records.jsonl`,
    `manifest.json` and `report.html`. Items whose answer flips are flagged and listed in
    `triage.jsonl` and `triage.md`. What was broken off goes on where it stopped.
    """
    settings, name = choices.with_engine(
        load_settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    engines, metrics = make_engines(settings), make_metrics(settings)
    recipe = choices.chosen_recipe(None, recipe_file) if recipe_file else None
    wanted = measuring.Wanted(
        RoundTripOptions(engine=name, probes=probes),
        measuring.solving(solver, solve_times),
        metric or (),
    )

    async def work() -> None:
        try:
            found = await measuring.measure_folder(folder, recipe, engines, metrics, wanted)
            found.show(worst)
        finally:
            await engines.close()
            await metrics.close()

    with kept_when_interrupted(folder, "Run the same command again to go on."):
        asyncio.run(work())
