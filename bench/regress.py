"""How often comparing two runs is right: planted falls found, false alarms, false equivalence.

Every run is made up: each item has a quality, each of its five segments a score around it. Noise is
what differs between two runs of one system; it is drawn anew for every run, in four kinds. All
draws are seeded. Findings and verdicts are those of runs without faults: what they do needs no
statistics.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.metrics.base import MetricInfo, Score
from eval.regress.compare import FOR_ITEMS, LEAD, compare
from eval.regress.criteria import Criteria
from eval.regress.result import Comparison, Decision
from eval.regress.snapshot import Snapshot
from eval.run_log import Counts, ItemRecord, Provenance, RunInfo, SegmentRecord, Verdict
from eval.stats.bootstrap import Interval, mean_interval
from eval.stats.clusters import Clusters
from eval.stats.equivalence import equivalence_interval, lies_inside
from eval.stats.randomisation import leading_falls, p_of_leading_falls

CHRF, COMET = "round_trip.chrf", "round_trip.comet"
METRICS = {
    CHRF: MetricInfo(name="chrf", family="lexical", needs_reference=True, signature="chrF|made"),
    COMET: MetricInfo(name="comet", family="comet", needs_reference=True, signature="COMET|made"),
}
SIGNATURE = "bench:mmlu@0|pair:en>ko|engine:made|model:{system}|measured:made|version:0"
SEGMENTS, ITEMS, PLANTED = 5, 200, 5
DRAWS = 400
"""Fewer than a comparison takes by default: there are thousands of them here."""
FALL = 25.0
"""chrF points that a planted item falls by; COMET falls by a hundredth of that."""
Noise = Callable[[np.random.Generator, int], NDArray[np.float64]]
"""chrF points per segment, from 0 upward and downward alike; shape (items, SEGMENTS)."""


def _normal(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    return random.normal(0, 3, (items, SEGMENTS))


def _heavy(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    return 3 * random.standard_t(3, (items, SEGMENTS))


def _rare(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    """One item of ten is worded anew, the others stay as they are."""
    again = random.random((items, 1)) < 0.1
    return random.laplace(0, 4, (items, SEGMENTS)) * again


def _none(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    return np.zeros((items, SEGMENTS))


NOISE: dict[str, Noise] = {"normal": _normal, "heavy": _heavy, "rare": _rare, "none": _none}


def snapshot(scores: NDArray[np.float64], system: str = "a") -> Snapshot:
    """A run with these chrF scores, shape (items, segments), and COMET scores that follow them."""
    records = tuple(_record(place, row) for place, row in enumerate(scores.tolist()))
    run = RunInfo(
        run_id="",
        benchmark="mmlu",
        pair="en>ko",
        engine="made",
        signature=SIGNATURE.format(system=system),
        metrics=METRICS,
        started="",
        counts=Counts.of(records),
    )
    return Snapshot(run, records)


def _record(place: int, scores: Sequence[float]) -> ItemRecord:
    return ItemRecord(
        index=place,
        id=f"q{place}",
        verdict=Verdict.OK,
        item={"question": f"question {place}"},
        segments=[
            SegmentRecord(
                id=f"s{number}",
                kind="text",
                source=f"question {place}, part {number}",
                target=f"{value:.3f}",
                scores={CHRF: Score(value=value), COMET: Score(value=0.5 + value / 200)},
            )
            for number, value in enumerate(scores)
        ],
        provenance=Provenance(signature="made", source_sha256=f"{place:064x}"),
    )


Shape = Callable[[np.random.Generator, int], NDArray[np.float64]]
"""Differences of items around their true mean 0, with a spread near 1; shape (items,)."""
SHAPES: dict[str, Shape] = {
    "normal": lambda random, items: random.normal(0, 1, items),
    "heavy": lambda random, items: random.standard_t(3, items),
    "skewed": lambda random, items: random.exponential(1, items) - 1,
    "few moved": lambda random, items: (
        random.exponential(1, items) * (random.random(items) < 0.3) - 0.3
    ),
}
SMALL, MARGIN = (20, 50, 200), 10.0


def quality(random: np.random.Generator, items: int = ITEMS) -> NDArray[np.float64]:
    """What the segments would score without noise."""
    return random.normal(60, 12, (items, 1)) + random.normal(0, 6, (items, SEGMENTS))


def rerun(
    true: NDArray[np.float64], noise: Noise, random: np.random.Generator, system: str = "a"
) -> Snapshot:
    """One run of a system of that quality."""
    return snapshot(np.clip(true + noise(random, len(true)), 0, 100), system)


def planted(true: NDArray[np.float64], count: int = PLANTED) -> NDArray[np.float64]:
    """The same with the first items spoiled."""
    worse = true.copy()
    worse[:count] = np.maximum(worse[:count] - FALL, 0)
    return worse


def named(result: Comparison) -> set[str]:
    """Ids of the items that a comparison calls a regression."""
    return {each.pair.id for each in result.regressed}


def measure(noise: Noise, repeats: int, seed: int) -> dict[str, float]:
    """Of comparisons with planted falls and as many without: shares, and items named needlessly."""
    random = np.random.default_rng(seed)
    wanted = {f"q{place}" for place in range(PLANTED)}
    found, complete, others, alarms = [], [], [], []
    for number in range(repeats):
        criteria = Criteria(draws=DRAWS, seed=number)
        true = quality(random)
        old = rerun(true, noise, random)
        worse = compare(old, rerun(planted(true), noise, random), criteria)
        found.append(worse.is_regression)
        complete.append(wanted <= named(worse))
        others.append(len(named(worse) - wanted))
        alarms.append(compare(old, rerun(true, noise, random), criteria).is_regression)
    return {
        "planted_found": sum(found) / repeats,
        "all_named": sum(complete) / repeats,
        "others_named": sum(others) / repeats,
        "false_alarms": sum(alarms) / repeats,
        "false_alarms_in_20": sum(alarms[:20]),
    }


def equivalence(shift: float, repeats: int, seed: int) -> float:
    """Share of comparisons that call chrF equivalent where all items differ by margin * shift."""
    random = np.random.default_rng(seed)
    margin = Criteria().margin_of(CHRF, METRICS[CHRF])
    assert margin is not None
    claims = 0
    for number in range(repeats):
        true = quality(random)
        new = rerun(true - shift * margin, _normal, random)
        result = compare(rerun(true, _normal, random), new, Criteria(draws=DRAWS, seed=number))
        claims += result.changes[0].decision is Decision.EQUIVALENT
    return claims / repeats


def wrong_claims(
    shape: Shape,
    items: int,
    repeats: int,
    seed: int,
    interval: Callable[[Clusters], Interval | None],
) -> float:
    """Share of samples called equivalent though the true mean is the margin; 5 % are stated.

    The margin is wide beside the noise, so that one of its sides alone decides: the worst case. Of
    the margin above and below zero the worse counts, since a skewed shape is harder on one.
    """
    random = np.random.default_rng(seed)
    claims = {-MARGIN: 0, MARGIN: 0}
    for _ in range(repeats):
        sample = shape(random, items)
        for true in claims:
            found = interval([[value] for value in (sample + true).tolist()])
            claims[true] += lies_inside(found, MARGIN)
    return max(claims.values()) / repeats


def one_baseline(noise: Noise, baselines: int, seed: int) -> tuple[float, float]:
    """Mean alarms for fallen items in twenty re-runs, and share of baselines with more than one.

    A baseline that was lucky with some items alarms again and again: its re-runs are not
    independent, though on average over baselines the level holds.
    """
    random = np.random.default_rng(seed)
    alarms = []
    for _ in range(baselines):
        true = quality(random)
        old = np.clip(true + noise(random, ITEMS), 0, 100)
        runs = (np.clip(true + noise(random, ITEMS), 0, 100) for _ in range(20))
        fallen = [leading_falls((run - old).mean(axis=1).tolist(), lead=LEAD) for run in runs]
        level = FOR_ITEMS * Criteria().alpha
        alarms.append(sum(p_of_leading_falls(each) <= level for each in fallen))
    return sum(alarms) / baselines, sum(each > 1 for each in alarms) / baselines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=100)
    repeats = parser.parse_args().repeats
    started = time.monotonic()
    shares = {name: measure(noise, repeats, seed=1) for name, noise in NOISE.items()}
    claims = {shift: equivalence(shift, repeats, seed=3) for shift in (0.0, 0.5, 1.0, 1.5)}
    small = {
        (name, items): [
            wrong_claims(shape, items, 20 * repeats, 5, interval)
            for interval in (equivalence_interval, _bootstrap)
        ]
        for name, shape in SHAPES.items()
        for items in SMALL
    }
    baselines = {name: one_baseline(noise, repeats, seed=4) for name, noise in NOISE.items()}
    _show(shares, claims, baselines, repeats)
    for (name, items), (wrong, by_bootstrap) in small.items():
        print(
            f"called equivalent at the margin, {items:3} items, {name:9}: {wrong:5.1%} "
            f"(from the bootstrap's interval it would be {by_bootstrap:.1%})"
        )
    outcome = {
        "items": ITEMS,
        "planted": PLANTED,
        "repeats": repeats,
        **{key: {name: each[key] for name, each in shares.items()} for key in shares["none"]},
        "stated_level": Criteria().alpha,
        "one_baseline_20_reruns": {name: mean for name, (mean, _) in baselines.items()},
        "equivalence_claims_without_difference": claims[0.0],
        "equivalence_claims_at_margin": claims[1.0],
        "equivalence_claims_outside_margin": claims[1.5],
        "equivalence_claims_at_margin_few_items": {
            f"{items} {name}": wrong for (name, items), (wrong, _) in small.items()
        },
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(outcome))


def _bootstrap(differences: Clusters) -> Interval | None:
    return mean_interval(differences, level=0.9, draws=DRAWS)


def _show(
    shares: dict[str, dict[str, float]],
    claims: dict[float, float],
    baselines: dict[str, tuple[float, float]],
    repeats: int,
) -> None:
    print("noise    found  all named  others named  false alarms  in the first 20")
    for name, each in shares.items():
        print(
            f"{name:8} {each['planted_found']:5.1%} {each['all_named']:10.1%} "
            f"{each['others_named']:13.2f} {each['false_alarms']:13.1%} "
            f"{each['false_alarms_in_20']:16}"
        )
    alpha = Criteria().alpha
    error = 1.96 * math.sqrt(alpha * (1 - alpha) / repeats)
    print(f"stated level of false alarms: {alpha:.0%} (in {repeats} by chance up to ±{error:.1%})")
    for name, (mean, more) in baselines.items():
        print(f"{name}: {mean:.2f} alarms in 20 re-runs of one baseline; {more:.0%} had several")
    for shift, share in claims.items():
        print(f"called equivalent where the difference is {shift:g} margins: {share:.1%}")


if __name__ == "__main__":
    main()
