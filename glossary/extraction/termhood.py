"""How much a candidate is a term: it stands on its own, often, and not in every subject alike."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from glossary.extraction.words import Weight

Key = tuple[str, ...]
_WITHIN_LONGER = 0.8
"""What stands so often inside one longer candidate is only a part of it."""
_AT_END = 0.25
"""What is followed by another word more often than this leaves is only a modifier."""
_BELONGS = 0.04
"""So much of the occurrences of two everyday words must be together (Dice)."""


@dataclass(slots=True)
class Counts:
    """What was counted of a key: items and times, how often nothing of a term follows it."""

    weight: int
    items: int = 0
    times: int = 0
    ends: int = 0
    domains: Counter[str] = field(default_factory=Counter)


def ranked(
    counts: Mapping[Key, Counts],
    domains: Mapping[str, int],
    unusual: Callable[[Key, int], float] = lambda key, items: 1.0,
) -> list[tuple[Key, float]]:
    """The keys that may be terms with their scores, best first.

    The score is the C-value (Frantzi and others 2000) in items, times the bits that an occurrence
    tells about the subject: log-likelihood against the benchmark's other subjects. In a benchmark
    of one subject only the C-value counts.

    Args:
        counts: of all keys that are frequent enough.
        domains: how many items each subject has.
        unusual: a further factor, for a key in so many items: it is rare elsewhere.
    """
    longer = _longer(counts)
    found = []
    for key, seen in counts.items():
        around = longer.get(key, ())
        if not _stands_alone(key, seen, around, counts):
            continue
        nested = sum(around) / len(around) if around else 0.0
        value = math.log2(len(key) + 1) * (seen.items - nested)
        bits = _bits(seen.domains, domains)
        found.append((key, value * bits * unusual(key, seen.items)))
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


def _longer(counts: Mapping[Key, Counts]) -> Mapping[Key, list[int]]:
    """The items of the longer keys around each key."""
    longer = defaultdict(list)
    for key, seen in counts.items():
        inner = {
            key[start:stop]
            for start in range(len(key))
            for stop in range(start + 1, len(key) + 1)
            if stop - start < len(key)
        }
        for part in inner:
            if part in counts:
                longer[part].append(seen.items)
    return longer


def _stands_alone(
    key: Key, seen: Counts, around: tuple[int, ...] | list[int], counts: Mapping[Key, Counts]
) -> bool:
    if around and max(around) >= _WITHIN_LONGER * seen.items:
        return False
    if seen.ends < _AT_END * seen.times:
        return False
    if len(key) == 1:
        return seen.weight >= Weight.TERM
    return seen.weight > 0 or _belongs_together(key, seen, counts)


def _belongs_together(key: Key, seen: Counts, counts: Mapping[Key, Counts]) -> bool:
    alone = [counts[word,].items for word in key if (word,) in counts]
    return len(alone) == len(key) == 2 and 2 * seen.items >= _BELONGS * sum(alone)


def _bits(there: Mapping[str, int], all_: Mapping[str, int]) -> float:
    """Information about the subject in one item; 1 where there is only one subject."""
    if len(all_) < 2:
        return 1.0
    total, items = sum(all_.values()), sum(there.values())
    return (
        sum(
            count * math.log2(count * total / (items * all_[domain]))
            for domain, count in there.items()
        )
        / items
    )
