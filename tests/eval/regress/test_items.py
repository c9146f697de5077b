"""Items pair by id and source; what failed or was found anew is told of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bench.regress import CHRF, METRICS, named, snapshot
from eval.checks.base import Finding, Severity
from eval.regress.compare import compare
from eval.regress.criteria import Criteria
from eval.regress.errors import ItemsDiffer, NotComparable, OtherSystem
from eval.regress.result import Cause
from eval.regress.snapshot import Snapshot
from eval.run_log import ItemError, ItemRecord, Verdict

SCORES = np.full((30, 2), 70.0)


def changed(taken: Snapshot, place: int, **update: Any) -> Snapshot:
    records = list(taken.records)
    records[place] = records[place].model_copy(update=update)
    return replace(taken, records=tuple(records))


def with_run(taken: Snapshot, **update: Any) -> Snapshot:
    return replace(taken, run=taken.run.model_copy(update=update))


def finding(check: str, segment: str = "s0", *, hard: bool = True) -> Finding:
    return Finding(check, Severity.MAJOR, hard, segment, f"{check} is wrong.")


def failed(record: ItemRecord) -> dict[str, Any]:
    error = ItemError(code="engine_down", detail="Nobody answered.", remedy="Start it.")
    return {"verdict": Verdict.FAILED, "item": None, "segments": [], "error": error}


def test_a_new_hard_finding_is_a_regression_of_its_item() -> None:
    old = changed(snapshot(SCORES), 3, findings=[finding("numbers", hard=False)])
    new = changed(snapshot(SCORES), 3, findings=[finding("numbers")])
    result = compare(old, new)
    assert result.is_regression
    assert [each.pair.id for each in result.regressed] == ["q3"]
    assert result.regressed[0].causes == (Cause.FOUND,)
    assert "numbers in s0" in result.regressed[0].why[0]
    assert not compare(new, old).is_regression


def test_the_same_hard_finding_is_none_and_another_one_beside_it_is() -> None:
    old = changed(snapshot(SCORES), 3, findings=[finding("numbers")])
    assert not compare(old, old).is_regression
    twice = changed(snapshot(SCORES), 3, findings=[finding("numbers"), finding("numbers")])
    elsewhere = changed(snapshot(SCORES), 3, findings=[finding("numbers", "s1")])
    assert compare(old, twice).is_regression
    assert compare(old, elsewhere).is_regression


def test_an_item_that_failed_is_a_regression_and_its_scores_are_left_out() -> None:
    old, new = snapshot(SCORES), snapshot(SCORES)
    result = compare(old, changed(new, 0, **failed(new.records[0])))
    assert result.is_regression
    assert result.regressed[0].causes == (Cause.FAILED,)
    assert result.regressed[0].why == ("Nobody answered.",)
    chrf = result.changes[0]
    assert (chrf.key, chrf.lost, chrf.difference and chrf.difference.clusters) == (CHRF, 2, 29)
    assert any("no translation now" in note for note in result.notes)


def test_what_failed_in_both_runs_is_no_unchanged_translation() -> None:
    old = snapshot(SCORES)
    both = changed(old, 0, **failed(old.records[0]))
    result = compare(both, both)
    assert (result.unchanged, result.items) == (29, 30)
    assert "29 of 30 translations are unchanged" in result.headline


def test_a_translation_with_findings_is_no_worse_than_none() -> None:
    old, new = snapshot(SCORES), changed(snapshot(SCORES), 0, findings=[finding("numbers")])
    assert not compare(changed(old, 0, **failed(old.records[0])), new).is_regression


@pytest.mark.parametrize(("share", "items"), [(0.0, 0), (0.29, 29), (0.999, 99), (1.0, 100)])
def test_shares_of_items_are_whole_numbers(share: float, items: int) -> None:
    hundred = snapshot(np.full((100, 1), 70.0))
    assert compare(hundred, hundred, Criteria(tolerated=share, draws=20)).tolerated == items


def test_as_many_items_may_break_as_are_tolerated() -> None:
    new = changed(snapshot(SCORES), 3, findings=[finding("numbers")])
    result = compare(snapshot(SCORES), new, Criteria(tolerated=0.04))
    assert result.tolerated == 1
    assert not result.is_regression
    assert named(result) == {"q3"}
    more = changed(new, 4, findings=[finding("script")])
    assert compare(snapshot(SCORES), more, Criteria(tolerated=0.04)).is_regression


def test_items_are_found_by_id_in_any_order() -> None:
    old, new = snapshot(SCORES), changed(snapshot(SCORES), 3, findings=[finding("numbers")])
    mixed = replace(new, records=tuple(reversed(new.records)))
    assert named(compare(old, mixed)) == {"q3"}


def test_ids_may_repeat() -> None:
    same = {"id": "q0", "provenance": snapshot(SCORES).records[0].provenance}
    old = changed(snapshot(SCORES), 1, **same)
    assert compare(old, old).items == 30


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda new: replace(new, records=new.records[1:]), "only in the old: q0"),
        (lambda new: changed(new, 0, id="x0"), "only in the new: x0"),
        (
            lambda new: changed(
                new,
                0,
                provenance=new.records[0].provenance.model_copy(update={"source_sha256": "f"}),
            ),
            "other source: q0",
        ),
    ],
    ids=["gone", "renamed", "edited"],
)
def test_other_items_are_refused_and_named(
    spoil: Callable[[Snapshot], Snapshot], told: str
) -> None:
    with pytest.raises(ItemsDiffer, match=told):
        compare(snapshot(SCORES), spoil(snapshot(SCORES)))


def signed(old: str, new: str) -> Callable[[Snapshot], Snapshot]:
    return lambda taken: with_run(taken, signature=taken.run.signature.replace(old, new))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (signed("bench:mmlu@0", "bench:mmlu@1"), "bench was mmlu@0, is mmlu@1"),
        (signed("pair:en>ko", "pair:en>zh-TW"), "pair was en>ko, is en>zh-TW"),
        (signed("|version:0", "|version:1"), "version was 0, is 1"),
        (signed("|version", "|checks:numbers=off|version"), "checks was not there"),
        (signed("|version", "|lists:1234|version"), "lists was not there"),
        (lambda taken: with_run(taken, back_translator="gemma"), "the way back was not there"),
        (lambda taken: with_run(taken, solver="gemma"), "the solver was not there"),
        (lambda taken: with_run(taken, metrics={CHRF: METRICS[CHRF]}), "comet was COMET"),
        (
            lambda taken: with_run(
                taken,
                metrics={
                    **METRICS,
                    CHRF: METRICS[CHRF].model_copy(update={"signature": "chrF|other"}),
                },
            ),
            "chrf was made, is other",
        ),
    ],
)
def test_what_measures_must_be_the_same(spoil: Callable[[Snapshot], Snapshot], told: str) -> None:
    with pytest.raises(NotComparable, match=told.replace("|", r"\|")):
        compare(snapshot(SCORES), spoil(snapshot(SCORES)))


def test_what_translates_is_what_is_compared_unless_the_same_is_asked_for() -> None:
    old, new = snapshot(SCORES), snapshot(SCORES, system="b")
    assert compare(old, new).systems == ("model was a, is b",)
    with pytest.raises(OtherSystem, match="model was a, is b"):
        compare(old, new, Criteria(same_system=True))
    assert compare(old, old, Criteria(same_system=True)).systems == ()


def test_measuring_during_the_run_or_afterwards_is_the_same() -> None:
    afterwards = signed("|measured:made", "")(snapshot(SCORES))
    assert not compare(snapshot(SCORES), afterwards).is_regression


def test_findings_of_other_glossaries_do_not_count() -> None:
    new = changed(snapshot(SCORES), 3, findings=[finding("terms")])
    assert compare(snapshot(SCORES), new).is_regression
    retold = signed("|version", "|terms:exams@4|version")(new)
    result = compare(snapshot(SCORES), retold)
    assert not result.is_regression
    assert any("glossaries differ" in note for note in result.notes)
    broken = changed(retold, 4, findings=[finding("numbers")])
    assert named(compare(snapshot(SCORES), broken)) == {"q4"}
