"""The scores are the library's, and what has none says why."""

from __future__ import annotations

import asyncio
import random

import pytest

from eval.errors import MetricUnavailable
from eval.metrics.base import Row
from eval.metrics.comet import CometMetric
from glossary.language import Language
from tests.comet.rows import CANDIDATES, KINDS, ROWS, SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

Comets = dict[str, CometMetric]
Expected = dict[str, dict[str, list[float]]]
REFERENCED = {"regression": True, "referenceless": False, "unified": False, "xcomet": False}


def row(source: str, hypothesis: str, reference: str | None = None) -> Row:
    return Row(source, hypothesis, reference, Language.ZH_TW)


@pytest.mark.parametrize("kind", KINDS)
async def test_scores_are_those_of_the_library(
    kind: str, comets: Comets, expected: Expected
) -> None:
    metric = comets[kind]
    order = list(range(len(ROWS)))
    random.Random(5).shuffle(order)
    scores = await metric.score([row(*ROWS[at]) for at in order])
    assert [score.reason for score in scores] == [""] * len(ROWS)
    wanted = [expected[kind]["rows"][at] for at in order]
    assert [score.value for score in scores] == pytest.approx(wanted, abs=1e-5)
    assert len(set(expected[kind]["rows"])) > 5  # the model tells the rows apart


@pytest.mark.parametrize("kind", KINDS)
async def test_info_says_what_a_score_must_be_quoted_with(kind: str, comets: Comets) -> None:
    info = await comets[kind].info()
    assert info.needs_reference is REFERENCED[kind]
    assert "unbabel-comet:2.2.7" in info.signature
    assert "precision:fp32" in info.signature
    assert "encoder:encoder" in info.signature


async def test_another_checkpoint_has_another_signature(comets: Comets) -> None:
    regression, other = await asyncio.gather(
        comets["regression"].info(), comets["referenceless"].info()
    )
    assert regression.signature != other.signature


async def test_xcomet_scores_rows_with_and_without_reference_together(
    comets: Comets, expected: Expected
) -> None:
    rows = [row(s, h, r if at % 2 else None) for at, (s, h, r) in enumerate(ROWS)]
    scores = await comets["xcomet"].score(rows)
    wanted = [
        expected["xcomet" if at % 2 else "xcomet without reference"]["rows"][at]
        for at in range(len(ROWS))
    ]
    assert [score.value for score in scores] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("kind", ["regression", "unified"])
async def test_a_text_that_cannot_be_read_whole_costs_its_own_row_alone(
    kind: str, comets: Comets, expected: Expected
) -> None:
    metric = comets[kind]
    good = ROWS[0]
    rows = [
        row(*good),
        row(good[0], "長" * 600, good[2]),
        row("  ", good[1], good[2]),
        row(good[0], "", good[2]),
        row(good[0], "\ud800 half a pair", good[2]),
        row(*good),
    ]
    scores = await metric.score(rows)
    assert [score.value is None for score in scores] == [False, True, True, True, True, False]
    wanted = expected[kind]["rows"][0]
    assert [scores[0].value, scores[5].value] == pytest.approx([wanted] * 2, abs=1e-5)
    assert "hypothesis has 603 tokens; the model reads 510" in scores[1].reason
    assert "source is empty" in scores[2].reason
    assert "hypothesis is empty" in scores[3].reason
    assert "not valid Unicode" in scores[4].reason


async def test_a_text_of_510_tokens_is_scored_and_one_of_511_is_not(comets: Comets) -> None:
    fits, too_long = "字" * 507, "字" * 508  # and <s>, the space before a word, </s>
    scores = await comets["regression"].score([row("a", fits, "b"), row("a", too_long, "b")])
    assert [score.value is None for score in scores] == [False, True]


async def test_texts_that_fit_alone_but_not_together_are_not_cut(comets: Comets) -> None:
    rows = [row("甲" * 300, "乙" * 300), row("甲" * 200, "乙" * 200)]
    scores = await comets["unified"].score(rows)
    assert [score.value is None for score in scores] == [True, False]
    assert "the row has 606 tokens; the model reads 512" in scores[0].reason


async def test_without_its_reference_a_row_has_no_score(comets: Comets) -> None:
    (score,) = await comets["regression"].score([row("source", "hypothesis")])
    assert score.value is None
    assert "no reference" in score.reason


async def test_pairwise_is_predict_on_all_ordered_pairs(comets: Comets, expected: Expected) -> None:
    metric = comets["regression"]
    before = metric.worker.work.encoded
    utilities = await metric.pairwise(SOURCE, CANDIDATES)
    assert len(utilities) == len(CANDIDATES)
    flat = [value for each in utilities for value in each]
    assert flat == pytest.approx(expected["regression"]["pairs"], abs=1e-5)
    assert metric.worker.work.encoded - before == len({SOURCE, *CANDIDATES})


async def test_a_model_without_references_compares_no_candidates(comets: Comets) -> None:
    with pytest.raises(MetricUnavailable, match="beside its source alone"):
        await comets["referenceless"].pairwise(SOURCE, CANDIDATES)


async def test_what_was_encoded_once_is_not_encoded_again(comets: Comets) -> None:
    metric = comets["regression"]
    rows = [row("one source", f"its translation {at}", "a reference") for at in range(5)]
    encoded, cached = metric.worker.work.encoded, metric.worker.work.cached
    first = await metric.score(rows)
    assert metric.worker.work.encoded - encoded == 7
    assert await metric.score(rows) == first
    assert metric.worker.work.encoded - encoded == 7
    assert metric.worker.work.cached - cached == 7


async def test_callers_at_the_same_time_share_a_batch_and_each_gets_its_own(
    comets: Comets, expected: Expected
) -> None:
    metric = comets["regression"]
    await metric.info()
    batches = metric.worker.work.batches
    answers = await asyncio.gather(*(metric.score([row(*each)]) for each in ROWS))
    values = [score.value for (score,) in answers]
    assert values == pytest.approx(expected["regression"]["rows"], abs=1e-5)
    assert metric.worker.work.batches - batches == 1


async def test_a_caller_that_leaves_costs_the_others_nothing(
    comets: Comets, expected: Expected
) -> None:
    metric = comets["unified"]
    await metric.info()
    leaving = asyncio.create_task(metric.score([row("甲" * 250, f"乙 {at}") for at in range(99)]))
    staying = asyncio.create_task(metric.score([row(*each) for each in ROWS]))
    await asyncio.sleep(0.1)
    leaving.cancel()
    values = [score.value for score in await staying]
    assert values == pytest.approx(expected["unified"]["rows"], abs=1e-5)
