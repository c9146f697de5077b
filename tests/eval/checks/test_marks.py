"""Marks, characters and protected spans: what is planted anywhere is found there."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.base import Finding
from eval.checks.suite import check_item
from glossary.language import Language, parse_pair

TEXT = read_recipe({"fields": {"q": "text"}})
IFEVAL = read_recipe({"fields": {"prompt": "text"}, "instructions": "ids[*]"})
INSTRUCTIONS = yaml.safe_load(
    files("eval.checks").joinpath("lists", "instructions.yaml").read_text("utf-8")
)

SOURCE = "The set [a, b) (with b > a) is half-open; see $x_1$, `f(x)`, {name} and ____."
TARGET = "集合 [a, b)（其中 b > a）為半開；見 $x_1$、`f(x)`、{name} 與 ____。"


def findings(name: str, source: str, target: str, pair: str = "en>zh-TW") -> list[Finding]:
    item = read_item({"q": source}, TEXT)
    found = check_item(item, {"q": target}, parse_pair(pair), "knowledge")
    return [finding for finding in found if finding.check == name]


@pytest.mark.parametrize("name", ["brackets", "characters", "punctuation", "protected"])
def test_the_text_that_faults_are_planted_in_is_clean(name: str) -> None:
    assert findings(name, SOURCE, TARGET) == []


@given(st.sampled_from("\ufffd\x07\x85\ue000\U000f0001"), st.integers(0, len(TARGET)))
def test_a_character_that_nobody_types_is_hard_wherever_it_stands(char: str, place: int) -> None:
    (found,) = findings("characters", SOURCE, TARGET[:place] + char + TARGET[place:])
    assert (found.hard, found.target_span) == (True, (place, place + 1))
    assert f"U+{ord(char):04X}" in found.message


@given(st.text("äéöüñ中文字한국어，。「」", min_size=2, max_size=8), st.integers(0, len(TARGET)))
def test_text_in_a_wrong_encoding_is_hard(text: str, place: int) -> None:
    broken = text.encode().decode("latin-1")
    assert any(found.hard for found in findings("characters", SOURCE, TARGET[:place] + broken)), (
        broken
    )


@pytest.mark.parametrize("place", [TARGET.index(bracket) for bracket in "[)（）"])
def test_a_bracket_that_is_dropped_leaves_its_partner_alone(place: int) -> None:
    (found,) = findings("brackets", SOURCE, TARGET[:place] + TARGET[place + 1 :])
    assert found.hard


@pytest.mark.parametrize("text", ["$x_1$", "`f(x)`", "{name}", "____"])
@pytest.mark.parametrize("instead", ["", "某物", "{姓名}"])
def test_a_protected_span_that_is_dropped_or_translated_is_critical(
    text: str, instead: str
) -> None:
    found = findings("protected", SOURCE, TARGET.replace(text, instead))
    assert [(f.severity, f.expected) for f in found if f.source_span] == [("critical", text)]


@pytest.mark.parametrize("ids", [[name] for name in INSTRUCTIONS])
def test_every_known_constraint_has_its_verdict_in_every_language(ids: list[str]) -> None:
    item = read_item({"prompt": "Do it.", "ids": ids}, IFEVAL)
    for target in ("zh-TW", "zh-CN", "ko"):
        found = check_item(item, {"prompt": "做"}, parse_pair(f"en>{target}"), "instruction")
        for finding in (f for f in found if f.check == "comparable"):
            assert finding.message.startswith(ids[0])
            assert finding.message.endswith(".")
            assert finding.hard == ("not comparable" in finding.message.split(":")[1])
            assert finding.severity != "neutral"


def test_the_list_of_constraints_is_complete() -> None:
    assert len(INSTRUCTIONS) == 25
    for name, entry in INSTRUCTIONS.items():
        named = [tag for fate in entry.get("targets", ()) for tag in fate["in"]]
        assert len(named) == len(set(named)), name
        assert set(named) <= set(Language) - {Language.EN}
        assert {fate["status"] for fate in entry.get("targets", ())} <= {
            "not comparable",
            "localise",
        }


@pytest.mark.parametrize(
    "pieces",
    [
        lambda n: "(" * n + "x" + ")" * n,
        lambda n: "“" * n,
        lambda n: "「'" * n,
        lambda n: "".join(f"${k}$ " for k in range(n)),
        lambda n: "\\text{a} }" * n,
        lambda n: ">>> a\n" * n,
        lambda n: "Ã\x80 \\n &lt; " * n,
        lambda n: "，, " * n,
    ],
)
def test_long_texts_take_no_longer_than_their_length(pieces: Callable[[int], str]) -> None:
    text = pieces(4_000)
    start = time.perf_counter()
    for name in ("brackets", "characters", "punctuation", "protected"):
        findings(name, f"a {text}", f"b {text[: len(text) // 2]}字")
    assert time.perf_counter() - start < 12
