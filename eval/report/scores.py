"""The scores of a run: how they lie, what was not scored and why, and where they are low."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eval.metrics.base import MetricInfo, Score
from eval.report.plots import Bin, decimals, histogram, share, ticks
from eval.run_log import ItemRecord
from eval.stats.bootstrap import Interval, mean_interval

LEVEL, DRAWS, SEED = 0.95, 1000, 0
"""Of the intervals: share that should hold the true mean, samples drawn, where drawing starts."""
GROUP_FIELDS = ("subject", "category")
"""Fields of an item by which benchmarks group theirs."""
_DIGITS = 4
"""Decimals of a score on the page; what is counted is what can be filtered there."""
_MOST_GROUPS = 200
_LEXICAL = "lexical"
_UNSAID = "no reason given"


def known_value(score: Score) -> float | None:
    """The score's value; ``None`` for what is no number a mean could be made of."""
    return score.value if score.value is not None and math.isfinite(score.value) else None


def item_score(record: ItemRecord, key: str) -> float | None:
    """Mean over the item's scored segments, ``None`` where it has none."""
    values = [value for value in _values(record, key) if value is not None]
    return round(math.fsum(values) / len(values), _DIGITS) if values else None


def lower_first(key: str, metrics: Mapping[str, MetricInfo]) -> bool:
    """Is a low value of this score a bad one?"""
    return key not in metrics or metrics[key].higher_is_better


def badness(value: float | None, key: str, metrics: Mapping[str, MetricInfo]) -> float:
    """What to sort by so that the worst score comes first, and what was not scored last."""
    if value is None:
        return math.inf
    return value if lower_first(key, metrics) else -value


def in_order(keys: Iterable[str], metrics: Mapping[str, MetricInfo]) -> list[str]:
    """Keys as they are shown; by the first one items are sorted.

    A learned score comes before one that counts characters.
    """

    def rank(key: str) -> tuple[bool, str]:
        return key not in metrics or metrics[key].family == _LEXICAL, key

    return sorted(keys, key=rank)


def group_of(record: ItemRecord) -> tuple[str, str] | None:
    """The field that groups the benchmark's items, and what this item has there."""
    if isinstance(record.item, dict):
        for name in GROUP_FIELDS:
            if isinstance(value := record.item.get(name), str) and value:
                return name, value
    return None


def worth_grouping(number: int) -> bool:
    """Do so many groups tell something: neither one for all nor one for each?"""
    return 2 <= number <= _MOST_GROUPS


def _values(record: ItemRecord, key: str) -> list[float | None]:
    return [known_value(s.scores[key]) for s in record.segments if key in s.scores]


def interval_text(interval: Interval, digits: int) -> str:
    """From where to where a mean may lie."""
    if interval.low is None or interval.high is None:
        return "one item: no interval"
    return f"{interval.low:,.{digits}f} to {interval.high:,.{digits}f}"


@dataclass(slots=True)
class ScoreSummary:
    """One score of a run, over all items that have it.

    ``values`` holds a list per item with a value or ``None`` per segment, ``items`` the items'
    own scores.
    """

    key: str
    metric: MetricInfo | None = None
    values: list[list[float | None]] = field(default_factory=list)
    items: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    _largest: float = 0.0

    def add(self, record: ItemRecord) -> None:
        """Count one item's scores."""
        if (none := record.scores.get(self.key)) is not None:
            self.reasons[none.reason or _UNSAID] += 1
        values = _values(record, self.key)
        if not values:
            return
        self.values.append(values)
        if (own := item_score(record, self.key)) is not None:
            self.items.append(own)
            self._largest = max(self._largest, abs(own))
        for segment in record.segments:
            score = segment.scores.get(self.key)
            if score is not None and known_value(score) is None:
                self.reasons[score.reason or _UNSAID] += 1

    @property
    def use(self) -> str:
        """What the hypothesis is laid beside, as a person reads it."""
        return self.key.partition(".")[0].replace("_", " ")

    @property
    def name(self) -> str:
        """The metric's own name."""
        return self.key.partition(".")[2] or self.key

    @property
    def higher_is_better(self) -> bool:
        """Is a high value a good one?"""
        return self.metric is None or self.metric.higher_is_better

    @property
    def unscored(self) -> int:
        """Segments without a value, and items without a text to translate."""
        return self.reasons.total()

    @property
    def digits(self) -> int:
        """Decimals to show."""
        return decimals(self._largest)

    def interval(self) -> Interval | None:
        """Mean over the segments with its interval, clustered by item."""
        return mean_interval(self.values, level=LEVEL, draws=DRAWS, seed=SEED)

    def plot(self) -> ScorePlot | None:
        """Everything that is drawn of it; ``None`` where nothing was scored."""
        interval = self.interval()
        return ScorePlot(histogram(self.items), interval, self.digits) if interval else None


