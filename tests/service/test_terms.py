"""Terms of a glossary on their way: told to the model, checked, asked for again, reported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import opencc
import pytest

from eval.benchmarks.library import load_recipe
from eval.run_log import ItemRecord, Verdict
from glossary.adherence import Outcome
from glossary.concept import Concept, Glossary, Status, Strength, Term
from glossary.language import Language, parse_pair
from glossary.store.port import Edit
from glossary.terminology import Terminology
from service.engines.base import Engine
from service.errors import RunMismatch
from service.job import FileJob, InProcess, translate_file
from service.pipeline.run import RunOptions, prepare_run
from service.wiring import make_engine
from tests.service import upstream as play
from tests.service.conftest import Outcome as Shown
from tests.service.rig import client, engine, question
from tests.service.test_files import jsonl
from tests.service.upstream import Step, Upstream

PAIR = parse_pair("zh-CN>zh-TW")
OPENCC = opencc.OpenCC("s2tw")
TW, CN = Language.ZH_TW, Language.ZH_CN


def concept(source: str, *targets: str, banned: str = "", **more: Any) -> Concept:
    terms = [Term(language=CN, text=source, **more)]
    terms += [Term(language=TW, text=target) for target in targets]
    if banned:
        terms.append(Term(language=TW, text=banned, status=Status.FORBIDDEN))
    return Concept(id=f"c-{source.encode().hex()}", terms=tuple(terms))


NETWORK = concept("网络", "網路", banned="網絡")
PLAIN_NETWORK = concept("网络", "網路")
COLOUR = concept("颜色", "顏色")


def stages(record: ItemRecord) -> list[tuple[str, str]]:
    """What was done after the draft, and what came of it."""
    return [(stage.step, stage.outcome) for stage in record.provenance.stages[1:]]


async def translated(
    upstream: Upstream, *steps: Step, concepts: tuple[Concept, ...] = (NETWORK, COLOUR), **more: Any
) -> ItemRecord:
    """The record of one item that was translated with a glossary."""
    upstream.play(*steps)
    glossary = Glossary(name="exams", version=3, concepts=concepts)
    options = RunOptions(terminology=Terminology([glossary], PAIR))
    made: Engine = make_engine("m", engine(upstream, **more))
    try:
        run = await prepare_run(made, load_recipe("cmmlu"), PAIR, options)
        (record,) = [record async for record in run.records([(0, question())])]
        return record
    finally:
        await made.close()


def with_network(texts: dict[str, str]) -> dict[str, str]:
    return {key: text.replace("網絡", "網路") for key, text in texts.items()}


async def test_only_terms_of_the_item_are_told_and_the_answer_says_what_became_of_them(
    upstream: Upstream,
) -> None:
    others = (concept("内存", "記憶體"), NETWORK, COLOUR)
    record = await translated(upstream, play.candidates(with_network), concepts=others)
    asked = upstream.bodies[0]["messages"][-1]["content"]
    assert "- 网络 => 網路; never 網絡" in asked
    assert "内存" not in asked
    assert record.verdict is Verdict.OK
    assert {(each.term, each.outcome, each.found) for each in record.terms} == {
        ("网络", Outcome.APPLIED, "網路"),
        ("颜色", Outcome.APPLIED, "顏色"),
    }
    assert record.provenance.signature.count("terms:exams@3") == 1
    assert stages(record) == []
    assert len(upstream.bodies) == 1


async def test_a_missed_term_causes_one_more_call_that_names_only_what_was_missed(
    upstream: Upstream,
) -> None:
    record = await translated(upstream, play.good, play.candidates(with_network))
    first, again = (body["messages"][-1]["content"] for body in upstream.bodies)
    assert "颜色 =>" in first
    assert "网络 => 網路" in again
    assert "颜色 =>" not in again
    assert "電腦的網絡" in again  # the draft
    assert record.item["B"] == "說話的聲音"
    assert record.item["C"] == "電腦的網路"
    assert stages(record)[0] == ("edit", "accepted")
    assert record.provenance.calls == 2
    assert record.verdict is Verdict.REPAIRED


async def test_a_repair_that_breaks_something_else_is_refused(upstream: Upstream) -> None:
    def worse(texts: dict[str, str]) -> dict[str, str]:
        first, second, *_ = (key for key in texts if key != "question")
        return {**with_network(texts), first: texts[second]}

    record = await translated(
        upstream, play.good, play.candidates(worse), concepts=(PLAIN_NETWORK,)
    )
    assert stages(record)[0] == ("edit", "refused")
    assert record.item["C"] == "電腦的網絡"
    assert record.verdict is Verdict.FLAGGED
    assert [finding.check for finding in record.findings if finding.hard] == ["terms"]


@pytest.mark.parametrize(
    "step", [play.contents("no JSON at all"), play.status(400)], ids=["unreadable", "refused"]
)
async def test_a_repair_that_fails_costs_nothing_but_itself(upstream: Upstream, step: Step) -> None:
    record = await translated(upstream, play.good, step, concepts=(PLAIN_NETWORK,))
    assert stages(record)[0] == ("edit", "failed")
    assert record.verdict is Verdict.FLAGGED
    assert record.item["C"] == "電腦的網絡"


@pytest.mark.parametrize(
    ("more", "hard"),
    [
        ({"strength": Strength.PREFER}, False),
        ({"strength": Strength.HINT}, False),
        ({"condition": "only of computers"}, False),
    ],
)
async def test_what_does_not_bind_is_told_and_never_asked_for_twice(
    upstream: Upstream, more: dict[str, Any], hard: bool
) -> None:
    record = await translated(upstream, play.good, concepts=(concept("网络", "網路", **more),))
    assert len(upstream.bodies) == 1
    assert record.verdict is Verdict.OK
    assert [each.outcome for each in record.terms] == [Outcome.MISSED]


async def test_texts_that_go_alone_are_asked_again_alone(upstream: Upstream) -> None:
    """A model that takes one text per request: only the option that missed a term goes again."""
    upstream.obeys_schema = False
    upstream.reply = lambda body: play.contents(
        upstream.translate(body["messages"][-1]["content"].rpartition("\n\n")[2])
    )
    record = await translated(upstream, concepts=(PLAIN_NETWORK,), profile="hy-mt2")
    assert len(upstream.bodies) == 6
    assert "网络 翻译成 網路" in upstream.bodies[-1]["messages"][-1]["content"]
    assert stages(record)[0] == ("terms", "refused")


async def test_a_forbidden_word_that_is_left_after_all_is_put_right_in_place(
    upstream: Upstream,
) -> None:
    record = await translated(upstream, play.good, play.good)
    assert len(upstream.bodies) == 2
    assert record.item["C"] == "電腦的網路"
    assert stages(record)[-1] == ("substitute", "accepted")
    assert record.verdict is Verdict.REPAIRED


async def test_a_korean_particle_fits_the_word_that_was_put_in(upstream: Upstream) -> None:
    korean = {
        "question": "문제 0: 다음 중 색을 나타내는 단어는?",
        "A": "붉은 책",
        "B": "말소리",
        "C": "컴퓨터의 통신망은 빠르다",
        "D": "도서관",
    }
    upstream.reply = lambda body: play.contents(
        play.wording(body, dict(zip(play.texts_of(body), korean.values(), strict=True)))
    )
    terms = (
        Term(language=CN, text="网络"),
        Term(language=Language.KO, text="네트워크"),
        Term(language=Language.KO, text="통신망", status=Status.FORBIDDEN),
    )
    glossary = Glossary(name="exams", version=1, concepts=(Concept(id="net", terms=terms),))
    pair = parse_pair("zh-CN>ko")
    options = RunOptions(terminology=Terminology([glossary], pair))
    made = make_engine("m", engine(upstream))
    run = await prepare_run(made, load_recipe("cmmlu"), pair, options)
    (record,) = [record async for record in run.records([(0, question(C="电脑的网络很快"))])]
    await made.close()
    assert record.item["C"] == "컴퓨터의 네트워크는 빠르다"
    assert stages(record)[-1] == ("substitute", "accepted")


async def test_protected_text_holds_no_terms(upstream: Upstream) -> None:
    upstream.play(play.good)
    glossary = Glossary(name="exams", version=1, concepts=(concept("print", "列印"),))
    options = RunOptions(terminology=Terminology([glossary], PAIR))
    made = make_engine("m", engine(upstream))
    item = question(question="执行 `print(1)` 会看到哪个颜色？")
    run = await prepare_run(made, load_recipe("cmmlu"), PAIR, options)
    (record,) = [record async for record in run.records([(0, item)])]
    await made.close()
    assert record.terms == []
    assert record.provenance.terms == ""


async def translated_file(
    job: FileJob, upstream: Upstream, *concepts: Concept, version: int = 1
) -> list[ItemRecord]:
    """The records of a file that was translated with this version of a glossary."""
    glossary = Glossary(name="exams", version=version, concepts=concepts)
    options = RunOptions(terminology=Terminology([glossary], PAIR))
    made = make_engine("m", engine(upstream))
    try:
        run = InProcess(made, job.recipe, PAIR, options)
        _, records = await translate_file(job, run, lambda number, record: None)
    finally:
        await made.close()
    return records


async def test_after_a_change_of_the_glossary_only_affected_items_are_translated_again(
    upstream: Upstream, tmp_path: Path
) -> None:
    items = [
        question(0),
        question(1, C="电脑的主机"),
        question(2, question="下列哪个词语表示声音？", C="手机的信号"),
    ]
    upstream.translate = lambda text: OPENCC.convert(text).replace("網絡", "網路")
    file = jsonl(tmp_path / "cmmlu.jsonl", *items)
    job = FileJob(file, load_recipe("cmmlu"), tmp_path / "out")

    await translated_file(job, upstream, NETWORK)
    assert len(upstream.bodies) == 3
    upstream.bodies.clear()
    await translated_file(job, upstream, NETWORK, concept("光盘", "光碟"), version=2)
    assert upstream.bodies == []
    records = await translated_file(job, upstream, NETWORK, concept("信号", "訊號"), version=3)
    assert upstream.asked == ["下列哪个词语表示声音？"] * 2  # and its repair
    signatures = [record.provenance.signature for record in records]
    assert ["terms:exams@1" in signature for signature in signatures] == [True, True, False]
    assert "terms:exams@3" in signatures[2]


async def test_another_engine_is_still_another_run(upstream: Upstream, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "cmmlu.jsonl", question(0))
    job = FileJob(file, load_recipe("cmmlu"), tmp_path / "out")
    await translated_file(job, upstream, NETWORK)
    upstream.models = [{"id": "another-7b"}]
    with pytest.raises(RunMismatch):
        await translated_file(job, upstream, NETWORK)


@asynccontextmanager
async def with_exams() -> AsyncIterator[Any]:
    """A client of a service that has the glossary ``exams``."""
    async with client() as http:
        store = http.app.state.parts.store
        store.create("exams", "Mei")
        store.apply("exams", [Edit.put(NETWORK)], "Mei")
        yield http
        store.delete("exams", "Mei")
        store.close()


async def test_over_http_a_request_names_its_glossaries_and_learns_what_became_of_each_term() -> (
    None
):
    async with with_exams() as http:
        body = {"text": "电脑的网络", "source": "zh-CN", "target": "zh-TW", "glossaries": ["exams"]}
        answer = (await http.post("/translate", json={**body, "engine": "opencc"})).json()
        (told,) = answer["results"]
        assert told["hypothesis"] == "電腦的網路"
        (term,) = told["terms"]
        assert (term["term"], term["outcome"], term["found"]) == ("网络", "applied", "網路")
        assert "terms:exams@2" in answer["run"]["signature"]
        given = {"source": "电脑的网络", "target": "電腦的網絡"}
        judged = await http.post(
            "/score",
            json={
                "source": "zh-CN",
                "target": "zh-TW",
                "texts": [given],
                "glossaries": ["exams"],
            },
        )
        (record,) = judged.json()["results"]
        assert record["verdict"] == "flagged"
        assert [term["outcome"] for term in record["terms"]] == ["violated"]
        unknown = await http.post("/translate", json={**body, "glossaries": ["exam"]})
        assert unknown.status_code == 404
        assert "exams" in unknown.json()["remedy"] + unknown.json()["detail"]


def test_a_command_takes_a_glossary_from_a_file(
    isogloss: Callable[..., Shown], tmp_path: Path
) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("en\tko\nvelocity\t속도\n", encoding="utf-8")
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text(
        "source\ttarget\nWhat is its velocity?\t그 속력은 얼마인가?\n", encoding="utf-8"
    )
    arguments = ("check", pairs, "--from", "en", "--to", "ko", "--out", tmp_path / "out")
    assert isogloss(*arguments).code == 0
    shown = isogloss(*arguments, "--glossary", terms)
    assert shown.code == 1
    assert "velocity" in shown.told
    missing = isogloss(*arguments, "--glossary", "nowhere")
    assert missing.code == 2
    assert "nowhere" in missing.told


def test_a_file_is_no_glossary_of_a_service(isogloss: Callable[..., Shown], tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("en\tko\nvelocity\t속도\n", encoding="utf-8")
    file = jsonl(tmp_path / "cmmlu.jsonl", question(0))
    shown = isogloss(
        *("translate", file, "-b", "cmmlu", "--to", "ko"),
        *("--server", "http://127.0.0.1:9", "--glossary", terms),
    )
    assert shown.code == 2
    assert "terms import" in shown.told.replace("│ ", "").replace(" │", "")
