"""Do findings go with low human scores? ``python -m bench.checks.scored [--half report]``.

Machine translations en>zh-CN of MLQE-PE, each scored by three people or more. For the findings of
each check, for hard, soft and any findings: how many outputs are flagged, the mean human score of
flagged minus unflagged outputs with a 95 % interval (1,000 resamples of the outputs), and which
share of the worst 5 % of the outputs is flagged. `tune` is the published dev set, `report` the test
set.
"""

from __future__ import annotations

import argparse
import json
import random
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.checks.data import Half, ScoredPair, scored
from bench.checks.measure import judge
from bench.checks.written import single

_RESAMPLES = 1_000
_WORST = 0.05
_SEED = 20_261


def measure(half: Half) -> dict[str, dict[str, Any]]:
    """By check, and for hard, soft only and any: what the findings say about the scores."""
    outputs = scored(half)
    flags = [_flags(output) for output in outputs]
    scores = [output.score for output in outputs]
    last = sorted(scores)[max(0, int(_WORST * len(scores)) - 1)]
    names = ["hard", "soft only", "any", *sorted({name for each in flags for name in each})]
    return {
        name: _separation([name in each for each in flags], scores, last)
        for name in dict.fromkeys(names)
    }


def _flags(output: ScoredPair) -> set[str]:
    findings = judge(single(output.text, "mlqe"))
    levels = {"hard"} if any(f.hard for f in findings) else {"soft only"}
    return {f.check for f in findings} | levels | {"any"} if findings else set()


def _separation(flagged: list[bool], scores: list[float], last: float) -> dict[str, Any]:
    pairs = list(zip(flagged, scores, strict=True))
    worst = [flag for flag, score in pairs if score <= last]
    rng = random.Random(_SEED)
    drawn = [_difference(rng.choices(pairs, k=len(pairs))) for _ in range(_RESAMPLES)]
    known = sorted(value for value in drawn if value is not None)
    difference = _difference(pairs)
    return {
        "flagged": sum(flagged),
        "of": len(pairs),
        "difference": None if difference is None else round(difference, 2),
        "interval": [
            round(known[int(share * (len(known) - 1))], 2) for share in (0.025, 0.975)
        ] if known else None,
        "worst_flagged": round(fmean(worst), 4),
    }  # fmt: skip


def _difference(pairs: list[tuple[bool, float]]) -> float | None:
    """Mean score of flagged minus unflagged outputs; ``None`` where one of them has no output."""
    high, low = [s for flag, s in pairs if not flag], [s for flag, s in pairs if flag]
    return fmean(low) - fmean(high) if low and high else None


def table(measured: dict[str, dict[str, Any]]) -> Table:
    """The figures as a table."""
    shown = Table(
        "findings", "flagged", "score vs. unflagged", "95 % interval", "% of worst 5 % flagged",
        title="MLQE-PE en>zh-CN: human scores (0 to 100) of flagged outputs",
    )  # fmt: skip
    for name, row in measured.items():
        difference = "" if row["difference"] is None else f"{row['difference']:+.1f}"
        interval = "" if row["interval"] is None else "{:+.1f} to {:+.1f}".format(*row["interval"])
        cells = (f"{row['flagged']} of {row['of']}", difference, interval)
        shown.add_row(name, *cells, f"{100 * row['worst_flagged']:.0f}")
    return shown


def main() -> None:
    """Print the table and one JSON object."""
    parser = argparse.ArgumentParser(description="Human scores of flagged outputs.")
    parser.add_argument("--half", type=Half, default=Half.TUNE, choices=list(Half))
    measured = measure(parser.parse_args().half)
    Console(width=140).print(table(measured))
    print(json.dumps(measured, ensure_ascii=False))


if __name__ == "__main__":
    main()
