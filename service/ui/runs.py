"""What finished runs say about terms: read from their folders, kept until a file changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.run_log import ItemRecord, SegmentRecord, TermRecord
from service.files.run_files import MANIFEST, RECORDS

_DEPTH = 4
_MOST = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run; ``key`` is its folder below the folder of runs."""

    key: str
    folder: Path
    benchmark: str
    pair: str
    engine: str
    at: datetime

    @property
    def label(self) -> str:
        """What it is called in a list."""
        return f"{self.benchmark} {self.pair} · {self.engine} · {self.key}"


@dataclass(frozen=True, slots=True)
class Use:
    """A term in an item of a run."""

    item: str
    index: int
    term: TermRecord
    segment: SegmentRecord


@dataclass(slots=True)
class Usage:
    """How often each concept was applied, missed and violated in a run."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)


def runs(folder: Path) -> list[Run]:
    """The finished runs below a folder, newest first."""
    found = [run for path in _manifests(folder) if (run := _run(folder, path)) is not None]
    return sorted(found, key=lambda run: run.at, reverse=True)[:_MOST]


def _manifests(folder: Path) -> Iterator[Path]:
    for depth in range(_DEPTH):
        yield from folder.glob("*/" * depth + MANIFEST)


def _run(root: Path, path: Path) -> Run | None:
    try:
        manifest = json.loads(path.read_text("utf-8"))
        records = path.parent / RECORDS
        if not manifest.get("finished") or not records.is_file():
            return None
        at = datetime.fromtimestamp(records.stat().st_mtime, UTC)
        benchmark, pair, engine = (
            str(manifest.get(name, "")) for name in ("benchmark", "pair", "engine")
        )
        return Run(str(path.parent.relative_to(root)), path.parent, benchmark, pair, engine, at)
    except (OSError, ValueError, AttributeError):
        return None


def usage(run: Run, glossary: str) -> Usage:
    """Count the terms of a glossary in a run; a file that has not changed is not read again."""
    path = run.folder / RECORDS
    stat = path.stat()
    return _usage(path, glossary, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _usage(path: Path, glossary: str, modified: int, size: int) -> Usage:
    usage = Usage()
    for line in _lines(path):
        for term in line.get("terms") or ():
            if term.get("glossary") != glossary:
                continue
            usage.counts.setdefault(term["concept"], Counter())[term["outcome"]] += 1
            usage.terms.setdefault(term["concept"], term["term"])
    return usage


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield record


def uses(run: Run, glossary: str, concept: str, *, limit: int) -> list[Use]:
    """Where a concept's terms occur in a run, missed and violated ones first."""
    mark = json.dumps(concept, ensure_ascii=False).encode()
    found = []
    with (run.folder / RECORDS).open("rb") as lines:
        for line in lines:
            if mark in line:
                found += _uses(line, glossary, concept)
    found.sort(key=lambda use: use.term.outcome == "applied")
    return found[:limit]


def _uses(line: bytes, glossary: str, concept: str) -> list[Use]:
    try:
        record = ItemRecord.model_validate_json(line)
    except ValidationError:
        return []
    segments = {segment.id: segment for segment in record.segments}
    return [
        Use(record.id, record.index, term, segments[term.segment])
        for term in record.terms
        if (term.glossary, term.concept) == (glossary, concept) and term.segment in segments
    ]
