"""The requests that are made after the draft as text that a reviewer has read.

Write them anew with ``pytest tests/prompts --update-golden``, then read the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glossary.language import Language, Pair, parse_pair
from prompts.critique import ErrorSpan, render_critique
from prompts.edit import render_edit, render_fuse
from prompts.problem import Problem, missed_term
from prompts.profile import Profile, load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.rank import render_rank
from prompts.solve import render_solve
from tests.prompts.pages import page
from tests.prompts.stages import COMPLETING
from tests.prompts.test_golden import COMPUTING, DRAFT, PHYSICS, TERMS

GOLDEN = Path(__file__).parent / "golden" / "stages"
QWEN3, GEMMA = load_profile("qwen3"), load_profile("gemma-3")
JSON, SECTIONS, PLAIN = AnswerFormat.JSON, AnswerFormat.SECTIONS, AnswerFormat.PLAIN
TO_TW, TO_KO, TO_EN = parse_pair("en>zh-TW"), parse_pair("en>ko"), parse_pair("zh-CN>en")

GOOD = DRAFT | {
    "question": "一臺質量為 $m = 2\\,\\mathrm{kg}$ 的小車沿斜面滾下，在底部的速度為 $\\vec{v}$。\n"
    "要求出其動能 $\\frac{1}{2}mv^2$，不需要下列何者？",
    "option_C": "其速度的方向",
}
KOREAN = {
    "question": "질량이 $m = 2\\,\\mathrm{kg}$인 수레가 경사면을 굴러 내려온다. 바닥에서의 속력은 "
    "$\\vec{v}$이다.\n운동 에너지 $\\frac{1}{2}mv^2$를 구하는 데 필요한 것은?",
    "option_A": "질량",
    "option_B": "속력",
    "option_C": "속도의 방향",
    "option_D": "위의 어느 것도 아님",
}
BETTER_KOREAN = KOREAN | {
    "question": KOREAN["question"].replace("속력은", "속도는").replace("필요한", "필요하지 않은")
}
BACK = {
    "question": "A cart with mass $m = 2\\,\\mathrm{kg}$ rolls down a slope. Its speed at the "
    "bottom is $\\vec{v}$.\nWhat is needed to find the kinetic energy $\\frac{1}{2}mv^2$?",
    "option_A": "mass",
    "option_B": "speed",
    "option_C": "direction of the velocity",
    "option_D": "none of the above",
}
ENGLISH = {
    "question": "In a procedure, what does the printed </s> mean when the index of an array "
    "exceeds ____?",
    "option_A": "the mass of the data is not acceptable",
    "option_B": "the end of the string",
}
BETTER_ENGLISH = ENGLISH | {"option_A": "the quality of the data is not acceptable"}
READING_TW = [
    PromptField("context", "passage", "臺灣的鐵路在 1887 年開始興建，1893 年通車到新竹。"),
    PromptField("question", "question", "鐵路在哪一年通車到新竹？"),
]
VELOCITY = TERMS["en>zh-TW"][0]
FORMULA = Problem(
    "question",
    "major",
    "a formula of the original is missing",
    "$\\frac{1}{2}mv^2$",
    expected="$\\frac{1}{2}mv^2$",
)
POLARITY = Problem("question", "critical", "a negation is missing", "NOT", "필요한 것은?")
MASS = ErrorSpan(
    "option_A", "mistranslation", "critical", "质量", "mass", "quality", (2, 4), (4, 8)
).as_problem()


Case = tuple[Profile, Callable[..., RenderedPrompt], Pair | Language, list[Any], dict[str, Any]]

CASES: dict[str, Case] = {
    "edit.qwen3.json": (
        QWEN3,
        render_edit,
        TO_TW,
        [PHYSICS, DRAFT, [FORMULA, missed_term(VELOCITY, "option_C")]],
        {"answer_format": JSON, "terms": TERMS["en>zh-TW"]},
    ),
    "edit.gemma-3.sections": (
        GEMMA,
        render_edit,
        TO_EN,
        [COMPUTING, ENGLISH, [MASS]],
        {"answer_format": SECTIONS, "category": "knowledge"},
    ),
    "edit.completions.plain": (
        COMPLETING,
        render_edit,
        TO_KO,
        [PHYSICS[:1], KOREAN, [POLARITY]],
        {"answer_format": PLAIN},
    ),
    "fuse.qwen3.json": (
        QWEN3,
        render_fuse,
        TO_KO,
        [PHYSICS, [KOREAN, BETTER_KOREAN]],
        {"answer_format": JSON, "terms": TERMS["en>ko"]},
    ),
    "fuse.gemma-3.sections": (
        GEMMA,
        render_fuse,
        TO_EN,
        [COMPUTING, [ENGLISH, BETTER_ENGLISH]],
        {"answer_format": SECTIONS},
    ),
    "fuse.completions.plain": (
        COMPLETING,
        render_fuse,
        TO_TW,
        [PHYSICS[:1], [DRAFT, GOOD]],
        {"answer_format": PLAIN},
    ),
    "rank.qwen3": (
        QWEN3,
        render_rank,
        TO_TW,
        [PHYSICS, [DRAFT, GOOD]],
        {"structured": True, "category": "knowledge", "terms": TERMS["en>zh-TW"][:1]},
    ),
    "rank.gemma-3": (
        GEMMA,
        render_rank,
        TO_EN,
        [COMPUTING, [ENGLISH, BETTER_ENGLISH, ENGLISH]],
        {"structured": False},
    ),
    "rank.completions": (
        COMPLETING,
        render_rank,
        TO_KO,
        [PHYSICS, [KOREAN, BETTER_KOREAN]],
        {"structured": True},
    ),
    "critique.qwen3": (
        QWEN3,
        render_critique,
        TO_KO,
        [PHYSICS, KOREAN],
        {
            "structured": True,
            "problems": [POLARITY],
            "back_translation": BACK,
            "terms": TERMS["en>ko"],
        },
    ),
    "critique.gemma-3": (
        GEMMA,
        render_critique,
        TO_EN,
        [COMPUTING, ENGLISH],
        {"structured": False, "category": "knowledge"},
    ),
    "critique.completions": (
        COMPLETING,
        render_critique,
        TO_TW,
        [PHYSICS, GOOD],
        {"structured": True},
    ),
    "solve.qwen3": (
        QWEN3,
        render_solve,
        Language.EN,
        [PHYSICS, ["A", "B", "C", "D"]],
        {"structured": True},
    ),
    "solve.gemma-3": (
        GEMMA,
        render_solve,
        Language.ZH_TW,
        [READING_TW, None],
        {"structured": False},
    ),
    "solve.completions": (
        COMPLETING,
        render_solve,
        Language.ZH_CN,
        [COMPUTING, ["A", "B"]],
        {"structured": True},
    ),
}
"""File name (without .txt), profile, what is asked, languages, and the rest of the arguments."""


@pytest.mark.parametrize("name", CASES)
def test_prompt_is_the_reviewed_one(name: str, update_golden: bool) -> None:
    profile, asked, languages, given, more = CASES[name]
    rendered = asked(profile, languages, *given, **more)
    text = page(profile, str(languages), more.get("category", ""), rendered)
    file = GOLDEN / f"{name}.txt"
    if update_golden:
        file.write_text(text, encoding="utf-8")
    assert file.is_file(), "not reviewed yet: pytest tests/prompts --update-golden"
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)
