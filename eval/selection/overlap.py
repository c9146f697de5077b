"""chrF of many texts with one another: each text is taken apart once.

chrF (Popović 2015, https://aclanthology.org/W15-3049) as sacrebleu computes it for a sentence with
its defaults, which the tests compare it with: six orders of characters, white space left out,
beta 2, orders that one of the texts is too short for left out of the mean.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

_ORDERS = range(1, 7)
_BETA = 2

Grams: TypeAlias = tuple[frozenset[str | tuple[str, int]], ...]
"""By order, the n-grams of a text; one that is there again is there with its number."""


def grams(text: str) -> Grams:
    """Take a text apart."""
    letters = "".join(text.split())
    return tuple(
        frozenset(_numbered([letters[i : i + n] for i in range(len(letters) - n + 1)]))
        for n in _ORDERS
    )


def _numbered(parts: list[str]) -> list[str | tuple[str, int]]:
    """A multiset as a set, so that sets count what two have in common, quickly."""
    if len(set(parts)) == len(parts):
        return list(parts)
    seen: Counter[str] = Counter()
    numbered: list[str | tuple[str, int]] = []
    for part in parts:
        numbered.append((part, seen[part]) if seen[part] else part)
        seen[part] += 1
    return numbered


def overlap(a: Grams, b: Grams) -> tuple[float, float]:
    """ChrF, 0 to 1, of the first measured by the second, and of the second by the first."""
    orders = [(len(x & y), len(x), len(y)) for x, y in zip(a, b, strict=True) if x and y]
    if not orders:
        return 0.0, 0.0
    of_a = sum(common / size for common, size, _ in orders) / len(orders)
    of_b = sum(common / size for common, _, size in orders) / len(orders)
    return _f(of_a, of_b), _f(of_b, of_a)


def _f(precision: float, recall: float) -> float:
    if not precision + recall:
        return 0.0
    return (1 + _BETA**2) * precision * recall / (_BETA**2 * precision + recall)
