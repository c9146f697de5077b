"""What the bench plants is a fault, at the place that it names."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from bench.checks.clean import recorded, samples
from bench.checks.data import ALL_PAIRS, Half
from bench.checks.fault import Clean
from bench.checks.kinds import KINDS, Kind
from bench.checks.written import facts, stems
from eval.checks.suite import NAMES


def _items() -> Iterator[Clean]:
    """Clean items that need no other data."""
    for pair in ALL_PAIRS:
        yield from stems(pair, Half.TUNE, random.Random(1))
        yield from facts(pair, Half.TUNE)
        yield from recorded(pair)
    yield from samples()


ITEMS = list(_items())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_planted_fault_is_where_it_is_said_to_be(kind: Kind) -> None:
    rng = random.Random(2)
    usual = [clean for clean in ITEMS if clean.origin in kind.origins] or ITEMS
    for clean in rng.sample(usual, min(200, len(usual))):
        fault = kind.plant(clean, rng)
        if fault is None:
            continue
        assert fault.item is not None or any(
            fault.targets[name] != clean.targets[name] for name in fault.targets
        )
        for place in fault.places:
            target = fault.targets.get(place.segment, clean.targets[place.segment])
            for span, text in (
                (place.target, target),
                (place.source, clean.sources[place.segment]),
            ):
                assert span is None or 0 <= span[0] <= span[1] <= len(text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_fault_names_checks_that_there_are(kind: Kind) -> None:
    assert set(kind.checks) <= set(NAMES)
