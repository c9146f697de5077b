"""The recorded translations: what is broken in them is found at its place, what is good passes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.benchmarks.item import BenchmarkItem, read_item
from eval.benchmarks.library import load_recipe
from eval.checks.suite import NAMES, check_item
from glossary.language import Language, Pair
from service.cli.demo import RECORDED, RECORDED_TARGETS
from service.engines.replay import read_recordings

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FAULTS = yaml.safe_load((SAMPLES / "recorded" / "faults.yaml").read_text("utf-8"))
BROKEN = {(fault["item"], Language(fault["language"])): fault["finds"] for fault in FAULTS}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An item, its recorded translation and what the checks say of that."""

    name: str
    pair: Pair
    item: BenchmarkItem
    translations: dict[str, str]
    category: str

    @property
    def broken(self) -> bool:
        """Is it listed in faults.yaml?"""
        return (self.name, self.pair.target) in BROKEN

    def findings(self) -> list[dict[str, Any]]:
        """What the checks say, with the marked pieces of text instead of their places."""
        sources = {segment.id: segment.text for segment in self.item.segments}
        return [
            {
                "check": f.check,
                "hard": f.hard,
                "segment": f.segment,
                "source": f.source_span and sources[f.segment][slice(*f.source_span)],
                "target": f.target_span and self.translations[f.segment][slice(*f.target_span)],
            }
            for f in check_item(self.item, self.translations, self.pair, self.category)
        ]


def recorded() -> Iterator[Recorded]:
    """All items of which translations are recorded, in each language."""
    for target in RECORDED_TARGETS:
        pair = Pair(Language.EN, target)
        recordings = read_recordings(SAMPLES / "recorded" / f"{target}.jsonl")
        for stem, name in RECORDED.items():
            recipe = load_recipe(name)
            lines = (SAMPLES / "en" / f"{stem}.jsonl").read_text("utf-8").split("\n")
            for index, line in enumerate(filter(None, lines)):
                item = read_item(json.loads(line), recipe, index)
                texts = {s.id: recordings[pair, s.text][0] for s in item.segments}
                yield Recorded(f"{stem}/{item.id}", pair, item, texts, recipe.category)


ALL = [pytest.param(each, id=f"{each.name}-{each.pair.target}") for each in recorded()]


def test_forty_translations_half_of_them_broken() -> None:
    assert len(ALL) == 40
    assert len(BROKEN) == len(FAULTS)
    for target in RECORDED_TARGETS:
        broken = [each for each in recorded() if each.pair.target is target and each.broken]
        assert len(broken) == 10
    assert sum(each.broken for each in recorded()) == len(BROKEN)


@pytest.mark.parametrize("each", [case for case in ALL if case.values[0].broken])
def test_a_fault_is_found_at_its_place(each: Recorded) -> None:
    found, wanted = each.findings(), BROKEN[each.name, each.pair.target]
    for finding in wanted:
        assert any(finding.items() <= other.items() for other in found), found
    hard = {finding["segment"] for finding in found if finding["hard"]}
    assert hard <= {finding["segment"] for finding in wanted}, "the rest of the item is good"


@pytest.mark.parametrize("each", [case for case in ALL if not case.values[0].broken])
def test_a_good_translation_has_no_hard_finding(each: Recorded) -> None:
    assert [finding for finding in each.findings() if finding["hard"]] == []


def test_every_check_is_shown_that_looks_at_texts() -> None:
    shown = {finding["check"] for finds in BROKEN.values() for finding in finds}
    assert set(NAMES) - shown == {"structure", "consistency", "terms"}  # terms need a glossary
