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

from eval.run_log import Counts, ItemRecord, RunInfo
from service.job import Progress as Report

console = Console(stderr=True)
VERDICT_COLOURS = {"ok": "green", "repaired": "cyan", "flagged": "yellow", "failed": "red"}
_LEVELS = ("failed", "hard", "soft")


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
    """The verdicts of one run and what was found most."""
    console.print(verdict_table([(info.benchmark, info.counts)], f"{info.pair} with {info.engine}"))
    show_findings(records)


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