@dataclass(frozen=True, slots=True)
class ScorePlot:
    """A histogram of items with the mean of all; places on it are percent of its width."""

    bins: list[Bin]
    interval: Interval
    digits: int

    @property
    def most(self) -> int:
        """Items in the fullest bin."""
        return max(each.count for each in self.bins)

    @property
    def ticks(self) -> list[tuple[float, float]]:
        """Values of the axis with their places."""
        low, high = self.bins[0].low, self.bins[-1].high
        return [(value, self.at(value)) for value in ticks(low, high)]

    def at(self, value: float) -> float:
        """Where a value stands."""
        return share(value, self.bins[0].low, self.bins[-1].high)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of items; an interval per score, in the order of the keys."""

    name: str
    items: int
    intervals: list[Interval | None]


@dataclass(slots=True)
class ScoreTally:
    """The scores of one run, counted record by record."""

    metrics: Mapping[str, MetricInfo] = field(default_factory=dict)
    field_name: str = ""
    _scores: dict[str, ScoreSummary] = field(default_factory=dict)
    _groups: dict[str, dict[str, list[list[float | None]]]] = field(default_factory=dict)
    _sizes: Counter[str] = field(default_factory=Counter)

    def add(self, record: ItemRecord) -> None:
        """Count one item's scores."""
        keys = {key for segment in record.segments for key in segment.scores}
        for key in keys | record.scores.keys():
            summary = self._scores.setdefault(key, ScoreSummary(key, self.metrics.get(key)))
            summary.add(record)
        if group := group_of(record):
            self.field_name, name = group
            self._sizes[name] += 1
            own = self._groups.setdefault(name, {})
            for key in keys:
                own.setdefault(key, []).append(_values(record, key))

    @property
    def keys(self) -> list[str]:
        """The scores there are, as they are shown."""
        return in_order(self._scores, self.metrics)

    @property
    def summaries(self) -> list[ScoreSummary]:
        """The scores in the order of their keys."""
        return [self._scores[key] for key in self.keys]

    @property
    def groups(self) -> list[GroupRow]:
        """The groups, the worst by the first score on top; none where they are all one or many."""
        keys = self.keys
        if not keys or not worth_grouping(len(self._groups)):
            return []
        rows = [GroupRow(name, size, self._intervals(name)) for name, size in self._sizes.items()]

        def rank(row: GroupRow) -> tuple[float, str]:
            first = row.intervals[0]
            return badness(first.mean if first else None, keys[0], self.metrics), row.name

        return sorted(rows, key=rank)

    def _intervals(self, name: str) -> list[Interval | None]:
        own = self._groups[name]
        return [
            mean_interval(own.get(key, []), level=LEVEL, draws=DRAWS, seed=SEED)
            for key in self.keys
        ]

    def extents(self, rows: Sequence[GroupRow]) -> Iterator[tuple[float, float]]:
        """From where to where the intervals of each score reach, for one common axis."""
        for at in range(len(self.keys)):
            ends = [
                end
                for row in rows
                if (each := row.intervals[at])
                for end in (each.mean, each.low, each.high)
                if end is not None
            ]
            yield (min(ends), max(ends)) if ends else (0.0, 0.0)
