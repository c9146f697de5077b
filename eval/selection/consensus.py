"""How far translations of one item agree, without a model or a reference."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import fsum

from eval.selection.overlap import Grams, grams, overlap


def agreement(texts_a: Sequence[str], texts_b: Sequence[str]) -> float:
    """How alike two translations of an item are, 0 to 1: chrF both ways, mean over segments.

    Texts come in the order of the item's segments. An item without segments gives 1.

    Raises:
        ValueError: the two have not equally many texts.
    """
    pairs = zip(texts_a, texts_b, strict=True)
    values = [_alike(grams(a), grams(b)) for a, b in pairs]
    return sum(values) / len(values) if values else 1.0


def consensus(candidates: Sequence[Sequence[str]]) -> list[float]:
    """For each candidate, its mean agreement with the others, 0 to 1.

    The expected utility of minimum Bayes risk decoding (Kumar and Byrne 2004,
    https://aclanthology.org/N04-1022; for neural translation Freitag et al. 2022,
    https://aclanthology.org/2022.tacl-1.47), as a mean over segments. The utility is chrF both
    ways: chrF one way weighs recall, and so the longest candidate would win (docs/selection.md).
    Two candidates are equally good, one alone gets 1.

    Raises:
        ValueError: the candidates have not equally many texts.
    """
    count = len(candidates)
    segments = [_utilities(texts) for texts in zip(*candidates, strict=True)] if count > 1 else []
    if not segments:
        return [1.0] * count
    return [sum(column) / len(segments) for column in zip(*segments, strict=True)]


def _utilities(texts: Sequence[str]) -> list[float]:
    """One segment's; equal texts are taken apart and compared once."""
    known = {text: grams(text) for text in texts}
    alike = {(text, text): _alike(parts, parts) for text, parts in known.items()}
    for (a, of_a), (b, of_b) in combinations(known.items(), 2):
        alike[a, b] = alike[b, a] = _alike(of_a, of_b)
    others = len(texts) - 1
    return [
        fsum(alike[a, b] for j, b in enumerate(texts) if i != j) / others
        for i, a in enumerate(texts)
    ]


def _alike(a: Grams, b: Grams) -> float:
    return sum(overlap(a, b)) / 2
