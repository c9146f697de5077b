"""Where the constants of the ``length`` check come from: ``python -m bench.checks.lengths``.

Prints, over human translations (the half that may be tuned on), the median ratio of Han equivalents
per pair, and by length of the source the range that holds 99 % of the ratios.
"""

from __future__ import annotations

import math
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.checks.data import ALL_PAIRS, Half, ntrex
from eval.checks.length import han_equivalents

_BANDS = ((1, 4), (4, 8), (8, 15), (15, 30), (30, 50), (50, 100), (100, 1000))


def main() -> None:
    """Print the table."""
    table = Table("pair", "median", *(f"{low}-{high}" for low, high in _BANDS))
    for pair in ALL_PAIRS:
        sizes = [
            (han_equivalents(text.source), han_equivalents(text.target))
            for text in ntrex(pair, Half.TUNE)
        ]
        sizes = [(before, after) for before, after in sizes if before and after]
        cells = []
        for low, high in _BANDS:
            inside = sorted(after / before for before, after in sizes if low <= before < high)
            if len(inside) < 20:
                cells.append("")
                continue
            cut = len(inside) // 200
            cells.append(f"{inside[cut]:.2f}-{inside[-1 - cut]:.2f}")
        middle = math.exp(median(math.log(after / before) for before, after in sizes))
        table.add_row(str(pair), f"{middle:.2f}", *cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
