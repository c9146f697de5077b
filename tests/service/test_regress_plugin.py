"""A team's own tests compare runs with the fixture; nobody else notices that it is there."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.regress import planted, quality, snapshot
from eval.regress.snapshot import Snapshot, write_snapshot

pytest_plugins = ["pytester"]

TRUE = quality(np.random.default_rng(5), items=40)
TEST = """
def test_korean(isogloss_regress):
    isogloss_regress("snapshots/ko", "runs/now"{more}).assert_no_regression()
"""


INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"


def prepare(pytester: pytest.Pytester, new: Snapshot, more: str = "") -> None:
    write_snapshot(snapshot(TRUE), pytester.path / "snapshots" / "ko")
    write_snapshot(new, pytester.path / "runs" / "now")
    pytester.makeini(INI)
    pytester.makepyfile(TEST.format(more=more))


def test_a_run_that_is_no_worse_passes(pytester: pytest.Pytester) -> None:
    prepare(pytester, snapshot(TRUE))
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_regression_fails_and_names_the_items(pytester: pytest.Pytester) -> None:
    prepare(pytester, snapshot(planted(TRUE)))
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*5 of 40 items got worse*", "*q0 (fell)*"])
    result.stdout.no_fnmatch_line("*as_markdown*")


def test_a_run_without_scores_fails(pytester: pytest.Pytester) -> None:
    prepare(pytester, snapshot(TRUE * np.nan))
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*not known, for want of scores*"])


def test_criteria_are_the_call_s_or_the_project_s(pytester: pytest.Pytester) -> None:
    slightly = snapshot(TRUE - 1.5)
    prepare(pytester, slightly)
    pytester.runpytest_inprocess().assert_outcomes(failed=1)
    wide = "isogloss_margins =\n  round_trip.chrf = 5\n  round_trip.comet=0.05\n"
    pytester.makeini(INI + wide)
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
    prepare(pytester, slightly, ", margins={'round_trip.chrf': 0.1}")
    pytester.makeini(INI + wide)
    pytester.runpytest_inprocess().assert_outcomes(failed=1)


def test_a_wrong_margin_in_the_configuration_is_told(pytester: pytest.Pytester) -> None:
    prepare(pytester, snapshot(TRUE))
    pytester.makeini(INI + "isogloss_margins = round_trip.chrf\n")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Cannot read the margin 'round_trip.chrf'*", "*What to do: Write KEY=VALUE*"]
    )


def test_another_benchmark_is_an_error_with_a_reason(pytester: pytest.Pytester) -> None:
    new = snapshot(TRUE)
    prepare(pytester, replace(new, records=new.records[1:]))
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*only in the old: q0*", "*What to do: Compare runs of one file*"])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (", margins={'round_trip.chrf': -1}", "*Cannot read the margin 'round_trip.chrf=-1'*"),
        (", item_margins={'round_trip.chrf': float('nan')}", "*a value above 0*"),
        (", alpha=5", "*alpha cannot be 5*"),
        (", alpha=0", "*a chance above 0*"),
        (", tolerated=5", "*a share of the items, from 0 to 1*"),
        (", metrics='round_trip.chrf'", "*What to do: Give a list of score keys*"),
    ],
)
def test_a_criterion_that_cannot_be_is_told(
    more: str, told: str, pytester: pytest.Pytester
) -> None:
    prepare(pytester, snapshot(TRUE), more)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([told])


def run_python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_loading_it_costs_other_projects_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import pytest_isogloss; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = run_python("-c", code, folder=tmp_path)
    assert done.stdout.strip() == "['pytest_isogloss']", done.stderr


def test_projects_may_have_a_package_named_service(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "conftest.py").touch()
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "__init__.py").write_text("OURS = True\n")
    (tmp_path / "test_it.py").write_text("def test_it():\n    from service import OURS\n")
    for start in (["-m", "pytest"], ["-c", "import sys, pytest; sys.exit(pytest.main())"]):
        done = run_python(*start, folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
