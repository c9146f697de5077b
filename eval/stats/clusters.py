"""Values of segments, grouped by the item that they belong to.

Segments of one item (a question and its options) stand and fall together. Whoever counts them as
independent finds intervals that are too narrow, so items are what is drawn and flipped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Clusters = Iterable[Sequence[float | None]]
"""One sequence of values per item; ``None`` is what was not scored."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums and counts of the items that have any value, in an order that is theirs alone.

    The same values give the same totals however the items and their segments were ordered; so
    random draws over them give the same result, too.
    """

    sums: NDArray[np.float64]
    counts: NDArray[np.float64]
    unscored: int

    @property
    def mean(self) -> float:
        """Mean over all values, not over items."""
        return float(math.fsum(self.sums) / self.n)

    @property
    def n(self) -> int:
        """Number of values."""
        return int(self.counts.sum())

    def __len__(self) -> int:
        """Number of items with a value."""
        return len(self.sums)


def totals(clusters: Clusters) -> Totals:
    """Sum up each item's values.

    Raises:
        ValueError: a value is infinite or not a number; what is not known is ``None``.
    """
    import numpy as np  # by its first use: no command and no server waits for it to start

    rows, unscored = [], 0
    for cluster in clusters:
        values = [value for value in cluster if value is not None]
        unscored += len(cluster) - len(values)
        if not all(map(math.isfinite, values)):
            raise ValueError("a score is infinite or not a number; what is not known is None")
        if values:
            rows.append((math.fsum(values), float(len(values))))
    table = np.array(sorted(rows), dtype=np.float64).reshape(-1, 2)
    return Totals(table[:, 0], table[:, 1], unscored)


def paired_differences(old: Clusters, new: Clusters) -> list[list[float | None]]:
    """New minus old, value by value; ``None`` where one of the two was not scored.

    Raises:
        ValueError: the two sides have not the same items and segments.
    """
    return [
        [
            None if after is None or before is None else after - before
            for before, after in zip(was, becomes, strict=True)
        ]
        for was, becomes in zip(old, new, strict=True)
    ]
