"""JUnit and Markdown are well-formed whatever the items say."""

from __future__ import annotations

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


def test_markdown_shows_both_texts_of_an_item_that_got_worse() -> None:
    written = as_markdown(result_with("the source"))
    part = written.split("### Items that got worse")[1]
    assert "the source" in part
    assert part.index("old:") < part.index("new:")
    assert "Regression: 5 of 200 items got worse" in written
