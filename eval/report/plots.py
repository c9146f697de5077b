"""Numbers made ready to be drawn: bins, ticks, decimals, parts of a bar."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_ROUND = (1, 2, 2.5, 5, 10)
_EXACT = 10
"""Decimals of an edge: 0.1 + 0.2 must not become an edge that no link can name."""


@dataclass(frozen=True, slots=True)
class Bin:
    """``count`` values from ``low`` on and below ``high``."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar; ``x`` and ``width`` are percent of its length."""

    name: str
    value: float
    x: float
    width: float


def round_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that cuts ``span`` into ``most``."""
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * factor for factor in _ROUND if power * factor >= raw * (1 - 1e-9))


def histogram(values: Sequence[float], most: int = 24) -> list[Bin]:
    """The values in at most about ``most`` bins with round edges; none where there is no value."""
    if not values:
        return []
    low, high = min(values), max(values)
    step = round_step((high - low) or abs(high) / 10 or 1.0, most)
    first = math.floor(low / step)
    edges = [round(first * step, _EXACT)]
    while edges[-1] <= high:
        edges.append(round((first + len(edges)) * step, _EXACT))
    if edges[0] > low:  # a quotient rounded up
        edges.insert(0, round((first - 1) * step, _EXACT))
    counts = [0] * (len(edges) - 1)
    for value in values:
        counts[bisect_right(edges, value) - 1] += 1
    return [Bin(edges[at], edges[at + 1], count) for at, count in enumerate(counts)]


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from ``low`` to ``high``, both included."""
    if high <= low:
        return [low]
    step = round_step(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(at * step, _EXACT) for at in range(first, last + 1)]


def decimals(largest: float) -> int:
    """Decimals that tell scores apart: 3 on a scale up to 1, 2 up to 25, 1 up to 100."""
    return 3 if largest <= 2 else 2 if largest <= 30 else 1


def share(value: float, low: float, high: float) -> float:
    """Where a value lies between two others, in percent and never outside of them."""
    return min(100.0, max(0.0, 100 * (value - low) / (high - low))) if high > low else 50.0


def stacked(values: Sequence[tuple[str, float]], smallest: float = 0.6) -> list[Part]:
    """The parts of one full bar in their order; what is there is ``smallest`` percent at least."""
    total = math.fsum(value for _, value in values)
    if total <= 0:
        return [Part(name, value, 0.0, 0.0) for name, value in values]
    raw = [max(100 * value / total, smallest) if value else 0.0 for _, value in values]
    scale, x, parts = 100 / math.fsum(raw), 0.0, []
    for (name, value), width in zip(values, raw, strict=True):
        parts.append(Part(name, value, x, width * scale))
        x += width * scale
    return parts
