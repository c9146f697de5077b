"""Pages about the checks, made from their docstrings and from the cases that the tests run."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eval.benchmarks.beside import Difference, lay_beside
from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.base import Finding, Severity
from eval.checks.consistency import Consistency
from eval.checks.rules import DEFAULT_RULES, Rules
from eval.checks.suite import CHECKS, NAMES, check_item, load_check
from eval.run_log import SegmentRecord
from glossary.concept import Glossary
from glossary.language import parse_pair
from glossary.terminology import Terminology

CASES = Path(__file__).parents[1] / "tests" / "eval" / "checks" / "cases"
_USUAL = "knowledge"
"""Category of a case that names none; pages name the others, where numbers are stricter."""
_NOTE = "<!-- Written by `make docs` from {}; change these, not this page. -->\n"


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that a case asks for; ``source`` and ``target`` are the marked pieces of text."""

    severity: Severity
    hard: bool
    segment: str | None = None
    source: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An item with its translation, and what one check must find in it: nothing, in a good one."""

    title: str
    pair: str
    item: Any
    fields: dict[str, Any]
    targets: dict[str, str]
    finds: tuple[Expected, ...]
    category: str = _USUAL
    recipe: dict[str, Any] | None = None
    translated: Any = None
    """The whole item, where it was translated elsewhere."""
    differences: tuple[Difference, ...] = ()
    apart: bool = False
    """Each field stands for an item of its own."""
    terms: tuple[dict[str, Any], ...] = ()
    """Concepts of the request's glossary."""

    def findings(self, check: str) -> list[Finding]:
        """What the check finds."""
        if self.apart:
            return self._findings_together()
        recipe = read_recipe({"fields": self.fields, **(self.recipe or {})})
        item = read_item(self.item, recipe)
        segments = {segment.id for segment in item.segments}
        assert self.differences or self.targets.keys() == segments, self.title
        found = check_item(
            item,
            self.targets,
            parse_pair(self.pair),
            self.category,
            self._rules(),
            self.differences,
        )
        return [finding for finding in found if finding.check == check]

    def _rules(self) -> Rules:
        if not self.terms:
            return DEFAULT_RULES
        concepts = [
            {"id": f"c{number}", **concept} for number, concept in enumerate(self.terms, start=1)
        ]
        glossary = Glossary.model_validate({"name": "example", "concepts": concepts})
        return Rules(terminology=Terminology([glossary], parse_pair(self.pair)))

    def _findings_together(self) -> list[Finding]:
        together = Consistency()
        for index, (id_, source) in enumerate(self.sources().items()):
            kind = next(iter(self.fields.values()))
            record = SegmentRecord(id=id_, kind=kind, source=source, target=self.targets[id_])
            together.add(index, [record])
        return [finding for found in together.findings().values() for finding in found]

    def sources(self) -> dict[str, str]:
        """Source text by segment."""
        if self.apart:
            return dict(self.item)
        recipe = read_recipe({"fields": self.fields, **(self.recipe or {})})
        return {segment.id: segment.text for segment in read_item(self.item, recipe).segments}


def read_cases(check: str) -> list[Case]:
    """The cases of a check, from its YAML file.

    A case of one text says ``source``, ``target`` and, unless it is ``text``, its ``kind``; a case
    of a whole item says ``item``, ``fields`` and ``targets``, or ``translated``: the item as it was
    translated elsewhere; one of several items says ``texts`` (source and target of each) and
    ``kind``.
    """
    cases = []
    for entry in yaml.safe_load((CASES / f"{check}.yaml").read_text("utf-8")):
        if "source" in entry:
            entry["item"] = {"text": entry.pop("source")}
            entry["fields"] = {"text": entry.pop("kind", "text")}
            entry["targets"] = {"text": entry.pop("target")}
        if "texts" in entry:
            texts = {f"item {number}": pair for number, pair in enumerate(entry.pop("texts"), 1)}
            kind = entry.pop("kind")
            entry["apart"] = True
            entry["item"] = {id_: source for id_, (source, _) in texts.items()}
            entry["fields"] = dict.fromkeys(texts, kind)
            entry["targets"] = {id_: target for id_, (_, target) in texts.items()}
        if "translated" in entry:
            recipe = read_recipe({"fields": entry["fields"], **entry.get("recipe", {})})
            laid = lay_beside(read_item(entry["item"], recipe), entry["translated"], recipe)
            entry["targets"], entry["differences"] = laid.translations, tuple(laid.differences)
        finds = tuple(
            Expected(**{**wanted, "severity": Severity(wanted["severity"])})
            for wanted in entry.pop("finds")
        )
        cases.append(Case(finds=finds, **entry))
    return cases


