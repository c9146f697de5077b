"""Findings on the screen: how many of each check, and the worst items with the fault marked."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from eval.checks.base import Finding
from eval.report.summary import Tally
from eval.run_log import ItemRecord, penalty_of
from service.cli.screen import console, plain, show_failures

_AROUND = 40
"""Characters shown before and after a marked place."""
_PER_ITEM = 3
_BRACKETS = ("⟦", "⟧")


def show_checks(records: Sequence[ItemRecord]) -> None:
    """Hard and soft findings by check, and why items could not be judged."""
    tally = Tally()
    for record in records:
        tally.add(record)
    show_failures(records)
    if not tally.checks:
        return
    table = Table(title="Findings", title_justify="left")
    table.add_column("check")
    for name in ("hard", "soft", "items"):
        table.add_column(name, justify="right")
    for count in tally.checks:
        numbers = (count.hard, count.soft, count.items)
        table.add_row(count.name, *(str(number) if number else "·" for number in numbers))
    console.print(table)


def show_worst(records: Sequence[ItemRecord], count: int) -> None:
    """The items with most against them, each fault marked at its place."""
    bad = [record for record in records if record.findings]
    worst = heapq.nlargest(count, bad, key=lambda each: (penalty_of(each.findings), -each.index))
    for record in worst:
        console.print(Text(f"\n{plain(item_name(record))}", "bold"))
        texts = {segment.id: (segment.source, segment.target) for segment in record.segments}
        ordered = sorted(record.findings, key=lambda each: not each.hard)
        for finding in ordered[:_PER_ITEM]:
            field = f"{finding.segment}: " if len(texts) > 1 and finding.segment in texts else ""
            _show_finding(finding, field, *texts.get(finding.segment, ("", "")))
        if len(ordered) > _PER_ITEM:
            console.print(Text(f"  and {len(ordered) - _PER_ITEM} more", "dim"))


def item_name(record: ItemRecord) -> str:
    """An item's id; of one without an id its place, which the report and the files count from 0."""
    return record.id if record.id != str(record.index) else f"item {record.index} (the first is 0)"


def _show_finding(finding: Finding, field: str, source: str, target: str) -> None:
    level = "hard" if finding.hard else "soft"
    head = Text(f"  {finding.check}", "red" if finding.hard else "yellow")
    head.append(f" ({level}, {finding.severity}) {plain(field + finding.message)}", "default")
    console.print(head, soft_wrap=True)
    if not source and not target:  # at a field that has no text to translate
        place = f"    {finding.segment}: {finding.expected or '-'} → {finding.found or '-'}"
        console.print(Text(plain(place)), soft_wrap=True)
        return
    for side, text, span in (
        ("source", source, finding.source_span),
        ("target", target, finding.target_span),
    ):
        line = Text(f"    {side}  ", "dim").append_text(_marked(text, span))
        console.print(line, soft_wrap=True)


def _marked(text: str, span: tuple[int, int] | None) -> Text:
    """The neighbourhood of a place with the place marked; the beginning where there is none.

    Brackets mark it as well where no styles are shown, as in the log of a build.
    """
    start, end = span or (0, 0)
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    shown = Text("…" if first else "")
    shown.append(plain(text[first:start]))
    left, right = _BRACKETS if span and console.color_system is None else ("", "")
    shown.append(f"{left}{plain(text[start:end])}{right}", "bold reverse")
    shown.append(plain(text[end:last]))
    return shown.append("…" if last < len(text) else "")
