"""Translating back: blind, by another family, apart from everything else."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import opencc
import pytest

from eval.benchmarks.library import load_recipe
from eval.metrics.base import Use
from eval.round_trip.outcomes import ProbeResult
from eval.run_log import ItemRecord, StageOutcome, Step
from glossary.concept import Concept, Glossary, Term
from glossary.language import Language, parse_pair
from glossary.terminology import Terminology
from prompts.errors import NoProblems
from service.engines.base import EngineInfo
from service.pipeline.run import RunOptions, prepare_run
from service.round_trip.back_translate import BackTranslator
from service.round_trip.choice import back_translator
from service.round_trip.family import family_of
from service.round_trip.probe import NumberProbe, probes_of
from service.scoring.measure import ScoringMeasure
from service.settings import EngineKind, EngineSettings, Settings
from service.wiring import Engines, make_engine, make_engines, make_metrics
from tests.service import upstream as play
from tests.service.rig import engine, question
from tests.service.upstream import Step as Answer
from tests.service.upstream import Upstream, running

PAIR = parse_pair("zh-CN>zh-TW")
CMMLU = load_recipe("cmmlu")
BACK = opencc.OpenCC("t2s").convert
OPENCC = EngineInfo("opencc", "opencc")
NUMBERED = {"question": "拿破仑于1804年称帝，当时他的卫队有多少人？"}


@pytest.fixture
async def gemma() -> AsyncIterator[Upstream]:
    """A model of another family that translates back well."""
    async with running(Upstream(models=[{"id": "gemma-3-12b-it"}], translate=BACK)) as server:
        yield server


async def translated(*items: dict[str, Any], engine_: str = "opencc") -> list[ItemRecord]:
    """Records of items that an embedded engine translated."""
    forward = make_engine(engine_, EngineSettings(kind=EngineKind(engine_)))
    run = await prepare_run(forward, CMMLU, PAIR, RunOptions())
    return [record async for record in run.records(enumerate(items))]


async def way_back(upstream: Upstream, forward: EngineInfo = OPENCC) -> BackTranslator:
    made = make_engine("back", engine(upstream))
    return BackTranslator(made, CMMLU, PAIR, forward, await made.info())


async def test_the_way_back_is_kept_and_its_cost_is_told(gemma: Upstream) -> None:
    (record,) = await translated(question())
    back = await way_back(gemma)
    measured = await back.measure(record)
    await back.engine.close()
    assert [each.back_translation for each in measured.segments] == [
        each.source for each in record.segments
    ]
    assert len(gemma.bodies) == 1
    stage = measured.provenance.stages[-1]
    assert (stage.step, stage.outcome, stage.calls) == (Step.BACK_TRANSLATE, StageOutcome.DONE, 1)
    assert (stage.prompt_tokens, stage.completion_tokens) == (100, 10)
    assert measured.provenance.calls == record.provenance.calls + 1
    assert measured.provenance.prompt_tokens == 100
    assert measured.item == record.item
    assert measured.verdict == record.verdict


async def test_the_back_translator_sees_neither_source_nor_glossary(
    upstream: Upstream, gemma: Upstream
) -> None:
    terms = (
        Term(language=Language.ZH_CN, text="螺丝刀"),
        Term(language=Language.ZH_TW, text="螺絲起子"),
    )
    glossary = Glossary(name="exams", version=1, concepts=(Concept(id="tool", terms=terms),))
    forward = make_engine("m", engine(upstream))
    back = await way_back(gemma, await forward.info())
    options = RunOptions(terminology=Terminology([glossary], PAIR), measures=[back])
    run = await prepare_run(forward, CMMLU, PAIR, options)
    (record,) = [each async for each in run.records([(0, question(C="盒里的螺丝刀"))])]
    for each in (forward, back.engine):
        await each.close()
    assert "螺丝刀 => 螺絲起子" in json.dumps(upstream.bodies, ensure_ascii=False)
    (body,) = gemma.bodies
    shown = json.dumps(body, ensure_ascii=False)
    assert "盒裡的螺絲刀" in shown
    for hidden in ("螺丝刀", "螺絲起子", *(segment.source for segment in record.segments[:3])):
        assert hidden not in shown


@pytest.mark.parametrize(
    "step",
    [play.status(400), play.contents("no JSON at all"), play.contents("{}", reasons=["length"])],
    ids=["refused", "unreadable", "cut off"],
)
async def test_a_failed_way_back_costs_nothing_but_itself(gemma: Upstream, step: Answer) -> None:
    gemma.play(step)
    forward = make_engine("opencc", EngineSettings(kind=EngineKind.OPENCC))
    back = await way_back(gemma)
    run = await prepare_run(forward, CMMLU, PAIR, RunOptions(measures=[back]))
    first, second = [each async for each in run.records(enumerate([question(0), question(1)]))]
    await back.engine.close()
    broken, whole = sorted((first, second), key=lambda each: -_failed(each))
    assert _failed(broken)
    assert not _failed(whole)
    assert {each.back_translation for each in broken.segments} == {None}
    assert all(each.back_translation for each in whole.segments)
    assert broken.provenance.stages[-1].note
    assert broken.provenance.calls == 1
    assert broken.verdict == whole.verdict == "ok"


async def test_every_call_of_a_failed_way_back_is_counted(gemma: Upstream) -> None:
    """A model that takes one text per request: four of five calls were answered, and paid."""
    (record,) = await translated(question())
    made = make_engine("back", engine(gemma, profile="translategemma"))
    back = BackTranslator(made, CMMLU, PAIR, OPENCC, await made.info())
    gemma.play(*[play.good] * 4, play.contents("", reasons=["length"]))
    measured = await back.measure(record)
    await made.close()
    assert _failed(measured)
    stage = measured.provenance.stages[-1]
    assert len(gemma.bodies) == stage.calls == measured.provenance.calls == 5
    assert stage.completion_tokens == 50


async def test_an_item_that_cannot_be_probed_leaves_its_probe_to_another(gemma: Upstream) -> None:
    """One that no prompt can be made of."""
    first, second = await translated(question(0, **NUMBERED), question(1, **NUMBERED))
    back = await way_back(gemma)
    refuse = {"pending": True}
    translate = back.translated

    async def translated_(*given: Any, **more: Any) -> Any:
        if refuse.pop("pending", False):
            raise NoProblems
        return await translate(*given, **more)

    back.translated = translated_  # type: ignore[method-assign]
    probe = NumberProbe(back, CMMLU, PAIR, count=1)
    measured = [await probe.measure(record) for record in (first, second)]
    await back.engine.close()
    assert _failed(measured[0])
    assert probes_of(measured) == {ProbeResult.FOLLOWED: ["q1"]}


def _failed(record: ItemRecord) -> bool:
    return record.provenance.stages[-1].outcome is StageOutcome.FAILED


@pytest.mark.parametrize(
    ("model", "profile", "family"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "qwen2.5", "qwen"),
        ("/models/qwen3-32b/", "qwen3", "qwen"),
        ("google/gemma-3-12b-it", "gemma-3", "gemma"),
        ("translategemma-12b-it", "translategemma", "gemma"),
        ("Unbabel/Tower-Plus-9B", "tower", "gemma"),
        ("Unbabel/Tower-Plus-72B", "tower", "qwen"),
        ("my-finetune", "qwen2.5", "qwen"),
        ("meta-llama/Llama-3.1-8B-Instruct", "generic", "llama"),
        ("Llama-3.3-70B", "generic", "llama"),
    ],
)
def test_models_of_one_family_are_known_by_name_or_profile(
    model: str, profile: str, family: str
) -> None:
    assert family_of(EngineInfo("any", "openai", model, profile=profile)) == family


async def chosen(wanted: str | None, forward: str, **servers: Upstream) -> BackTranslator:
    engines = make_engines(Settings(engines={k: engine(each) for k, each in servers.items()}))
    try:
        known = await engines.get(forward).info()
        return await back_translator(
            engines, wanted, load_recipe("mmlu"), parse_pair("en>ko"), known
        )
    finally:
        await engines.close()


async def test_another_family_translates_back_and_the_same_one_only_with_a_caveat(
    upstream: Upstream, gemma: Upstream
) -> None:
    upstream.models = [{"id": "Qwen2.5-7B-Instruct"}]
    async with running(Upstream(models=[{"id": "Qwen2.5-14B-Instruct"}])) as larger:
        other = await chosen(None, "a", a=upstream, b=larger, c=gemma)
        assert other.engine.name == "c"
        assert other.caveats == []
        assert "other-family" in other.signature
        sibling = await chosen(None, "a", a=upstream, b=larger)
        assert sibling.engine.name == "b"
        assert "same-family" in sibling.signature
        assert "qwen" in sibling.caveats[0]
        gemma.up = False
        assert (await chosen(None, "a", a=upstream, c=gemma)).engine.name == "a"


async def test_the_only_engine_is_used_and_the_run_says_so(upstream: Upstream) -> None:
    back = await way_back(upstream)
    own = BackTranslator(
        back.engine, CMMLU, PAIR, await back.engine.info(), await back.engine.info()
    )
    options = RunOptions(measures=[own])
    run = await prepare_run(own.engine, CMMLU, PAIR, options)
    await own.engine.close()
    assert "same-family" in run.info.signature
    assert any("same family" in caveat for caveat in run.info.caveats)


async def test_copies_come_back_perfectly_and_get_no_score() -> None:
    (record,) = await translated(question(), engine_="identity")
    engines = Engines(Settings().engines)
    back = await back_translator(
        engines, "identity", CMMLU, PAIR, EngineInfo("identity", "identity")
    )
    assert back.related
    metrics = make_metrics(Settings())
    scoring = ScoringMeasure(metrics.chosen(["chrf"]), PAIR, [Use.ROUND_TRIP])
    measured = await scoring.measure(await back.measure(record))
    assert [each.back_translation for each in measured.segments] == [
        each.source for each in record.segments
    ]
    scores = [each.scores["round_trip.chrf"] for each in measured.segments]
    assert [score.value for score in scores] == [None] * len(scores)
    assert "copied" in measured.provenance.stages[-1].note


async def test_what_was_copied_in_part_gets_no_score_and_the_rest_does() -> None:
    (record,) = await translated(question())
    first, *others = record.segments
    half = f"{first.source[:9]}{first.target[9:]}"
    segments = [
        each.model_copy(update={"back_translation": each.source})
        for each in (first.model_copy(update={"target": half}), *others)
    ]
    chrf = make_metrics(Settings()).chosen(["chrf"])
    scoring = ScoringMeasure(chrf, PAIR, [Use.ROUND_TRIP])
    measured = await scoring.measure(record.model_copy(update={"segments": segments}))
    copied, *whole = (each.scores["round_trip.chrf"] for each in measured.segments)
    assert copied.value is None
    assert "copy" in copied.reason
    assert [score.value for score in whole] == [pytest.approx(100)] * len(whole)


def remembering(text: str) -> str:
    """A back-translator that knows when it was."""
    return re.sub(r"1\d\d\d年", "1804年", BACK(text))


@pytest.mark.parametrize(
    ("translate", "result"),
    [
        (BACK, ProbeResult.FOLLOWED),
        (remembering, ProbeResult.FROM_MEMORY),
        (lambda text: re.sub(r"\d", "", BACK(text)), ProbeResult.UNCLEAR),
    ],
    ids=["follows", "remembers", "drops"],
)
async def test_a_changed_number_tells_a_reader_from_one_who_remembers(
    gemma: Upstream, translate: Callable[[str], str], result: ProbeResult
) -> None:
    gemma.translate = translate
    records = await translated(question(0), question(1, **NUMBERED), question(2, **NUMBERED))
    back = await way_back(gemma)
    probe = NumberProbe(back, CMMLU, PAIR, count=1)
    measured = [await probe.measure(record) for record in records]
    await back.engine.close()
    assert probes_of(measured) == {result: ["q1"]}
    assert len(gemma.bodies) == 1
    outcome = measured[1].probe
    assert outcome is not None
    assert outcome.original == "1804"
    shown = json.dumps(gemma.bodies, ensure_ascii=False)
    assert "1804" not in shown
    assert outcome.changed in shown
    assert measured[1].item == records[1].item
    assert measured[1].provenance.calls == 1


async def test_the_source_s_number_is_not_shown_by_the_rest_of_the_item(gemma: Upstream) -> None:
    (record,) = await translated(question(1, **NUMBERED, A="1804人"))
    back = await way_back(gemma)
    measured = await NumberProbe(back, CMMLU, PAIR, count=1).measure(record)
    await back.engine.close()
    assert measured.probe is not None
    assert measured.probe.original == "1804"
    assert measured.probe.result is ProbeResult.FOLLOWED
    assert "1804" not in json.dumps(gemma.bodies, ensure_ascii=False)
