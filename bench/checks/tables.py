"""The tables that ``run`` prints."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Column, Table

from bench.checks.false_alarms import ANY, SPANS, SUITE, Alarms
from bench.checks.kinds import Kind
from bench.checks.measure import Tally
from eval.checks.suite import CHECKS
from glossary.language import Pair

Recall = Mapping[tuple[Kind, Pair], Tally]


def short(pair: Pair) -> str:
    """The pair in few letters."""
    return str(pair).replace("zh-", "")


def total_of(found: Recall, kind: Kind) -> Tally:
    """A kind's faults in all pairs."""
    total = Tally()
    for (other, _), tally in found.items():
        if other is kind:
            total.add(tally)
    return total


def recall_table(found: Recall, pairs: list[Pair]) -> Table:
    """Recall of each kind by pair (found at any level), then over all pairs by how it was found."""
    table = Table(
        "group", Column("kind", no_wrap=True), title="Planted faults that are found, in %"
    )
    for name in (*map(short, pairs), "planted", "found", "hard", "place", "hard there"):
        table.add_column(name, justify="right")
    for kind in dict.fromkeys(kind for kind, _ in found):
        total = total_of(found, kind)
        cells = [_share(found[kind, pair].found, found[kind, pair].planted) for pair in pairs]
        parts = (total.found, total.hard, total.placed, total.hard_placed)
        shares = [_share(part, total.planted) for part in parts]
        table.add_row(kind.group, kind.name, *cells, str(total.planted), *shares)
    return table


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else ""


def alarm_table(title: str, columns: Mapping[str, Alarms]) -> Table:
    """Share of the clean items with a hard finding and, behind the bar, with soft ones only."""
    table = Table("check", title=f"{title}: items with a hard finding | with soft ones only, in %")
    for name, found in columns.items():
        table.add_column(f"{name}\n({found.items})", justify="right")
    for check in (ANY, *CHECKS):
        cells = [
            f"{100 * found.hard_share(check):.2f} | {100 * found.soft_share(check):.2f}"
            if found.hard[check] or found.soft[check]
            else "-"
            for found in columns.values()
        ]
        table.add_row(check, *cells)
    return table


def time_table(columns: Mapping[str, Mapping[str, tuple[float, float]]]) -> Table:
    """Median and 95th percentile by check."""
    table = Table("check", title="Microseconds per text: median | 95th percentile")
    for name in columns:
        table.add_column(name, justify="right")
    for check in (SUITE, SPANS, *CHECKS):
        cells = [f"{times[check][0]:.1f} | {times[check][1]:.1f}" for times in columns.values()]
        table.add_row(check, *cells)
    return table
