"""One item with a level of effort in front of the scripted server, and answers to its questions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from eval.benchmarks.library import load_recipe
from eval.checks.rules import Level
from eval.run_log import ItemRecord
from glossary.concept import Concept, Glossary
from glossary.language import Pair, parse_pair
from glossary.terminology import Terminology
from service.pipeline.levels import Effort, Method
from service.pipeline.run import Run, RunOptions, prepare_run
from service.wiring import make_engine
from tests.service import upstream as play
from tests.service.rig import engine, question
from tests.service.upstream import Step, Upstream

QUIET = {"wording": Level.OFF}
"""Without it the good texts have one soft finding: Taiwan says 網路."""
PAIR = parse_pair("zh-CN>zh-TW")
PARAPHRASE = "第0題：以下詞彙當中，何者用來描述色彩？"
ANOTHER = "第0題：請選出描述色彩的詞彙。"
DRAFT, CHECKED, THOROUGH = Effort
BEST_OF_N, FUSE, RANK = Method
Texts = dict[str, str]


async def worked(
    upstream: Upstream,
    *steps: Step,
    item: dict[str, Any] | None = None,
    concepts: Sequence[Concept] = (),
    settings: dict[str, Any] | None = None,
    benchmark: str = "cmmlu",
    pair: Pair = PAIR,
    **options: Any,
) -> ItemRecord:
    """The record of one item; its sums must be those of its stages, whatever was done."""
    given = {"item": item, "concepts": concepts, "settings": settings}
    run, record = await worked_run(
        upstream, *steps, **given, benchmark=benchmark, pair=pair, **options
    )
    made = record.provenance
    assert sum(stage.calls for stage in made.stages) == made.calls
    for kind in ("prompt_tokens", "completion_tokens"):
        assert sum(getattr(stage, kind) or 0 for stage in made.stages) == (getattr(made, kind) or 0)
    assert sum(stage.seconds for stage in made.stages) <= made.seconds + 0.001
    assert made.effort == str(run.plan.way)
    return record


async def worked_run(
    upstream: Upstream,
    *steps: Step,
    item: dict[str, Any] | None = None,
    concepts: Sequence[Concept] = (),
    settings: dict[str, Any] | None = None,
    benchmark: str = "cmmlu",
    pair: Pair = PAIR,
    **options: Any,
) -> tuple[Run, ItemRecord]:
    """The same with its run."""
    upstream.play(*steps)
    if concepts:
        glossary = Glossary(name="exams", version=1, concepts=tuple(concepts))
        options["terminology"] = Terminology([glossary], pair)
    made = make_engine("m", engine(upstream, **(settings or {})))
    try:
        run = await prepare_run(made, load_recipe(benchmark), pair, RunOptions(**options))
        (record,) = [each async for each in run.records([(0, item or question())])]
        return run, record
    finally:
        await made.close()


def stages(record: ItemRecord) -> list[tuple[str, str]]:
    """What was done, and what came of it."""
    return [(str(stage.step), str(stage.outcome)) for stage in record.provenance.stages]


def stage(record: ItemRecord, step: str) -> Any:
    """The only stage of a kind."""
    (found,) = [each for each in record.provenance.stages if each.step == step]
    return found


def asked(body: dict[str, Any]) -> str:
    """All that was said to the model."""
    return "\n".join(message["content"] for message in body["messages"])


def kind_of(body: dict[str, Any]) -> str:
    """What a request wants: ``translate``, ``edit``, ``fuse``, ``rank`` or ``critique``."""
    text = body["messages"][-1]["content"]
    if '{"ranking"' in text:
        return "rank"
    if '{"errors"' in text:
        return "critique"
    if ":draft:" in text:
        return "edit"
    return "fuse" if re.search(r"^\[\[[0-9a-f]{12}:2:", text, re.MULTILINE) else "translate"


def kinds(upstream: Upstream) -> list[str]:
    """What was asked, in order."""
    return [kind_of(body) for body in upstream.bodies]


def shown(body: dict[str, Any], key: str) -> list[str]:
    """One field of the candidates that a request shows, in their order."""
    text = body["messages"][-1]["content"]
    found = re.findall(rf"^\[\[[0-9a-f]{{12}}:(\d+):{key}\]\]\n(.*?)\n(?=\[\[)", text, re.S | re.M)
    return [words for _, words in sorted(found, key=lambda pair: int(pair[0]))]


def judging(judge: Callable[[list[str]], list[int]], key: str = "question") -> Step:
    """Rank candidates by what ``judge`` says of one of their fields: places, best first."""

    async def step(upstream: Upstream, request: web.Request, body: dict[str, Any]) -> web.Response:
        places = judge(shown(body, key))
        said = json.dumps({"ranking": [place + 1 for place in places]})
        return web.json_response(play.answer(body, [said]))

    return step


def errors(*named: dict[str, str]) -> Step:
    """A critique that names these errors."""
    empty = {"source": "", "target": "", "category": "mistranslation", "severity": "major"}
    return play.contents(
        json.dumps({"errors": [{**empty, "correction": "", **each} for each in named]})
    )


def with_question(text: str) -> Callable[[Texts], Texts]:
    """The good texts with another question."""
    return lambda texts: {**texts, "question": text}


def same_options(texts: Texts) -> Texts:
    """A hard finding: two options are equal."""
    *_, last, one_more = texts
    return {**texts, last: texts[one_more]}


def good(texts: Texts) -> Texts:
    """Nothing is changed."""
    return texts


def nearly(texts: Texts) -> Texts:
    """Two candidates with this one agree."""
    return {**texts, "question": "第0題：下列哪個詞表示顏色？"}


def broken_number(texts: Texts) -> Texts:
    return {**texts, "question": "第7題：下列哪個詞語表示顏色？"}
