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
from service.cli import choices, glossaries
from service.cli.screen import console, progress_bar, show_notes, show_outcome
from service.cli.sheets import RunTerms
from service.errors import TooManyCandidates
from service.job import FileJob, InProcess, Translating, preview_file, translate_file
from service.pipeline.run import RunOptions, pair_of
from service.remote import OverHttp, request_body
from service.run_folder import REPORT
from service.settings import load_settings
from service.wiring import make_engines

_SHOWN = 3
"""Items that a dry run shows unless --limit says another number."""


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

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --engine vllm --glossary exams`

    * `isogloss translate mmlu.jsonl -b mmlu --to ko --engine vllm --glossary exams --learn-terms`

    After a change of a glossary only the items whose terms have changed are translated again.

    The run's folder holds the translated items in their original shape, the failures, a manifest,
    and `report.html` to look at.
    """
    if server and (base_url or model):
        raise typer.BadParameter("the service has its own engines: name one with --engine")
    if learn_terms and (server or dry_run):
        raise typer.BadParameter("--learn-terms asks a model of this process, and asks it now")
    recipe = choices.chosen_recipe(benchmark, recipe_file)
    pair = pair_of(recipe, parse_language(source) if source else None, parse_language(to))
    settings, name = choices.with_engine(
        load_settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    if candidates > settings.max_candidates:
        raise TooManyCandidates(candidates, settings.max_candidates)
    levels = choices.levels(check)
    options = RunOptions(
        candidates=candidates,
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
    engines = make_engines(settings)
    names = glossaries.names_only(glossary) if server else []

    async def settled() -> RunOptions:
        """The options, with the terms that are learned before anything is translated."""
        if not learn_terms:
            return options
        terms = RunTerms(glossary or (), settings, pair)
        learned = await terms.learn(job, engines.choose(name, pair))
        terminology = Terminology(learned, pair, benchmark=recipe.name)
        return replace(options, terminology=terminology)

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
            show_outcome(info, records)
            show_notes(info)
            console.print(
                f"Written to [bold]{escape(str(folder))}[/]; "
                f"look at [bold]{escape(str(folder / REPORT))}[/]",
                soft_wrap=True,
            )
        finally:
            await engines.close()

    asyncio.run(work())
