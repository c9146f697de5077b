"""Batches bounded by tokens, of texts of nearly equal length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def token_batches(lengths: Sequence[int], limit: int) -> Iterator[list[int]]:
    """Places of the texts, longest first, so that rows times longest stays within ``limit``.

    A text that is longer than the limit is a batch of its own.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > limit:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
