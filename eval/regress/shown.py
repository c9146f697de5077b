"""Numbers of a comparison as text, the same on the screen, in Markdown and in JUnit."""

from __future__ import annotations

from collections.abc import Iterator

from eval.regress.criteria import SHARES
from eval.regress.result import Change, Comparison, ItemChange

COLUMNS = ("number", "old", "new", "difference", "95 % interval", "p", "margin", "decision", "why")
UNKNOWN = "·"
_SMALLEST_P = 0.0001


def number(value: float | None) -> str:
    """Four figures after the point up to 1, two beyond; a dot where nothing is known."""
    if value is None:
        return UNKNOWN
    return f"{value:.4f}" if abs(value) <= 1 else f"{value:.2f}"


def row(change: Change) -> tuple[str, ...]:
    """The cells of a number under ``COLUMNS``."""
    interval = change.difference
    span = UNKNOWN
    if interval is not None and interval.low is not None and interval.high is not None:
        span = f"{number(interval.low)} to {number(interval.high)}"
    return (
        change.key,
        number(change.old),
        number(change.new),
        UNKNOWN if interval is None else f"{interval.mean:+.4f}",
        span,
        _p(change.p),
        UNKNOWN if change.margin is None else f"±{change.margin:g}",
        change.decision.value,
        change.why,
    )


def _p(value: float | None) -> str:
    """A p-value; it is never 0, not even rounded."""
    if value is None:
        return UNKNOWN
    return f"{value:.4f}" if value >= _SMALLEST_P else f"<{_SMALLEST_P}"


def scores(item: ItemChange) -> str:
    """An item's scores before and now, in one line."""
    return ", ".join(
        f"{key} {number(old)} → {number(new)}" for key, (old, new) in item.scores.items()
    )


def texts(item: ItemChange) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Segment, source, old and new translation, where these two differ; ``None``: there is none."""
    old = {segment.id: segment for segment in item.pair.old.segments}
    new = {segment.id: segment for segment in item.pair.new.segments}
    for id_ in old | new:
        before = old[id_].target if id_ in old else None
        after = new[id_].target if id_ in new else None
        if before != after:
            yield id_, (old.get(id_) or new[id_]).source, before, after


def notes(result: Comparison) -> Iterator[str]:
    """How to read the table, and what else must be known."""
    yield (
        f"Two runs of one system that differ in nothing but noise are called worse in at most "
        f"{100 * result.alpha:g} % of all comparisons: p is for all numbers together (Holm), and "
        "three tenths of that level are for them, seven for the items. New failures and hard "
        "findings count by themselves. Each interval is for its number alone."
    )
    if result.fallen:
        yield (
            f"{result.fallen} of {result.items} items fell further than any item rose, by a tenth "
            f"at least; under noise alone the chance of that is at most {result.p_fallen:.3g}."
        )
    for change in result.changes:
        if change.key not in SHARES and (change.lost or change.gained):
            yield (
                f"{change.key}: {change.lost} segments lost their score and {change.gained} got "
                "one; they are in neither mean."
            )
    if result.tolerated:
        yield f"{result.tolerated} items may fail or have new hard findings."
    yield from result.notes
