"""What commands show: progress while they work, a table of verdicts afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from eval.report.scores import LEVEL, ScoreTally, interval_text
from eval.report.stages import StageTally
from eval.run_log import Counts, ItemRecord, RunInfo, StageOutcome
from service.job import Progress as Report

console = Console(stderr=True)
VERDICT_COLOURS = {"ok": "green", "repaired": "cyan", "flagged": "yellow", "failed": "red"}
_LEVELS = ("failed", "hard", "soft")
_REASONS = 3
_OUTCOMES = (
    StageOutcome.ACCEPTED,
    StageOutcome.REFUSED,
    StageOutcome.FAILED,
    StageOutcome.SKIPPED,
)


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """A bar with counts and the time left, at the end the time taken; it fits 80 columns."""
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[verdicts]}"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    counts = Counts()
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(escape(title), total=None, verdicts="")

        def report(total: int, record: ItemRecord | None) -> None:
            if record is not None:
                counts.add(record.verdict)
            bars.update(task, total=total, completed=counts.items, verdicts=_colours(counts))

        yield report


def _colours(counts: Counts) -> str:
    return " ".join(
        f"[{colour}]{count} {name}[/]"
        for name, colour in VERDICT_COLOURS.items()
        if (count := getattr(counts, name)) or name != "repaired"
    )


def verdict_table(rows: Iterable[tuple[str, Counts]], title: str) -> Table:
    """One row per part of a run and, of several, a sum."""
    rows = list(rows)
    table = Table(title=title, title_justify="left", show_footer=len(rows) > 1)
    total = Counts()
    for _, counts in rows:
        for name in Counts.model_fields:
            setattr(total, name, getattr(total, name) + getattr(counts, name))
    table.add_column("", footer="all")
    for name, style in {"items": "", **VERDICT_COLOURS}.items():
        table.add_column(name, justify="right", style=style, footer=str(getattr(total, name)))
    for label, counts in rows:
        values = (getattr(counts, name) for name in ("items", *VERDICT_COLOURS))
        table.add_row(label, *(str(value) if value else "·" for value in values))
    return table


def show_outcome(info: RunInfo, records: Iterable[ItemRecord]) -> None:
    """The verdicts of one run, what was found most, its scores and what its steps cost."""
    records = list(records)
    console.print(verdict_table([(info.benchmark, info.counts)], f"{info.pair} with {info.engine}"))
    show_findings(records)
    show_scores(info, records)
    show_steps(records)


def show_scores(info: RunInfo, records: Iterable[ItemRecord]) -> None:
    """Each score with its interval, how much was scored and why the rest was not."""
    tally = ScoreTally(info.metrics)
    for record in records:
        tally.add(record)
    if not tally.summaries:
        return
    table = Table(title=f"Scores ({LEVEL:.0%} intervals over items)", title_justify="left")
    table.add_column("score")
    for name in ("mean", "interval", "segments", "not scored"):
        table.add_column(name, justify="right")
    for score in tally.summaries:
        interval = score.interval()
        mean = f"{interval.mean:,.{score.digits}f}" if interval else "–"
        ends = interval_text(interval, score.digits) if interval else "–"
        counts = (interval.n if interval else 0, score.unscored)
        table.add_row(escape(score.key), mean, ends, *(f"{n:,}" if n else "·" for n in counts))
    console.print(table)
    for score in tally.summaries:
        for reason, number in score.reasons.most_common(_REASONS):
            line = f"[dim]{escape(score.key)} not scored, {number:,}:[/] {escape(reason)}"
            console.print(line, highlight=False)


def show_steps(records: Iterable[ItemRecord]) -> None:
    """What each step cost, what came of it, and by how many it changed the hard findings."""
    stages = StageTally(records)
    if not stages.telling:
        return
    table = Table(title="Steps", title_justify="left")
    table.add_column("step", no_wrap=True)
    for name in ("calls", "tokens", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("came of it")
    table.add_column("hard", justify="right", no_wrap=True)
    for step in stages.steps:
        tokens = "–" if step.tokens_known is None else f"{step.tokens_known:,}"
        came = (f"{step.outcomes[o]:,} {o}" for o in _OUTCOMES if step.outcomes[o])
        hard = f"{-step.brought:+,}" if step.brought else "·"
        costs = (f"{step.calls:,}", tokens, f"{step.seconds:,.1f}")
        table.add_row(step.name, *costs, ", ".join(came) or "·", hard)
    console.print(table)
    if stages.bias:
        console.print(f"[dim]{stages.bias}[/]", highlight=False)


def show_notes(info: RunInfo) -> None:
    """What is known to go wrong with the model, and the terms it and the data come under."""
    for caveat in info.caveats:
        console.print(f"[yellow]Known weakness:[/] {escape(caveat)}", highlight=False)
    for note in info.licence_notes:
        console.print(f"[dim]Licence: {escape(note)}[/]", highlight=False)


def show_error(message: str, remedy: str = "") -> None:
    """An error, and what to do about it; what looks like markup in it is text."""
    console.print(f"[bold red]Error:[/] {escape(message)}", highlight=False, soft_wrap=True)
    if remedy:
        console.print(f"[bold]What to do:[/] {escape(remedy)}", highlight=False, soft_wrap=True)


def show_findings(records: Iterable[ItemRecord]) -> None:
    """Failures, hard and soft findings, the most frequent first, each with an item to look at."""
    seen: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for record in records:
        causes = [(f.check, "hard" if f.hard else "soft") for f in record.findings]
        causes += [(record.error.code, "failed")] if record.error else []
        for cause in set(causes):
            seen[cause] += 1
            example.setdefault(cause, record.id)
    if not seen:
        return
    table = Table(title="Findings", title_justify="left")
    for name in ("what", "level", "items", "for example"):
        table.add_column(name, justify="right" if name == "items" else "left")
    for cause in sorted(seen, key=lambda cause: (_LEVELS.index(cause[1]), -seen[cause])):
        table.add_row(*cause, str(seen[cause]), escape(example[cause]))
    console.print(table)
