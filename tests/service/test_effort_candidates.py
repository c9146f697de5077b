"""Candidates of a thorough translation: how many, which one, and what is made of several."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from eval.run_log import Verdict
from service.engines.base import TranslationRequest
from service.pipeline.translate import UNSCORED
from tests.service import upstream as play
from tests.service.effort_rig import (
    ANOTHER,
    FUSE,
    PARAPHRASE,
    QUIET,
    THOROUGH,
    asked,
    broken_number,
    good,
    kinds,
    nearly,
    same_options,
    stage,
    stages,
    with_question,
    worked,
    worked_run,
)
from tests.service.rig import question
from tests.service.test_terms import NETWORK, concept, with_network
from tests.service.upstream import Upstream


async def test_two_that_agree_are_enough(upstream: Upstream) -> None:
    record = await worked(upstream, play.candidates(good, nearly), effort=THOROUGH)
    assert kinds(upstream) == ["translate"]
    assert upstream.bodies[0]["n"] == 2
    assert upstream.bodies[0]["temperature"] > 0, "greedy candidates would be the same one"
    assert stages(record) == [("draft", "done")]
    assert stage(record, "draft").note == "2 candidates, agreed"
    assert (record.provenance.candidates, record.provenance.calls) == (2, 1)
    assert record.provenance.effort == "thorough/best_of_n"


@pytest.mark.parametrize(
    "second",
    [with_question(PARAPHRASE), broken_number, same_options, "no JSON"],
    ids=["other words", "another number", "a hard finding", "unreadable"],
)
async def test_where_two_differ_the_rest_is_one_request_more(
    upstream: Upstream, second: Any
) -> None:
    record = await worked(upstream, play.candidates(good, second), effort=THOROUGH, checks=QUIET)
    assert [body["n"] for body in upstream.bodies] == [2, 6]
    assert stages(record) == [("draft", "done"), ("grow", "done")]
    assert record.provenance.candidates == 8
    assert record.provenance.calls == 2
    assert record.verdict is Verdict.OK


async def test_a_missed_term_is_no_agreement(upstream: Upstream) -> None:
    """Both agree, but not with the glossary."""
    steps = [play.candidates(good, good), play.candidates(*[with_network] * 6)]
    record = await worked(upstream, *steps, effort=THOROUGH, concepts=[NETWORK])
    assert kinds(upstream)[:2] == ["translate", "translate"]
    assert record.item["C"] == "電腦的網路"
    assert record.provenance.chosen == 2
    assert record.verdict is Verdict.OK, "a better candidate is chosen, not repaired"


async def test_two_words_for_one_term_are_no_agreement(upstream: Upstream) -> None:
    """The glossary allows both, and all else is the same."""
    item = question(C="连接电脑的网络的设备和线路")
    both = concept("网络", "網路", "網絡")
    steps = [play.candidates(good, with_network), play.candidates(good)]
    options: dict[str, Any] = {"effort": THOROUGH, "candidates": 3, "checks": QUIET}
    await worked(upstream, *steps, item=item, concepts=[both], **options)
    assert kinds(upstream) == ["translate", "translate"]
    upstream.bodies.clear()
    await worked(upstream, steps[0], item=item, **options)
    assert kinds(upstream) == ["translate"]


async def test_the_candidate_most_like_the_others_is_chosen(upstream: Upstream) -> None:
    steps = [
        play.candidates(with_question(PARAPHRASE), with_question("第0題：哪個詞是顏色？")),
        play.candidates(with_question(ANOTHER), good, nearly),
    ]
    record = await worked(upstream, *steps, effort=THOROUGH, candidates=5, checks=QUIET)
    assert record.provenance.chosen == 4
    assert record.item["question"] == "第0題：下列哪個詞表示顏色？"


async def test_growing_with_a_seed_asks_for_other_candidates(upstream: Upstream) -> None:
    await worked(upstream, play.candidates(good, broken_number), effort=THOROUGH, seed=5)
    first, second = (body["seed"] for body in upstream.bodies[:2])
    assert second - first in (2, 2 - 2**31)


async def test_two_that_cannot_be_read_are_not_the_end(upstream: Upstream) -> None:
    record = await worked(upstream, play.candidates("one", "two"), effort=THOROUGH)
    assert record.item["D"] == "圖書館"
    assert record.provenance.chosen == 2


class Scorer:
    """Likes texts that hold ``liked``; knows how many it was asked for."""

    family = signature = "scripted"

    def __init__(self, liked: str = "", fault: Exception | None = None) -> None:
        self.liked, self.fault, self.asked = liked, fault, 0

    async def scores(
        self, request: TranslationRequest, candidates: Sequence[Mapping[str, str]]
    ) -> list[float | None]:
        self.asked += len(candidates)
        if self.fault:
            raise self.fault
        return [float(self.liked in "".join(each.values())) for each in candidates]


async def test_a_metric_takes_part_in_the_choice(upstream: Upstream) -> None:
    steps = [play.candidates(good, with_question(PARAPHRASE))] * 2
    options = {"effort": THOROUGH, "candidates": 2, "checks": QUIET}
    without = await worked(upstream, steps[0], **options)
    scored = await worked(upstream, steps[1], **options, scorer=Scorer("色彩"))
    assert (without.provenance.chosen, scored.provenance.chosen) == (0, 1)
    assert "|scorer:scripted|" in scored.provenance.signature


async def test_a_broken_metric_costs_nothing_but_its_say_and_that_is_told(
    upstream: Upstream,
) -> None:
    scorer = Scorer(fault=RuntimeError("broken"))
    step = play.candidates(good, with_question(PARAPHRASE))
    options: dict[str, Any] = {"effort": THOROUGH, "candidates": 2, "checks": QUIET}
    run, record = await worked_run(upstream, step, **options, scorer=scorer)
    assert scorer.asked
    assert record.verdict is Verdict.OK
    assert stage(record, "draft").note.endswith("not agreed; the metric gave no score")
    assert run.info.caveats == [UNSCORED], "the signature names the metric"
    run, record = await worked_run(upstream, step, **options, scorer=Scorer())
    assert "metric" not in stage(record, "draft").note
    assert run.info.caveats == []


@pytest.mark.parametrize(
    "given",
    [[math.nan, 0.5], [math.inf, 0.5], [None, 0.5], [0.5], [1.0, 0.5, 0.1]],
    ids=["not a number", "infinite", "none", "too few", "too many"],
)
async def test_what_is_no_score_wins_nothing(upstream: Upstream, given: list[Any]) -> None:
    class Strange(Scorer):
        async def scores(self, *_: Any) -> list[float | None]:
            return given

    step = play.candidates(good, with_question(PARAPHRASE))
    options = {"effort": THOROUGH, "candidates": 2, "checks": QUIET}
    record = await worked(upstream, step, **options, scorer=Strange())
    assert record.verdict is Verdict.OK
    assert record.provenance.chosen == (1 if len(given) == 2 else 0)


# Fusing them


async def fused(upstream: Upstream, merged: Any, **more: Any) -> Any:
    first = play.candidates(good, with_question(PARAPHRASE))
    steps = [first, play.candidates(with_question(ANOTHER)), play.candidates(merged)]
    more = {"checks": QUIET, **more}
    return await worked(upstream, *steps, effort=THOROUGH, method=FUSE, candidates=3, **more)


async def test_a_merger_that_is_no_worse_is_taken(upstream: Upstream) -> None:
    blend = "第0題：下列詞彙當中，何者描述顏色？"
    record = await fused(upstream, with_question(blend))
    assert kinds(upstream) == ["translate", "translate", "fuse"]
    for text in (PARAPHRASE, ANOTHER, "第0題：下列哪個詞語表示顏色？"):
        assert text in asked(upstream.bodies[-1])
    assert stages(record)[-1] == ("fuse", "accepted"), stage(record, "fuse").note
    assert record.item["question"] == blend


@pytest.mark.parametrize(
    ("merged", "why"),
    [
        (broken_number, "hard findings rose from 0 to 1"),
        (with_question("第0題：圖書館在哪裡？"), "less like the other candidates"),
    ],
    ids=["a hard finding", "far from all"],
)
async def test_a_merger_that_is_worse_is_refused(upstream: Upstream, merged: Any, why: str) -> None:
    record = await fused(upstream, merged)
    assert stage(record, "fuse").outcome == "refused"
    assert why in stage(record, "fuse").note
    assert record.verdict is Verdict.OK
    assert record.item["question"] in (PARAPHRASE, ANOTHER, "第0題：下列哪個詞語表示顏色？")


async def test_a_merger_that_is_the_best_candidate_again_has_brought_nothing(
    upstream: Upstream,
) -> None:
    best = await fused(upstream, broken_number)
    again = await fused(upstream, with_question(best.item["question"]))
    assert stage(again, "fuse").outcome == "refused"
    assert stage(again, "fuse").note == "nothing was changed"
    assert again.item == best.item


async def test_a_merger_that_the_metric_likes_less_is_refused(upstream: Upstream) -> None:
    blend = "第0題：下列詞彙當中，何者描述顏色？"
    record = await fused(upstream, with_question(blend), scorer=Scorer("色彩"))
    assert stage(record, "fuse").outcome == "refused"
    assert "the metric fell" in stage(record, "fuse").note
