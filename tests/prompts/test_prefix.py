"""What a server has computed once and finds again: the beginnings of prompts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.prompt_prefix import STAGES as MEASURED
from bench.prompt_prefix import leading_share, measured
from glossary.language import Language, Pair, parse_pair
from prompts.edit import render_edit, render_fuse
from prompts.fence import end_mark
from prompts.library import load_template
from prompts.profile import Profile, load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render
from tests.prompts.stages import COMPLETING, INSTRUCTED, STAGES, forms
from tests.prompts.test_edit import WRONG
from tests.prompts.test_golden import TERMS

Sent = Callable[[RenderedPrompt], str]
EN_TW, EN_KO = parse_pair("en>zh-TW"), parse_pair("en>ko")
PAIRS = [Pair(one, other) for one in Language for other in Language if one is not other]


def before_item(prompt: RenderedPrompt, sent: Sent) -> str:
    return sent(prompt).partition(f"[[{prompt.fence}:")[0]


def common_prefix(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def test_two_drafts_share_everything_up_to_the_item(
    mcq: list[PromptField],
    profiles_and_formats: list[tuple[Profile, AnswerFormat]],
    sent: Sent,
    places: Callable[[RenderedPrompt], tuple[str, str]],
) -> None:
    """What comes before the item is computed once by the server and kept in its prefix cache."""
    other = [replace(part, text=f"{part.text} (variant)") for part in mcq]
    for profile, answer_format in profiles_and_formats:
        count = 1 if answer_format is AnswerFormat.PLAIN else len(mcq)
        for pair in PAIRS:
            one, two = (
                render(profile, pair, fields[:count], answer_format=answer_format, category="math")
                for fields in (mcq, other)
            )
            before, _ = places(one)
            assert common_prefix(sent(one), sent(two)) >= len(before)


def test_pairs_share_role_rules_and_form_of_the_answer(mcq: list[PromptField], sent: Sent) -> None:
    profile, form = load_profile("qwen2.5"), AnswerFormat.JSON
    taiwan, korea = (render(profile, pair, mcq, answer_format=form) for pair in (EN_TW, EN_KO))
    shared = common_prefix(sent(taiwan), sent(korea))
    constant = load_template("role").text + "\n" + load_template("answer.json").text
    assert shared > len(constant)


@pytest.mark.parametrize("profile", [*INSTRUCTED, COMPLETING], ids=lambda each: each.name)
@pytest.mark.parametrize("stage", STAGES)
def test_two_items_share_everything_up_to_the_item(
    stage: str, profile: Profile, mcq: list[PromptField], sent: Sent
) -> None:
    other = [replace(part, text=f"{part.text} (variant)") for part in mcq]
    for form in forms(profile, stage):
        count = 1 if form is AnswerFormat.PLAIN else len(mcq)
        for pair in PAIRS:
            one, two = (
                STAGES[stage](profile, pair, fields[:count], text, form)
                for fields, text in ((mcq, "x"), (other, "y"))
            )
            assert sent(two).startswith(before_item(one, sent))


@pytest.mark.parametrize("terms", [[], TERMS["en>zh-TW"]], ids=["no terms", "terms"])
@pytest.mark.parametrize("form", [AnswerFormat.JSON, AnswerFormat.SECTIONS])
def test_a_draft_its_edit_and_its_merger_share_the_item_too(
    form: AnswerFormat, terms: list[object], mcq: list[PromptField], sent: Sent
) -> None:
    profile, told = load_profile("qwen3"), {"answer_format": form, "terms": terms}
    texts = {part.key: f"譯文 {part.key}" for part in mcq}
    draft = render(profile, EN_TW, mcq, **told)
    edit = render_edit(profile, EN_TW, mcq, texts, [WRONG], **told)
    fuse = render_fuse(profile, EN_TW, mcq, [texts, texts], **told)
    item, end, _ = sent(draft).partition(end_mark(draft.fence) + "\n\n")
    assert sent(edit).startswith(item + end)
    assert sent(fuse).startswith(item + end)


def test_judges_share_all_that_is_said_of_languages_and_benchmark(mcq: list[PromptField]) -> None:
    profile, form = load_profile("qwen3"), AnswerFormat.JSON
    rank, critique = (STAGES[name](profile, EN_TW, mcq, "x", form) for name in ("rank", "critique"))
    assert rank.messages[0] == critique.messages[0]


def test_a_share_counts_from_the_first_token(mcq: list[PromptField]) -> None:
    prompt = render(load_profile("qwen3"), EN_TW, mcq, answer_format=AnswerFormat.JSON)
    first, *rest = prompt.messages
    changed = replace(prompt, messages=(replace(first, content=f"X {first.content}"), *rest))
    assert leading_share(prompt, prompt) == 1
    assert leading_share(prompt, changed) < 0.01


@pytest.mark.parametrize("pair", ["en>zh-TW", "en>ko"])
def test_most_of_each_prompt_is_that_of_the_item_before(pair: str) -> None:
    """On short items with four options; the shares of longer ones are lower."""
    shares = measured(load_profile("qwen3"), parse_pair(pair))
    least = {"draft": 0.9, "fuse": 0.75, "edit": 0.8, "rank": 0.7, "critique": 0.8, "solve": 0.6}
    assert {stage for stage in MEASURED if shares[stage] < least[stage]} == set()
    assert shares["draft>edit"] > shares["edit"]
    assert shares["draft>fuse"] > shares["fuse"]
