"""Each check on the cases that its page shows."""

from __future__ import annotations

import pytest

from docs.check_pages import CASES, Case, read_cases
from eval.checks.suite import NAMES

ALL = [
    pytest.param(name, case, id=f"{name}: {case.title}")
    for name in NAMES
    for case in read_cases(name)
]


@pytest.mark.parametrize(("name", "case"), ALL)
def test_a_case_finds_what_it_says(name: str, case: Case) -> None:
    findings = case.findings(name)
    sources = case.sources()
    found = [
        (
            finding.severity,
            finding.hard,
            finding.segment if wanted is None or wanted.segment else None,
            finding.source_span and sources[finding.segment][slice(*finding.source_span)],
            finding.target_span and case.targets[finding.segment][slice(*finding.target_span)],
        )
        for finding, wanted in zip(findings, [*case.finds, *[None] * len(findings)], strict=False)
    ]
    wanted_list = [(w.severity, w.hard, w.segment, w.source, w.target) for w in case.finds]
    assert found == wanted_list


@pytest.mark.parametrize("name", NAMES)
def test_every_check_has_a_case_that_passes_and_one_that_fails(name: str) -> None:
    assert {bool(case.finds) for case in read_cases(name)} == {True, False}


def test_every_file_of_cases_belongs_to_a_check() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(NAMES)
