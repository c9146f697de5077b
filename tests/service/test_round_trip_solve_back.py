"""The solver also answers what came back: whose fault is a flip, and is the way back to be trusted?

The scripted model translates back with a mark, so that the three sides can be told apart.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import opencc
import pytest

from eval.benchmarks.library import load_recipe
from eval.checks.base import Finding
from eval.round_trip.outcomes import Invariance
from eval.run_log import ItemRecord, StageOutcome, Step, Verdict
from glossary.language import parse_pair
from service.engines.base import EngineInfo
from service.pipeline.run import RunOptions, prepare_run
from service.round_trip.back_translate import BackTranslator
from service.round_trip.solve import AnswerInvariance, without_back
from service.round_trip.triage import triage
from service.round_trip.work import Work
from service.settings import EngineKind, EngineSettings
from service.wiring import make_engine
from tests.service import upstream as play
from tests.service.rig import engine, question
from tests.service.upstream import Upstream

PAIR = parse_pair("zh-CN>zh-TW")
CMMLU = load_recipe("cmmlu")
MARK = "【回】"
BACK = opencc.OpenCC("t2s").convert
OPENCC = EngineInfo("opencc", "opencc")


def side_of(body: Mapping[str, Any]) -> str:
    """Which side the solver is shown; empty for another request."""
    shown = "\n".join(message["content"] for message in body["messages"])
    if "sit an examination" not in shown:
        return ""
    if MARK in shown:
        return "back"
    return "source" if "说话的声音" in shown else "target"


def answers(upstream: Upstream, broken: str = "none", **by_side: str) -> None:
    """Let the model answer each side with one letter, and refuse the ``broken`` one."""

    def reply(body: dict[str, Any]) -> play.Step | None:
        side = side_of(body)
        if not side:
            return None
        if side == broken:
            return play.status(400)
        answer = json.dumps({"reasoning": "", "answer": by_side[side]})
        return play.contents(*[answer] * body["n"])

    upstream.translate, upstream.reply = (lambda text: BACK(text) + MARK), reply


@pytest.fixture
async def work(upstream: Upstream) -> AsyncIterator[Work]:
    """One model translates back and answers."""
    made = make_engine("m", engine(upstream))
    known = await made.info()
    back = BackTranslator(made, CMMLU, PAIR, OPENCC, known)
    yield Work(back, solver=AnswerInvariance(made, known, CMMLU, PAIR))
    await made.close()


async def measured(work: Work) -> ItemRecord:
    """An item that OpenCC translated, after the measures."""
    forward = make_engine("opencc", EngineSettings(kind=EngineKind.OPENCC))
    run = await prepare_run(forward, CMMLU, PAIR, RunOptions(measures=work.measures))
    (record,) = [each async for each in run.records([(0, question())])]
    return record


async def again(work: Work, record: ItemRecord) -> ItemRecord:
    """The record after what it lacked, as in a finished run that is measured again."""
    for each in work.missing(record):
        record = await each.measure(record)
    return record


def invariance(record: ItemRecord) -> list[Finding]:
    return [each for each in record.findings if each.check == "answer_invariance"]


def asked(upstream: Upstream) -> list[str]:
    return [side for body in upstream.bodies if (side := side_of(body))]


async def test_a_flip_on_the_way_back_alone_is_told_and_does_not_flag(
    upstream: Upstream, work: Work
) -> None:
    answers(upstream, source="A", target="A", back="C")
    record = await measured(work)
    assert record.verdict is Verdict.OK
    (finding,) = invariance(record)
    assert not finding.hard
    assert (finding.expected, finding.found) == ("A", "C")
    assert "the way back changed the item" in finding.message
    assert record.solved is not None
    assert record.solved.outcome is Invariance.SAME
    assert (record.solved.back, record.solved.back_outcome) == ({"C": 3}, Invariance.FLIPPED)
    assert triage([record], CMMLU) == []


@pytest.mark.parametrize(
    ("back", "outcome", "told"),
    [
        ("A", Invariance.SAME, "is answered like the source"),
        ("C", Invariance.FLIPPED, "is not answered like the source either"),
        ("?", Invariance.UNDECIDED, "3 times)."),
    ],
    ids=["the target alone", "both", "unreadable"],
)
async def test_a_flipped_item_is_flagged_and_the_way_back_tells_more(
    upstream: Upstream, work: Work, back: str, outcome: Invariance, told: str
) -> None:
    answers(upstream, source="A", target="C", back=back)
    record = await measured(work)
    assert record.verdict is Verdict.FLAGGED
    (finding,) = invariance(record)
    assert finding.hard
    assert (finding.expected, finding.found) == ("A", "C")
    assert told in finding.message
    assert record.solved is not None
    assert record.solved.back_outcome is outcome
    (entry,) = triage([record], CMMLU)
    assert entry.back is not None
    assert entry.back.options["B"] == "说话的声音" + MARK
    assert entry.headings[-1] == "back-translation"


async def test_the_third_side_costs_one_call_and_is_in_the_sums(
    upstream: Upstream, work: Work
) -> None:
    answers(upstream, source="A", target="A", back="A")
    record = await measured(work)
    assert asked(upstream) == ["source", "target", "back"]
    stage = record.provenance.stages[-1]
    assert (stage.step, stage.calls) == (Step.SOLVE, 3)
    assert stage.prompt_tokens == 300
    assert record.provenance.calls == 4  # the way back, and three times answers
    assert invariance(record) == []


async def test_a_way_back_that_is_not_answered_costs_nothing_but_itself(
    upstream: Upstream, work: Work
) -> None:
    answers(upstream, broken="back", source="A", target="C")
    record = await measured(work)
    assert record.verdict is Verdict.FLAGGED
    assert record.solved is not None
    assert (record.solved.back, record.solved.back_outcome) == (None, None)
    stage = record.provenance.stages[-1]
    assert (stage.outcome, stage.calls) == (StageOutcome.DONE, 3)
    assert "The back-translation was not answered" in stage.note


@pytest.mark.parametrize("lost", [None, ""], ids=["one text did not come back", "or is empty"])
async def test_what_did_not_come_back_whole_is_not_asked(
    upstream: Upstream, work: Work, lost: str | None
) -> None:
    answers(upstream, source="A", target="A")
    back = await measured(Work(work.back))
    first, *others = back.segments
    segments = [first.model_copy(update={"back_translation": lost}), *others]
    record = await again(work, back.model_copy(update={"segments": segments}))
    assert asked(upstream) == ["source", "target"]
    assert record.solved is not None
    assert record.solved.back is None


async def test_items_are_answered_anew_only_where_there_is_a_way_back_now(
    upstream: Upstream,
    work: Work,
) -> None:
    answers(upstream, source="A", target="C", back="A")
    alone = Work(solver=work.solver)
    without = await measured(alone)
    assert without.solved is not None
    assert without.solved.back is None
    upstream.bodies.clear()
    assert await again(alone, without) == without
    assert upstream.bodies == []
    whole = await again(work, without)
    assert asked(upstream) == ["source", "target", "back"]
    assert [each.hard for each in invariance(whole)] == [True]
    upstream.bodies.clear()
    assert await again(work, whole) == whole
    assert upstream.bodies == []


@pytest.mark.parametrize("target", ["A", "C"])
async def test_with_another_back_translator_the_answers_to_the_first_are_forgotten(
    upstream: Upstream, work: Work, target: str
) -> None:
    answers(upstream, source="A", target=target, back="C")
    alone, whole = await measured(Work(solver=work.solver)), await measured(work)
    forgotten = without_back(whole)
    assert forgotten.solved == alone.solved
    assert (forgotten.verdict, forgotten.findings) == (alone.verdict, alone.findings)
