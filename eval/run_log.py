"""What a run leaves behind, item by item: the shape of HTTP answers, run files and the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from eval.checks.base import Finding, Severity
from eval.checks.consistency import CONSISTENCY, Consistency
from eval.checks.rules import Rules
from eval.metrics.base import MetricInfo, Score
from eval.round_trip.outcomes import ProbeOutcome, ProbeResult, Solved
from glossary.adherence import Outcome
from glossary.concept import Strength


class Verdict(StrEnum):
    """What may be done with a translated item."""

    OK = "ok"
    REPAIRED = "repaired"
    FLAGGED = "flagged"
    FAILED = "failed"


def verdict_of(findings: Iterable[Finding], *, repaired: bool = False) -> Verdict:
    """A translation with a hard finding is to be read by a person, whatever was done to it."""
    if any(finding.hard for finding in findings):
        return Verdict.FLAGGED
    return Verdict.REPAIRED if repaired else Verdict.OK


_WEIGHT = {
    Severity.NEUTRAL: 0,
    Severity.MINOR: 1,
    Severity.MAJOR: 5,
    Severity.CRITICAL: 25,
}
"""Penalty per finding as in MQM's scoring model (https://themqm.org)."""


def penalty_of(findings: Sequence[Finding]) -> int:
    """Sum of severities; a hard finding outweighs any number of soft ones."""
    return sum(_WEIGHT[finding.severity] + 1000 * finding.hard for finding in findings)


class ItemError(BaseModel):
    """Why an item has no translation, and what to do about it."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(description="Stable name of the error, for programs.")
    detail: str = Field(description="What happened to this item.")
    remedy: str = Field(description="What to do next.")


class SegmentRecord(BaseModel):
    """One translated unit: its source, its translation, and the field it came from."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    source: str
    target: str
    reference: str | None = Field(None, description="A human translation, where one was given.")
    back_translation: str | None = Field(None, description="The target, translated back blindly.")
    scores: dict[str, Score] = Field({}, description="By use and metric: `round_trip.comet`.")


class Step(StrEnum):
    """What can be done to an item on its way, in this order as far as its effort allows."""

    DRAFT = "draft"
    GROW = "grow"
    FUSE = "fuse"
    RANK = "rank"
    CRITIQUE = "critique"
    EDIT = "edit"
    TERMS = "terms"
    SUBSTITUTE = "substitute"
    BACK_TRANSLATE = "back_translate"
    SOLVE = "solve"


class StageOutcome(StrEnum):
    """What came of a step.

    ``DONE`` where there was nothing to accept or refuse; ``SKIPPED`` for want of budget.
    """

    DONE = "done"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


class StageRecord(BaseModel):
    """One step of an item: what it cost and what it brought.

    ``hard_before`` and ``hard_after`` count hard findings of the best translation so far.
    """

    model_config = ConfigDict(frozen=True)

    step: Step
    outcome: StageOutcome
    calls: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0
    hard_before: int | None = None
    hard_after: int | None = None
    note: str = ""

    @property
    def mended(self) -> bool:
        """Did it take hard findings away?"""
        return (
            self.outcome is StageOutcome.ACCEPTED
            and self.hard_before is not None
            and self.hard_after is not None
            and self.hard_after < self.hard_before
        )


class TermRecord(BaseModel):
    """What became of a term of the glossary in a segment.

    Spans are half-open ranges of code points in the segment's source and target text.
    """

    model_config = ConfigDict(frozen=True)

    segment: str
    term: str = Field(description="The source term as the glossary writes it.")
    outcome: Outcome
    strength: Strength
    expected: list[str] = Field(description="Any of these fulfils the glossary.")
    found: str | None = Field(None, description="What stands in the translation instead, or so.")
    glossary: str
    concept: str
    condition: str = ""
    source_spans: list[tuple[int, int]] = []
    target_spans: list[tuple[int, int]] = []


