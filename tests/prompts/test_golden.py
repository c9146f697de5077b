"""Each profile's prompts as text that a reviewer has read.

Write them anew with ``pytest tests/prompts --update-golden``, then read the difference.
"""

from pathlib import Path
from typing import Any

import pytest

from glossary.concept import Strength
from glossary.language import parse_pair
from glossary.terminology import TermEntry
from prompts.profile import PROFILE_NAMES, Profile, load_profile, profile_for_model
from prompts.prompt import AnswerFormat, PromptField
from prompts.render import render
from tests.prompts.pages import page

GOLDEN = Path(__file__).parent / "golden"

PHYSICS = [
    PromptField(
        "question",
        "question",
        "A cart of mass $m = 2\\,\\mathrm{kg}$ rolls down a ramp. At the bottom its velocity is "
        "$\\vec{v}$.\nWhich of the following is NOT needed to find its kinetic energy "
        "$\\frac{1}{2}mv^2$?",
    ),
    PromptField("option_A", "option A", "its mass"),
    PromptField("option_B", "option B", "its speed"),
    PromptField("option_C", "option C", "the direction of its velocity"),
    PromptField("option_D", "option D", "None of the above"),
]
COMPUTING = [
    PromptField("question", "question", "在程序中，数组的下标超出____时，打印出的 </s> 表示什么？"),
    PromptField("option_A", "option A", "数据质量不合格"),
    PromptField("option_B", "option B", "字符串结束"),
]
COMPUTING_TW = [
    PromptField("question", "question", "下列何者為 3 列 4 行的陣列？\n列印 <s> 時出現 ____。"),
    PromptField("option_A", "option A", "資料品質不佳"),
    PromptField("option_B", "option B", "字串結束"),
]
READING = [
    PromptField("context", "passage", "빵은 모든 식사 때 나온다. 빵을 던지는 것은 죄로 여겨진다."),
    PromptField("question", "question", "빵을 던지는 것은 무엇으로 여겨지는가?"),
    PromptField("answer_1", "answer", "죄"),
]
SCHOOL_MATHS = [
    PromptField("question", "question", "Mia has 3 boxes with 4 pens each. How many pens is that?"),
    PromptField("answer", "worked solution", "3 boxes hold 3*4=<<3*4=12>>12 pens.\n#### 12"),
]


def entry(
    source: str,
    targets: tuple[str, ...] = (),
    banned: tuple[str, ...] = (),
    *,
    keep: bool = False,
    condition: str = "",
    strength: Strength = Strength.HARD,
) -> TermEntry:
    return TermEntry("c1", "exams", source, targets, banned, keep, condition, strength)


TERMS = {
    "en>zh-TW": [
        entry("velocity", ("速度",), ("速率",)),
        entry("speed", ("速率", "速度大小"), condition="only as a quantity of physics"),
        entry("ramp", ("斜面",), strength=Strength.HINT),
        entry("SI", (), keep=True),
    ],
    "en>ko": [entry("velocity", ("속도",), ("속력",)), entry("speed", ("속력",))],
}
DRAFT = {
    "question": "一台質量 $m = 2\\,\\mathrm{kg}$ 的車子……速率為 $\\vec{v}$。",
    "option_A": "其質量",
    "option_B": "其速率",
    "option_C": "其速率的方向",
    "option_D": "以上皆非",
}

Case = tuple[str, Profile, str, AnswerFormat, list[PromptField], str, dict[str, Any]]


def cases() -> list[Case]:
    """File name (without .txt), profile, pair, format, fields, category, terms and draft."""
    plain = [(*case, {}) for case in plain_cases()]
    return plain + [
        (f"{name}+{what}.{pair.replace('>', '_')}.{form}", load_profile(name), pair, form, *rest)
        for what, name, pair, form, *rest in (
            ("terms", "qwen2.5", "en>zh-TW", AnswerFormat.JSON, PHYSICS, "", told()),
            ("terms", "hy-mt2", "en>zh-TW", AnswerFormat.JSON, PHYSICS, "", told()),
            ("terms", "hy-mt2", "en>ko", AnswerFormat.PLAIN, PHYSICS[2:3], "", told("en>ko")),
            ("terms", "seed-x", "en>ko", AnswerFormat.PLAIN, PHYSICS[2:3], "", told("en>ko")),
            ("repair", "qwen2.5", "en>zh-TW", AnswerFormat.JSON, PHYSICS, "", told(draft=DRAFT)),
            (
                "repair",
                "gemma-3",
                "en>zh-TW",
                AnswerFormat.SECTIONS,
                PHYSICS,
                "",
                told(draft=DRAFT),
            ),
            (
                "repair",
                "qwen2.5",
                "en>zh-TW",
                AnswerFormat.PLAIN,
                PHYSICS[:1],
                "",
                told(draft={"question": DRAFT["question"]}),
            ),
        )
    ]


def told(pair: str = "en>zh-TW", draft: dict[str, str] | None = None) -> dict[str, Any]:
    return {"terms": TERMS[pair], "draft": draft}


def plain_cases() -> list[tuple[str, Profile, str, AnswerFormat, list[PromptField], str]]:
    """Those without a glossary."""
    found: list[tuple[str, Profile, str, AnswerFormat, list[PromptField], str]] = []
    for profile in map(load_profile, PROFILE_NAMES):
        for pair in ("en>zh-TW", "en>ko"):
            for form in profile.formats:
                fields = PHYSICS[:1] if form is AnswerFormat.PLAIN else PHYSICS
                found.append((profile.name, profile, pair, form, fields, ""))
    qwen, gemma, hy_mt2 = map(load_profile, ("qwen2.5", "gemma-3", "hy-mt2"))
    json_, sections, plain = AnswerFormat.JSON, AnswerFormat.SECTIONS, AnswerFormat.PLAIN
    found += [
        ("qwen2.5", qwen, "zh-CN>zh-TW", json_, COMPUTING, "knowledge"),
        ("qwen2.5", qwen, "zh-TW>zh-CN", sections, COMPUTING_TW, ""),
        ("qwen2.5", qwen, "ko>en", sections, READING, "reading"),
        ("gemma-3", gemma, "en>zh-CN", sections, SCHOOL_MATHS, "math"),
        ("hy-mt2", hy_mt2, "zh-CN>zh-TW", json_, COMPUTING, ""),
    ]
    for model_id in ("Unbabel/Tower-Plus-9B", "tencent/HY-MT1.5-7B", "tencent/Hunyuan-MT-7B"):
        profile = profile_for_model(model_id)
        name = f"{profile.name}@{profile.title.lower()}"
        found += [(name, profile, pair, plain, PHYSICS[:1], "") for pair in ("en>zh-TW", "en>ko")]
    return [
        (f"{name}.{pair.replace('>', '_')}.{form}", profile, pair, form, fields, category)
        for name, profile, pair, form, fields, category in found
    ]


CASES = {case[0]: case for case in cases()}


@pytest.mark.parametrize("name", CASES)
def test_prompt_is_the_reviewed_one(name: str, update_golden: bool) -> None:
    _, profile, pair, form, fields, category, more = CASES[name]
    rendered = render(
        profile, parse_pair(pair), fields, answer_format=form, category=category, **more
    )
    text, file = page(profile, pair, category, rendered), GOLDEN / f"{name}.txt"
    if update_golden:
        file.write_text(text, encoding="utf-8")
    assert file.is_file(), "not reviewed yet: pytest tests/prompts --update-golden"
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)
