"""Recorded translations of many systems: judged, and chosen among by every method."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.rules import Rules
from eval.checks.suite import check_item
from eval.errors import FileError, ItemError
from eval.metrics.base import Metric, Row, Score
from eval.run_log import penalty_of
from eval.selection.gains import Gain, gains, mean_of
from eval.selection.methods import Candidate, method_of
from glossary.language import Pair
from service.engines.replay import Recording, read_lines

ORACLE = "(best)"
"""Stands below the methods: what one who knew the human scores would choose."""
_TEXT = read_recipe({"fields": {"text": "text"}})


@dataclass(frozen=True, slots=True)
class Output:
    """What a system made of a text. Several of one system are told apart by their number."""

    system: str
    label: str
    candidate: Candidate
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A source text with the outputs of all systems, in the order in which they first came."""

    pair: Pair
    item: str
    source: str
    outputs: tuple[Output, ...]

    @property
    def several(self) -> bool:
        """Is there a choice?"""
        return len(self.outputs) > 1

    @property
    def scored(self) -> bool:
        """Has a person scored every output?"""
        return all(output.score is not None for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method chose over many texts.

    ``other`` counts choices other than the first candidate, ``hard`` those with a hard finding;
    both are ``None`` of ``ORACLE``. ``gain`` is over the texts with scores, ``None`` without any.
    """

    method: str
    other: int | None
    hard: int | None
    gain: Gain | None


@dataclass(frozen=True, slots=True)
class System:
    """One system alone: its outputs, how many have a hard finding, and its mean human score."""

    name: str
    outputs: int
    hard: int
    mean: float | None
    interval: tuple[float, float] | None


def read_texts(files: Iterable[Path]) -> list[Text]:
    """The texts of these files; a file without ``system`` is one system, named as the file is.

    Raises:
        FileError: a file cannot be read, or no text has two outputs or more.
    """
    systems: dict[str, None] = {}
    found: dict[tuple[Pair, str, str], dict[str, Recording]] = defaultdict(dict)
    files = list(files)
    stems = Counter(file.stem for file in dict.fromkeys(files))
    for file in files:
        name = file.stem if stems[file.stem] == 1 else str(file.with_suffix(""))
        for each in read_lines(file):
            system = each.system or name
            systems.setdefault(system)
            found[each.pair, each.item, each.source][system] = each
    texts = [
        Text(pair, item or source, source, tuple(_outputs(by_system, systems)))
        for (pair, item, source), by_system in found.items()
    ]
    if not any(text.several for text in texts):
        raise FileError(
            ", ".join(map(str, files)),
            "no text has two translations to choose from",
            "Give recordings of several systems of the same texts, or with several hypotheses.",
        )
    return texts


def _outputs(recorded: Mapping[str, Recording], systems: Iterable[str]) -> Iterable[Output]:
    for system in systems:
        if system not in recorded:
            continue
        each = recorded[system]
        scores = each.scores or (None,) * len(each.hypotheses)
        for number, (text, score) in enumerate(zip(each.hypotheses, scores, strict=True), start=1):
            label = system if len(each.hypotheses) == 1 else f"{system}#{number}"
            yield Output(system, label, Candidate([text]), score)


def judged(text: Text, rules: Rules, category: str = "knowledge") -> Text:
    """The text with what the checks find in each output.

    Raises:
        FileError: its source cannot be checked.
    """
    try:
        item = read_item({"text": text.source}, _TEXT)
    except ItemError as error:
        raise FileError(f"source {text.source[:40]!r}", str(error), error.remedy) from error
    outputs = []
    for output in text.outputs:
        (target,) = output.candidate.texts
        findings = check_item(item, {"text": target}, text.pair, category, rules)
        hard = sum(finding.hard for finding in findings)
        candidate = replace(output.candidate, penalty=penalty_of(findings), hard=hard)
        outputs.append(replace(output, candidate=candidate))
    return replace(text, outputs=tuple(outputs))


async def measured(texts: Sequence[Text], metric: Metric) -> list[Text]:
    """The texts with the metric's score of each output beside its source.

    Raises:
        MetricError: the metric cannot be made ready.
    """
    sign = 1 if (await metric.info()).higher_is_better else -1
    scores = iter(
        await metric.score(
            [
                Row(text.source, output.candidate.texts[0], None, text.pair.target)
                for text in texts
                for output in text.outputs
            ]
        )
    )
    return [
        replace(
            text,
            outputs=tuple(_with_score(o, metric.name, next(scores), sign) for o in text.outputs),
        )
        for text in texts
    ]


def _with_score(output: Output, name: str, score: Score, sign: int) -> Output:
    value = None if score.value is None else sign * score.value
    scores = {**output.candidate.scores, name: value}
    return replace(output, candidate=replace(output.candidate, scores=scores))


def chosen(texts: Sequence[Text], method: str) -> list[int]:
    """The place of a method's choice among the outputs of each text.

    Raises:
        UnknownMethod: there is no such method.
    """
    choose = method_of(method)
    return [choose([output.candidate for output in text.outputs]) for text in texts]


def outcomes(texts: Sequence[Text], choices: Mapping[str, Sequence[int]]) -> list[Outcome]:
    """What came of each method's choices, and below them what there was to be had."""
    gained = _gains(texts, choices)
    found = [
        Outcome(
            method,
            sum(place > 0 for place in places),
            sum(
                text.outputs[place].candidate.hard > 0
                for text, place in zip(texts, places, strict=True)
            ),
            gained.get(method),
        )
        for method, places in choices.items()
    ]
    if ORACLE in gained:
        found.append(Outcome(ORACLE, None, None, gained[ORACLE]))
    return found


def _gains(texts: Sequence[Text], choices: Mapping[str, Sequence[int]]) -> dict[str, Gain]:
    places = [place for place, text in enumerate(texts) if text.scored]
    if not places:
        return {}
    scores = [_scores(texts[place]) for place in places]
    kept = {name: [chosen[place] for place in places] for name, chosen in choices.items()}
    kept[ORACLE] = [row.index(max(row)) for row in scores]
    found = gains(kept, scores, [texts[place].item for place in places])
    return {gain.method: gain for gain in found}


def _scores(text: Text) -> list[float]:
    return [output.score for output in text.outputs if output.score is not None]


def systems(texts: Sequence[Text]) -> list[System]:
    """Each system alone, over its outputs of these texts."""
    found: dict[str, list[tuple[str, Output]]] = defaultdict(list)
    for text in texts:
        for output in text.outputs:
            found[output.system].append((text.item, output))
    return [_system(name, outputs) for name, outputs in found.items()]


def _system(name: str, outputs: Sequence[tuple[str, Output]]) -> System:
    hard = sum(output.candidate.hard > 0 for _, output in outputs)
    scored = [(item, output.score) for item, output in outputs if output.score is not None]
    if not scored:
        return System(name, len(outputs), hard, None, None)
    items, scores = zip(*scored, strict=True)
    return System(name, len(outputs), hard, *mean_of(scores, items))
