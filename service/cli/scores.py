"""Scores on the screen: what to mind of them, what has none and why, the worst items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.text import Text

from eval.metrics.base import Score
from eval.report.scores import badness, in_order, item_score
from eval.run_log import ItemRecord, RunInfo
from service.cli.findings import item_name
from service.cli.screen import console, plain
from service.scoring.records import SETTLED

_NAMED = 10
"""So many segments without a score are shown."""
_LOST = Score(value=None, reason="not measured: see the log")


@dataclass(frozen=True, slots=True)
class Unscored:
    """A segment that a metric could not score, though it was asked to."""

    item: str
    segment: str
    key: str
    reason: str


def unscored(info: RunInfo, records: Sequence[ItemRecord]) -> list[Unscored]:
    """What has no value for a reason that lies in the metric, not in the item."""
    return [
        Unscored(record.id, segment.id, key, score.reason)
        for record in records
        for segment in record.segments
        for key in info.metrics
        if (score := segment.scores.get(key, _LOST)).value is None and score.reason not in SETTLED
    ]


def show_metric_notes(info: RunInfo) -> None:
    """What to mind of each metric, and its licence."""
    for name, metric in {each.name: each for each in info.metrics.values()}.items():
        notes = (f"licence {metric.licence}",) if metric.licence else ()
        for note in (*metric.caveats, *notes):
            console.print(Text(f"  {name}: {plain(note)}", "yellow"))


def show_worst_scores(info: RunInfo, records: Sequence[ItemRecord], count: int) -> None:
    """The items with the worst leading score, each with the texts of its worst segment."""
    keys = {key for record in records for segment in record.segments for key in segment.scores}
    if not keys:
        return
    key = in_order(keys, info.metrics)[0]
    ranked = [(value, each) for each in records if (value := item_score(each, key)) is not None]
    ranked.sort(key=lambda entry: (badness(entry[0], key, info.metrics), entry[1].index))
    for value, record in ranked[:count]:
        console.print(Text(f"\n{plain(item_name(record))}  {key} {value:.4g}", "bold"))
        _show_segment(record, key, info)


def _show_segment(record: ItemRecord, key: str, info: RunInfo) -> None:
    """The texts of the segment with the worst score."""
    segment = min(
        (each for each in record.segments if key in each.scores),
        key=lambda each: badness(each.scores[key].value, key, info.metrics),
    )
    sides = {
        "source": segment.source,
        "target": segment.target,
        "reference": segment.reference,
        "back": segment.back_translation,
    }
    for side, text in sides.items():
        if text is not None:
            line = Text(f"    {side:<9}  ", "dim").append(plain(text), "default")
            console.print(line, soft_wrap=True)


def show_unscored(failed: Sequence[Unscored]) -> None:
    """What was not scored, by metric and reason, the first of each by name."""
    for (key, reason), number in Counter((each.key, each.reason) for each in failed).items():
        names = [
            f"{each.item}/{each.segment}"
            for each in failed
            if (each.key, each.reason) == (key, reason)
        ]
        more = f" and {number - _NAMED:,} more" if number > _NAMED else ""
        console.print(
            f"[red]Not scored with {escape(key)}:[/] "
            f"{escape(plain(', '.join(names[:_NAMED])))}{more}. {escape(plain(reason))}",
            highlight=False,
            soft_wrap=True,
        )
