"""The records as JSON inside the page: small, exact, and unable to end the element they are in."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from eval.checks.base import Finding
from eval.metrics.base import Score
from eval.report.scores import group_of, item_score, known_value
from eval.round_trip.outcomes import Solved
from eval.run_log import ItemRecord, SegmentRecord, StageOutcome, StageRecord, Step

_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")
"""Opens a tag or comment; ends a line in older JavaScript; cannot be written as UTF-8."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_STEPS = {step: place for place, step in enumerate(Step)}
_OUTCOMES = {outcome: place for place, outcome in enumerate(StageOutcome)}


class Legend:
    """Words that many records share; in a record stands their place in these lists."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, int]] = {"keys": {}, "reasons": {}, "groups": {}}
        self.back_translated = False

    def place(self, kind: str, word: str) -> int:
        """Where the word stands in its list; a new one comes last."""
        places = self._places[kind]
        return places.setdefault(word, len(places))

    def words(self, kind: str) -> list[str]:
        """``keys`` of scores, ``reasons`` why there is none, ``groups`` of items."""
        return list(self._places[kind])


def item_json(record: ItemRecord, signature: str, legend: Legend, run: int = 0) -> str:
    """One record as a JSON object with short keys (``assets/card.js`` reads them).

    ``signature`` is its run's, ``run`` the number of its run on the page. What many records share
    is put into ``legend``.

    The translated item is embedded as JSON *text*: a browser that parsed it would round large
    integers, turn ``1.0`` into ``1``, move keys that look like numbers and refuse ``NaN``.
    """
    p = record.provenance
    data: dict[str, Any] = {
        "i": record.index,
        "d": record.id,
        "v": record.verdict.value,
        "s": [_segment(segment, legend) for segment in record.segments],
        "p": [
            *(p.calls, p.prompt_tokens, p.completion_tokens, round(p.seconds, 3)),
            *(p.candidates, p.chosen, p.source_sha256),
        ],
    }
    if p.effort:
        data["p"].append(p.effort)
    if scores := _item_scores(record, legend):
        data["m"] = scores
    if p.stages:
        data["w"] = [_stage(stage) for stage in p.stages]
    if group := group_of(record):
        data["c"] = legend.place("groups", group[1])
    if record.findings:
        data["f"] = [
            [
                *(f.check, f.severity.value, int(f.hard), f.segment, f.message),
                *(f.source_span, f.target_span, f.expected, f.found),
            ]
            for f in _in_reading_order(record)
        ]
    if record.terms:
        data["t"] = [
            [t.term, t.outcome.value, t.strength.value, " | ".join(t.expected), t.found]
            for t in record.terms
        ]
    if record.probe is not None:
        probe = record.probe
        data["b"] = [probe.original, probe.changed, probe.back_translation, probe.result.value]
    if record.solved is not None:
        data["a"] = _solved(record.solved)
    if record.error is not None:
        data["e"] = [record.error.code, record.error.detail, record.error.remedy]
    if record.item is not None:
        data["j"] = _dumps(record.item)
    if run:
        data["r"] = run
    if p.signature != signature:
        data["g"] = p.signature
    return _dumps(data)


def _segment(segment: SegmentRecord, legend: Legend) -> list[Any]:
    """Id, kind, texts; then back-translation, a score per key, reference, where there are any."""
    legend.back_translated |= segment.back_translation is not None
    scores: list[Any] = []
    for key, score in segment.scores.items():
        _put(scores, legend.place("keys", key), _score(score, legend))
    texts = [segment.id, segment.kind, segment.source, segment.target]
    more = [segment.back_translation, scores or None, segment.reference]
    return _trimmed([*texts, *more], least=len(texts))


def _score(score: Score, legend: Legend) -> float | list[int]:
    """A number, or the place of the reason why there is none."""
    value = known_value(score)
    if value is None:
        return [legend.place("reasons", score.reason)]
    return round(value, 4 if abs(value) <= 2 else 2)


def _item_scores(record: ItemRecord, legend: Legend) -> list[Any]:
    scores: list[Any] = []
    for key in {key: None for segment in record.segments for key in segment.scores}:
        _put(scores, legend.place("keys", key), item_score(record, key))
    return _trimmed(scores)


def _put(row: list[Any], place: int, value: Any) -> None:
    row.extend([None] * (place + 1 - len(row)))
    row[place] = value


def _stage(stage: StageRecord) -> list[Any]:
    row = [
        *(_STEPS[stage.step], _OUTCOMES[stage.outcome], stage.calls),
        *(stage.prompt_tokens, stage.completion_tokens, round(stage.seconds, 2)),
        *(stage.hard_before, stage.hard_after, stage.note or None),
    ]
    return _trimmed(row)


def _solved(solved: Solved) -> list[Any]:
    """Outcome, tries, answers on both sides, note; then those to the back-translation, if any."""
    row = [solved.outcome.value, solved.times, solved.source, solved.target, solved.note]
    return _trimmed([*row, solved.back, solved.back_outcome])


def _trimmed(row: list[Any], least: int = 0) -> list[Any]:
    """Without what is not known at its end."""
    while len(row) > least and row[-1] is None:
        row.pop()
    return row


def script_safe(text: str) -> Markup:
    r"""JSON text that may stand in a ``<script>`` element and in a UTF-8 file.

    All characters that are replaced can occur inside JSON strings only, where ``\uXXXX`` means
    the same.
    """
    return Markup(_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def _in_reading_order(record: ItemRecord) -> list[Finding]:
    """Findings by segment, the hard ones of a segment first, those of no segment last."""
    place = {segment.id: position for position, segment in enumerate(record.segments)}
    last = len(place)
    return sorted(record.findings, key=lambda f: (place.get(f.segment, last), not f.hard))


def _dumps(value: Any) -> str:
    return _ENCODER.encode(value)
