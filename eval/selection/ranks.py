"""Ranks in place of scores, so that metrics of different scales can be put together."""

from __future__ import annotations

from collections.abc import Sequence


def mean_rank(columns: Sequence[Sequence[float | None]]) -> list[float]:
    """For each candidate, the mean of its ranks over the columns; 1 is best, the least wins.

    A column is one metric's values for all candidates, higher being better. Equal values share the
    mean of their places. ``None`` ranks last, so that nobody wins for not having been measured; a
    column without any value ties all and decides nothing. Choosing by several metrics is less
    biased than choosing by one (Kovacs et al. 2024, https://aclanthology.org/2024.wmt-1.109).

    Raises:
        ValueError: the columns are not equally long.
    """
    ranked = [_ranks(column) for column in columns]
    return [sum(places) / len(places) for places in zip(*ranked, strict=True)]


def _ranks(column: Sequence[float | None]) -> list[float]:
    values = [float("-inf") if value is None else value for value in column]
    return [
        sum(other > value for other in values) + (values.count(value) + 1) / 2 for value in values
    ]
