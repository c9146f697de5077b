"""The same source text is translated alike in all items, whatever order they come in."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.checks.base import Finding
from eval.checks.consistency import CONSISTENCY, Consistency
from eval.checks.rules import Level, Rules
from eval.run_log import ItemRecord, Provenance, SegmentRecord, Verdict, judged_together

ABOVE = "None of the above"


def segment(source: str, target: str, kind: str = "option", id_: str = "D") -> SegmentRecord:
    return SegmentRecord(id=id_, kind=kind, source=source, target=target)


def found(*texts: SegmentRecord, level: Level | None = None) -> dict[int, list[Finding]]:
    together = Consistency(Rules({CONSISTENCY: level} if level else {}))
    for item, text in enumerate(texts):
        together.add(item, [text])
    return together.findings()


def test_the_rarer_rendering_is_named_with_the_usual_one() -> None:
    texts = [segment(ABOVE, target) for target in ("以上皆非", "都不是", "以上皆非")]
    ((item, (finding,)),) = found(*texts).items()
    assert (item, finding.segment, finding.target_span) == (1, "D", (0, 3))
    assert (finding.expected, finding.found) == ("以上皆非", "都不是")
    assert "2×; this way 1×" in finding.message


def test_fields_of_another_kind_are_another_text() -> None:
    assert found(segment("Why?", "為什麼？", "text"), segment("Why?", "為何？", "option")) == {}


def test_long_texts_are_compared_as_a_whole() -> None:
    """Also those of which only a digest is kept."""
    long = "All over the world people drink tea. " * 40
    same = [segment(long, "譯文" * 400, "text"), segment(long + "x", "別的" * 400, "text")]
    assert found(*same) == {}
    ((item, (finding,)),) = found(
        segment(long, "譯文" * 400 + "一", "text"), segment(long, "譯文" * 400 + "二", "text")
    ).items()
    assert item == 1
    assert finding.target_span == (0, 801)
    assert finding.expected is not None
    assert len(finding.expected) <= 200


@pytest.mark.parametrize(
    ("level", "hard"), [(Level.HARD, {True}), (Level.SOFT, {False}), (Level.OFF, set())]
)
def test_its_level_is_chosen_like_that_of_any_check(level: Level, hard: set[bool]) -> None:
    result = found(segment(ABOVE, "以上皆非"), segment(ABOVE, "都不是"), level=level)
    assert {finding.hard for findings in result.values() for finding in findings} == hard


SOURCES = st.sampled_from(["a", "b", "None of the above", "a long text " * 9])
TARGETS = st.sampled_from(["甲", "乙", "甲。", " 甲 ", "", "\ud800", "丙" * 70])
TEXTS = st.lists(st.tuples(SOURCES, TARGETS, st.sampled_from(["option", "text"])), max_size=12)


@given(TEXTS, st.randoms())
def test_the_order_of_completion_does_not_matter(
    texts: list[tuple[str, str, str]], random: Random
) -> None:
    items = [(index, segment(*text)) for index, text in enumerate(texts)]
    forth, shuffled = Consistency(), Consistency()
    for item, text in items:
        forth.add(item, [text])
    random.shuffle(items)
    for item, text in items:
        shuffled.add(item, [text])
    assert forth.findings() == shuffled.findings()
    assert list(forth.findings()) == list(shuffled.findings())
    for item, findings in forth.findings().items():
        for finding in findings:
            assert finding.target_span == (0, len(texts[item][1]))


def record(index: int, target: str, *findings: Finding) -> ItemRecord:
    return ItemRecord(
        index=index,
        id=str(index),
        verdict=Verdict.OK,
        item={},
        segments=[segment(ABOVE, target)],
        findings=list(findings),
        provenance=Provenance(signature="", source_sha256=""),
    )


def test_records_are_judged_anew_and_again_with_the_same_result() -> None:
    rules = Rules({CONSISTENCY: Level.HARD})
    records = [record(0, "以上皆非"), record(1, "都不是")]
    once = judged_together(records, rules)
    assert [each.verdict for each in once] == [Verdict.OK, Verdict.FLAGGED]
    assert judged_together(once, rules) == once
    assert judged_together(once, Rules({CONSISTENCY: Level.OFF})) == records
