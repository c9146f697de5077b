"""Spans of a target text that may render a term, and how well each does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from glossary.consistency.units import Unit

Key = tuple[str, ...]
WIDEST = 6
"""Words of the longest rendering."""
_FAINT = 0.05
"""A word with less to do with the term is no end of its rendering."""


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate rendering in one row: words ``start`` to ``end`` of the target."""

    key: Key
    start: int
    end: int
    score: float


class Phrases:
    """In how many rows each phrase of the targets occurs."""

    def __init__(self, rows: Sequence[Sequence[Unit]]) -> None:
        self.rows: Counter[Key] = Counter()
        for units in rows:
            self.rows.update(
                list(
                    dict.fromkeys(
                        key_of(units[s:e]) for s in range(len(units)) for e in ends(units, s)
                    )
                )
            )


def ends(units: Sequence[Unit], start: int) -> Iterator[int]:
    """Where a phrase that begins there may end: no sign stands inside it."""
    for end in range(start + 1, min(len(units), start + WIDEST) + 1):
        if end - start > 1 and not units[end - 1].joined:
            return
        yield end


def key_of(units: Sequence[Unit]) -> Key:
    """What equal phrases share."""
    return tuple(unit.key for unit in units)


def spans_of(
    target: Sequence[Unit], ours: Sequence[float], back: Sequence[float], belongs: Sequence[bool]
) -> Iterator[Span]:
    """Spans that the term accounts for, and that account for the term.

    A word that belongs to another word of the source is never a part of a phrase.
    """
    fit = [
        not unit.empty and mine + its >= _FAINT
        for unit, mine, its in zip(target, ours, back, strict=True)
    ]
    for start in range(len(target)):
        if not fit[start]:
            continue
        for end in ends(target, start):
            if end - start > 1 and not (belongs[start] and belongs[end - 1]):
                break
            if fit[end - 1]:
                full = [j for j in range(start, end) if not target[j].empty]
                share = sum(ours[j] for j in full) / len(full)
                whole = min(1.0, sum(back[j] for j in full))
                yield Span(key_of(target[start:end]), start, end, sqrt(share * whole))


def likeness(one: str, other: str) -> float:
    """Twice the longest common subsequence by the characters of both."""
    before = [0] * (len(other) + 1)
    for char in one:
        row = [0]
        for at, letter in enumerate(other):
            row.append(before[at] + 1 if char == letter else max(before[at + 1], row[at]))
        before = row
    return 2 * before[-1] / (len(one) + len(other))
