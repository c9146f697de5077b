"""A small benchmark to learn terms from, and a scripted model that may say anything of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from eval.benchmarks.library import load_recipe
from glossary.concept import Glossary
from glossary.extraction.extract import Candidate, Sentence
from glossary.language import Language
from service.pipeline.passages import Benchmark
from service.pipeline.prepass import learn_terms
from service.pipeline.sheet import Learned
from service.wiring import make_engine
from tests.service.conftest import Outcome
from tests.service.rig import engine
from tests.service.upstream import Step, Upstream, contents, texts_of

EN, TW, KO = Language.EN, Language.ZH_TW, Language.KO
Isogloss = Callable[..., Outcome]
RECIPE = load_recipe("mmlu")
QUESTIONS = [
    ("biology", "The cell membrane lets water into the cell. Which way does it go?"),
    ("biology", "Which molecule in the cell membrane repels water?"),
    ("biology", "The cell membrane of a plant is inside of what?"),
    ("law", "Was the breach of contract clear to the court?"),
    ("law", "Can the court award damages for a breach of contract?"),
    ("law", "Which breach of contract did the court find?"),
    ("physics", "In Paris, Marie Curie studied radiation. What is radiation?"),
    ("physics", "What radiation did Marie Curie find?"),
    ("physics", "Of what radiation did Marie Curie write?"),
    ("biology", "Where is DNA found?"),
    ("law", "Is DNA evidence?"),
    ("physics", "What does X-ray diffraction tell about DNA?"),
]
KOREAN = {
    "cell membrane": "세포막",
    "breach of contract": "계약 위반",
    "court": "법원",
    "radiation": "방사선",
    "Marie Curie": "마리 퀴리",
}


def items(questions: list[tuple[str, str]] = QUESTIONS) -> list[dict[str, Any]]:
    return [
        {"question": text, "subject": subject, "choices": ["1", "2", "3", "4"], "answer": 0}
        for subject, text in questions
    ]


def benchmark(*targets: Language, recipe: Any = RECIPE, given: Any = None) -> Benchmark:
    chosen = items() if given is None else given
    return Benchmark(recipe, list(enumerate(chosen)), EN, targets or (KO,))


def says(
    table: Mapping[str, Any], **more: Mapping[str, Any]
) -> Callable[[dict[str, Any]], Step | None]:
    """A model that knows these translations; ``more`` changes what it says of a term."""

    def reply(body: dict[str, Any]) -> Step | None:
        entries = []
        for key, text in texts_of(body).items():
            term = text.splitlines()[0]
            known = table.get(term, "")
            entry = {
                "number": int(key[1:]),
                "is_term": True,
                "one_sense": True,
                "domain": "science",
                "part_of_speech": "noun",
                "keep": False,
                "translations": known if isinstance(known, dict) else {"ko": known},
            }
            entries.append(entry | dict(more.get(term.replace(" ", "_"), {})))
        return contents(json.dumps({"terms": entries}, ensure_ascii=False))

    return reply


@asynccontextmanager
async def model(upstream: Upstream, **more: Any) -> AsyncIterator[Any]:
    made = make_engine("m", engine(upstream, **more))
    try:
        yield made
    finally:
        await made.close()


async def learned(upstream: Upstream, given: Benchmark | None = None, **more: Any) -> Learned:
    async with model(upstream) as asked:
        return await learn_terms(given or benchmark(), asked, **more)


def told(sheet: Glossary, target: Language = KO) -> dict[str, str]:
    return {
        concept.terms[0].text: (concept.in_language(target) or concept.terms)[0].text
        for concept in sheet.concepts
    }


def candidate(text: str, items_: int = 3) -> Candidate:
    return Candidate(text, 1.0, items_, False, {}, (Sentence("A sentence.", "", 0),))
