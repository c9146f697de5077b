"""Levels of effort: what is asked, what is accepted, and that no later step loses the draft."""

from __future__ import annotations

from typing import Any

import pytest

from eval.checks.rules import Level
from eval.run_log import Verdict
from glossary.language import parse_pair
from tests.service import upstream as play
from tests.service.effort_rig import (
    ANOTHER,
    CHECKED,
    DRAFT,
    FUSE,
    PARAPHRASE,
    QUIET,
    RANK,
    THOROUGH,
    Texts,
    asked,
    broken_number,
    errors,
    good,
    judging,
    kinds,
    same_options,
    stage,
    stages,
    with_question,
    worked,
    worked_run,
)
from tests.service.rig import question
from tests.service.test_terms import NETWORK, with_network
from tests.service.upstream import Step, Upstream

# Levels


async def test_a_draft_is_one_call_and_is_never_mended(upstream: Upstream) -> None:
    step = play.candidates(same_options)
    record = await worked(upstream, step, effort=DRAFT, concepts=[NETWORK])
    assert kinds(upstream) == ["translate"]
    assert stages(record) == [("draft", "done")]
    assert record.verdict is Verdict.FLAGGED


async def test_checked_asks_for_nothing_where_nothing_is_hard(upstream: Upstream) -> None:
    record = await worked(upstream, effort=CHECKED)
    assert [finding.hard for finding in record.findings] == [False]
    assert kinds(upstream) == ["translate"]


async def test_checked_names_what_was_found_and_takes_what_is_better(upstream: Upstream) -> None:
    record = await worked(upstream, play.candidates(broken_number), effort=CHECKED)
    assert kinds(upstream) == ["translate", "edit"]
    told = asked(upstream.bodies[1])
    assert "第7題" in told
    assert "another number" in told
    assert "Taiwan says" not in told, "soft findings are not named"
    assert stages(record) == [("draft", "done"), ("edit", "accepted")]
    edit = stage(record, "edit")
    assert (edit.hard_before, edit.hard_after) == (1, 0)
    assert record.verdict is Verdict.REPAIRED
    assert record.item["question"] == "第0題：下列哪個詞語表示顏色？"


async def test_findings_and_missed_terms_are_one_edit(upstream: Upstream) -> None:
    steps = (play.candidates(broken_number), play.candidates(with_network))
    record = await worked(upstream, *steps, effort=CHECKED, concepts=[NETWORK])
    assert kinds(upstream) == ["translate", "edit"]
    told = asked(upstream.bodies[1])
    assert "another number" in told
    assert "网络 => 網路" in told
    assert stage(record, "edit").hard_before == 2
    assert record.verdict is Verdict.REPAIRED


@pytest.mark.parametrize(
    ("draft", "edit", "why"),
    [
        (broken_number, same_options, "hard findings: 1 after 1"),
        (broken_number, broken_number, "nothing was changed"),
        (same_options, lambda texts: dict.fromkeys(texts, "一樣"), "hard findings: "),
    ],
    ids=["another fault instead", "the same again", "worse"],
)
async def test_an_edit_that_is_not_better_is_refused(
    upstream: Upstream, draft: Any, edit: Any, why: str
) -> None:
    record = await worked(upstream, play.candidates(draft), play.candidates(edit))
    assert stage(record, "edit").outcome == "refused"
    assert why in stage(record, "edit").note
    assert record.verdict is Verdict.FLAGGED
    first = draft({"question": "第0題：下列哪個詞語表示顏色？", "a": "說話的聲音", "b": "電腦"})
    assert record.item["question"] == first["question"]


async def test_an_edit_that_drops_a_term_is_refused(upstream: Upstream) -> None:
    def mended_but(texts: Texts) -> Texts:
        return {key: text.replace("網絡", "連線") for key, text in texts.items()}

    soft = {"terms": Level.SOFT}
    steps = (play.candidates(lambda texts: with_network(broken_number(texts))),)
    record = await worked(
        upstream, *steps, play.candidates(mended_but), concepts=[NETWORK], checks=soft
    )
    assert stage(record, "edit").outcome == "refused"
    assert "terms" in stage(record, "edit").note


async def test_an_edit_may_not_touch_what_was_not_named(upstream: Upstream) -> None:
    """Other candidates witness for the texts in which nothing was found."""

    def rewritten(texts: Texts) -> Texts:
        return {**texts, "option_D": "藏書的處所"}

    steps = [play.candidates(broken_number, broken_number), play.candidates(rewritten)]
    record = await worked(upstream, *steps, effort=CHECKED, candidates=2)
    assert stage(record, "edit").outcome == "refused"
    assert "less like the other candidates" in stage(record, "edit").note
    assert record.item["D"] == "圖書館"


async def test_what_no_wording_mends_is_not_asked_for(upstream: Upstream) -> None:
    """A constraint that Korean does not have is a fault of the benchmark."""
    item = {
        "key": 1,
        "prompt": "Write a poem about the sea in capital letters.",
        "instruction_id_list": ["change_case:english_capital"],
        "kwargs": [{}],
    }
    step = play.candidates(lambda texts: {"prompt": "바다에 관한 시를 대문자로 쓰시오."})
    record = await worked(
        upstream, step, item=item, benchmark="ifeval", pair=parse_pair("en>ko"), effort=CHECKED
    )
    assert [finding.check for finding in record.findings if finding.hard] == ["comparable"]
    assert kinds(upstream) == ["translate"]


# What a critique names, and the edit of it


