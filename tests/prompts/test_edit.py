"""Mending a draft and putting candidates together: what is told, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from glossary.language import parse_pair
from prompts.answer import read_answer
from prompts.edit import render_edit, render_fuse
from prompts.errors import (
    FormatNotOffered,
    IncompleteTranslation,
    NoProblems,
    OnlyMakersPrompt,
    TooFewCandidates,
    TooManyFields,
)
from prompts.problem import Problem, missed_term
from prompts.profile import PROFILE_NAMES, load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render
from tests.prompts.test_golden import TERMS

EN_TW, JSON = parse_pair("en>zh-TW"), AnswerFormat.JSON
QWEN3 = load_profile("qwen3")
WRONG = Problem("option_D", "major", "two options are the same", "velocity", "速率", "速度")
MAKERS = [name for name in PROFILE_NAMES if load_profile(name).documented]


def draft_of(mcq: list[PromptField]) -> dict[str, str]:
    return {part.key: f"譯文 {part.key}" for part in mcq}


def edit(mcq: list[PromptField], **more: Any) -> RenderedPrompt:
    given = {"draft": draft_of(mcq), "problems": [WRONG], "answer_format": JSON} | more
    return render_edit(QWEN3, EN_TW, mcq, **given)


def fuse(mcq: list[PromptField], count: int, **more: Any) -> RenderedPrompt:
    candidates = [draft_of(mcq) | {"question": f"第 {n} 題"} for n in range(count)]
    return render_fuse(QWEN3, EN_TW, mcq, candidates, **{"answer_format": JSON} | more)


def test_an_edit_tells_each_problem_with_its_place(mcq: list[PromptField]) -> None:
    whole = Problem("", "minor", "one term has two translations")
    user = edit(mcq, problems=[WRONG, whole]).messages[-1].content
    assert (
        "option_D, major: two options are the same\n"
        "In the original: velocity\nIn the translation: 速率\nShould be: 速度\n"
    ) in user
    assert "whole item, minor: one term has two translations\n[[/" in user


def test_a_missed_term_is_a_problem_like_others(mcq: list[PromptField]) -> None:
    velocity = TERMS["en>zh-TW"][0]
    user = edit(mcq, problems=[missed_term(velocity, "option_D")]).messages[-1].content
    assert "option_D, major: This term is not followed: velocity => 速度; never 速率" in user


def test_a_draft_with_terms_is_an_edit_with_a_problem_for_each(mcq: list[PromptField]) -> None:
    terms, draft = TERMS["en>zh-TW"], draft_of(mcq)
    mended = render(QWEN3, EN_TW, mcq, answer_format=JSON, terms=terms, draft=draft)
    assert mended == edit(mcq, problems=[missed_term(term) for term in terms])


def test_an_edit_without_a_problem_is_refused(mcq: list[PromptField]) -> None:
    with pytest.raises(NoProblems, match="Keep the draft"):
        edit(mcq, problems=[])


@pytest.mark.parametrize("missing", [{}, {"question": "x", "option_A": " "}])
def test_a_translation_that_lacks_a_field_is_refused(
    mcq: list[PromptField], missing: dict[str, str]
) -> None:
    with pytest.raises(IncompleteTranslation, match=r"'draft' has no text for: .*option_D"):
        edit(mcq, draft=missing)
    with pytest.raises(IncompleteTranslation, match="'2' has no text for"):
        render_fuse(QWEN3, EN_TW, mcq, [draft_of(mcq), missing], answer_format=JSON)


@pytest.mark.parametrize("count", [0, 1])
def test_less_than_two_candidates_cannot_be_put_together(
    mcq: list[PromptField], count: int
) -> None:
    with pytest.raises(TooFewCandidates, match=f"not {count}"):
        fuse(mcq, count)


def test_candidates_are_numbered_in_the_order_given(mcq: list[PromptField]) -> None:
    user = fuse(mcq, 3).messages[-1].content
    places = [user.index(f"Translation {n + 1}\n\n") for n in range(3)]
    assert places == sorted(places)
    assert all(user.index(f"第 {n} 題") > place for n, place in enumerate(places))


def test_both_are_answered_with_a_translation(mcq: list[PromptField]) -> None:
    answer = json.dumps(draft_of(mcq), ensure_ascii=False)
    for prompt in (edit(mcq), fuse(mcq, 2)):
        assert read_answer(f"<think>…</think>\n{answer}", prompt) == draft_of(mcq)


def test_a_control_token_of_the_item_comes_back_from_an_edit() -> None:
    fields = [PromptField("question", "question", " Print <s>. ")]
    draft = {"question": " 列印 <s>。 "}
    prompt = edit(fields, draft=draft, problems=[Problem("question", "minor", "x")])
    assert "<s>" not in prompt.messages[-1].content
    (placeholder,) = prompt.masked
    answer = json.dumps({"question": f"印出 {placeholder}。"}, ensure_ascii=False)
    assert read_answer(answer, prompt) == {"question": " 印出 <s>。 "}


def test_the_form_of_the_answer_must_fit(mcq: list[PromptField]) -> None:
    with pytest.raises(TooManyFields):
        edit(mcq, answer_format=AnswerFormat.PLAIN)
    no_json = QWEN3.model_copy(update={"formats": (AnswerFormat.SECTIONS,)})
    with pytest.raises(FormatNotOffered):
        render_fuse(no_json, EN_TW, mcq, [draft_of(mcq)] * 2, answer_format=JSON)


@pytest.mark.parametrize("name", MAKERS)
def test_a_model_of_its_makers_prompts_is_refused_by_name(
    mcq: list[PromptField], name: str
) -> None:
    profile, form = load_profile(name), AnswerFormat.PLAIN
    one, draft = mcq[:1], draft_of(mcq)
    asked: list[Callable[[], RenderedPrompt]] = [
        lambda: render_edit(profile, EN_TW, one, draft, [WRONG], answer_format=form),
        lambda: render_fuse(profile, EN_TW, one, [draft, draft], answer_format=form),
    ]
    for word in asked:
        with pytest.raises(OnlyMakersPrompt, match=f"'{name}'.*follows instructions"):
            word()
