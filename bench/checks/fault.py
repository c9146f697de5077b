"""Good translations of items, and faults planted into them at known places."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.checks.data import Half
from eval.benchmarks.item import BenchmarkItem
from eval.segment import FieldKind
from glossary.language import Pair

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clean:
    """An item beside a translation that is taken for right, by id of segment.

    ``origin`` is the collection that it is from.
    """

    origin: str
    id: str
    pair: Pair
    category: str
    item: BenchmarkItem
    targets: Mapping[str, str]
    sources: Mapping[str, str]
    half: Half = Half.TUNE

    @property
    def options(self) -> list[str]:
        """Ids of the options, in order."""
        return [s.id for s in self.item.segments if s.kind is FieldKind.OPTION]


def clean(
    origin: str,
    name: str,
    pair: Pair,
    item: BenchmarkItem,
    targets: Mapping[str, str],
    category: str = "knowledge",
) -> Clean:
    """A clean item: translations of segments that it does not have are left out."""
    sources = {segment.id: segment.text for segment in item.segments}
    return Clean(origin, name, pair, category, item, {i: targets[i] for i in sources}, sources)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is: a range of the broken target, and of the source what was lost there.

    Without both, the segment as a whole is the place.
    """

    segment: str
    target: Range | None
    source: Range | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """The translations that a planter changed, and where; any of the places is right.

    ``item`` is another item in place of the clean one, where the fault is not in the translation.
    """

    targets: Mapping[str, str]
    places: tuple[Place, ...]
    item: BenchmarkItem | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an item beside its translation."""

    pair: Pair
    half: Half
    source: str
    target: str

    def put(
        self, start: int, end: int, new: str, lost: Range | None = None
    ) -> tuple[str, Range, Range | None]:
        """The target with a part replaced, and where the new part lies."""
        target = self.target[:start] + new + self.target[end:]
        return target, (start, start + len(new)), lost


Broken = tuple[str, Range | None, Range | None]
"""The broken target, the place of the fault in it, and the place in the source of what was lost."""
TextPlanter = Callable[[Text, random.Random], Broken | None]
Planter = Callable[[Clean, random.Random], Fault | None]


def on_text(plant: TextPlanter) -> Planter:
    """Plant into one text of an item: the first, in random order, that offers a hold."""

    def planter(clean: Clean, rng: random.Random) -> Fault | None:
        for segment in rng.sample(clean.item.segments, len(clean.item.segments)):
            target = clean.targets[segment.id]
            broken = plant(Text(clean.pair, clean.half, segment.text, target), rng)
            if broken is not None and broken[0] != target:
                text, place, lost = broken
                return Fault({segment.id: text}, (Place(segment.id, place, lost),))
        return None

    return planter
