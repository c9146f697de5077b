"""Counters for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from eval.checks.base import Finding
from eval.run_log import ItemRecord, RunInfo


class Metrics:
    """What the service counts; one registry per app, so that tests do not share numbers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.items = Counter(
            "isogloss_items",
            "Items by how they ended.",
            ["engine", "pair", "verdict"],
            registry=self.registry,
        )
        self.findings = Counter(
            "isogloss_findings", "Findings of checks.", ["check", "level"], registry=self.registry
        )
        self.failures = Counter(
            "isogloss_failures", "Failed items by error.", ["code"], registry=self.registry
        )
        self.tokens = Counter(
            "isogloss_tokens", "Tokens that engines counted.", ["kind"], registry=self.registry
        )
        self.seconds = Histogram(
            "isogloss_item_seconds",
            "Time per item, waiting for the engine included.",
            ["engine"],
            buckets=(0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
            registry=self.registry,
        )
        self.runs = Gauge("isogloss_runs_in_work", "Requests in work.", registry=self.registry)

    def count(self, run: RunInfo, record: ItemRecord) -> None:
        """One finished item."""
        self.items.labels(run.engine, run.pair, record.verdict).inc()
        self.seconds.labels(run.engine).observe(record.provenance.seconds)
        self.count_findings(record.findings)
        if record.error:
            self.failures.labels(record.error.code).inc()
        for kind in ("prompt_tokens", "completion_tokens"):
            self.tokens.labels(kind).inc(getattr(record.provenance, kind) or 0)

    def count_findings(self, findings: Iterable[Finding]) -> None:
        """Findings of one item, or those that showed in all items together."""
        for finding in findings:
            self.findings.labels(finding.check, "hard" if finding.hard else "soft").inc()
