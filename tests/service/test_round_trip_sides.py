"""A finished item as the source that it was: what the solver is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks.library import load_recipe
from service.pipeline.record import fingerprint
from service.pipeline.run import RunOptions, prepare_run
from service.round_trip.sides import source_item
from service.settings import EngineKind, EngineSettings
from service.wiring import make_engine
from tests.service.rig import question
from tests.service.test_round_trip import CMMLU, PAIR, translated


@pytest.mark.parametrize("name", ["multiple_choice", "school_math", "code", "two_turns", "reading"])
async def test_the_source_is_put_together_again_from_its_record(name: str) -> None:
    """Whatever the shape: what the solver is shown as the source is the source."""
    recipes = {
        "multiple_choice": "cmmlu",
        "school_math": "mgsm",
        "code": "humaneval",
        "two_turns": "mt_bench",
        "reading": "cmrc2018",
    }
    lines = (Path("samples/zh-CN") / f"{name}.jsonl").read_text("utf-8").splitlines()
    recipe = load_recipe(recipes[name])
    forward = make_engine("opencc", EngineSettings(kind=EngineKind.OPENCC))
    run = await prepare_run(forward, recipe, PAIR, RunOptions())
    records = [each async for each in run.records(enumerate(map(json.loads, lines)))]
    assert any(record.segments for record in records)
    for record in records:
        source = source_item(record, recipe).data
        assert fingerprint(source) == record.provenance.source_sha256


async def test_two_options_that_became_one_are_still_two_in_the_source() -> None:
    item = question()
    (record,) = await translated(item)
    same = record.item["A"]
    segments = [
        each.model_copy(update={"target": same}) if each.id == "B" else each
        for each in record.segments
    ]
    collapsed = record.model_copy(update={"item": {**record.item, "B": same}, "segments": segments})
    assert source_item(collapsed, CMMLU).data == item


@pytest.mark.parametrize("field", ["question", "A"])
async def test_a_translation_without_a_word_does_not_stand_for_its_source(field: str) -> None:
    """A "forty-two" may become "42", and a model at its worst writes numbers alone."""
    item = question()
    (record,) = await translated(item)
    segments = [
        each.model_copy(update={"target": "42"}) if each.id == field else each
        for each in record.segments
    ]
    numbers = record.model_copy(update={"item": {**record.item, field: "42"}, "segments": segments})
    assert source_item(numbers, CMMLU).data == item
