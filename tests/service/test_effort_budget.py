"""Budgets are kept: never one call, one token or one moment more, whatever is being done."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

import pytest
from aiohttp import web

from eval.benchmarks.library import load_recipe
from eval.run_log import Verdict
from service.engines.purse import Budget, Purse, Usage
from service.errors import BudgetSpent
from service.pipeline.run import RunOptions, prepare_run
from service.wiring import make_engine
from tests.service import upstream as play
from tests.service.effort_rig import (
    ANOTHER,
    CHECKED,
    DRAFT,
    FUSE,
    PAIR,
    PARAPHRASE,
    QUIET,
    RANK,
    THOROUGH,
    broken_number,
    good,
    judging,
    kind_of,
    kinds,
    same_options,
    stage,
    stages,
    with_question,
    worked,
)
from tests.service.rig import engine, question
from tests.service.upstream import Step, Upstream


def never_content(body: dict[str, Any]) -> Step | None:
    """Candidates that never agree, edits that never help: a run spends all that it may."""
    count = body.get("n", 1)
    if kind_of(body) == "rank":
        return judging(lambda texts: list(range(len(texts))))
    if kind_of(body) == "critique":
        return None
    texts = itertools.cycle([PARAPHRASE, ANOTHER, "第0題：表示色彩的是哪一項？"])
    return play.candidates(*[with_question(text) for text in itertools.islice(texts, count)])


# Calls


@pytest.mark.parametrize("method", [FUSE, RANK])
@pytest.mark.parametrize("calls", range(1, 9))
async def test_there_is_never_a_call_more(upstream: Upstream, method: Any, calls: int) -> None:
    upstream.reply = never_content
    budget = Budget(calls=calls)
    record = await worked(upstream, effort=THOROUGH, method=method, budget=budget)
    assert len(upstream.bodies) == record.provenance.calls <= calls
    assert record.verdict is Verdict.OK
    if record.provenance.calls < calls:
        assert ("grow", "done") in stages(record)


async def test_what_cannot_be_paid_is_skipped_and_told(upstream: Upstream) -> None:
    steps = [play.candidates(good, same_options)]
    record = await worked(upstream, *steps, effort=THOROUGH, method=FUSE, budget=Budget(calls=1))
    assert stages(record)[:2] == [("draft", "done"), ("grow", "skipped")]
    assert stage(record, "grow").note == "The item's budget of 1 calls: 1 needed, 0 left."
    assert stage(record, "grow").calls == 0
    assert record.item["D"] == "圖書館"
    assert "|budget:calls=1|" in record.provenance.signature


async def test_fewer_candidates_are_ranked_where_calls_are_short(upstream: Upstream) -> None:
    upstream.reply = never_content
    record = await worked(
        upstream, effort=THOROUGH, method=RANK, budget=Budget(calls=5), checks=QUIET
    )
    assert kinds(upstream) == ["translate", "translate", "rank", "rank", "rank"]
    assert stage(record, "rank").note == "first by place: 3 0 0"


@pytest.mark.parametrize("method", [FUSE, RANK])
async def test_a_method_leaves_a_call_for_the_edit_of_hard_findings(
    upstream: Upstream, method: Any
) -> None:
    different = [with_question(text) for text in (PARAPHRASE, ANOTHER)]
    broken = [lambda texts, make=make: same_options(make(texts)) for make in different]
    steps = [play.candidates(*broken), play.candidates(good)]
    budget = Budget(calls=2)
    record = await worked(
        upstream, *steps, effort=THOROUGH, method=method, candidates=2, budget=budget
    )
    name = "fuse" if method is FUSE else "rank"
    assert stages(record)[:3] == [("draft", "done"), (name, "skipped"), ("critique", "skipped")]
    assert stage(record, "edit").calls == 1


async def test_the_last_call_is_the_edits_and_not_a_critiques(upstream: Upstream) -> None:
    """A critique that no edit follows would cost a call and mend nothing."""
    steps = [play.candidates(broken_number, same_options), play.candidates(good)]
    budget = Budget(calls=2)
    record = await worked(upstream, *steps, effort=THOROUGH, candidates=2, budget=budget)
    assert kinds(upstream) == ["translate", "edit"]
    assert stages(record)[1:] == [("critique", "skipped"), ("edit", "accepted")]
    assert stage(record, "critique").note == "The item's budget of 2 calls: 2 needed, 1 left."
    assert record.verdict is Verdict.REPAIRED


async def test_a_draft_that_cannot_be_paid_fails_before_anything_is_sent(
    upstream: Upstream,
) -> None:
    """A model that takes one text per request needs five calls for an item of five texts."""
    record = await worked(
        upstream, budget=Budget(calls=4), settings={"profile": "seed-x"}, effort=DRAFT
    )
    assert upstream.bodies == []
    assert record.error is not None
    assert record.error.code == "budget_spent"
    assert "4 calls: 5 needed, 4 left" in record.error.detail
    assert "budget.calls" in record.error.remedy
    assert stage(record, "draft").note == f"budget_spent: {record.error.detail}"
    assert stages(record) == [("draft", "failed")]


async def test_calls_for_single_texts_are_all_counted(upstream: Upstream) -> None:
    settings = {"profile": "translategemma"}
    record = await worked(upstream, budget=Budget(calls=5), settings=settings, effort=CHECKED)
    assert len(upstream.bodies) == record.provenance.calls == 5


async def test_tries_of_one_call_are_one_call(upstream: Upstream) -> None:
    record = await worked(upstream, play.status(503), effort=DRAFT, budget=Budget(calls=1))
    assert record.verdict is Verdict.OK
    assert len(upstream.bodies) == 2
    assert record.provenance.calls == 1


# Tokens


def counting(body: dict[str, Any]) -> Step | None:
    """A server that writes all it may and says so, with good texts all the same."""
    inner = never_content(body)

    async def step(upstream: Upstream, request: web.Request, body: dict[str, Any]) -> Any:
        made = await (inner or play.good)(upstream, request, body)
        assert isinstance(made, web.Response)
        assert isinstance(made.body, bytes)
        answer = json.loads(made.body)
        answer["usage"]["completion_tokens"] = body["max_tokens"] * body.get("n", 1)
        return web.json_response(answer)

    return step


@pytest.mark.parametrize("tokens", [300, 600, 900, 1500, 4000])
@pytest.mark.parametrize("method", [FUSE, RANK])
async def test_there_is_never_a_token_more(upstream: Upstream, method: Any, tokens: int) -> None:
    upstream.reply = counting
    record = await worked(upstream, effort=THOROUGH, method=method, budget=Budget(tokens=tokens))
    allowed = sum(body["max_tokens"] * body.get("n", 1) for body in upstream.bodies)
    assert allowed == record.provenance.completion_tokens
    assert allowed <= tokens
    assert record.verdict is Verdict.OK


async def test_where_tokens_are_short_there_are_fewer_candidates_then_shorter_answers(
    upstream: Upstream,
) -> None:
    whole = await worked(upstream, effort=DRAFT)
    bound = upstream.bodies[0]["max_tokens"]
    assert whole.verdict is Verdict.OK
    await worked(upstream, effort=DRAFT, candidates=4, budget=Budget(tokens=3 * bound))
    await worked(upstream, effort=DRAFT, candidates=4, budget=Budget(tokens=bound // 2))
    _, many, one = upstream.bodies
    assert (many["n"], many["max_tokens"]) == (3, bound)
    assert (one.get("n", 1), one["max_tokens"]) == (1, bound // 2)


async def test_a_draft_that_tokens_cannot_pay_fails(upstream: Upstream) -> None:
    record = await worked(upstream, effort=DRAFT, budget=Budget(tokens=10))
    assert upstream.bodies == []
    assert record.error is not None
    assert record.error.code == "budget_spent"
    assert "10 tokens" in record.error.detail


async def test_a_server_that_counts_nothing_is_taken_at_its_bound() -> None:
    purse = Purse(Budget(tokens=100))
    async with purse.call(60):
        pass
    with pytest.raises(BudgetSpent):
        async with purse.call(60):
            raise AssertionError("it must not be made")
    async with purse.call(40) as told:
        told(Usage(1, 10, 5))
    assert purse.grant([35]).bounds == (35,)


# Seconds


async def test_at_the_deadline_the_call_ends_and_the_best_so_far_is_given(
    upstream: Upstream,
) -> None:
    steps = [play.candidates(same_options), play.slow(30)]
    started = time.monotonic()
    record = await worked(upstream, *steps, effort=CHECKED, budget=Budget(seconds=1.5))
    assert time.monotonic() - started < 10
    assert stages(record) == [("draft", "done"), ("edit", "skipped")]
    assert "1.5 seconds: used up" in stage(record, "edit").note
    assert (stage(record, "edit").calls, stage(record, "edit").completion_tokens) == (1, None)
    assert record.verdict is Verdict.FLAGGED
    await _until(lambda: upstream.cancelled == 1)


async def test_a_draft_that_is_too_late_fails_and_no_more_is_asked(upstream: Upstream) -> None:
    upstream.reply = lambda body: play.slow(30)
    record = await worked(upstream, effort=THOROUGH, budget=Budget(seconds=0.3))
    assert record.error is not None
    assert record.error.code == "budget_spent"
    assert "0.3 seconds" in record.error.detail
    assert len(upstream.bodies) <= 1


async def test_seconds_are_not_spent_in_waiting_for_other_items(upstream: Upstream) -> None:
    upstream.delay = 1.0
    made = make_engine("m", engine(upstream, max_concurrency=1))
    options = RunOptions(effort=DRAFT, budget=Budget(seconds=1.8))
    run = await prepare_run(made, load_recipe("cmmlu"), PAIR, options)
    verdicts = [each.verdict async for each in run.records(enumerate(map(question, range(3))))]
    await made.close()
    assert verdicts == [Verdict.OK] * 3


async def test_after_the_deadline_nothing_is_begun() -> None:
    purse = Purse(Budget(seconds=0.01))
    await asyncio.sleep(0.02)
    with pytest.raises(BudgetSpent):
        purse.grant([10])
    with pytest.raises(BudgetSpent):
        async with purse.call(10):
            raise AssertionError("it must not be made")
    assert purse.paid == []


async def test_a_time_out_of_the_engine_is_not_the_budgets() -> None:
    purse = Purse(Budget(seconds=10))
    with pytest.raises(TimeoutError):
        async with purse.call(10):
            raise TimeoutError
    assert len(purse.paid) == 1


async def _until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
