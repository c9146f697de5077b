"""A server that ignores ``n``: it gives one candidate however many are asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.run_log import Verdict
from service.engines.purse import Budget
from service.pipeline.translate import ONE_BY_ONE
from service.settings import Settings
from tests.service import upstream as play
from tests.service.conftest import Outcome
from tests.service.effort_rig import (
    ANOTHER,
    CHECKED,
    DRAFT,
    PARAPHRASE,
    QUIET,
    THOROUGH,
    good,
    kind_of,
    kinds,
    nearly,
    same_options,
    stage,
    stages,
    with_question,
    worked,
    worked_run,
)
from tests.service.rig import engine, question, served
from tests.service.test_files import jsonl, manifest
from tests.service.upstream import Upstream


def one_by_one(upstream: Upstream, *made: Any) -> None:
    """Give these candidates in turn, one in a request; edits are good."""
    turns = itertools.cycle(made)
    upstream.reply = lambda body: (
        play.candidates(next(turns)) if kind_of(body) == "translate" else play.candidates(good)
    )


@pytest.mark.parametrize("effort", [DRAFT, CHECKED])
async def test_all_candidates_come_and_the_run_says_what_they_cost(
    upstream: Upstream, effort: Any
) -> None:
    one_by_one(upstream, same_options, good, nearly)
    run, record = await worked_run(upstream, effort=effort, candidates=3, seed=7)
    assert (record.provenance.candidates, record.provenance.calls) == (3, 3)
    assert record.provenance.chosen == 1
    assert run.info.caveats == [ONE_BY_ONE]
    assert len({body["seed"] for body in upstream.bodies}) == 3
    assert all(body["temperature"] > 0 for body in upstream.bodies), "greedy ones are the same one"


def test_who_translates_through_a_service_is_told_too(
    isogloss: Callable[..., Outcome], threaded_upstream: Upstream, tmp_path: Path
) -> None:
    one_by_one(threaded_upstream, good)
    file = jsonl(tmp_path / "mine.jsonl", question(0), question(1))
    base = ("translate", file, "-b", "cmmlu", "--to", "zh-TW", "--out", tmp_path / "out")
    with served(Settings(engines={"m": engine(threaded_upstream)})) as address:
        shown = isogloss(*base, "--server", address, "--effort", "draft", "-n", 2)
    assert shown.code == 0, shown.told
    assert manifest(tmp_path / "out")["caveats"] == [ONE_BY_ONE]


async def test_a_server_that_knows_n_is_asked_once_and_not_warned_of(upstream: Upstream) -> None:
    run, record = await worked_run(upstream, effort=DRAFT, candidates=3)
    assert (record.provenance.candidates, record.provenance.calls) == (3, 1)
    assert run.info.caveats == []


async def test_two_that_agree_are_found_so_too(upstream: Upstream) -> None:
    one_by_one(upstream, good, nearly)
    record = await worked(upstream, effort=THOROUGH)
    assert stages(record) == [("draft", "done")]
    assert stage(record, "draft").note == "2 candidates, agreed"


async def test_thorough_grows_to_as_many_as_were_asked_for(upstream: Upstream) -> None:
    one_by_one(upstream, good, *map(with_question, (PARAPHRASE, ANOTHER)))
    record = await worked(upstream, effort=THOROUGH, candidates=6, checks=QUIET)
    assert (record.provenance.candidates, record.provenance.calls) == (6, 6)
    assert stages(record) == [("draft", "done"), ("grow", "done")]


async def test_within_the_budget_and_the_last_call_is_the_edits(upstream: Upstream) -> None:
    one_by_one(upstream, same_options)
    record = await worked(upstream, effort=CHECKED, candidates=8, budget=Budget(calls=4))
    assert kinds(upstream) == ["translate"] * 3 + ["edit"]
    assert stage(record, "draft").note == "3 of 8 candidates"
    assert record.verdict is Verdict.REPAIRED


async def test_where_nothing_is_edited_every_call_is_a_candidates(upstream: Upstream) -> None:
    one_by_one(upstream, good)
    record = await worked(upstream, effort=DRAFT, candidates=8, budget=Budget(calls=4))
    assert (record.provenance.candidates, record.provenance.calls) == (4, 4)
    assert stage(record, "draft").note == "4 of 8 candidates"


async def test_a_further_request_that_fails_costs_only_itself(upstream: Upstream) -> None:
    steps = [play.candidates(good), play.status(400)]
    record = await worked(upstream, *steps, effort=DRAFT, candidates=3)
    assert record.verdict is Verdict.OK
    assert (record.provenance.candidates, record.provenance.chosen) == (2, 0)
    assert stage(record, "draft").note == "2 of 3 candidates"


async def test_texts_that_go_alone_are_asked_for_together(upstream: Upstream) -> None:
    """Five texts are five calls, for each candidate."""
    upstream.reply = lambda body: play.candidates(good)
    settings = {"profile": "translategemma"}
    record = await worked(upstream, effort=DRAFT, candidates=2, settings=settings)
    assert (record.provenance.candidates, record.provenance.calls) == (2, 10)
    assert record.verdict is Verdict.OK