def check_page(name: str) -> str:
    """What a check finds, when that is hard, and its cases: first a good one, then a bad one."""
    cases = read_cases(name)
    text = _text_of(name)
    note = _NOTE.format(f"the docstring of the check and tests/eval/checks/cases/{name}.yaml")
    lines = [f"# {name}", "", note, text, "", "[All checks](../checks.md)", ""]
    lines += ["## Passes", ""]
    for case in cases:
        if not case.finds:
            lines += _shown(case, [])
    lines += ["## Is found", ""]
    for case in cases:
        if case.finds:
            lines += _shown(case, case.findings(name))
    return "\n".join(lines)


def _text_of(name: str) -> str:
    return inspect.getdoc(load_check(name) if name in CHECKS else Consistency) or ""


def _shown(case: Case, findings: list[Finding]) -> list[str]:
    source, target = case.pair.split(">")
    kind = "" if case.category == _USUAL else f" (category: {case.category})"
    lines = [f"**{case.title}**{kind}", "", f"| | {source} | {target} |", "|---|---|---|"]
    for key in case.item if case.translated else ():
        before, after = (_json(whole.get(key)) for whole in (case.item, case.translated))
        lines.append(f"| `{key}` | {before} | {after} |")
    for segment, text in case.sources().items() if not case.translated else ():
        here = [finding for finding in findings if finding.segment == segment]
        before = _marked(text, [finding.source_span for finding in here])
        after = _marked(case.targets.get(segment, ""), [finding.target_span for finding in here])
        lines.append(f"| `{segment}` | {before} | {after} |")
    lines.append("")
    for concept in case.terms:
        lines += [f"Glossary: {_plain(_concept(concept))}", ""]
    for finding in findings:
        level = "hard" if finding.hard else "soft"
        place = "" if finding.segment in case.sources() else _place(finding)
        lines.append(f"- {level}, {finding.severity}: {place}{_plain(finding.message)}")
    return [*lines, ""] if findings else lines


def _concept(concept: dict[str, Any]) -> str:
    """Its terms, each with what is said of it."""
    told = []
    for term in concept["terms"]:
        remarks = [
            f"{name}: {value}" for name, value in term.items() if name not in ("language", "text")
        ]
        told.append(term["text"] + (f" ({', '.join(remarks)})" if remarks else ""))
    return " = ".join(told)


def _json(value: Any) -> str:
    """A value of an item; only a string is shown without its quotation marks."""
    return _plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _place(finding: Finding) -> str:
    """Where there is no text to mark: the field, what it was and what it became."""
    values = [_plain(value) for value in (finding.expected, finding.found) if value is not None]
    return f"`{finding.segment}` ({' → '.join(values)}): "


def _marked(text: str, spans: list[tuple[int, int] | None]) -> str:
    """``text`` with its marked places in ⟦ ⟧."""
    opened = [span[0] for span in spans if span is not None]
    closed = [span[1] for span in spans if span is not None]
    pieces = []
    for place in range(len(text) + 1):
        pieces.append("⟧" * closed.count(place) + "⟦" * opened.count(place))
        pieces.append(text[place : place + 1])
    return _plain("".join(pieces))


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, in one table cell; what cannot be seen, by its code."""
    seen = "".join(char if char.isprintable() or char == "\n" else _code(char) for char in text)
    for char in "\\`*_[]<>|$#~":
        seen = seen.replace(char, f"\\{char}")
    return seen.replace("\n", "<br>") or "(empty)"


def _code(char: str) -> str:
    return f"(U+{ord(char):04X})"


def index_page() -> str:
    """All checks with the first line of their docstrings."""
    lines = [
        "# Checks",
        "",
        _NOTE.format("the docstrings of the checks"),
        _INTRODUCTION,
        "| check | what holds |",
        "|---|---|",
    ]
    for name in NAMES:
        first = _text_of(name).split("\n\n")[0].replace("\n", " ")
        lines.append(f"| [`{name}`](checks/{name}.md) | {first} |")
    return "\n".join(lines) + "\n"


_INTRODUCTION = """\
Every translation is judged by deterministic checks (`eval/checks`), also one that was made
elsewhere (`isogloss check`, `POST /score`). A hard finding makes an item `flagged`; a soft one is
shown and does not change the verdict. A finding names its check, severity (neutral, minor, major,
critical), field, place in source and target, what was expected and what was found. With several
candidates the one with the smallest sum of severities wins (minor 1, major 5, critical 25; hard
findings outweigh all soft ones).

A recipe (`checks: {wording: off}`), a request or `--check wording=off` can set the level of a
check: `hard`, `soft` or `off`. How often the checks are wrong on good translations and what share
of planted faults they find is measured by `make bench-checks`: [measurements.md](measurements.md).

The words that `wording` and `contrast` look for can be extended by a linguist:
[word-lists.md](word-lists.md).

On the page of a check ⟦ ⟧ marks the place of a finding, and the category of an item is named where
it is not general knowledge: checks are stricter with numbers in mathematics.
"""


def pages() -> dict[str, str]:
    """File name to text."""
    return {"checks.md": index_page()} | {f"checks/{name}.md": check_page(name) for name in NAMES}
