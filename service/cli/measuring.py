"""Finding out more about a run that was written: its way back, its scores, a solver's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe
from eval.report.summary import Tally
from eval.round_trip.outcomes import Invariance, ProbeResult
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Pair, parse_pair
from service.cli import choices
from service.cli.scores import show_metric_notes
from service.cli.screen import console, plain, progress_bar, show_notes, show_outcome
from service.engines.base import EngineInfo
from service.files.run_files import REPORT
from service.round_trip.afterwards import measure_run
from service.round_trip.finished_run import FinishedRun
from service.round_trip.options import RoundTripOptions, SolveOptions
from service.round_trip.triage import TRIAGE_PAGE, TriageEntry, rows_of, triage, write_triage
from service.round_trip.work import work_of
from service.scoring.metrics import ALWAYS, ScoringMetrics
from service.scoring.selecting import families_named
from service.wiring import Engines

_CUT = 160
"""Characters of a text that the screen shows; the files have all."""
_NAMED = 10

PANEL = "What is found out"
"""Heading in the help of a command."""

Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        help="Score with this configured metric, beside chrF. May be given several times.",
        rich_help_panel=PANEL,
    ),
]
Probes = Annotated[
    int,
    typer.Option(
        "--probes",
        min=0,
        help="Change a number in so many items to see whether the back-translator follows.",
        rich_help_panel=PANEL,
    ),
]
Solver = Annotated[
    str | None,
    typer.Option(
        "--solver",
        help="Let this engine answer each item in both languages; flipped answers are flagged.",
        rich_help_panel=PANEL,
    ),
]
SolveTimes = Annotated[
    int | None,
    typer.Option(
        "--solve-times",
        min=3,
        max=32,
        help="With --solver: answers to each side of an item; default: 3.",
        rich_help_panel=PANEL,
    ),
]


def solving(solver: str | None, times: int | None) -> SolveOptions | None:
    """Who answers, and how often.

    Raises:
        BadParameter: so often, and by nobody.
    """
    choices.refuse((times and not solver, "--solve-times is for --solver ENGINE"))
    if solver is None:
        return None
    return SolveOptions(engine=solver, times=times) if times else SolveOptions(engine=solver)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be found out."""

    round_trip: RoundTripOptions | None = None
    solve: SolveOptions | None = None
    metrics: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.round_trip or self.solve or self.metrics)

    async def must_be_ready(
        self,
        engines: Engines,
        metrics: ScoringMetrics,
        recipe: Recipe,
        pair: Pair,
        forward: EngineInfo,
    ) -> None:
        """What cannot be had is told before hours of translating, not after them.

        Raises:
            BadParameter: a metric would have nothing to compare with.
            UnknownEngine, PairNotServed, CannotSolve: an engine is not there, or not made for it.
            EngineError, MetricError: an engine or a metric cannot be made ready.
        """
        await work_of(engines, recipe, pair, forward, self.round_trip, self.solve)
        for metric in metrics.chosen(self.metrics):
            known = await metric.info()
            if known.needs_reference and self.round_trip is None:
                raise typer.BadParameter(
                    f"--metric {metric.name} compares the way back with the source: say who "
                    "translates back, --round-trip ENGINE"
                )


@dataclass(frozen=True, slots=True)
class Found:
    """The run with what was found out."""

    folder: Path
    info: RunInfo
    records: list[ItemRecord]
    flipped: list[TriageEntry]
    solved: bool

    def show(self, worst: int) -> None:
        """Verdicts, scores, probes and the flipped items, side by side."""
        show_outcome(self.info, self.records)
        show_notes(self.info)
        show_metric_notes(self.info)
        _show_probes(self.info)
        _show_answers(self.records)
        for entry in self.flipped[:worst]:
            console.print(_side_by_side(entry))
        shown = [REPORT, *([TRIAGE_PAGE] if self.solved else [])]
        names = ", ".join(f"[bold]{escape(str(self.folder / name))}[/]" for name in shown)
        console.print(f"Look at {names}", soft_wrap=True)


async def measure_folder(
    folder: Path,
    recipe: Recipe | None,
    engines: Engines,
    metrics: ScoringMetrics,
    wanted: Wanted,
) -> Found:
    """Add to a finished run what is wanted; what an earlier call has found is kept.

    Raises:
        EvalError, ServiceError: nothing that was found is lost.
    """
    with FinishedRun(folder).open() as run:
        recipe = recipe or load_recipe(run.info.benchmark)
        run.must_be_of(recipe)
        work = await work_of(
            engines,
            recipe,
            parse_pair(run.info.pair),
            run.forward,
            wanted.round_trip,
            wanted.solve,
            metrics.chosen((*([ALWAYS] if wanted.round_trip else []), *wanted.metrics)),
            families_named(run.info.signature),
        )
        with progress_bar("measured") as progress:
            await measure_run(run, work, progress)
        flipped = triage(run.translated, recipe)
        if wanted.solve is not None:
            write_triage(folder, run.info, flipped)
        return Found(folder, run.info, run.translated, flipped, wanted.solve is not None)


def _show_probes(info: RunInfo) -> None:
    """How the back-translator took changed numbers; who restored them is not to be believed."""
    said = {
        ProbeResult.FOLLOWED: "followed",
        ProbeResult.FROM_MEMORY: "[red]written from memory[/]",
        ProbeResult.UNCLEAR: "unclear",
    }
    for result, words in said.items():
        if ids := info.probes.get(result):
            named = ", ".join(map(_shown, ids[:_NAMED])) + (" ..." if len(ids) > _NAMED else "")
            console.print(f"Changed numbers, {words}: {len(ids)} ({named})", highlight=False)


def _show_answers(records: Sequence[ItemRecord]) -> None:
    """How many items keep their answer, and how many could not be asked."""
    tally = Tally()
    for record in records:
        tally.add(record)
    if not tally.answers:
        return
    said = [f"{tally.answers[outcome]:,} {outcome}" for outcome in Invariance]
    said.append(f"{tally.items - tally.answers.total():,} not asked")
    console.print(f"Answers on both sides: {', '.join(said)}", highlight=False)


def _side_by_side(entry: TriageEntry) -> Table:
    table = Table(title=f"Flipped: {_shown(entry.id)}", title_justify="left", show_lines=True)
    for heading in entry.headings:
        table.add_column(heading)
    for cells in rows_of(entry):
        table.add_row(*(_shown(cell) for cell in cells))
    return table


def _shown(text: str) -> str:
    text = plain(" ".join(text.split()))
    return escape(text if len(text) <= _CUT else f"{text[:_CUT]}…")