async def criticised(upstream: Upstream, *steps: Step, **more: Any) -> Any:
    """With two candidates that differ, and a soft finding in both: 網絡."""
    first = play.candidates(good, with_question(PARAPHRASE))
    return await worked(upstream, first, *steps, effort=THOROUGH, candidates=2, **more)


NAMED = {"field": "option_C", "source": "网络", "target": "網絡", "correction": "網路"}


async def test_a_critique_sees_what_was_found_and_its_errors_are_mended(upstream: Upstream) -> None:
    record = await criticised(upstream, errors(NAMED), play.candidates(with_network))
    assert kinds(upstream) == ["translate", "critique", "edit"]
    assert "Taiwan says" in asked(upstream.bodies[1])
    assert "mistranslation" in asked(upstream.bodies[2])
    assert stages(record)[1:] == [("critique", "done"), ("edit", "accepted")]
    assert stage(record, "critique").note == "1 error named"
    assert record.item["C"] == "電腦的網路"
    assert record.findings == []


async def test_without_errors_nothing_is_edited(upstream: Upstream) -> None:
    record = await criticised(upstream, errors())
    assert stages(record)[1:] == [("critique", "done")]
    assert record.verdict is Verdict.OK


async def test_errors_that_stand_nowhere_are_not_believed(upstream: Upstream) -> None:
    record = await criticised(upstream, errors({**NAMED, "target": "電報"}))
    assert stage(record, "critique").note == "0 errors named, 1 not believed"
    assert kinds(upstream) == ["translate", "critique"]


async def test_an_edit_of_named_errors_must_leave_fewer_findings(upstream: Upstream) -> None:
    rewritten = play.candidates(with_question(ANOTHER))
    record = await criticised(upstream, errors(NAMED), rewritten)
    assert stage(record, "edit").outcome == "refused"
    assert stage(record, "edit").note == "weight of the findings: 1 after 1"


async def test_a_clean_translation_is_not_criticised(upstream: Upstream) -> None:
    await criticised(upstream, checks=QUIET)
    assert kinds(upstream) == ["translate"]


async def test_with_a_seed_every_question_has_one(upstream: Upstream) -> None:
    """An operator's temperature makes judges sample too."""
    steps = [
        play.candidates(good, with_question(PARAPHRASE)),
        *[judging(lambda texts: [0, 1])] * 2,
        errors(NAMED),
    ]
    options: dict[str, Any] = {"effort": THOROUGH, "method": RANK, "candidates": 2, "seed": 7}
    await worked(upstream, *steps, **options, settings={"temperature": 0.7})
    assert kinds(upstream) == ["translate", "rank", "rank", "critique", "edit"]
    assert all("seed" in body for body in upstream.bodies)


async def test_an_edit_may_change_either_of_two_options_that_became_one(upstream: Upstream) -> None:
    """The finding names one of them, the other candidates have the same fault."""
    steps = [play.candidates(same_options, same_options, same_options), play.candidates(good)]
    record = await worked(upstream, *steps, effort=CHECKED, candidates=3)
    assert stage(record, "edit").outcome == "accepted", stage(record, "edit").note
    assert record.verdict is Verdict.REPAIRED


# Failures


@pytest.mark.parametrize(
    "fault",
    [play.status(400), play.contents("noise"), play.contents(""), play.dropped],
    ids=["refused", "noise", "empty", "dropped"],
)
@pytest.mark.parametrize("method", [FUSE, RANK])
async def test_no_step_that_fails_loses_the_draft(
    upstream: Upstream, fault: Step, method: Any
) -> None:
    upstream.reply = lambda body: fault
    first = play.candidates(good, with_question(PARAPHRASE))
    record = await worked(upstream, first, effort=THOROUGH, method=method, settings={"attempts": 1})
    assert record.verdict is Verdict.OK
    assert record.item["D"] == "圖書館"
    outcomes = {outcome for step, outcome in stages(record) if step != "draft"}
    assert outcomes == {"failed"} or outcomes == {"failed", "done"}
    assert record.provenance.calls == len(upstream.bodies)


async def test_a_fault_of_ours_in_a_later_step_loses_nothing(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("service.pipeline.effort.edit.loss", broken)
    record = await worked(upstream, play.candidates(broken_number), effort=CHECKED)
    assert stage(record, "edit").outcome == "failed"
    assert stage(record, "edit").note == "RuntimeError"
    assert record.verdict is Verdict.FLAGGED
    assert "a secret of the house" in caplog.text


async def test_a_call_that_failed_is_counted(upstream: Upstream) -> None:
    record = await worked(upstream, play.status(400), effort=CHECKED)
    assert record.verdict is Verdict.FAILED
    assert stages(record) == [("draft", "failed")]
    assert record.provenance.calls == 1


async def test_an_item_without_a_word_costs_nothing(upstream: Upstream) -> None:
    item = question(question="$x^2$", A="1", B="2", C="3", D="4")
    _, record = await worked_run(upstream, item=item, effort=THOROUGH)
    assert upstream.bodies == []
    assert (record.verdict, record.provenance.effort) == (Verdict.OK, "")
    assert record.provenance.stages == []


async def test_judges_see_candidates_and_not_their_makers(upstream: Upstream) -> None:
    steps = [play.candidates(good, with_question(PARAPHRASE)), *[judging(lambda _: [0, 1])] * 2]
    await worked(upstream, *steps, effort=THOROUGH, method=RANK, candidates=2)
    told = asked(upstream.bodies[1])
    assert PARAPHRASE in told
    assert play.MODEL not in told
