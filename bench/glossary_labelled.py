"""The labelled sentences and pairs, for the tests and for the benchmark."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from glossary.concept import Concept, Glossary, Status, Term
from glossary.language import Language, Pair, parse_pair
from glossary.matching.match import Matcher
from glossary.terminology import Terminology

DATA = Path(__file__).parents[1] / "tests/glossary/data"
LANGUAGES = (Language.EN, Language.ZH_TW, Language.ZH_CN, Language.KO)
_MARKED = re.compile("⟦(.*?)⟧", re.DOTALL)
Span = tuple[int, int]


@dataclass
class Tally:
    """Places found as labelled, and what differs from the labels."""

    hits: int = 0
    expected: int = 0
    found: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.expected if self.expected else 1.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.hits + other.hits,
            self.expected + other.expected,
            self.found + other.found,
            self.faults + other.faults,
        )


def read(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text("utf-8"))


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """A sentence without its marks, and what they enclosed."""
    spans: list[Span] = []
    for each in _MARKED.finditer(marked):
        start = each.start() - 2 * len(spans)
        spans.append((start, start + len(each[1])))
    return _MARKED.sub(r"\1", marked), spans


def glossary_of(entries: list[Any], language: Language) -> Glossary:
    """A glossary with a concept for each entry: a text, or the fields of a term."""
    fields = [entry if isinstance(entry, dict) else {"text": entry} for entry in entries]
    concepts = tuple(
        Concept(id=f"c{number}", terms=(Term(language=language, **each),))
        for number, each in enumerate(fields)
    )
    return Glossary(name="labelled", concepts=concepts)


def matched(language: Language, part: str = "sentences") -> Tally:
    """Compare what is found in the labelled sentences of a language with the labels."""
    data = read(f"match_{language}.yaml")
    matcher = Matcher([glossary_of(data["glossary"], language)], language)
    tally = Tally()
    for marked in data[part]:
        text, spans = unmarked(marked)
        found = [(match.start, match.end) for match in matcher.find(text)]
        both = (Counter(spans) & Counter(found)).total()
        tally += Tally(both, len(spans), len(found))
        if both < len(spans) or both < len(found):
            tally.faults.append(f"{marked} {[text[slice(*span)] for span in found]}")
    return tally


_SIGNS = {"+": "applied", "-": "missed", "!": "violated"}


def concept_of(id_: str, fields: dict[str, Any], pair: Pair) -> Concept:
    """A concept as the pairs write it: source and target term, admitted and banned ones."""
    shared = {
        key: fields[key]
        for key in ("keep", "case_sensitive", "strength", "condition")
        if key in fields
    }
    source = Term(
        language=pair.source,
        text=fields[pair.source],
        part_of_speech=fields.get("pos"),
        **shared,
    )
    statuses = (
        (pair.target, Status.PREFERRED),
        ("admitted", Status.ADMITTED),
        ("banned", Status.FORBIDDEN),
    )
    targets = [
        Term(language=pair.target, text=fields[key], status=status, part_of_speech=None)
        for key, status in statuses
        if key in fields
    ]
    return Concept(id=id_, terms=(source, *targets))


@dataclass
class Judged:
    """A labelled pair with the outcomes that were expected and those that came."""

    pair: Pair
    source: str
    target: str
    expected: dict[str, str]
    came: dict[str, str]
    fresh: bool


def judged() -> list[Judged]:
    """All labelled pairs of sentences with their outcomes."""
    found = []
    for group in read("adherence.yaml"):
        pair = parse_pair(group["pair"])
        concepts = tuple(concept_of(id_, fields, pair) for id_, fields in group["concepts"].items())
        terminology = Terminology([Glossary(name="labelled", concepts=concepts)], pair)
        for source, target, label in group["pairs"]:
            expected = {each[:-1]: _SIGNS[each[-1]] for each in label.split()}
            outcomes = terminology.adherence(source, target)
            came = {each.concept_id: each.outcome.value for each in outcomes}
            found.append(Judged(pair, source, target, expected, came, group.get("fresh", False)))
    return found


def alarms(pairs: list[Judged]) -> Tally:
    """How well missed and violated terms are told from applied ones."""
    tally = Tally()
    for each in pairs:
        expected = {item for item in each.expected.items() if item[1] != "applied"}
        came = {item for item in each.came.items() if item[1] != "applied"}
        tally += Tally(len(expected & came), len(expected), len(came))
        if each.expected != each.came:
            tally.faults.append(f"{each.source} | {each.target}: {each.came}, not {each.expected}")
    return tally
