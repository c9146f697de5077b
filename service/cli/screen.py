"""What commands show: progress while they work, a table of verdicts afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table

from eval.report.scores import LEVEL, ScoreTally, interval_text
from eval.report.stages import StageTally
from eval.run_log import Counts, ItemRecord, RunInfo, StageOutcome
from service.job import Progress as Report

console = Console(stderr=True)
VERDICT_COLOURS = {"ok": "green", "repaired": "cyan", "flagged": "yellow", "failed": "red"}
_LEVELS = ("failed", "hard", "soft")
_REASONS = 3
_LONGEST = 160
"""Characters of a reason; the files have all."""
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
        TextColumn("[bold]{task.description}", table_column=_title_column()),
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

        try:
            yield report
        finally:
            begun = bars.tasks[task].total is not None
            bars.update(task, visible=begun)  # what never began is told by the error alone


def _title_column() -> Column:
    """A long name of a file must not cost the numbers their place."""
    return Column(max_width=30, no_wrap=True, overflow="ellipsis")


@contextmanager
def waiting(for_what: str) -> Iterator[None]:
    """A sign of life while something is made ready that may take a minute."""
    with console.status(f"{escape(for_what)} …"):
        yield


@contextmanager
def kept_when_interrupted(folder: Path, go_on: str) -> Iterator[None]:
    """Where the finished work is, and how to go on, for who presses Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        kept = f" What was finished is kept in [bold]{escape(str(folder))}[/]. {escape(go_on)}"
        told = kept if folder.is_dir() else ""
        console.print(f"[yellow]Interrupted.[/]{told}", highlight=False, soft_wrap=True)
        raise


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
    show_failures(records)
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
            why = reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST]}…"
            line = f"[dim]{escape(score.key)} not scored, {number:,}:[/] {escape(why)}"
            console.print(line, highlight=False)


def show_steps(records: Iterable[ItemRecord]) -> None:
    """What each step cost, what came of it, and by how many it changed the hard findings."""
    stages = StageTally(records)
    if not stages.telling:
        return
    table = Table(title="Steps (sums over items, many at once)", title_justify="left")
    table.add_column("step", no_wrap=True)
    for name in ("calls", "tokens", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("came of it")
    table.add_column("hard findings", justify="right", width=8)
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
    """What to mind of the run, and the terms that its model and data come under."""
    for caveat in info.caveats:
        console.print(f"[yellow]Mind:[/] {escape(caveat)}", highlight=False)
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
    for cause in sorted(seen, key=lambda cause: (_LEVELS.index(cause[1]), -seen[cause], cause)):
        table.add_row(*cause, str(seen[cause]), escape(example[cause]))
    console.print(table)


def show_failures(records: Iterable[ItemRecord]) -> None:
    """Why items have no translation, the most frequent reason first, and what to do about it."""
    errors = [record.error for record in records if record.error is not None]
    first = {error.code: error for error in reversed(errors)}
    for code, number in Counter(error.code for error in errors).most_common(_REASONS):
        error = first[code]
        told = f"[red]{number:,} failed, {code}:[/] {escape(plain(error.detail))}"
        remedy = f" [bold]What to do:[/] {escape(plain(error.remedy))}" if error.remedy else ""
        console.print(told + remedy, highlight=False, soft_wrap=True)


def plain(text: str) -> str:
    """What is no letter to a terminal is a dot: a text must not move its cursor."""
    return "".join(char if char.isprintable() else "·" for char in text)
