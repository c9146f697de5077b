"""A run on disk: what was done so far survives anything, and nothing is half-written.

``records.jsonl`` grows by one line per finished item and is what an interrupted run resumes from.
The rest is written at the end, each file at once: ``items.*`` (the translated benchmark in its
original shape), ``failures.jsonl``, ``manifest.json``, ``report.html``, ``report.md``, and
``records.jsonl`` once more, in order and with what showed only in all items together.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from eval.benchmarks.file import BenchmarkFile
from eval.benchmarks.path import Location
from eval.checks.rules import Rules
from eval.run_log import Counts, ItemRecord, RunInfo, Verdict, judged_together
from service.errors import RunMismatch
from service.files.run_files import (
    FAILURES,
    MANIFEST,
    RECORDS,
    append,
    held,
    lines_of,
    logged,
    write_at_once,
    write_manifest,
    write_reports,
    writing,
)

Told = Callable[[int], str | None]
"""Fingerprint of the terms that would be told for the item at a place; ``None``: not known."""


class RunFolder:
    """One folder, one run, one process. Use it as a context manager: it holds files open."""

    def __init__(
        self, folder: Path, file: BenchmarkFile, info: RunInfo, told: Told = lambda _: None
    ) -> None:
        self.folder, self._file, self._info, self._told = folder, file, info, told
        self.records: dict[int, ItemRecord] = {}
        self._key = {
            "file": file.path.name,
            "file_sha256": hashlib.sha256(file.text.encode()).hexdigest(),
            "signature": info.signature,
        }
        self._began, self._earlier_s = time.monotonic(), 0.0
        self._finished = False
        self._log: Any = None
        self._lock: int | None = None

    def open(self, *, restart: bool = False) -> Self:
        """Start the run, or take up what an earlier one of the same file and signature has done.

        Failed items are not taken up: they are tried again. Where nothing but the glossaries has
        changed since, only items for which they now say something else are done again.

        Raises:
            RunInUse: another process is working in the folder.
            RunMismatch: the folder holds a run of another file, engine or recipe.
            FileError: nothing can be written there.
        """
        try:
            self._open(restart)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _open(self, restart: bool) -> None:
        log = self.folder / RECORDS
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = held(self.folder)
            if restart:
                log.unlink(missing_ok=True)
            else:
                self._take_up(log)
            self._write_manifest(finished=False)
            # What a crash cut short, and what is to be tried again, is left out of the log.
            write_at_once(log, lines_of(self.records.values()))
            self._log = log.open("ab", buffering=0)

    def _take_up(self, log: Path) -> None:
        manifest = self.folder / MANIFEST
        if not manifest.exists():
            if log.exists():
                raise RunMismatch(str(self.folder), f"it has {RECORDS} and no {MANIFEST}")
            return
        try:
            known = json.loads(manifest.read_text("utf-8"))
        except ValueError as error:
            raise RunMismatch(str(self.folder), f"its {MANIFEST} cannot be read") from error
        for name, value in self._key.items():
            before = str(known.get(name))
            if without_terms(before) != without_terms(value):
                raise RunMismatch(str(self.folder), _difference(name, before, value))
        self.records = {
            record.index: record
            for record in logged(log)
            if record.verdict is not Verdict.FAILED and self._still_holds(record)
        }
        if self.records:
            self._take_over(known)

    def _take_over(self, manifest: Any) -> None:
        """What was measured of the items that stay is still said of them."""
        try:
            before = RunInfo.model_validate(manifest)
        except ValidationError as error:
            raise RunMismatch(str(self.folder), f"its {MANIFEST} cannot be read") from error
        info, kept = self._info, {record.id for record in self.records.values() if record.probe}
        info.started, self._earlier_s = before.started, before.seconds
        info.metrics = before.metrics | info.metrics
        info.back_translator = info.back_translator or before.back_translator
        info.solver = info.solver or before.solver
        for result, ids in before.probes.items():
            info.probes[result] = [each for each in ids if each in kept]
        info.caveats += [caveat for caveat in before.caveats if caveat not in info.caveats]

    def _still_holds(self, record: ItemRecord) -> bool:
        """Was it made with the same words about the item's terms as would be told now?"""
        made = record.provenance
        if made.signature == self._info.signature:
            return True
        return made.terms == self._told(record.index)

    def add(self, record: ItemRecord) -> None:
        """Keep one finished item; it is on its way to the disk when this returns.

        Raises:
            FileError: it cannot be written.
        """
        with writing(self.folder):
            append(self._log, record)
        self.records[record.index] = record

    def judge_together(self, rules: Rules) -> None:
        """Judge the finished items with what shows only when all of them are at hand."""
        records = judged_together(list(self.records.values()), rules)
        self.records = {record.index: record for record in records}

    def finish(self, *, drop_flagged: bool = False) -> RunInfo:
        """Write the translated file, the failures, the manifest and the report.

        Raises:
            FileError: one of them cannot be written; those before it are whole.
        """
        records = [self.records[index] for index in sorted(self.records)]
        self._info.counts, self._info.seconds = Counts.of(records), self._seconds
        failures = [record for record in records if record.verdict is Verdict.FAILED]
        with writing(self.folder):
            os.fsync(self._log.fileno())
            write_at_once(self.items_path, self._translated(records, drop_flagged))
            write_at_once(self.folder / FAILURES, lines_of(failures))
            write_at_once(self.folder / RECORDS, lines_of(records))
            write_reports(self.folder, self._info, records)
            self._write_manifest(finished=True)
        self._finished = True
        return self._info

    @property
    def _seconds(self) -> float:
        """How long the run has been worked at, the time before it was broken off included."""
        return round(self._earlier_s + time.monotonic() - self._began, 3)

    @property
    def items_path(self) -> Path:
        """Where the translated benchmark goes."""
        return self.folder / f"items.{self._file.format}"

    def _translated(self, records: Sequence[ItemRecord], drop_flagged: bool) -> str:
        sources = {record.index: record.data for record in self._file.records}
        edits, dropped = {}, set(sources)
        for record in records:
            if record.item is None or (drop_flagged and record.verdict is Verdict.FLAGGED):
                continue
            dropped.discard(record.index)
            edits[record.index] = changes(sources[record.index], record.item)
        return self._file.written(edits, dropped)

    def _write_manifest(self, *, finished: bool) -> None:
        manifest = {**self._key, "finished": finished, **self._info.model_dump(mode="json")}
        write_manifest(self.folder, manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._log is not None:
            self._log.close()
            if not self._finished:
                self._info.seconds = self._seconds
                with suppress(OSError):  # what went wrong before matters more than the time
                    self._write_manifest(finished=False)
        if self._lock is not None:
            os.close(self._lock)


def without_terms(signature: str) -> str:
    """A signature without its part for the glossaries."""
    return "|".join(part for part in signature.split("|") if not part.startswith("terms:"))


def _difference(name: str, before: str, now: str) -> str:
    """What is another in the run of the folder: of a signature only the parts that differ."""
    old, new = before.split("|"), now.split("|")
    was = "|".join(part for part in old if part not in new)
    becomes = "|".join(part for part in new if part not in old)
    return f"its {name} says {was or 'less'}, this run {becomes or 'less'}"


def changes(before: Any, after: Any, at: Location = ()) -> dict[Location, str | int]:
    """Places where two JSON values of the same shape differ, with what stands there afterwards."""
    if isinstance(before, dict):
        pairs: list[tuple[str | int, Any, Any]] = [
            (key, value, after[key]) for key, value in before.items()
        ]
    elif isinstance(before, list):
        pairs = [
            (index, old, new) for index, (old, new) in enumerate(zip(before, after, strict=True))
        ]
    else:
        return {} if before == after else {at: after}
    found: dict[Location, str | int] = {}
    for step, old, new in pairs:
        found |= changes(old, new, (*at, step))
    return found
