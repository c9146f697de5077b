"""What a report counts before it shows anything: verdicts, findings, causes of failure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from eval.checks.base import Finding
from eval.run_log import ItemRecord, Verdict

_MEANING = {
    "ok": "ready to use",
    "repaired": "mended on the way",
    "flagged": "for a person to read",
    "failed": "without a translation",
}
_SMALLEST_SHARE = 0.006
"""Width below which a part of the bar could not be seen: one failed item among 14,000."""


@dataclass(slots=True)
class CheckCount:
    """Findings of one check, and the number of items that have any.

    ``example`` is its first hard finding, or the first of all where none is hard.
    """

    name: str
    example: Finding
    hard: int = 0
    soft: int = 0
    items: int = 0

    def add(self, finding: Finding) -> None:
        """Count one finding."""
        if finding.hard and not self.hard:
            self.example = finding
        self.hard += finding.hard
        self.soft += not finding.hard

    @property
    def findings(self) -> int:
        """Hard and soft findings together."""
        return self.hard + self.soft


@dataclass(slots=True)
class TermCount:
    """What became of a term of the glossary, segment by segment."""

    term: str
    expected: str
    applied: int = 0
    missed: int = 0
    violated: int = 0

    @property
    def total(self) -> int:
        """Segments that it occurs in."""
        return self.applied + self.missed + self.violated


@dataclass(frozen=True, slots=True)
class VerdictShare:
    """One part of the verdict bar; ``x`` and ``width`` are percent of its length."""

    name: str
    meaning: str
    count: int
    percent: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """An item that is not ok, in one line."""

    id: str
    verdict: str
    reason: str


@dataclass(slots=True)
class Tally:
    """Counts that grow record by record; ``troubles`` keeps the first ``keep`` items to look at."""

    keep: int = 100
    items: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    _checks: dict[str, CheckCount] = field(default_factory=dict)
    _terms: dict[tuple[str, str], TermCount] = field(default_factory=dict)

    def add(self, record: ItemRecord) -> None:
        """Count one item."""
        self.items += 1
        self.verdicts[record.verdict.value] += 1
        if record.error is not None:
            self.errors[record.error.code] += 1
        if record.solved is not None:
            self.answers[record.solved.outcome.value] += 1
        for finding in record.findings:
            self._checks.setdefault(finding.check, CheckCount(finding.check, finding)).add(finding)
        for check in {finding.check for finding in record.findings}:
            self._checks[check].items += 1
        for term in record.terms:
            key = term.term, " | ".join(term.expected)
            count = self._terms.setdefault(key, TermCount(*key))
            setattr(count, term.outcome, getattr(count, term.outcome) + 1)
        if record.verdict in (Verdict.FLAGGED, Verdict.FAILED) and len(self.troubles) < self.keep:
            self.troubles.append(Trouble(record.id, record.verdict.value, _reason(record)))

    @property
    def checks(self) -> list[CheckCount]:
        """Checks with findings, those with most hard findings first."""
        return sorted(self._checks.values(), key=lambda c: (-c.hard, -c.soft, c.name))

    @property
    def terms(self) -> list[TermCount]:
        """Terms that occurred, those that were missed or violated most first."""
        return sorted(
            self._terms.values(), key=lambda t: (-t.missed - t.violated, -t.total, t.term)
        )

    @property
    def findings(self) -> int:
        """Findings of all checks."""
        return sum(count.findings for count in self._checks.values())

    @property
    def not_ok(self) -> int:
        """Items that a person has to look at."""
        return self.verdicts[Verdict.FLAGGED.value] + self.verdicts[Verdict.FAILED.value]

    @property
    def usable(self) -> int:
        """Items that no person needs to read."""
        return self.items - self.not_ok

    def percent(self, count: int) -> str:
        """Share of the items; never rounded to a full 100% or an empty 0%."""
        if not self.items or count in (0, self.items):
            return "100%" if count else "0%"
        return f"{min(99.9, max(0.1, 100 * count / self.items)):.1f}%"

    def shares(self) -> list[VerdictShare]:
        """The parts of the verdict bar, each verdict once, the empty ones with width 0."""
        names = [verdict.value for verdict in Verdict]
        raw = [self.verdicts[name] / self.items if self.items else 0.0 for name in names]
        seen = [max(share, _SMALLEST_SHARE) if share else 0.0 for share in raw]
        total = sum(seen) or 1.0
        shares, x = [], 0.0
        for name, share in zip(names, seen, strict=True):
            width, count = 100 * share / total, self.verdicts[name]
            meaning = _MEANING.get(name, name)
            shares.append(VerdictShare(name, meaning, count, self.percent(count), x, width))
            x += width
        return shares


def _reason(record: ItemRecord) -> str:
    if record.error is not None:
        return f"{record.error.code}: {record.error.detail}"
    ordered = sorted(record.findings, key=lambda finding: not finding.hard)
    return " · ".join(f"{finding.check}: {finding.message}" for finding in ordered[:3])
