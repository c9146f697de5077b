"""An order of candidates: what is shown of them, and which answers are one."""

from __future__ import annotations

import json

import pytest

from glossary.language import parse_pair
from prompts.answer_errors import NoRanking, NotJson
from prompts.errors import OnlyMakersPrompt, TooFewCandidates
from prompts.profile import load_profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.rank import read_ranking, render_rank

EN_KO = parse_pair("en>ko")
FIELDS = [PromptField("question", "question", "Which is it?")]


def rank(count: int = 3, *, structured: bool = True, profile: str = "qwen3") -> RenderedPrompt:
    candidates = [{"question": f"번역 {n}"} for n in range(1, count + 1)]
    return render_rank(load_profile(profile), EN_KO, FIELDS, candidates, structured=structured)


def test_the_schema_allows_as_many_numbers_as_there_are_candidates() -> None:
    schema = rank(4).schema
    assert schema is not None
    ranking = schema["properties"]["ranking"]
    assert ranking["items"]["enum"] == [1, 2, 3, 4]
    assert ranking["minItems"] == ranking["maxItems"] == 4
    assert rank(structured=False).schema is None


def test_rotated_candidates_change_only_their_places() -> None:
    candidates = [{"question": text} for text in ("하나", "둘", "셋")]
    turned = candidates[1:] + candidates[:1]
    one, other = (
        render_rank(load_profile("qwen3"), EN_KO, FIELDS, given, structured=True)
        for given in (candidates, turned)
    )
    assert one.messages[0] == other.messages[0]
    lines = one.messages[1].content.splitlines(), other.messages[1].content.splitlines()
    assert sorted(lines[0]) == sorted(lines[1])
    assert lines[0] != lines[1]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"ranking": [2, 3, 1]}', [1, 2, 0]),
        ('<think>{"ranking": [1, 2, 3]}?</think>\n{"ranking": [3, 2, 1]}', [2, 1, 0]),
        ('```json\n{"ranking": [1, 2, 3]}\n```', [0, 1, 2]),
        ('The best {of all} is 2: {"ranking": [2, 1, 3]}. I hope it helps.', [1, 0, 2]),
    ],
)
def test_an_order_is_read_whatever_wraps_it(text: str, places: list[int]) -> None:
    assert read_ranking(text, rank(), 3) == places


@pytest.mark.parametrize(
    "ranking",
    [[], [1, 2], [1, 2, 2], [0, 1, 2], [1, 2, 3, 4], [1, 2, "3"], [1, 2, 3.0], [1, 2, True], "123"],
)
def test_what_is_no_order_of_all_is_an_error(ranking: object) -> None:
    with pytest.raises(NoRanking, match="the 3 candidates once each"):
        read_ranking(json.dumps({"ranking": ranking}), rank(), 3)


@pytest.mark.parametrize("text", ["", "2 > 1 > 3", "[2, 1, 3]", '{"ranking": [1, 2', '{"best": 1}'])
def test_an_answer_without_an_order_is_an_error(text: str) -> None:
    with pytest.raises(NotJson):
        read_ranking(text, rank(), 3)


def test_one_candidate_has_no_rank() -> None:
    with pytest.raises(TooFewCandidates):
        rank(1)


def test_a_model_of_its_makers_prompts_cannot_judge() -> None:
    with pytest.raises(OnlyMakersPrompt):
        rank(profile="hy-mt2")
