"""Scores, groups and steps on the page, counted from the records."""

import json
import math

import pytest

from eval.metrics.base import Score
from eval.report.html import render_report, render_runs
from eval.report.scores import ScoreTally
from eval.report.stages import StageTally
from eval.run_log import StageOutcome, StageRecord, Step
from tests.report.conftest import KEY, METRIC
from tests.report.page import HOSTILE, Page


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_score_is_shown_with_its_interval_and_all_items_are_in_the_histogram(info, scored):
    records = [scored(i, 0.5 + i / 100, 0.6 + i / 100) for i in range(30)]
    page = Page(render_report(info, records))
    [(_, figure)] = page.all("p", **{"class": "figure"})
    mean, low, _, high = figure.split()
    assert mean == "0.695"
    assert 0.65 < float(low) < float(mean) < float(high) < 0.74
    bars = [text for text, _ in page.all("a", tabindex="-1")]
    assert sum(int(str(bar["aria-label"]).split()[0]) for bar in bars) == 30
    assert "30 items, 60 segments scored · higher is better" in words(page.text)


def test_every_bar_is_a_link_to_as_many_items_as_it_counts(info, scored):
    values = [0.2501, 0.25, 0.3, 0.7999, 0.8, 0.95, 1.0]
    page = Page(render_report(info, [scored(i, v) for i, v in enumerate(values)]))
    for bar, _ in page.all("a", tabindex="-1"):
        key, low, high = str(bar["href"]).removeprefix("#s=").split(":")
        assert key == KEY
        within = [r for r in page.records if float(low) <= r["m"][0] < float(high)]
        assert str(bar["aria-label"]).startswith(f"{len(within)} item")


def test_what_was_not_scored_is_counted_with_its_reason_and_never_a_zero(info, scored):
    records = [scored(0, 0.5, None), scored(1, None), scored(2, math.nan)]
    page = Page(render_report(info, records))
    text = words(page.text)
    assert "1 item, 1 segments scored" in text
    assert "3 segments not scored" in text
    assert "2 too short" in text
    assert "1 no reason given" in text
    assert [record.get("m") for record in page.records] == [[0.5], None, None]
    assert page.records[0]["s"][1][5] == [[0]]  # the first reason of the legend
    [body] = [attributes for attributes, _ in page.all("body")]
    assert json.loads(str(body["data-legend"]))["reasons"] == ["too short", ""]


def test_one_item_has_no_interval(info, scored):
    page = Page(render_report(info, [scored(0, 0.5)]))
    assert "one item: no interval" in page.text


def test_what_a_score_must_be_quoted_with_is_there(info, scored):
    page = Page(render_report(info, [scored(0, 0.5)]))
    for said in ("tiny@1|fp32", "Apache-2.0", "Blind to script."):
        assert said in page.text


def test_caveats_of_the_run_stand_before_everything_else(info, scored):
    warned = info.model_copy(update={"caveats": ["The judge chose the candidates."]})
    text = Page(render_report(warned, [scored(0, 0.5)])).text
    assert text.index("The judge chose") < text.index("Findings by check")
    both = Page(render_runs([(warned, [scored(0, 0.5)]), (warned, [])], title="two")).text
    assert both.count("The judge chose") == 1


def test_a_learned_score_comes_before_one_that_counts_characters(info, scored):
    lexical = METRIC.model_copy(update={"name": "chrf", "family": "lexical"})
    metrics = {"round_trip.aaa": lexical, KEY: METRIC}
    tally = ScoreTally(metrics)
    tally.add(scored(0, 60.0, key="round_trip.aaa"))
    tally.add(scored(1, 0.6))
    assert tally.keys == [KEY, "round_trip.aaa"]


def test_groups_are_the_benchmarks_own_the_worst_first(info, scored):
    subjects = {"law": 0.9, "art": 0.4, "<b>physics": 0.6}
    records = [
        scored(i, value + i / 1000, item={"subject": name})
        for i, (name, value) in enumerate(list(subjects.items()) * 5)
    ]
    page = Page(render_report(info, records))
    [(_, table)] = page.all("table", **{"class": "groups"})
    assert table.index("art") < table.index("<b>physics") < table.index("law")
    assert "0.407" in table  # of art: 0.4 and 0.001, 0.004, 0.007, 0.010, 0.013
    assert "By subject, the worst first" in page.text


def test_a_subject_for_each_item_is_no_group(info, scored):
    records = [scored(i, 0.5, item={"subject": f"subject {i}"}) for i in range(300)]
    page = Page(render_report(info, records))
    assert page.all("table", **{"class": "groups"}) == []
    assert "subject 7" not in page.all("select", id="group")[0][1]


