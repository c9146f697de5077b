"""Metrics that help to choose among candidates."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.base import MetricInfo, Row, Score
from eval.metrics.lexical import Chrf
from eval.segment import FieldKind, Segment
from glossary.language import parse_pair
from service.engines.base import TranslationRequest
from service.scoring.selecting import scorer_of

REQUEST = TranslationRequest(
    parse_pair("en>ko"),
    [
        Segment("q", "How many?", FieldKind.TEXT, "question"),
        Segment("a", "Two", FieldKind.OPTION, "A"),
    ],
)


class Lengths:
    """Needs no reference and finds long texts bad; knows nothing of some."""

    name = "lengths"

    def __init__(self, unknown: str = "") -> None:
        self.unknown, self.calls = unknown, 0

    async def info(self) -> MetricInfo:
        return MetricInfo(
            name=self.name,
            family="length",
            needs_reference=False,
            higher_is_better=False,
            signature="lengths",
        )

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        self.calls += 1
        return [
            Score(value=None, reason="unknown")
            if row.hypothesis == self.unknown
            else Score(value=len(row.hypothesis))
            for row in rows
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


async def test_a_metric_with_references_prefers_what_the_others_are_like() -> None:
    scorer = await scorer_of(Chrf("chrf"))
    alike, alike_too, other = await scorer.scores(
        REQUEST,
        [
            {"q": "몇 개입니까?", "a": "둘"},
            {"q": "모두 몇 개입니까?", "a": "둘"},
            {"q": "어디에 있나요?", "a": "셋"},
        ],
    )
    assert alike is not None
    assert alike_too is not None
    assert other is not None
    assert min(alike, alike_too) > other


async def test_of_two_the_longer_one_is_not_better_for_having_more_in_it() -> None:
    """Else an edit that takes out what was added would be refused for its score."""
    scorer = await scorer_of(Chrf("chrf"))
    two = [{"q": "몇 개입니까?", "a": "둘"}, {"q": "몇 개입니까? 잘 생각해 보세요.", "a": "둘"}]
    assert await scorer.scores(REQUEST, two) == [None, None]


async def test_higher_is_better_whatever_the_metric_thinks_and_one_call_is_enough() -> None:
    metric = Lengths()
    scorer = await scorer_of(metric)
    short, long = await scorer.scores(REQUEST, [{"q": "aa", "a": "b"}, {"q": "aaaa", "a": "b"}])
    assert short is not None
    assert long is not None
    assert short > long
    assert metric.calls == 1


async def test_a_segment_that_one_candidate_has_no_score_for_is_counted_for_none() -> None:
    scorer = await scorer_of(Lengths(unknown="???"))
    candidates = [{"q": "???", "a": "bb"}, {"q": "aaaaaaaaa", "a": "b"}]
    assert await scorer.scores(REQUEST, candidates) == [-2, -1]
    assert await scorer.scores(REQUEST, [{"q": "???", "a": "???"}] * 2) == [None, None]
