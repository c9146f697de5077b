"""``isogloss score FILE``: metrics of translations made elsewhere, or of a finished run."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.checks.rules import Level
from eval.run_log import ItemRecord, RunInfo
from glossary.language import parse_pair
from service.cli import beside, choices, glossaries
from service.cli.scores import (
    show_metric_notes,
    show_unscored,
    show_worst_scores,
    unscored,
)
from service.cli.screen import (
    console,
    kept_when_interrupted,
    progress_bar,
    show_scores,
    waiting,
)
from service.files.run_files import REPORT, SCORES
from service.pipeline.measure import made_ready, warned
from service.scoring.folder import ScoreFolder, refuse_other_signatures
from service.scoring.measure import ScoringMeasure, without_scoring
from service.scoring.metrics import ScoringMetrics
from service.scoring.selecting import families_named
from service.scoring.work import as_scored, metrics_for, uses_there
from service.settings import MetricKind, MetricSettings, Settings, load_settings
from service.wiring import make_metrics

Given = Callable[[], tuple[RunInfo, list[ItemRecord]]]
"""Brings what is to be scored."""
_COMET = "comet"
"""Name of the metric that ``--comet`` describes."""


def score(
    file: Annotated[
        Path,
        typer.Argument(
            help="Parallel file, the source benchmark (.tsv, .csv, .jsonl, .json), or the folder "
            "of a run."
        ),
    ],
    target_file: beside.TargetFile = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric", "-m", help="A metric (docs/scoring.md). May be given several times."
        ),
    ] = None,
    comet: Annotated[
        Path | None,
        typer.Option("--comet", help="Score with COMET, with the checkpoint in this folder."),
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option("--reference", help="Human translations, in the shape of the benchmark."),
    ] = None,
    reference_column: Annotated[
        str | None,
        typer.Option("--reference-column", help="Of a parallel file; default: `reference`."),
    ] = None,
    benchmark: choices.Benchmark = None,
    recipe_file: choices.RecipeFile = None,
    source: choices.Source = None,
    to: choices.ToIfAny = None,
    source_column: choices.SourceColumn = None,
    target_column: choices.TargetColumn = None,
    level: choices.Checks = None,
    glossary: glossaries.Given = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the result; default: runs/FILE.score.")
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Score only what has no value in the result's folder.")
    ] = False,
    worst: Annotated[
        int, typer.Option("--worst", min=0, help="How many of the worst items are shown.")
    ] = 5,
) -> None:
    """Score translations made elsewhere, or those of a finished run.

    Examples:
    * `isogloss score pairs.tsv --from en --to ko`: columns `source`, `target` and `reference`

    * `isogloss score mmlu.jsonl mmlu.ko.jsonl --reference human.ko.jsonl -b mmlu --to ko -m bleu`

    * `isogloss score runs/mmlu.ko --comet models/wmt22-comet-da`: the way back, where the run has
      translated back

    chrF always scores what has a reference or a back-translation. The folder of the result holds
    `report.html`, `scores.tsv` and `records.jsonl`. The exit status is 0 when every text was scored
    that can be, 1 when a metric failed (score these again with `--retry`), 2 on errors.
    """
    files = (target_file, reference, reference_column, benchmark, recipe_file, source, to)
    choices.refuse(
        (
            file.is_dir() and any((*files, source_column, target_column, level, glossary)),
            "a run was read and judged when it was made: with its folder go --metric, --comet, "
            "--out, --retry and --worst. References go with the files: isogloss score SOURCE "
            "TARGET --reference FILE",
        )
    )
    settings = load_settings()
    if comet is not None:
        settings, metric = _with_comet(settings, comet), [*(metric or ()), _COMET]
    folder = ScoreFolder(out or Path("runs") / f"{file.name}.score")
    if retry or file.is_dir():
        given = (folder if retry else ScoreFolder(file)).read
    else:
        work = beside.Files(
            file,
            target_file,
            benchmark,
            recipe_file,
            source,
            to,
            (source_column, target_column),
            reference,
            reference_column,
        ).read()
        given = _judging(work, settings, choices.levels(level), glossary, file.name)
    with kept_when_interrupted(folder.folder, f"To go on: {_again()}"):
        info, records = asyncio.run(_scored(settings, metric or (), given, folder, retry=retry))
    _show(folder, info, records, worst)


def _judging(
    work: beside.Work,
    settings: Settings,
    levels: Mapping[str, Level],
    glossary: Sequence[str] | None,
    title: str,
) -> Given:
    def judged() -> tuple[RunInfo, list[ItemRecord]]:
        judge, records = beside.judged(work, settings, levels, glossary, title)
        return judge.info, records

    return judged


async def _scored(
    settings: Settings,
    names: Sequence[str],
    given: Given,
    folder: ScoreFolder,
    *,
    retry: bool,
) -> tuple[RunInfo, list[ItemRecord]]:
    """The records with their scores, in order; what is done is on the disk at once."""
    metrics = make_metrics(settings)
    try:
        with waiting("Loading metrics"):
            for metric in metrics.chosen(names):
                await metric.info()  # a model that cannot be loaded costs no other work
        info, records = given()
        if retry:
            names = [*names, *(known.name for known in info.metrics.values())]
        measure = await _measure(names, info, records, metrics, retry=retry)
        if retry:
            refuse_other_signatures(folder.folder, info.metrics, await measure.info())
        info.caveats = without_scoring(info.caveats)
        await made_ready([measure], info)
        folder.start(info, records)
        done = {record.index: record for record in records}
        with progress_bar(f"{info.benchmark} scored") as progress:
            progress(len(records), None)
            async with aclosing(as_scored(records, measure, info)) as results:
                async for record in results:
                    done[record.index] = record
                    folder.add(record)
                    progress(len(records), record)
        warned([measure], info)
    finally:
        await metrics.close()
    ordered = [done[index] for index in sorted(done)]
    folder.finish(info, ordered)
    return info, ordered


async def _measure(
    names: Sequence[str],
    info: RunInfo,
    records: Sequence[ItemRecord],
    metrics: ScoringMetrics,
    *,
    retry: bool,
) -> ScoringMeasure:
    uses = uses_there(records)
    measure = ScoringMeasure(
        metrics_for(names, uses, metrics),
        parse_pair(info.pair),
        uses,
        back_translator=info.back_translator,
        selected_by=families_named(info.signature),
        missing_only=retry,
    )
    if not await measure.info():
        named = f" {', '.join(names)} here" if names else ""
        raise typer.BadParameter(
            f"nothing to score with{named}: give references (--reference, --reference-column), "
            "translate the run back (isogloss round-trip), or name a metric that needs neither "
            "(--metric)"
        )
    return measure


def _again() -> str:
    """The command that scores what is still without a value."""
    again = shlex.join(["isogloss", *sys.argv[1:]])
    return again if "--retry" in sys.argv else f"{again} --retry"


def _with_comet(settings: Settings, checkpoint: Path) -> Settings:
    """The settings with COMET; what they say of its environment is kept."""
    known = settings.metrics.get(
        _COMET, MetricSettings(kind=MetricKind.COMET, checkpoint=checkpoint)
    )
    metric = known.model_copy(update={"checkpoint": checkpoint})
    return settings.model_copy(update={"metrics": {**settings.metrics, _COMET: metric}})


def _show(folder: ScoreFolder, info: RunInfo, records: Sequence[ItemRecord], worst: int) -> None:
    show_scores(info, records)
    show_metric_notes(info)
    show_worst_scores(info, records, worst)
    beside.name_unpaired(records)
    for caveat in info.caveats:
        console.print(f"[yellow]Mind:[/] {escape(caveat)}", highlight=False)
    places = (folder.folder, folder.folder / SCORES, folder.folder / REPORT)
    console.print(
        "Written to [bold]{}[/]; read [bold]{}[/] or look at [bold]{}[/]".format(
            *(escape(str(place)) for place in places)
        ),
        soft_wrap=True,
    )
    if failed := unscored(info, records):
        show_unscored(failed)
        console.print(f"[bold]What to do:[/] {escape(_again())}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)