def test_scores_of_several_runs_are_kept_apart(info, scored):
    korean = info.model_copy(update={"pair": "en>ko"})
    runs = [(info, [scored(0, 0.2), scored(1, 0.2)]), (korean, [scored(2, 0.8), scored(3, 0.8)])]
    figures = [
        text.split()[0]
        for _, text in Page(render_runs(runs, title="both")).all("p", **{"class": "figure"})
    ]
    assert figures == ["0.200", "0.800"]


def stage(step: Step, outcome=StageOutcome.DONE, **fields) -> StageRecord:
    return StageRecord(step=step, outcome=outcome, **fields)


def with_stages(record, *stages):
    made = record.provenance.model_copy(update={"stages": list(stages), "effort": "thorough"})
    return record.model_copy(update={"provenance": made})


@pytest.fixture
def edited(record):
    """Two items: one edit takes two hard findings away, the other is refused."""
    draft = stage(Step.DRAFT, calls=1, prompt_tokens=90, completion_tokens=10, seconds=1)
    cost = {"calls": 1, "prompt_tokens": 400, "completion_tokens": 100, "seconds": 2.0}
    good = stage(Step.EDIT, StageOutcome.ACCEPTED, **cost, hard_before=3, hard_after=1)
    bad = stage(Step.EDIT, StageOutcome.REFUSED, **cost, hard_before=1, hard_after=1)
    return [with_stages(record(0), draft, good), with_stages(record(1), draft, bad)]


def test_each_step_says_what_it_cost_and_what_it_brought(info, edited):
    page = Page(render_report(info, edited))
    [(_, table)] = page.all("table", **{"class": "stages"})
    draft, edit = (words(row) for row in table.split("edit"))
    assert draft.endswith("draft 2 2 done 2 200 2.0 s – –")
    assert edit == "2 1 accepted · 1 refused 2 1,000 4.0 s 2 2.00"
    bars = [attributes["aria-label"] for attributes, _ in page.all("svg", role="img")]
    assert bars[1:] == [
        "calls: 2 draft, 2 edit",
        "tokens: 200 draft, 1,000 edit",
        "seconds: 2.0 s draft, 4.0 s edit",
    ]
    assert "thorough" in page.text


def test_tokens_that_were_not_counted_are_not_zero(record):
    unknown = stage(Step.DRAFT, calls=1)
    [step] = StageTally([with_stages(record(0), unknown)]).steps
    assert step.tokens_known is None
    counted = stage(Step.DRAFT, calls=1, prompt_tokens=5, hard_before=1, hard_after=0)
    [step] = StageTally([with_stages(record(0), unknown, counted)]).steps
    assert (step.tokens_known, step.uncounted, step.per_thousand) == (5, 1, None)
    assert step.items == 1


def test_hostile_text_in_scores_and_stages_stays_text(info, scored):
    metric = METRIC.model_copy(update={"signature": HOSTILE, "caveats": (HOSTILE,)})
    hostile = info.model_copy(
        update={"metrics": {KEY: metric}, "caveats": [HOSTILE], "back_translator": HOSTILE}
    )
    item = scored(0, 0.5, None, backs=[HOSTILE, HOSTILE], item={"subject": HOSTILE})
    bad = item.segments[1].model_copy(update={"scores": {KEY: Score(value=None, reason=HOSTILE)}})
    item = item.model_copy(update={"segments": [item.segments[0], bad]})
    item = with_stages(item, stage(Step.DRAFT), stage(Step.EDIT, note=HOSTILE))
    page = Page(render_report(hostile, [item, scored(1, 0.6, item={"subject": "law"})]))
    assert len(page.all("script")) == 2
    assert page.all("img") == []
    assert page.records[0]["w"][1][8] == HOSTILE
    assert page.records[0]["s"][0][4] == HOSTILE
    assert page.text.count("onerror=alert(1)") >= 5


def test_a_score_and_a_step_cost_few_bytes(info, scored):
    """14,000 items with 5 scored segments and 5 steps each are to stay below 4 MB of them."""

    def size(records) -> int:
        return len(render_report(info, records).encode())

    cost = {"calls": 1, "prompt_tokens": 400, "completion_tokens": 100, "seconds": 1.234}
    bare = [scored(i, *[0.81234] * 5) for i in range(200)]
    plain = [
        item.model_copy(
            update={"segments": [s.model_copy(update={"scores": {}}) for s in item.segments]}
        )
        for item in bare
    ]
    full = [with_stages(item, *[stage(Step.EDIT, **cost)] * 5) for item in bare]
    fixed = size(full[:1]) - size(plain[:1])
    assert (size(full) - size(plain) - fixed) / 200 < 4e6 / 14_000
