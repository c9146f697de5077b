"""Comparing two snapshots: what got worse by more than noise, and which items did.

Noise alone gives an alarm in at most ``alpha`` of all comparisons. Three tenths of that are for
the means (paired randomisation, Holm over all numbers, their bad side), seven for the items: that
five items fall further than any rises has a chance of 1 in 32 whatever the noise is like
(``p_of_leading_falls``), and five must be enough. What fails or is found is no matter of chance
and counts by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from eval.metrics.base import MetricInfo
from eval.regress.criteria import SHARES, Criteria
from eval.regress.pairing import ItemPair, paired_items, translating_differences
from eval.regress.result import Cause, Change, Comparison, Decision, ItemChange
from eval.regress.scores import Paired, Values, paired_scores, paired_shares
from eval.regress.shown import number
from eval.regress.snapshot import Snapshot
from eval.run_log import Verdict
from eval.stats.bootstrap import Interval, mean_interval
from eval.stats.clusters import paired_differences
from eval.stats.equivalence import MIN_ITEMS, equivalence_interval, lies_inside
from eval.stats.randomisation import holm, leading_falls, p_of_leading_falls, p_of_mean
from eval.stats.shares import share_interval

FOR_ITEMS = 0.7
"""Part of ``alpha`` for the items; the rest is for the means."""
LEAD = 1.1
"""What fell is a tenth larger than any rise: costs little of what is found, most false alarms."""
MOVED = 10
"""Items that are shown because they moved most."""
_TIE = 1e-9
"""0.29 of 100 items are 29, whatever the multiplication says."""
_LOST = 0.01
"""Equivalence is not claimed where more of the segments have lost their scores."""
_UNMEASURED = 0.1
"""Nothing is known where more of the translated segments have a score on one side alone. A few may
lose theirs by what their texts became; so many do only when a scorer was down."""


def compare(old: Snapshot, new: Snapshot, criteria: Criteria | None = None) -> Comparison:
    """Compare a run with an earlier one of the same items.

    Raises:
        NotComparable: they were measured differently, or have other items.
        UnknownScore: the criteria name a score that is not there.
    """
    criteria = criteria or Criteria()
    keys = criteria.keys(new.run.metrics)
    pairs = paired_items(old, new, same_system=criteria.same_system)
    scores = {key: paired_scores(pairs, key) for key in keys}
    moves = _moves(scores, new.run.metrics, len(pairs))
    fallen = leading_falls(moves, lead=LEAD)
    p_fallen = p_of_leading_falls(fallen)
    highest = LEAD * max([*moves, 0.0]) if p_fallen <= FOR_ITEMS * criteria.alpha else math.inf
    judged = [
        replace(
            _item(place, pair, scores, new.run.metrics, criteria, fell=-move > highest), move=move
        )
        for place, (pair, move) in enumerate(zip(pairs, moves, strict=True))
    ]
    ranked = sorted(judged, key=lambda each: -abs(each.move))
    moved = [each for each in ranked if each.move and not each.causes]
    return Comparison(
        benchmark=new.run.benchmark,
        pair=new.run.pair,
        items=len(pairs),
        unchanged=sum(pair.unchanged for pair in pairs),
        alpha=criteria.alpha,
        systems=tuple(translating_differences(old, new)),
        changes=tuple(_changes(pairs, scores, new.run.metrics, criteria)),
        fallen=fallen,
        p_fallen=p_fallen,
        regressed=tuple(each for each in ranked if each.causes),
        moved=tuple(moved[:MOVED]),
        tolerated=math.floor(criteria.tolerated * len(pairs) + _TIE),
        notes=(*_notes(pairs), *new.run.caveats),
    )


def _moves(
    scores: Mapping[str, Paired], metrics: Mapping[str, MetricInfo], items: int
) -> list[float]:
    """How far each item moved, up being better: all its scores together, each in its own spread.

    The spread does not depend on the direction of any move, so directions stay tossed coins.
    """
    moves = [0.0] * items
    for key, paired in scores.items():
        sign = 1 if metrics[key].higher_is_better else -1
        by_item = [0.0 if move is None else sign * move for move in paired.moves]
        spread = math.sqrt(math.fsum(move * move for move in by_item))
        if spread:
            moves = [sum_ + move / spread for sum_, move in zip(moves, by_item, strict=True)]
    return moves


def _changes(
    pairs: Sequence[ItemPair],
    scores: Mapping[str, Paired],
    metrics: Mapping[str, MetricInfo],
    criteria: Criteria,
) -> list[Change]:
    """All numbers, with the p-values that hold for all of them together."""
    given = {**scores, **{key: paired_shares(pairs, key) for key in SHARES}}
    differences = {key: paired_differences(each.old, each.new) for key, each in given.items()}
    # So many that the smallest p there is can be small enough for all numbers together.
    draws = max(criteria.draws, math.ceil(len(given) / _level(criteria)))
    found = {
        key: p_of_mean(each, draws=draws, seed=criteria.seed) for key, each in differences.items()
    }
    adjusted = holm({key: p for key, p in found.items() if p is not None})
    return [
        _decided(
            Change(
                key=key,
                old=each.old_mean,
                new=each.new_mean,
                difference=_interval(key, differences[key], criteria),
                p=adjusted.get(key),
                margin=criteria.margin_of(key, metrics.get(key)),
                decision=Decision.UNDECIDED,
                why="",
                higher_is_better=metrics[key].higher_is_better if key in metrics else False,
                lost=each.lost,
                gained=each.gained,
                unmeasured=key not in SHARES and _unmeasured(each, pairs),
            ),
            differences[key],
            criteria,
        )
        for key, each in given.items()
    ]


def _unmeasured(paired: Paired, pairs: Sequence[ItemPair]) -> bool:
    """Were too many segments of items that both runs have translated not scored in both?"""
    translated = [place for place, pair in enumerate(pairs) if pair.both_translated]
    one_sided, both = paired.on_one_side(translated), paired.scored
    return not both or one_sided > _UNMEASURED * (both + one_sided)


def _interval(key: str, differences: Values, criteria: Criteria) -> Interval | None:
    if key in SHARES:
        return share_interval(differences)
    return mean_interval(differences, draws=criteria.draws, seed=criteria.seed)


def _level(criteria: Criteria) -> float:
    """What the p-values are compared with: two-sided, and only the bad half gives an alarm."""
    return 2 * (1 - FOR_ITEMS) * criteria.alpha


def _decided(
    change: Change, differences: Sequence[Sequence[float | None]], criteria: Criteria
) -> Change:
    if change.difference is None or change.p is None:
        return replace(change, why="no segment is scored on both sides")
    interval = equivalence_interval(differences, shares=change.key in SHARES)
    level = _level(criteria)
    lost_much = change.lost > _LOST * (change.difference.n + change.lost)
    if lies_inside(interval, change.margin) and not lost_much:
        why = f"{_span(interval)} lies inside ±{change.margin:g}"
        return replace(change, decision=Decision.EQUIVALENT, why=why)
    if change.p <= level:
        good = (change.difference.mean > 0) is change.higher_is_better
        decision = Decision.BETTER if good else Decision.WORSE
        return replace(change, decision=decision, why=f"p = {change.p:.2g} is at most {level:g}")
    return replace(change, why=_why_undecided(change, interval, lost_much))


def _why_undecided(change: Change, interval: Interval | None, lost_much: bool) -> str:
    if change.margin is None:
        return "no margin was stated"
    if interval is None:
        return f"fewer than {MIN_ITEMS} items"
    if lost_much:
        return f"{change.lost} segments have lost their scores"
    return f"{_span(interval)} reaches beyond ±{change.margin:g}, and it may be chance"


def _span(interval: Interval | None) -> str:
    """The interval that equivalence is claimed from; the table shows a wider one of its own."""
    assert interval is not None
    return f"the 90 % interval, {number(interval.low)} to {number(interval.high)},"


def _item(
    place: int,
    pair: ItemPair,
    scores: Mapping[str, Paired],
    metrics: Mapping[str, MetricInfo],
    criteria: Criteria,
    *,
    fell: bool,
) -> ItemChange:
    """What became of one item, with every cause to call it a regression."""
    causes: dict[Cause, list[str]] = {}
    means = {key: known for key, each in scores.items() if (known := each.means(place))}
    falls = _falls(means, metrics)
    if pair.newly_failed:
        causes[Cause.FAILED] = [pair.new.error.detail if pair.new.error else "no translation"]
    elif found := pair.new_findings:
        causes[Cause.FOUND] = found
    if fell and _matters(falls, metrics, criteria):
        causes[Cause.FELL] = ["It fell further than any item rose, by a tenth at least."]
    beyond = [
        f"{key} fell by {falls[key]:.4g}; {margin:g} was allowed for an item."
        for key, margin in criteria.item_margins.items()
        if falls.get(key, 0.0) > margin
    ]
    if beyond:
        causes[Cause.FELL_BEYOND] = beyond
    lines = tuple(line for each in causes.values() for line in each)
    return ItemChange(pair, tuple(causes), lines, means)


def _falls(
    means: Mapping[str, tuple[float, float]], metrics: Mapping[str, MetricInfo]
) -> dict[str, float]:
    """How far each score of an item fell; a rise is negative, whichever way is better."""
    return {
        key: before - after if metrics[key].higher_is_better else after - before
        for key, (before, after) in means.items()
    }


def _matters(
    falls: Mapping[str, float], metrics: Mapping[str, MetricInfo], criteria: Criteria
) -> bool:
    """Is any fall larger than what does not even matter in a mean?"""
    return any(fall > (criteria.margin_of(key, metrics[key]) or 0) for key, fall in falls.items())


def _notes(pairs: Sequence[ItemPair]) -> list[str]:
    """What a reader must know to read the numbers rightly."""
    notes = []
    if pairs and pairs[0].ignored:
        names = " and ".join(sorted(pairs[0].ignored))
        notes.append(
            f"The glossaries differ: findings of {names} are left out of both sides, since they "
            "were judged by different terms."
        )
    failed = sum(pair.new.verdict is Verdict.FAILED for pair in pairs)
    if failed:
        notes.append(f"{failed} items have no translation now; scores are over the others.")
    return notes
