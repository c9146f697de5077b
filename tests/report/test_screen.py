"""What a command prints of scores and steps when a run has ended."""

import io

import pytest
from rich.console import Console

from eval.run_log import StageOutcome, StageRecord, Step
from service.cli import screen


@pytest.fixture
def printed(monkeypatch):
    """What was printed on a terminal of 80 columns."""
    paper = io.StringIO()
    monkeypatch.setattr(screen, "console", Console(file=paper, width=80))
    return paper.getvalue


def test_scores_are_printed_with_interval_and_reasons(printed, info, scored):
    screen.show_outcome(info, iter([scored(0, 0.5, None), scored(1, 0.7), scored(2, 0.6)]))
    [row] = [line for line in printed().splitlines() if "│ round_trip.comet" in line]
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells[:2] == ["round_trip.comet", "0.600"]
    assert cells[3:] == ["3", "1"]
    assert "round_trip.comet not scored, 1: too short" in printed()


def test_steps_are_printed_whole_on_a_narrow_terminal(printed, info, record):
    cost = {"calls": 1, "prompt_tokens": 120_000, "completion_tokens": 30_000, "seconds": 2.5}
    edit = StageRecord(
        step=Step.EDIT, outcome=StageOutcome.ACCEPTED, **cost, hard_before=2, hard_after=0
    )
    back = StageRecord(step=Step.BACK_TRANSLATE, outcome=StageOutcome.SKIPPED)
    item = record(0)
    made = item.provenance.model_copy(update={"stages": [edit, back]})
    screen.show_outcome(info, [item.model_copy(update={"provenance": made})])
    rows = [line.split("│")[1:-1] for line in printed().splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert ["edit", "1", "150,000", "2.5", "1 accepted", "-2"] in cells
    assert ["back translate", "0", "0", "0.0", "1 skipped", "·"] in cells


def test_a_run_without_scores_and_steps_prints_neither(printed, info, record):
    screen.show_outcome(info, [record(0)])
    assert "Scores" not in printed()
    assert "Steps" not in printed()


def test_findings_come_in_one_order_always(printed, finding, record):
    for names in (("b", "a", "c"), ("c", "b", "a")):
        screen.show_findings([record(0, findings=[finding(name)]) for name in names])
    tables = printed().split("Findings")[1:]
    assert tables[0] == tables[1]


def test_why_items_failed_is_told_once_with_what_to_do(printed, info, record, failed):
    screen.show_outcome(info, [failed(0), failed(1), record(2)])
    told = " ".join(printed().split())
    assert told.count("2 failed, engine_timeout: No answer in 60 s. What to do: Run again.") == 1


def test_a_long_title_leaves_the_numbers_whole(printed, record):
    with screen.progress_bar("the_long_name_of_a_benchmark_of_somebody.jsonl") as progress:
        progress(1200, None)
        progress(1200, record(0))
    assert "1/1200" in printed()
