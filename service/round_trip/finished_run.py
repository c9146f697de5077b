"""A finished run's folder, opened again to add what is found out afterwards."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Self

from eval.benchmarks.recipe import Recipe
from eval.errors import FileError
from eval.run_log import Counts, ItemRecord, RunInfo, Verdict
from service.engines.base import EngineInfo
from service.files.run_files import (
    MANIFEST,
    RECORDS,
    append,
    held,
    lines_of,
    logged,
    not_ended,
    write_at_once,
    write_manifest,
    write_reports,
    writing,
)

_REMEDY = "Name the folder of a run that `isogloss translate` has finished."


class FinishedRun:
    """Records and manifest of a run; the translations in it stay as they are.

    What is kept is on the disk at once: a measurement that was broken off goes on where it stopped.
    Use it as a context manager: it holds files open.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[int, ItemRecord] = {}
        self._manifest: dict[str, Any] = {}
        self._log: Any = None
        self._lock: int | None = None

    def open(self) -> Self:
        """Read the run.

        Raises:
            FileError: there is no finished run in the folder, or it cannot be read or written.
            RunInUse: another process is working in it.
        """
        if not (self.folder / MANIFEST).is_file():
            raise FileError(str(self.folder), "there is no run inside", _REMEDY)
        with writing(self.folder):
            self._lock = held(self.folder)
        try:
            self._read()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _read(self) -> None:
        manifest = self.folder / MANIFEST
        try:
            self._manifest = json.loads(manifest.read_text("utf-8"))
            self.info = RunInfo.model_validate(self._manifest)
        except ValueError as error:  # no JSON, or not a manifest
            raise FileError(str(manifest), "it cannot be read", _REMEDY) from error
        if not self._manifest.get("finished"):
            raise not_ended(self.folder)
        # Of an item that was measured before, the last line counts.
        self.records = {record.index: record for record in logged(self.folder / RECORDS)}

    @property
    def forward(self) -> EngineInfo:
        """The engine that translated, as far as the manifest tells."""
        parts = dict(part.partition(":")[::2] for part in self.info.signature.split("|"))
        kind = parts.get("engine", self.info.engine)
        return EngineInfo(self.info.engine, kind, model=self.info.model, profile=self.info.profile)

    def must_be_of(self, recipe: Recipe) -> None:
        """Make sure that the run was read by this recipe.

        Raises:
            FileError: it was read by another, or by another version of it.
        """
        made = self.info.signature.partition("|")[0].removeprefix("bench:")
        wanted = f"{recipe.name}@{recipe.fingerprint}"
        if made != wanted:
            raise FileError(
                str(self.folder),
                f"its items were read by the recipe {made}, not by {wanted}",
                "Give the recipe of that time with --recipe FILE.",
            )

    @property
    def translated(self) -> list[ItemRecord]:
        """The items that have a translation, in their order."""
        return [each for each in self._ordered() if each.verdict is not Verdict.FAILED]

    def start(self) -> None:
        """Write records and manifest as they are now; what is kept from now on goes behind them.

        Raises:
            FileError: one of them cannot be written.
        """
        with writing(self.folder):
            self._write()
            self._log = (self.folder / RECORDS).open("ab", buffering=0)

    def keep(self, record: ItemRecord) -> None:
        """Keep what was found out about an item; it is on its way to the disk when this returns.

        Raises:
            FileError: it cannot be written.
        """
        with writing(self.folder):
            append(self._log, record)
        self.records[record.index] = record

    def finish(self) -> None:
        """Write records, manifest and report.

        Raises:
            FileError: one of them cannot be written; those before it are whole.
        """
        ordered = self._ordered()
        self.info.counts = Counts.of(ordered)
        with writing(self.folder):
            write_reports(self.folder, self.info, ordered)
            self._write()

    def _ordered(self) -> list[ItemRecord]:
        return [self.records[index] for index in sorted(self.records)]

    def _write(self) -> None:
        # Records first: the manifest must not claim for them what they do not have.
        write_at_once(self.folder / RECORDS, lines_of(self._ordered()))
        write_manifest(self.folder, {**self._manifest, **self.info.model_dump(mode="json")})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._log is not None:
            self._log.close()
        if self._lock is not None:
            os.close(self._lock)
