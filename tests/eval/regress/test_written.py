"""JUnit and Markdown are well-formed whatever the items say."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.regress import planted, quality, snapshot
from eval.regress.compare import compare
from eval.regress.criteria import Criteria
from eval.regress.junit import as_junit
from eval.regress.markdown import as_markdown
from eval.regress.result import Comparison
from eval.regress.snapshot import Snapshot

HOSTILE = [
    "</details><script>alert(1)</script>",
    "]]> & < > \" ' <!-- x -->",
    "```\n````\n# no heading\n````",
    "\x00\x01\x1b[31m\x85\ufffe\uffff",
    "| a | b |\n|---|---|",
    "[link](https://evil.example) @everyone www.evil.example",
    "\u202egnp.exe",
]


def result_with(text: str) -> Comparison:
    """A regression in which id, source and translation of the first item are this text."""
    true = quality(np.random.default_rng(1))
    old, new = (_with(snapshot(scores), text) for scores in (true, planted(true)))
    return compare(old, new, Criteria(draws=20))


def _with(taken: Snapshot, text: str) -> Snapshot:
    first = taken.records[0]
    segment = first.segments[0]
    segment = segment.model_copy(update={"source": text, "target": text + segment.target})
    first = first.model_copy(update={"id": text, "segments": [segment, *first.segments[1:]]})
    return replace(taken, records=(first, *taken.records[1:]))


@pytest.mark.parametrize("text", HOSTILE)
def test_junit_is_well_formed(text: str) -> None:
    suite = Xml.fromstring(as_junit(result_with(text)))
    cases = suite.findall("testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    assert suite.attrib["tests"] == str(len(cases))
    assert suite.attrib["failures"] == str(len(failed)) == "5"
    assert {case.attrib["name"] for case in failed} >= {f"q{place}" for place in range(1, 5)}


@settings(deadline=None)
@given(st.text())
def test_junit_can_be_read_whatever_the_text(text: str) -> None:
    xml = as_junit(
        replace(compare(snapshot(np.ones((2, 1))), snapshot(np.ones((2, 1)))), notes=(text,))
    )
    assert Xml.fromstring(xml).attrib["failures"] == "0"


def test_reports_say_of_what_they_are() -> None:
    result = result_with("a text")
    suite = Xml.fromstring(as_junit(result))
    assert suite.attrib["name"] == "isogloss.mmlu.en-to-ko"
    assert {case.attrib["classname"] for case in suite} == {
        "isogloss.mmlu.en-to-ko.numbers",
        "isogloss.mmlu.en-to-ko.items",
    }
    assert as_markdown(result).startswith("## Regression of translations: mmlu, en&gt;ko\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_lets_nothing_out_of_its_fences(text: str) -> None:
    written = as_markdown(result_with(text))
    fence, outside = "", []
    for line in written.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line
        else:
            outside.append(line)
    assert not fence
    rest = "\n".join(outside)
    assert "<script" not in rest
    assert rest.count("<details>") == rest.count("</details>") >= 5
    assert "@everyone" not in rest
    assert "://evil" not in rest
    rows = [line for line in outside if line.startswith("|")]
    assert {row.count("|") for row in rows} == {10}


@pytest.mark.parametrize("length", [2_000, 30_000])
def test_markdown_fits_into_a_comment_however_long_the_texts_are(length: int) -> None:
    true = quality(np.random.default_rng(1))
    old, new = (_long(snapshot(scores), length) for scores in (true, planted(true, 30)))
    result = compare(old, new, Criteria(draws=20))
    written = as_markdown(result)
    assert len(result.regressed) >= 30
    assert len(written) <= 65_536
    assert written.count("<details>") == written.count("</details>") >= 5
    assert "too long for this page" in written
    assert re.search(r"^and \d+ more$", written, re.MULTILINE)


def _long(taken: Snapshot, length: int) -> Snapshot:
    """Each item's first text is that long."""
    records = []
    for record in taken.records:
        first, *others = record.segments
        first = first.model_copy(update={"target": first.target + "字" * length})
        records.append(record.model_copy(update={"segments": [first, *others]}))
    return replace(taken, records=tuple(records))


def test_markdown_shows_both_texts_of_an_item_that_got_worse() -> None:
    written = as_markdown(result_with("the source"))
    part = written.split("### Items that got worse")[1]
    assert "the source" in part
    assert part.index("old:") < part.index("new:")
    assert "Regression: 5 of 200 items got worse" in written
