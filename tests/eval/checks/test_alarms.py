"""Good human translations pass, but for the alarms that docs/alarms.md explains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.checks.clean import clean_items
from bench.checks.data import DATA, NTREX_PAIRS, Half
from bench.checks.false_alarms import alarms
from bench.checks.measure import Findings
from eval.checks.rules import DEFAULT_RULES

PAGE = Path(__file__).parents[3] / "docs" / "alarms.md"
_ROW = re.compile(r"\| (?P<pair>\S+>\S+) \| (?P<id>\S+) \| (?P<check>\w+) \| (?P<why>.+) \|")


@pytest.mark.skipif(
    not (DATA / "parallel" / "ntrex.tsv").exists(), reason=f"needs NTREX and MGSM in {DATA}"
)
def test_every_hard_alarm_on_a_good_translation_is_explained() -> None:
    explained = {(m["pair"], m["id"], m["check"]) for m in _ROW.finditer(PAGE.read_text("utf-8"))}
    found = set()
    for pair in NTREX_PAIRS:
        items = clean_items(pair, Half.REPORT)
        for origin in ("ntrex", "mgsm"):
            listed = alarms(items.get(origin, []), Findings(DEFAULT_RULES)).listed
            found |= {(str(pair), clean.id, finding.check) for clean, finding in listed}
    assert found == explained
