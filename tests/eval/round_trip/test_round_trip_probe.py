"""Numbers changed on purpose."""

from __future__ import annotations

import pytest

from eval.checks.numerals import numbers
from eval.round_trip.outcomes import ProbeResult
from eval.round_trip.probe import Corruption, corrupted, probed
from glossary.language import Language

CROWNED = "拿破崙於1804年稱帝，當時他有3個兄弟。"


def changed(text: str, language: Language = Language.ZH_TW, seed: int = 1) -> Corruption:
    corruption = corrupted(text, language, seed)
    assert corruption is not None
    return corruption


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("text", "language"),
    [
        (CROWNED, Language.ZH_TW),
        ("A crate holds 1,250 bottles and weighs 12.5 kg.", Language.EN),
        ("상자에는 병이 1,250개 있고 무게는 300그램이다.", Language.KO),
        ("一箱有48瓶水。", Language.ZH_CN),
    ],
)
def test_one_number_becomes_another_of_the_same_shape(
    text: str, language: Language, seed: int
) -> None:
    made = changed(text, language, seed)
    assert len(made.text) == len(text)
    assert [char.isdigit() for char in made.text] == [char.isdigit() for char in text]
    before = {number.readings[0] for number in numbers(text, language)}
    after = {number.readings[0] for number in numbers(made.text, language)}
    assert len(before - after) == len(after - before) == 1
    assert made == changed(text, language, seed)


@pytest.mark.parametrize(
    "text",
    [
        "There is no number here.",
        "`x = 48` and $17 + 5$",
        "It starts at 12:30 on 4/5 and lasts 2 hours.",
        "Either 40 or 40.",
        "Three pens cost 3*12=<<3*12=36>>36 dollars.",
    ],
)
def test_what_is_protected_or_not_sure_stays(text: str) -> None:
    assert corrupted(text, Language.EN, 1) is None


def test_what_comes_back_tells_who_reads_and_who_remembers() -> None:
    made = changed(CROWNED)
    assert made.original == "1804"

    def result(back: str) -> ProbeResult:
        return probed(made, back, Language.EN)

    assert result(f"Napoleon became emperor in {made.changed}.") is ProbeResult.FOLLOWED
    assert result("Napoleon became emperor in 1804.") is ProbeResult.FROM_MEMORY
    assert result("Napoleon became emperor.") is ProbeResult.UNCLEAR
    assert result(f"In {made.changed} (rightly: 1804).") is ProbeResult.UNCLEAR


def test_a_number_that_comes_back_in_words_counts() -> None:
    made = changed("一箱有48瓶水。", seed=1)
    words = {"4" + str(digit): f"forty-{word}" for digit, word in enumerate(
        ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )}  # fmt: skip
    back = f"A crate holds {words[made.changed]} bottles."
    assert probed(made, back, Language.EN) is ProbeResult.FOLLOWED
