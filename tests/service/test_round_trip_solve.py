"""A solver answers items in both languages: flips are flagged, guesses are not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.library import load_recipe
from eval.round_trip.outcomes import Invariance
from eval.run_log import ItemRecord, RunInfo, StageOutcome, Step, Verdict
from glossary.language import parse_pair
from service.errors import CannotSolve
from service.pipeline.run import RunOptions, prepare_run
from service.round_trip.solve import AnswerInvariance
from service.round_trip.triage import Side, TriageEntry, write_triage
from service.settings import EngineKind, EngineSettings
from service.wiring import make_engine
from tests.service import upstream as play
from tests.service.rig import engine, question
from tests.service.upstream import Upstream

PAIR = parse_pair("zh-CN>zh-TW")
SECRET = "绝密答案"
Answers = Callable[[bool], Sequence[str]]
"""Answers to the source or else to the translation."""


def solves(upstream: Upstream, answers: Answers, *, one_at_a_time: bool = False) -> None:
    """Let the server answer items, each side in its own way."""
    given = {True: 0, False: 0}

    def reply(body: dict[str, Any]) -> play.Step:
        on_source = "zh-CN" in _language_line(body)
        texts = answers(on_source)
        start = given[on_source]
        count = 1 if one_at_a_time else body.get("n", 1)
        given[on_source] += count
        chosen = [texts[(start + number) % len(texts)] for number in range(count)]
        return play.contents(*(json.dumps({"reasoning": "", "answer": text}) for text in chosen))

    upstream.reply = reply


def _language_line(body: dict[str, Any]) -> str:
    shown = "\n".join(message["content"] for message in body["messages"])
    return next(line for line in shown.splitlines() if line.startswith("Language of the item"))


async def solved(
    upstream: Upstream,
    item: dict[str, Any] | None = None,
    benchmark: str = "cmmlu",
    times: int = 3,
) -> ItemRecord:
    """The record of an item that OpenCC translated and the server then answered."""
    recipe = load_recipe(benchmark)
    solver = make_engine("solver", engine(upstream))
    measure = AnswerInvariance(solver, await solver.info(), recipe, PAIR, times)
    forward = make_engine("opencc", EngineSettings(kind=EngineKind.OPENCC))
    run = await prepare_run(forward, recipe, PAIR, RunOptions(measures=[measure]))
    (record,) = [each async for each in run.records([(0, item or question())])]
    await solver.close()
    return record


async def test_a_flipped_answer_is_flagged_with_both_answers(upstream: Upstream) -> None:
    solves(upstream, lambda on_source: ["A"] if on_source else ["C"])
    record = await solved(upstream)
    assert record.verdict is Verdict.FLAGGED
    (finding,) = (each for each in record.findings if each.hard)
    assert (finding.check, finding.expected, finding.found) == ("answer_invariance", "A", "C")
    assert record.solved is not None
    assert (record.solved.source, record.solved.target) == ({"A": 3}, {"C": 3})
    stage = record.provenance.stages[-1]
    assert (stage.step, stage.calls) == (Step.SOLVE, 2)
    assert [body["n"] for body in upstream.bodies] == [3, 3]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (lambda on_source: ["B"], Invariance.SAME),
        (lambda on_source: ["A", "B", "C"] if on_source else ["D"], Invariance.UNDECIDED),
        (lambda on_source: ["A"] if on_source else ["A", "B", "C"], Invariance.UNDECIDED),
        (lambda on_source: ["A", "A", "C"] if on_source else ["C"], Invariance.UNDECIDED),
        (lambda on_source: ["not a letter"] if on_source else ["C"], Invariance.UNDECIDED),
    ],
    ids=["same", "guesses", "guesses on the translation", "perhaps chance", "unreadable"],
)
async def test_noise_is_never_flagged(
    upstream: Upstream, answers: Answers, outcome: Invariance
) -> None:
    solves(upstream, answers)
    record = await solved(upstream)
    assert record.verdict is Verdict.OK
    assert record.solved is not None
    assert record.solved.outcome is outcome


async def test_the_key_is_never_shown_and_answers_differ_by_position_alone(
    upstream: Upstream,
) -> None:
    solves(upstream, lambda on_source: ["B"])
    await solved(upstream, question(answer=SECRET, Explanation=SECRET))
    shown = json.dumps(upstream.bodies, ensure_ascii=False)
    assert SECRET not in shown
    source, target = (play.texts_of(body) for body in upstream.bodies)
    assert source["option_B"] == "说话的声音"
    assert target["option_B"] == "說話的聲音"


async def test_a_server_that_gives_one_answer_at_a_time_is_asked_again(upstream: Upstream) -> None:
    solves(upstream, lambda on_source: ["A"] if on_source else ["C"], one_at_a_time=True)
    record = await solved(upstream)
    assert record.solved is not None
    assert record.solved.outcome is Invariance.FLIPPED
    seeds = [body["seed"] for body in upstream.bodies]
    assert len(seeds) == 6
    assert len(set(seeds)) == 3  # both sides are drawn alike, the tries of a side are not
    assert all(body["temperature"] > 0 for body in upstream.bodies)


async def test_short_answers_are_compared_by_value(upstream: Upstream) -> None:
    item = {"question": "3打鸡蛋是多少个？", "answer": f"#### 36 {SECRET}", "answer_number": 36}
    solves(upstream, lambda on_source: ["36"] if on_source else ["三十六個"])
    record = await solved(upstream, item, "mgsm")
    assert record.solved is not None
    assert record.solved.outcome is Invariance.SAME
    assert SECRET not in json.dumps(upstream.bodies, ensure_ascii=False)


async def test_a_solver_that_fails_costs_nothing_but_its_answer(upstream: Upstream) -> None:
    upstream.reply = lambda body: play.status(400)
    record = await solved(upstream)
    assert record.verdict is Verdict.OK
    assert record.solved is None
    stage = record.provenance.stages[-1]
    assert (stage.step, stage.outcome, stage.calls) == (Step.SOLVE, StageOutcome.FAILED, 1)
    assert stage.note


async def test_calls_before_a_failure_are_counted_too(upstream: Upstream) -> None:
    solves(upstream, lambda on_source: ["A"], one_at_a_time=True)
    answering = upstream.reply

    def fails_late(body: dict[str, Any]) -> play.Step | None:
        return play.status(400) if len(upstream.bodies) == 5 else answering(body)

    upstream.reply = fails_late
    record = await solved(upstream)
    stage = record.provenance.stages[-1]
    assert (stage.step, stage.outcome) == (Step.SOLVE, StageOutcome.FAILED)
    assert len(upstream.bodies) == stage.calls == record.provenance.calls == 5
    assert stage.completion_tokens == 40


async def test_an_item_without_one_answer_is_not_asked(upstream: Upstream) -> None:
    item = {"key": 1, "prompt": "写一首关于颜色的诗。", "instruction_id_list": [], "kwargs": []}
    record = await solved(upstream, item, "ifeval")
    assert record.solved is None
    assert upstream.bodies == []


async def test_an_item_that_had_nothing_to_translate_is_not_asked(upstream: Upstream) -> None:
    """Both sides are the same: whatever the solver says, it is not the translation."""
    item = {"id": "q0", "question": "3 + 4 = ?", "A": "5", "B": "6", "C": "7", "D": "8"}
    record = await solved(upstream, {**item, "answer": "C"})
    assert record.verdict is Verdict.OK
    assert record.solved is None
    assert upstream.bodies == []


async def test_only_a_model_that_follows_instructions_can_solve(upstream: Upstream) -> None:
    recipe = load_recipe("cmmlu")
    converter = make_engine("opencc", EngineSettings(kind=EngineKind.OPENCC))
    translator = make_engine("t", engine(upstream, profile="hy-mt2"))
    for each in (converter, translator):
        with pytest.raises(CannotSolve):
            AnswerInvariance(each, await each.info(), recipe, PAIR)
    await translator.close()


def test_a_text_cannot_leave_its_cell(tmp_path: Path) -> None:
    side = Side(texts={"question": "a | b\n\n# c <b>*d*</b> `e`"}, answers={"A": 3})
    entry = TriageEntry(index=0, id="x|y", times=3, key=[], source=side, target=side)
    info = RunInfo(
        run_id="r", benchmark="cmmlu", pair=str(PAIR), engine="e", signature="s", started="now"
    )
    write_triage(tmp_path, info, [entry])
    page = (tmp_path / "triage.md").read_text("utf-8")
    cell = r"a \| b \# c \<b\>\*d\*\</b\> \`e\`"
    assert f"| question | {cell} | {cell} |" in page.splitlines()
    assert TriageEntry.model_validate_json((tmp_path / "triage.jsonl").read_text()) == entry
