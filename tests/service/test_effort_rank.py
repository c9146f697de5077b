"""A judge that favours places: rotations take the favour away, and it is told how much it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eval.report.stages import StageTally
from eval.selection.positions import (
    firsts,
    mean_ranks,
    note_of,
    position_bias,
    rotations,
)
from tests.service import upstream as play
from tests.service.effort_rig import (
    QUIET,
    RANK,
    THOROUGH,
    good,
    judging,
    kinds,
    same_options,
    shown,
    stage,
    with_question,
    worked,
)
from tests.service.upstream import Upstream

BEST = "第0題：下列哪個詞語表示顏色？"
OTHERS = [
    "第0題：以下詞彙當中，何者用來描述色彩？",
    "第0題：請選出描述色彩的詞彙。",
    "第0題：表示色彩的是哪一項？",
]


def by_place(texts: list[str]) -> list[int]:
    """The first place, always."""
    return list(range(len(texts)))


def by_merit(texts: list[str]) -> list[int]:
    """The one that is liked first, the others as they stand."""
    return sorted(range(len(texts)), key=lambda place: texts[place] != OTHERS[1])


def half_right() -> Callable[[list[str]], list[int]]:
    """Every second time by merit."""
    turns = iter([by_place, by_merit] * 10)
    return lambda texts: next(turns)(texts)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_every_candidate_stands_at_every_place_once(count: int) -> None:
    orders = rotations(count)
    assert len(orders) == count
    for column in [*orders, *zip(*orders, strict=True)]:
        assert sorted(column) == list(range(count))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_judge_that_sees_only_places_ranks_all_the_same(count: int) -> None:
    orders = rotations(count)
    rankings = [list(range(count))] * count
    assert set(mean_ranks(orders, rankings)) == {(count + 1) / 2}
    assert firsts(rankings) == [count, *[0] * (count - 1)]


def test_one_round_alone_would_have_been_decided_by_the_place() -> None:
    assert mean_ranks(rotations(3)[:1], [[0, 1, 2]]) == [1, 2, 3]


def test_a_judge_that_sees_only_merit_favours_no_place() -> None:
    orders = rotations(4)
    rankings = [sorted(range(4), key=lambda place: order[place]) for order in orders]
    assert mean_ranks(orders, rankings) == [1, 2, 3, 4]
    assert firsts(rankings) == [1, 1, 1, 1]


async def ranked(upstream: Upstream, judge: Callable[[list[str]], list[int]]) -> object:
    steps = [
        play.candidates(good, with_question(OTHERS[0])),
        play.candidates(*map(with_question, OTHERS[1:])),
        *[judging(judge)] * 4,
    ]
    return await worked(
        upstream,
        *steps,
        effort=THOROUGH,
        method=RANK,
        candidates=4,
        checks=QUIET,
    )


async def test_a_place_that_is_always_preferred_decides_nothing(upstream: Upstream) -> None:
    """All mean ranks are equal, so the choice without a judge stands."""
    record = await ranked(upstream, by_place)
    assert kinds(upstream) == ["translate", "translate", *["rank"] * 4]
    first = [shown(body, "question")[0] for body in upstream.bodies[2:]]
    assert sorted(first) == sorted([BEST, *OTHERS])
    assert stage(record, "rank").note == "first by place: 4 0 0 0"
    without = await worked_without(upstream)
    assert record.item == without.item


async def worked_without(upstream: Upstream) -> object:
    steps = [
        play.candidates(good, with_question(OTHERS[0])),
        play.candidates(*map(with_question, OTHERS[1:])),
    ]
    return await worked(upstream, *steps, effort=THOROUGH, candidates=4, checks=QUIET)


@pytest.mark.parametrize("judge", [by_merit, half_right()], ids=["right", "half right"])
async def test_a_judge_that_is_right_now_and_then_is_heard(
    upstream: Upstream, judge: Callable[[list[str]], list[int]]
) -> None:
    record = await ranked(upstream, judge)
    assert record.item["question"] == OTHERS[1]
    assert record.provenance.chosen == 2


async def test_only_candidates_with_the_fewest_hard_findings_are_ranked(upstream: Upstream) -> None:
    steps = [
        play.candidates(good, with_question(OTHERS[0])),
        play.candidates(same_options, with_question(OTHERS[1])),
        *[judging(by_place)] * 3,
    ]
    await worked(upstream, *steps, effort=THOROUGH, method=RANK, candidates=4)
    assert kinds(upstream).count("rank") == 3


async def test_a_round_that_fails_ends_the_ranking(upstream: Upstream) -> None:
    """With one rotation missing the places would count."""
    steps = [
        play.candidates(good, with_question(OTHERS[0])),
        judging(lambda texts: [1, 0]),
        play.contents("no ranking"),
    ]
    record = await worked(
        upstream, *steps, effort=THOROUGH, method=RANK, candidates=2, checks=QUIET
    )
    assert stage(record, "rank").outcome == "failed"
    assert record.item["question"] == BEST


async def test_the_bias_of_a_run_is_measured(upstream: Upstream) -> None:
    always_first, by_worth = [await ranked(upstream, judge) for judge in (by_place, by_merit)]
    biased = position_bias(always_first.provenance.stages)
    assert (biased.rankings, biased.firsts) == (4, (4, 0, 0, 0))
    assert biased.distance == pytest.approx(0.75)
    assert position_bias(by_worth.provenance.stages).distance == 0
    both = [*always_first.provenance.stages, *by_worth.provenance.stages]
    assert position_bias(both).distance == pytest.approx(0.375)
    assert "0.38 of 8 rankings" in StageTally([always_first, by_worth]).bias
    assert StageTally([]).bias == ""
    assert position_bias([]).distance is None


def test_the_note_can_be_read_again() -> None:
    assert note_of([3, 0, 1]) == "first by place: 3 0 1"