class Provenance(BaseModel):
    """How a translation came about, so that it can be compared or made again.

    Tokens are ``None`` where the engine does not count them.
    """

    model_config = ConfigDict(frozen=True)

    signature: str
    source_sha256: str
    calls: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0
    candidates: int = 1
    chosen: int = 0
    terms: str = Field("", description="Fingerprint of the terms that were told; empty for none.")
    effort: str = Field("", description="Level and method; empty where nothing was translated.")
    stages: list[StageRecord] = Field([], description="What was done, what each step brought.")

    @property
    def repaired(self) -> bool:
        """Did any step take hard findings away?"""
        return any(stage.mended for stage in self.stages)


class ItemRecord(BaseModel):
    """One item of a run. ``item`` is ``None`` exactly when the verdict is ``failed``."""

    model_config = ConfigDict(frozen=True)

    index: int = Field(description="Position in the input, from 0.")
    id: str = Field(description="The item's own id, or its position where the shape has none.")
    verdict: Verdict
    item: Any = Field(default=None, description="The translated item in its original JSON shape.")
    segments: list[SegmentRecord] = []
    scores: dict[str, Score] = Field(
        {}, description="Of an item without a text to translate: why it has none."
    )
    findings: list[Finding] = []
    terms: list[TermRecord] = Field([], description="Applied, missed and violated terms.")
    error: ItemError | None = None
    probe: ProbeOutcome | None = Field(None, description="A number changed to test the way back.")
    solved: Solved | None = Field(None, description="What a solver answers on each side.")
    provenance: Provenance


class Counts(BaseModel):
    """How many items ended with which verdict."""

    items: int = 0
    ok: int = 0
    repaired: int = 0
    flagged: int = 0
    failed: int = 0

    @classmethod
    def of(cls, records: Iterable[ItemRecord]) -> Counts:
        """Count all items of a run."""
        counts = cls()
        for record in records:
            counts.add(record.verdict)
        return counts

    def add(self, verdict: Verdict) -> None:
        """Count one item."""
        self.items += 1
        setattr(self, verdict.value, getattr(self, verdict.value) + 1)

    def flag(self, before: Iterable[Verdict]) -> None:
        """Items of these verdicts are flagged after all."""
        for verdict in before:
            setattr(self, verdict.value, getattr(self, verdict.value) - 1)
            self.flagged += 1

    @property
    def usable(self) -> int:
        """Items that no person needs to read."""
        return self.ok + self.repaired


def judged_together(records: Sequence[ItemRecord], rules: Rules) -> list[ItemRecord]:
    """The records with what shows only when all of them are at hand, and their verdicts with it.

    What an earlier call has found is found anew.
    """
    together = Consistency(rules)
    for record in records:
        together.add(record.index, record.segments)
    found = together.findings()
    return [_judged(record, found.get(record.index, [])) for record in records]


def _judged(record: ItemRecord, found: list[Finding]) -> ItemRecord:
    own = [finding for finding in record.findings if finding.check != CONSISTENCY]
    findings = own + found
    if findings == record.findings:
        return record
    verdict = verdict_of(findings, repaired=record.provenance.repaired)
    return record.model_copy(update={"findings": findings, "verdict": verdict})


class RunInfo(BaseModel):
    """What is true of all items of a run: the manifest's heart and the stream's last line."""

    run_id: str
    benchmark: str
    pair: str
    engine: str
    model: str | None = None
    profile: str | None = None
    signature: str
    licence_notes: list[str] = Field(
        default=[], description="Terms of model and data that restrict a translated copy."
    )
    caveats: list[str] = Field(
        default=[], description="What is known to go wrong with this model and target."
    )
    metrics: dict[str, MetricInfo] = Field(
        default={}, description="How the scores were made, by use and metric."
    )
    back_translator: str = Field("", description="How the way back was made; empty for none.")
    solver: str = Field("", description="What answered the items; empty for nothing.")
    probes: dict[ProbeResult, list[str]] = Field(
        {}, description="Ids of the items whose way back was probed, by what came of it."
    )
    started: str = Field(description="UTC, ISO 8601.")
    seconds: float = 0.0
    counts: Counts = Counts()
