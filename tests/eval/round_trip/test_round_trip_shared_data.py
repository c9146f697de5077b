"""The guards on real sentences, where they are at hand."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from eval.round_trip.guards import is_copied
from eval.round_trip.outcomes import ProbeResult
from eval.round_trip.probe import corrupted, probed
from glossary.language import Language, parse_pair

ROOT = Path(__file__).parents[4]
DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", ROOT / "shared" / "data"))
NTREX, GSM8K = DATA / "parallel" / "ntrex.tsv", DATA / "benchmarks" / "en" / "gsm8k.jsonl"
pytestmark = pytest.mark.skipif(
    not (NTREX.exists() and GSM8K.exists()), reason=f"no data under {DATA} (ISOGLOSS_SHARED_DATA)"
)
PAIRS = ["en>zh-TW", "en>ko", "zh-CN>zh-TW", "zh-TW>zh-CN", "ko>en", "zh-TW>ko", "zh-CN>en"]


@pytest.fixture(scope="module")
def sentences() -> list[dict[str, str]]:
    with NTREX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("name", PAIRS)
def test_human_translations_are_no_copies_and_half_copies_are(
    sentences: list[dict[str, str]], name: str
) -> None:
    pair = parse_pair(name)
    columns = [str(language).replace("-", "_") for language in (pair.source, pair.target)]
    both = [(row[columns[0]], row[columns[1]]) for row in sentences]
    assert sum(is_copied(source, target, pair) for source, target in both) <= 8
    halves = [
        (source, source[: len(source) // 2] + target[len(target) // 2 :]) for source, target in both
    ]
    assert sum(is_copied(source, half, pair) for source, half in halves) > 0.8 * len(halves)


def test_nearly_every_word_problem_has_a_number_to_change() -> None:
    texts = [json.loads(line)["question"] for line in GSM8K.read_text("utf-8").splitlines()]
    made = [(text, corrupted(text, Language.EN, 0)) for text in texts]
    usable = [(text, each) for text, each in made if each is not None]
    assert len(usable) > 0.9 * len(texts)
    for text, corruption in usable:
        assert probed(corruption, corruption.text, Language.EN) is ProbeResult.FOLLOWED
        assert probed(corruption, text, Language.EN) is ProbeResult.FROM_MEMORY
