"""Candidate terms of real benchmarks: how long it takes, and how many known terms are among them.

A term of a glossary counts as known to the benchmark when it stands in at least three items of the
subjects that the glossary is about. Recall is the share of these that are among the first N
candidates. Precision is read by a person: ``--show 100`` prints what there is to read.

Run it: ``python -m bench.prepass [--show N] [NAME ...]``. Data: ``$ISOGLOSS_SHARED_DATA``, default
``../shared/data``. The last line of output is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.files import recipe_of
from eval.benchmarks.file import read_file
from glossary.concept import Concept, Glossary, Term
from glossary.extraction.extract import Candidate, candidates
from glossary.extraction.passages import Passage
from glossary.language import Language
from glossary.matching.match import Matcher
from service.pipeline.passages import Benchmark, subject_of
from service.pipeline.passages import passages as prose

DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", "../shared/data"))
FILES = {
    "mmlu": ("en/mmlu.jsonl", Language.EN),
    "gsm8k": ("en/gsm8k.jsonl", Language.EN),
    "truthfulqa": ("en/truthfulqa.jsonl", Language.EN),
    "cmmlu": ("zh-CN/cmmlu.jsonl", Language.ZH_CN),
    "tmmlu": ("zh-TW/tmmlu.jsonl", Language.ZH_TW),
    "kmmlu": ("ko/kmmlu_sample.jsonl", Language.KO),
}
SUBTITLES = "subtitles/post_training_lesson_en_zhTW.srt"
_ML, _CS = "machine learning", "computer science|computer security|machine learning"
GLOSSARIES = (
    ("mmlu", "d2l_ml_en_ko.tsv", "en", _ML),
    ("mmlu", "d2l_ml_en_zhCN.tsv", "en", _ML),
    ("mmlu", "python_glossary_en_zhTW_zhCN_ko.tsv", "en", _CS),
    ("cmmlu", "d2l_ml_en_zhCN.tsv", "zh_CN", f"{_ML}|computer science|statistics"),
    ("tmmlu", "moj_law_names_en_zhTW.tsv", "zh_TW", ""),
)
_FIRST = (500, 1000, 2000, 10**9)
_LEAST = 3


@dataclass(slots=True)
class Recall:
    """Known terms of one glossary in one benchmark."""

    benchmark: str
    glossary: str
    known: int
    found: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


def passages(name: str) -> list[Passage]:
    """All texts of a benchmark, or the English cues of the subtitles."""
    if name == "subtitles":
        blocks = (DATA / SUBTITLES).read_text("utf-8").split("\n\n")
        cues = [" ".join(block.strip().splitlines()[2:]) for block in blocks]
        english = [cue for cue in cues if cue and re.search(r"[\u4e00-\u9fff]", cue) is None]
        return [Passage(number, cue, cue) for number, cue in enumerate(english)]
    path, language = FILES[name]
    file = DATA / "benchmarks" / path
    recipe = recipe_of(file)
    items = [(entry.index, entry.data) for entry in read_file(file, recipe).records]
    read = Benchmark(recipe, items, language, ()).read()
    return prose(read, [subject_of(item.data, recipe) for item in read])


def known_terms(texts: Sequence[Passage], file: str, column: str, subjects: str) -> list[str]:
    """The terms of a glossary that stand in enough items of its subjects."""
    language = {"en": Language.EN, "zh_CN": Language.ZH_CN, "zh_TW": Language.ZH_TW}[column]
    with (DATA / "glossaries" / file).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        terms = list(dict.fromkeys(row[column].strip() for row in rows))
    concepts = tuple(
        Concept(id=f"c{number}", terms=(Term(language=language, text=term),))
        for number, term in enumerate(terms)
        if term
    )
    matcher = Matcher([Glossary(name="known", concepts=concepts)], language)
    items: Counter[str] = Counter()
    last: dict[str, int] = {}
    for passage in texts:
        if subjects and not re.search(subjects, passage.domain):
            continue
        for match in matcher.find(passage.text):
            if last.get(match.term.text) != passage.item:
                last[match.term.text] = passage.item
                items[match.term.text] += 1
    return [term for term, count in items.items() if count >= _LEAST]


def recall(name: str, texts: Sequence[Passage], ranked: Sequence[Candidate]) -> list[Recall]:
    """How many known terms are among the first candidates."""
    place = {each.text.lower(): number for number, each in reversed(list(enumerate(ranked)))}
    results = []
    for benchmark, file, column, subjects in GLOSSARIES:
        if benchmark != name:
            continue
        known = known_terms(texts, file, column, subjects)
        places = [place.get(term.lower()) for term in known]
        found = {
            f"{first:,}" if first < 10**9 else "all": sum(
                at is not None and at < first for at in places
            )
            for first in _FIRST
        }
        missed = [term for term, at in zip(known, places, strict=True) if at is None]
        results.append(Recall(name, file, len(known), found, missed))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[*FILES, "subtitles"])
    parser.add_argument("--show", type=int, default=0, help="print the first N candidates")
    options = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"no data at {DATA}: set ISOGLOSS_SHARED_DATA")
    report = []
    for name in options.names:
        texts = passages(name)
        language = FILES[name][1] if name in FILES else Language.EN
        started = time.monotonic()
        ranked = candidates(texts, language, least=_LEAST, most=10**9)
        seconds = round(time.monotonic() - started, 1)
        names = sum(each.is_name for each in ranked)
        items = len({passage.item for passage in texts})
        print(f"{name}: {items:,} items, {len(ranked):,} candidates ({names:,} names), {seconds} s")
        if options.show:
            for is_name in (False, True):
                some = [each for each in ranked if each.is_name is is_name][: options.show]
                print("  ", ", ".join(f"{each.text} {each.items}" for each in some))
        recalls = recall(name, texts, ranked)
        for each in recalls:
            print(f"  {each.glossary}: {each.known} known, found {each.found}")
            print(f"     missed: {', '.join(each.missed[:30])}")
        report.append(
            {
                "benchmark": name,
                "items": items,
                "candidates": len(ranked),
                "seconds": seconds,
                "recall": [asdict(each) for each in recalls],
            }
        )
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
