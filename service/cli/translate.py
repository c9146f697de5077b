"""``isogloss translate FILE``."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.checks.word_lists import read_word_lists
from glossary.language import parse_language
from glossary.terminology import Terminology
from service.cli import choices, glossaries, measuring
from service.cli.screen import (
    console,
    kept_when_interrupted,
    progress_bar,
    show_notes,
    show_outcome,
    waiting,
)
from service.cli.sheets import RunTerms
from service.engines.purse import Budget
from service.files.run_files import REPORT
from service.job import FileJob, InProcess, Translating, preview_file, translate_file
from service.pipeline.levels import Effort, Method, candidates_for
from service.pipeline.run import RunOptions, pair_of
from service.remote import OverHttp, request_body
from service.round_trip.back_translate import BackTranslator
from service.round_trip.choice import back_translator
from service.round_trip.options import RoundTripOptions
from service.scoring.selecting import scorer_of
from service.settings import load_settings
from service.wiring import make_engines, make_metrics

_SHOWN = 3
"""Items that a dry run shows unless --limit says another number."""
_FLIPPED = 5
"""Items whose answer flips that are shown side by side."""
_AUTO = "auto"


def translate(
    file: Annotated[Path, typer.Argument(help="Benchmark file: .jsonl, .json, .csv or .tsv.")],
    to: choices.To,
    benchmark: choices.Benchmark = None,
    recipe_file: choices.RecipeFile = None,
    source: choices.Source = None,
    engine: choices.EngineName = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    server: choices.Server = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the run; default: runs/FILE.TARGET.")
    ] = None,
    effort: choices.Efforts = Effort.CHECKED,
    method: choices.Methods = None,
    candidates: choices.Candidates = None,
    budget_calls: choices.BudgetCalls = None,
    budget_tokens: choices.BudgetTokens = None,
    budget_seconds: choices.BudgetSeconds = None,
    select_by: Annotated[
        str | None,
        typer.Option(
            "--select-by",
            help="With --effort thorough: a configured metric that helps to choose.",
            rich_help_panel=choices.EFFORT_PANEL,
        ),
    ] = None,
    seed: choices.Seed = None,
    round_trip: Annotated[
        str | None,
        typer.Option(
            "--round-trip",
            metavar="ENGINE",
            help="Afterwards translate back with this engine (`auto`: one of another model "
            "family), and score the way back.",
            rich_help_panel=measuring.PANEL,
        ),
    ] = None,
    probes: measuring.Probes = 0,
    metric: measuring.Metrics = None,
    solver: measuring.Solver = None,
    solve_times: measuring.SolveTimes = None,
    check: choices.Checks = None,
    glossary: glossaries.Given = None,
    learn_terms: Annotated[
        bool,
        typer.Option(
            "--learn-terms",
            help="First let the model propose a translation for each term of the file; they are "
            "hints. The first glossary gets the proposals.",
        ),
    ] = False,
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

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --engine vllm --effort thorough --method fuse`

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --engine qwen --round-trip gemma`

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --engine vllm --glossary exams`

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --engine vllm --glossary exams --learn-terms`

    After a change of a glossary only the items whose terms have changed are translated again.

    The run's folder holds the translated items in their original shape, the failures, a manifest,
    `report.html` to look at and `report.md` for a pull request. Run again, and what failed is
    tried again. The exit status is 0 when the file was worked through, whatever the verdicts are,
    2 on errors.
    """
    thorough = effort is Effort.THOROUGH
    choices.refuse(
        (server and (base_url or model), "the service has its own engines: name one with --engine"),
        (
            server and (select_by or round_trip or metric or solver),
            "with --server measure afterwards: isogloss round-trip, isogloss score",
        ),
        (
            learn_terms and (server or dry_run),
            "--learn-terms asks a model of this process, and asks it now",
        ),
        (probes and not round_trip, "--probes are for the way back: say --round-trip ENGINE"),
        (method and not thorough, "--method is for --effort thorough"),
        (select_by and not thorough, "--select-by is for --effort thorough"),
    )
    recipe = choices.chosen_recipe(benchmark, recipe_file)
    pair = pair_of(recipe, parse_language(source) if source else None, parse_language(to))
    choices.refuse(
        (
            pair.source == pair.target and not (engine or server),
            f"{pair}: from a language into itself; the source is the recipe's, say another with "
            "--from",
        )
    )
    settings, name = choices.with_engine(
        load_settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    levels = choices.levels(check)
    options = RunOptions(
        effort=effort,
        method=method or Method.BEST_OF_N,
        candidates=candidates_for(effort, candidates, settings.max_candidates),
        budget=Budget(budget_calls, budget_tokens, budget_seconds),
        seed=seed,
        in_input_order=False,
        max_item_characters=settings.max_item_characters,
        checks=levels,
        lists=read_word_lists(settings.word_lists),
        terminology=None
        if server or learn_terms
        else glossaries.terminology_of(glossary, settings, pair, recipe.name),
    )
    folder = out or Path("runs") / f"{file.stem}.{pair.target}"
    job = FileJob(file, recipe, folder, restart, drop_flagged, limit, levels)
    engines, metrics = make_engines(settings), make_metrics(settings)
    wanted = measuring.Wanted(
        RoundTripOptions(engine=None if round_trip == _AUTO else round_trip, probes=probes)
        if round_trip
        else None,
        measuring.solving(solver, solve_times),
        metric or (),
    )
    names = glossaries.names_only(glossary) if server else []

    async def _back() -> BackTranslator:
        """Shows the critique what a translation says in the source's language."""
        asked = wanted.round_trip.engine if wanted.round_trip else None
        forward = await engines.choose(name, pair).info()
        return await back_translator(engines, asked, recipe, pair, forward)

    async def settled() -> RunOptions:
        """The options, with what has to be asked for before anything is translated."""
        if dry_run:
            return options
        with waiting("Making engines and metrics ready"):
            if wanted:
                forward = await engines.choose(name, pair).info()
                await wanted.must_be_ready(engines, metrics, recipe, pair, forward)
            ready = replace(
                options,
                scorer=await scorer_of(metrics.get(select_by)) if select_by else None,
                back=await _back() if thorough and wanted.round_trip else None,
            )
        if not learn_terms:
            return ready
        terms = RunTerms(glossary or (), settings, pair)
        learned = await terms.learn(job, engines.choose(name, pair))
        terminology = Terminology(learned, pair, benchmark=recipe.name)
        return replace(ready, terminology=terminology)

    async def work() -> None:
        try:
            translating: Translating = (
                OverHttp(server, request_body(recipe, pair, options, name, names))
                if server
                else InProcess(engines.choose(name, pair), recipe, pair, await settled())
            )
            if dry_run:
                for preview in await preview_file(job, translating, limit or _SHOWN):
                    print(preview.model_dump_json(indent=2))
                return
            with progress_bar(file.name) as progress:
                info, records = await translate_file(job, translating, progress)
            if wanted:
                found = await measuring.measure_folder(folder, recipe, engines, metrics, wanted)
                found.show(_FLIPPED)
                return
            show_outcome(info, records)
            show_notes(info)
            console.print(
                f"Written to [bold]{escape(str(folder))}[/]; "
                f"look at [bold]{escape(str(folder / REPORT))}[/]",
                soft_wrap=True,
            )
        finally:
            await engines.close()
            await metrics.close()

    # Who says --restart would lose by it what is kept now.
    go_on = "" if restart else "Run the same command again to go on."
    with kept_when_interrupted(folder, go_on):
        asyncio.run(work())
