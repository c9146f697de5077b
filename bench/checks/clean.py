"""All clean items of a pair, by origin."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from bench.checks.data import DATA, Half, half_of, lines, mgsm, ntrex
from bench.checks.fault import Clean, clean
from bench.checks.plant_protected import carrying
from bench.checks.written import EXAM, facts, single, stems, with_options
from eval.benchmarks.item import BenchmarkItem, item_id, read_item
from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import read_recipe
from glossary.language import Language, Pair
from service.cli.demo import RECORDED
from service.engines.opencc import OpenccEngine
from service.engines.replay import read_recordings

SEED = 20_261
_SAMPLES = Path(__file__).parents[2] / "samples"
_EXAMS = 300
_ITEMS = 400
_SUM = read_recipe({"fields": {"question": "text"}})
_CHINESE = Pair(Language.ZH_CN, Language.ZH_TW)


def clean_items(pair: Pair, half: Half) -> dict[str, list[Clean]]:
    """Items by origin, in an order of their own for each pair."""
    rng = random.Random(f"{SEED} {pair} {half}")
    news = ntrex(pair, half)
    found = {
        "ntrex": [single(text, "ntrex") for text in news],
        "items": [with_options(text, "items", rng) for text in rng.sample(news, _ITEMS)],
        "carrying": [
            with_options(carrying(text, rng), "carrying", rng) for text in rng.sample(news, _ITEMS)
        ],
        "stems": stems(pair, half, rng),
        "facts": facts(pair, half),
        "recorded": list(recorded(pair)),
    }
    if {pair.source, pair.target} == {Language.EN, Language.ZH_CN}:
        found["mgsm"] = [single(text, "mgsm", "math") for text in mgsm(pair, half)]
    if pair == _CHINESE:
        found |= {"exam": exams(half), "cmath": school_math(half), "samples": samples()}
    return {name: [replace(c, half=half) for c in each] for name, each in found.items()}


def recorded(pair: Pair) -> Iterator[Clean]:
    """Our good translations of sample items."""
    if pair.source is not Language.EN or pair.target is Language.ZH_CN:
        return
    faults = yaml.safe_load((_SAMPLES / "recorded" / "faults.yaml").read_text("utf-8"))
    broken = {fault["item"] for fault in faults if fault["language"] == pair.target}
    texts = read_recordings(_SAMPLES / "recorded" / f"{pair.target}.jsonl")
    for stem, name in RECORDED.items():
        recipe = load_recipe(name)
        for place, row in enumerate(lines(_SAMPLES / "en" / f"{stem}.jsonl")):
            item = read_item(row, recipe, place)
            title = f"{stem}/{item_id(row, recipe, place)}"
            if title not in broken:
                targets = {s.id: texts[pair, s.text][0] for s in item.segments}
                yield clean("recorded", title, pair, item, targets, recipe.category)


def exams(half: Half) -> list[Clean]:
    """Real exam questions (CMMLU), converted to Traditional characters."""
    rows = lines(DATA / "benchmarks" / "zh-CN" / "cmmlu.jsonl")
    chosen = random.Random(SEED).sample([r for r in rows if half_of(r["id"]) is half], _EXAMS)
    return [_converted("exam", row["id"], read_item(row, EXAM)) for row in chosen]


def school_math(half: Half) -> list[Clean]:
    """Real sums for schoolchildren (CMATH), converted to Traditional characters."""
    rows = enumerate(lines(DATA / "benchmarks" / "zh-CN" / "cmath.jsonl"))
    return [
        _converted("cmath", str(place), read_item({"question": row["input"]}, _SUM), "math")
        for place, row in rows
        if half_of(f"cmath:{place}") is half
    ]


def samples() -> list[Clean]:
    """Our own sample items, converted to Traditional characters."""
    rows = lines(_SAMPLES / "zh-CN" / "multiple_choice.jsonl")
    return [_converted("samples", row["id"], read_item(row, EXAM)) for row in rows]


def _converted(origin: str, name: str, item: BenchmarkItem, category: str = "knowledge") -> Clean:
    engine = OpenccEngine("opencc")
    targets = {segment.id: engine.text(segment, _CHINESE) for segment in item.segments}
    return clean(origin, name, _CHINESE, item, targets, category)
