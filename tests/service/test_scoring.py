"""From records to rows and back; metrics by name; what selected never judges alone."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from eval.checks.base import Finding, Severity
from eval.errors import MetricError, UnknownMetric
from eval.metrics.base import MetricInfo, Row, Score, Use
from eval.run_log import (
    ItemRecord,
    Provenance,
    SegmentRecord,
    StageOutcome,
    StageRecord,
    Step,
    Verdict,
)
from glossary.language import Language, parse_pair
from service.pipeline.measure import Measure
from service.scoring.measure import ScoringMeasure
from service.scoring.records import judging, scored
from service.settings import MetricKind, MetricSettings, Settings
from service.wiring import METRICS, make_metric, make_metrics
from tests.service.scripted_metric import SETTINGS, SimilarityMetric, metric, playing

PAIR = parse_pair("en>ko")
ALL = tuple(Use)


def segment(id_: str = "q", **more: Any) -> SegmentRecord:
    given = {"source": "A cat", "target": "고양이", "reference": "고양이", **more}
    return SegmentRecord(id=id_, kind="text", **given)


def record(
    *segments: SegmentRecord,
    findings: tuple[Finding, ...] = (),
    made: Provenance | None = None,
) -> ItemRecord:
    return ItemRecord(
        index=0,
        id="0",
        verdict=Verdict.OK,
        item={},
        segments=list(segments),
        findings=list(findings),
        provenance=made or Provenance(signature="s", source_sha256=""),
    )


def copied(id_: str) -> Finding:
    return Finding("untranslated", Severity.CRITICAL, True, id_, "Left in English.")


async def reasons(given: ItemRecord, *uses: Use, needs_reference: bool = True) -> dict[str, str]:
    """Why the first segment has no score, by use; empty where it has one."""
    measure = ScoringMeasure([metric(needs_reference=needs_reference)], PAIR, uses or ALL)
    (first, *_) = (await measure.measure(given)).segments
    return {key.partition(".")[0]: score.reason for key, score in first.scores.items()}


# Rows


async def test_each_use_lays_its_own_text_beside() -> None:
    asked = metric()
    free = metric("free", needs_reference=False)
    given = segment(reference="고양이 한 마리", back_translation="One cat")
    measure = ScoringMeasure([asked, free], PAIR, ALL)
    done = await measure.measure(record(given))
    assert asked.script.asked == [
        [
            Row("A cat", "고양이", "고양이 한 마리", Language.KO),
            Row("고양이", "One cat", "A cat", Language.EN),
        ]
    ]
    assert free.script.asked == [[Row("A cat", "고양이", None, Language.KO)]]
    assert done.segments[0].scores == {
        "reference.m": Score(value=3),
        "round_trip.m": Score(value=7),
        "source.free": Score(value=3),
    }


async def test_a_metric_is_asked_once_per_item_and_each_segment_gets_its_own_score() -> None:
    asked = metric()
    words = ["하나", "둘둘둘", "", "셋"]
    given = record(*[segment(f"s{at}", target=word) for at, word in enumerate(words)])
    done = await ScoringMeasure([asked], PAIR, [Use.REFERENCE]).measure(given)
    assert len(asked.script.asked) == 1
    values = [each.scores["reference.m"].value for each in done.segments]
    assert values == [2, 3, None, 1]


@pytest.mark.parametrize(
    ("more", "found", "reason"),
    [
        ({"target": ""}, (), {"reference": "no translation", "round_trip": "no translation"}),
        ({"reference": None}, (), {"reference": "no reference", "round_trip": ""}),
        ({"reference": " "}, (), {"reference": "no reference", "round_trip": ""}),
        ({"back_translation": None}, (), {"reference": "", "round_trip": "no back-translation"}),
        (
            {"source": "42", "target": "42", "reference": "42", "back_translation": "42"},
            (),
            {"reference": "nothing to translate", "round_trip": "nothing to translate"},
        ),
        (
            {"source": "Kant", "target": "Kant", "reference": "칸트", "back_translation": "Kant"},
            (),
            {"reference": "", "round_trip": "nothing to translate"},
        ),
        (
            {"source": "A cat", "target": "A cat", "back_translation": "A cat"},
            ("q",),
            {"reference": "", "round_trip": "the target is a copy of the source"},
        ),
    ],
    ids=["empty", "no-reference", "blank-reference", "no-way-back", "number", "name", "copy"],
)
async def test_what_has_no_score_says_why(
    more: dict[str, Any], found: tuple[str, ...], reason: dict[str, str]
) -> None:
    given = segment(**{"back_translation": "A cat", **more})
    findings = tuple(map(copied, found))
    assert await reasons(record(given, findings=findings)) == reason


async def test_an_item_without_a_text_to_translate_says_so_itself() -> None:
    done = await ScoringMeasure([metric()], PAIR, ALL).measure(record())
    nothing = Score(value=None, reason="nothing to translate")
    assert done.scores == {"reference.m": nothing, "round_trip.m": nothing}
    assert (await ScoringMeasure([metric()], PAIR, ALL).measure(record(segment()))).scores == {}


async def test_a_copy_is_not_scored_against_its_source_either() -> None:
    given = record(segment(target="A cat"), findings=(copied("q"),))
    assert await reasons(given, needs_reference=False) == {
        "source": "the target is a copy of the source"
    }


async def test_the_control_run_of_one_language_is_scored() -> None:
    pair = parse_pair("en>en")
    given = record(segment(target="A cat", back_translation="A cat"))
    done = await ScoringMeasure([metric()], pair, [Use.ROUND_TRIP]).measure(given)
    assert done.segments[0].scores["round_trip.m"].value == 5


# Failures


async def test_a_metric_that_fails_costs_only_its_own_scores() -> None:
    given = record(segment())
    bad, good = metric("bad", crashes=lambda row: True), metric("good")
    done = await ScoringMeasure([bad, good], PAIR, [Use.REFERENCE]).measure(given)
    scores = done.segments[0].scores
    assert scores["reference.good"].value == 3
    assert scores["reference.bad"] == Score(value=None, reason="Metric bad: it was killed.")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
async def test_what_is_no_number_is_no_score(number: float) -> None:
    measure = ScoringMeasure([metric(value=lambda row: number)], PAIR, [Use.REFERENCE])
    score = (await measure.measure(record(segment()))).segments[0].scores["reference.m"]
    assert score == Score(value=None, reason="the metric gave no finite number")


async def test_too_few_scores_are_given_to_no_segment() -> None:
    class Short(SimilarityMetric):
        async def score(self, rows: Any) -> list[Score]:
            return (await super().score(rows))[1:]

    short = Short(metric().options, "m", metric().script)
    given = record(segment(), segment("r", target="개"))
    done = await scored(given, [(short, [Use.REFERENCE])], PAIR)
    assert [each.scores["reference.m"].value for each in done.segments] == [None, None]


async def test_only_what_has_no_value_is_asked_again() -> None:
    asked = metric()
    had = {"reference.m": Score(value=0.0)}
    lost = {"reference.m": Score(value=None, reason="Metric m: it was killed.")}
    given = record(segment("a", scores=had), segment("b", scores=lost), segment("c", target="둘"))
    measure = ScoringMeasure([asked], PAIR, [Use.REFERENCE], missing_only=True)
    done = await measure.measure(given)
    assert [row.hypothesis for row in asked.script.asked[0]] == ["고양이", "둘"]
    assert [each.scores["reference.m"].value for each in done.segments] == [0.0, 3, 1]


# What is said of scores


async def test_a_measure_says_how_each_score_is_made() -> None:
    measure: Measure = ScoringMeasure(
        [metric(), metric("free", needs_reference=False)], PAIR, ALL, back_translator="gemma@1"
    )
    infos = await measure.info()
    assert {key: info.signature for key, info in infos.items()} == {
        "reference.m": "scripted|v:1",
        "round_trip.m": "scripted|v:1|back:gemma@1",
        "source.free": "scripted|v:1",
    }
    assert measure.signature == "m+free"
    assert list(measure.caveats) == []


async def test_a_metric_with_nothing_to_compare_is_named() -> None:
    measure = ScoringMeasure([metric()], PAIR, [Use.SOURCE])
    assert await measure.info() == {}
    (caveat,) = measure.caveats
    assert "Nothing was scored with m" in caveat


def families(*names: str) -> dict[str, MetricInfo]:
    return {
        f"reference.{name}": MetricInfo(name=name, family=name, needs_reference=True, signature="s")
        for name in names
    }


@pytest.mark.parametrize(
    ("judges", "selected_by", "biased"),
    [
        (["lexical"], ["lexical"], True),
        (["lexical", "comet"], ["lexical"], False),
        (["lexical", "comet"], ["lexical", "comet"], True),
        (["comet"], ["lexical"], False),
        (["lexical"], [], False),
        ([], ["lexical"], False),
    ],
)
def test_what_selected_never_judges_alone(
    judges: list[str], selected_by: list[str], biased: bool
) -> None:
    caveat = judging(families(*judges), selected_by)
    assert (caveat is not None) is biased
    if caveat:
        assert all(name in caveat for name in judges)


def made(candidates: int, *edits: StageOutcome) -> Provenance:
    """Of an item with so many candidates, and what came of edits."""
    stages = [StageRecord(step=Step.EDIT, outcome=outcome) for outcome in edits]
    return Provenance(signature="s", source_sha256="", candidates=candidates, stages=stages)


@pytest.mark.parametrize(
    ("candidates", "edits", "biased"),
    [
        (2, [], True),
        (1, [], False),
        (0, [], False),
        (1, [StageOutcome.SKIPPED, StageOutcome.FAILED], False),
        (1, [StageOutcome.REFUSED], True),
    ],
    ids=["a choice", "no choice", "nothing translated", "no edit", "an edit was judged"],
)
async def test_the_caveat_comes_once_there_was_something_to_select_from(
    candidates: int, edits: list[StageOutcome], biased: bool
) -> None:
    measure = ScoringMeasure([metric()], PAIR, [Use.REFERENCE], selected_by=["lexical", "scripted"])
    await measure.info()
    assert list(measure.caveats) == []
    await measure.measure(record(segment(), made=made(candidates, *edits)))
    await measure.measure(record(segment(), made=made(1)))
    assert ["selected by a metric" in caveat for caveat in measure.caveats] == [True] * biased


async def test_strings_select_nothing_where_there_is_one_candidate() -> None:
    measure = ScoringMeasure(
        make_metrics(Settings()).chosen(["chrf"]), PAIR, [Use.REFERENCE], selected_by=["lexical"]
    )
    await measure.measure(record(segment(), made=made(1, StageOutcome.ACCEPTED)))
    assert list(measure.caveats) == []
    await measure.measure(record(segment(), made=made(2)))
    assert "lexical" in measure.caveats[0]


# Metrics by name


async def test_lexical_metrics_are_always_there() -> None:
    metrics = make_metrics(Settings())
    assert metrics.names == ["bleu", "chrf"]
    assert metrics.get("chrf") is metrics.get("chrf")
    assert (await metrics.get("bleu").info()).name == "bleu"
    await metrics.close()


def test_an_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(UnknownMetric) as refused:
        make_metrics(Settings()).get("chrff")
    assert "chrf" in refused.value.remedy


def test_every_kind_of_metric_is_in_the_table() -> None:
    assert METRICS.keys() == set(MetricKind)


@pytest.mark.parametrize("kind", MetricKind)
async def test_every_kind_makes_a_metric(kind: MetricKind, tmp_path: Path) -> None:
    """Also those whose model is not there: they tell so when they are used."""
    needs_model = kind in (MetricKind.COMET, MetricKind.SIMILARITY)
    given = MetricSettings(kind=kind, checkpoint=tmp_path / "none" if needs_model else None)
    made = make_metric("mine", given)
    assert made.name == "mine"
    if needs_model:
        with pytest.raises(MetricError):
            await made.info()
    await made.close()


async def test_metrics_are_made_on_demand_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    licensed = SETTINGS.model_copy(update={"licence": "CC-BY-NC-SA-4.0"})
    with playing(monkeypatch) as script:
        metrics = make_metrics(
            Settings(metrics={"mine": licensed, "idle": SETTINGS, "unused": SETTINGS})
        )
        assert (await metrics.get("mine").info()).licence == "CC-BY-NC-SA-4.0"
        assert (await metrics.get("idle").info()).licence == ""
        await metrics.close()
        assert script.closed == 2


def test_a_metric_comes_from_nested_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"KIND": "comet", "CHECKPOINT": "/m", "PRECISION": "bf16"}.items():
        monkeypatch.setenv(f"ISOGLOSS_METRICS__COMET22__{name}", value)
    given = Settings().metrics["comet22"]
    assert (given.kind, given.checkpoint, given.precision) == (MetricKind.COMET, Path("/m"), "bf16")
    assert {"chrf", "bleu"} <= Settings().metrics.keys()


async def test_a_licence_that_the_settings_say_brings_its_caveat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bound = SETTINGS.model_copy(update={"licence": "CC-BY-NC-SA-4.0"})
    with playing(monkeypatch):
        metrics = make_metrics(Settings(metrics={"m": bound}))
        info = await metrics.get("m").info()
    assert info.licence == "CC-BY-NC-SA-4.0"
    assert any("forbids commercial use" in caveat for caveat in info.caveats)
