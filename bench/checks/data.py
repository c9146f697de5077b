"""Human translations to measure the checks on, in two halves: one to tune on, one to report.

The texts are not part of the repository: NTREX (https://github.com/MicrosoftTranslator/NTREX),
MGSM (https://github.com/google-research/url-nlp) and MLQE-PE
(https://github.com/sheffieldnlp/mlqe-pe). A document falls into a half by the hash of its name, so
that no sentence of a document that was tuned on is reported.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from glossary.language import Language, Pair

DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
_COLUMNS = {
    Language.EN: "en",
    Language.ZH_TW: "zh_TW",
    Language.ZH_CN: "zh_CN",
    Language.KO: "ko",
}
NTREX_PAIRS = [
    Pair(source, target)
    for other in (Language.ZH_TW, Language.ZH_CN, Language.KO)
    for source, target in ((Language.EN, other), (other, Language.EN))
]
"""English to each language and back."""
ALL_PAIRS = [Pair(a, b) for a in Language for b in Language if a != b]


class Half(StrEnum):
    """Rules may be changed after looking at ``TUNE``; figures come from ``REPORT``."""

    TUNE = "tune"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class TextPair:
    """A text beside a translation that a person made."""

    id: str
    pair: Pair
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """A machine's translation and the mean of its human scores (0 to 100)."""

    text: TextPair
    score: float


def half_of(document: str) -> Half:
    """The half that a document belongs to."""
    odd = hashlib.sha256(document.encode()).digest()[0] & 1
    return Half.REPORT if odd else Half.TUNE


def ntrex(pair: Pair, half: Half) -> list[TextPair]:
    """News sentences by professional translators, about 1,000 in each half."""
    return [
        TextPair(
            f"{row['doc_id']}:{row['seg']}",
            pair,
            row[_COLUMNS[pair.source]],
            row[_COLUMNS[pair.target]],
        )
        for row in _ntrex_rows()
        if half_of(row["doc_id"]) is half
    ]


@cache
def _ntrex_rows() -> list[dict[str, str]]:
    with (DATA / "parallel" / "ntrex.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def mgsm(pair: Pair, half: Half) -> list[TextPair]:
    """School mathematics, en and zh-CN, 250 questions in all."""
    columns = {Language.EN: "en", Language.ZH_CN: "zh_CN"}
    return [
        TextPair(f"mgsm:{place}", pair, row[columns[pair.source]], row[columns[pair.target]])
        for place, row in enumerate(lines(DATA / "parallel" / "mgsm_en_zhCN.jsonl"))
        if half_of(f"mgsm:{place}") is half
    ]


def scored(half: Half) -> list[ScoredPair]:
    """Machine translations en>zh-CN with human scores: the published dev set, or the test set."""
    name = {Half.TUNE: "dev", Half.REPORT: "test"}[half]
    path = DATA / "scored" / f"mlqe_pe_enzh_{name}.jsonl"
    pair = Pair(Language.EN, Language.ZH_CN)
    return [
        ScoredPair(
            TextPair(row["id"], pair, row["source"], row["mt"]),
            row["da_mean"],
        )
        for row in lines(path)
    ]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file with one JSON document per line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
