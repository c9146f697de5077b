"""Which words of parallel texts belong together, by how they occur (IBM model 1, both ways).

P. F. Brown et al. 1993, "The Mathematics of Statistical Machine Translation". Deterministic:
nothing is drawn by chance, and equal values keep the order of the text.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from glossary.consistency.units import Unit

_ROUNDS = 4
_NOTHING = "\x00"
"""Stands in every text for what the other one does not say."""
_SAME = 8.0
"""A word that both texts have, such as a name left in English, starts with so much more weight."""
_FLOOR = 1e-6
_CLEARLY = 1.2
"""So many times likelier a word must be than the next, to be what another word stands for."""


@dataclass(frozen=True, slots=True)
class RowLinks:
    """Of one pair of texts: ``explained[i][j]`` how far source word i accounts for target word j.

    ``explaining[i][j]``: how far target word j accounts for source word i. ``owner[j]``: the source
    word of which target word j tells most, -1 for none. Empty words have 0 everywhere.
    """

    explained: list[array[float]]
    explaining: list[array[float]]
    owner: list[int]


class WordLinks:
    """How likely words are counterparts in each of the pairs of texts that it was made of."""

    def __init__(self, pairs: Sequence[tuple[Sequence[Unit], Sequence[Unit]]]) -> None:
        rows = [(_keys(source), _keys(target)) for source, target in pairs]
        start = _together(rows)
        self._pairs = pairs
        self._forward = _learned(rows, start)
        swapped = [(target, source) for source, target in rows]
        self._backward = _learned(swapped, {(t, s): n for (s, t), n in start.items()})
        self._rows: dict[int, RowLinks] = {}

    def row(self, number: int) -> RowLinks:
        """The links of one pair of texts."""
        if number not in self._rows:
            self._rows[number] = self._linked(*self._pairs[number])
        return self._rows[number]

    def _linked(self, source: Sequence[Unit], target: Sequence[Unit]) -> RowLinks:
        forward, backward = self._forward, self._backward
        explained = [array("f", [0.0] * len(target)) for _ in source]
        explaining = [array("f", [0.0] * len(target)) for _ in source]
        owner = [-1] * len(target)
        ours = [i for i, unit in enumerate(source) if not unit.empty]
        theirs = [j for j, unit in enumerate(target) if not unit.empty]
        for j in theirs:
            key = target[j].key
            weights = [forward.get((source[i].key, key), 0.0) for i in ours]
            total = sum(weights) + forward.get((_NOTHING, key), 0.0) + _FLOOR
            for i, weight in zip(ours, weights, strict=True):
                explained[i][j] = weight / total
            told = {source[i].key: (backward.get((key, source[i].key), 0.0), i) for i in ours}
            best = sorted(told.values(), reverse=True)[:2]
            if best and best[0][0] > _CLEARLY * (best[1][0] if len(best) > 1 else 0.0):
                owner[j] = best[0][1]
        for i in ours:
            key = source[i].key
            weights = [backward.get((target[j].key, key), 0.0) for j in theirs]
            total = sum(weights) + backward.get((_NOTHING, key), 0.0) + _FLOOR
            for j, weight in zip(theirs, weights, strict=True):
                explaining[i][j] = weight / total
        return RowLinks(explained, explaining, owner)


Rows = Sequence[tuple[Sequence[str], Sequence[str]]]
Weights = dict[tuple[str, str], float]


def _keys(units: Sequence[Unit]) -> list[str]:
    return [unit.key for unit in units if not unit.empty]


def _together(rows: Rows) -> Weights:
    """Dice's coefficient of every two words that stand in one row."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for source, target in rows:
        first, second = list(dict.fromkeys(source)), list(dict.fromkeys(target))
        ours.update(first)
        theirs.update(second)
        both.update((one, other) for one in first for other in second)
    return {
        (one, other): (_SAME if one == other else 1.0) * 2 * count / (ours[one] + theirs[other])
        for (one, other), count in both.items()
    }


def _learned(rows: Rows, start: Weights) -> Weights:
    """How likely each target word is given each source word, by expectation and maximisation."""
    number: dict[tuple[str, str], int] = {}
    links: list[list[list[int]]] = []
    for source, target in rows:
        given = [*source, _NOTHING]
        links.append(
            [[number.setdefault((one, other), len(number)) for one in given] for other in target]
        )
    first = {one: place for place, one in enumerate(dict.fromkeys(one for one, _ in number))}
    owner = [first[one] for one, _ in number]
    weights = [start.get(key, 0.01) for key in number]
    for _ in range(_ROUNDS):
        counts = [0.0] * len(weights)
        for row in links:
            for cells in row:
                shares = [weights[cell] for cell in cells]
                total = sum(shares)
                for cell, share in zip(cells, shares, strict=True):
                    counts[cell] += share / total
        sums = [0.0] * len(first)
        for cell, count in enumerate(counts):
            sums[owner[cell]] += count
        weights = [count / (sums[owner[cell]] + 0.5) for cell, count in enumerate(counts)]
    return {key: weights[cell] for key, cell in number.items()}
