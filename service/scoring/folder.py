"""Scores on disk: what was scored so far survives anything, and is not scored twice."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from eval.errors import FileError
from eval.metrics.base import MetricInfo
from eval.run_log import ItemRecord, RunInfo
from service.files.run_files import (
    MANIFEST,
    RECORDS,
    SCORES,
    append,
    lines_of,
    not_ended,
    write_at_once,
    write_manifest,
    write_reports,
    writing,
)

_COLUMNS = ("index", "id", "segment", "score", "value", "reason")
_NO_RUN = "Name the folder of a run: it holds manifest.json and records.jsonl."


class ScoreFolder:
    """A folder with ``records.jsonl``, ``scores.tsv``, ``manifest.json`` and ``report.html``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> tuple[RunInfo, list[ItemRecord]]:
        """What a run of ``isogloss score`` or ``isogloss translate`` has left.

        Raises:
            FileError: there is none, or it cannot be read.
        """
        try:
            manifest = json.loads((self.folder / MANIFEST).read_text("utf-8"))
            info = RunInfo.model_validate(manifest)
            lines = (self.folder / RECORDS).read_bytes().splitlines()
        except OSError as error:
            why = error.strerror or "it cannot be read"
            raise FileError(str(error.filename or self.folder), why, _NO_RUN) from error
        except ValueError as error:  # pydantic's and that of a wrong encoding
            raise FileError(str(self.folder / MANIFEST), "no manifest of a run", _NO_RUN) from error
        if manifest.get("finished") is False:
            raise not_ended(self.folder)
        records = {}
        for number, line in enumerate(lines, start=1):
            try:
                record = ItemRecord.model_validate_json(line)
            except ValidationError as error:
                if number == len(lines):
                    break  # it was being written when the run broke off
                where = f"{self.folder / RECORDS}:{number}"
                raise FileError(where, "it is no record of an item", _NO_RUN) from error
            records[record.index] = record  # of an item that was done again the last one counts
        return info, [records[index] for index in sorted(records)]

    def start(self, info: RunInfo, records: Sequence[ItemRecord]) -> None:
        """Write the records as they are, to be added to.

        Raises:
            FileError: nothing can be written there, or a run of translations would be lost.
        """
        self._refuse_run()
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / SCORES).unlink(missing_ok=True)  # it says that the scoring has ended
            self._write(info, records)

    def add(self, record: ItemRecord) -> None:
        """Keep one item that was scored.

        Raises:
            FileError: it cannot be written.
        """
        with writing(self.folder), (self.folder / RECORDS).open("ab", buffering=0) as log:
            append(log, record)

    def finish(self, info: RunInfo, records: Sequence[ItemRecord]) -> None:
        """Write everything, the items in their order.

        Raises:
            FileError: it cannot be written.
        """
        with writing(self.folder):
            self._write(info, records)
            write_at_once(self.folder / SCORES, _table(records))
            write_reports(self.folder, info, records)

    def _refuse_run(self) -> None:
        """A translated benchmark is resumed by its manifest, which is not ours to write."""
        manifest = self.folder / MANIFEST
        if manifest.exists() and '"file_sha256"' in manifest.read_text("utf-8", "replace"):
            why = "it holds the run of `isogloss translate`"
            raise FileError(str(self.folder), why, "Choose another folder with --out.")

    def _write(self, info: RunInfo, records: Sequence[ItemRecord]) -> None:
        write_manifest(self.folder, info.model_dump(mode="json"))
        write_at_once(self.folder / RECORDS, lines_of(records))


def refuse_other_signatures(
    folder: Path, before: Mapping[str, MetricInfo], now: Mapping[str, MetricInfo]
) -> None:
    """Scores that were made otherwise must not be filled up.

    Raises:
        FileError: a score of the folder has another signature.
    """
    for key, info in now.items():
        if key in before and before[key].signature != info.signature:
            why = f"its {key} was made with {before[key].signature}, now it is {info.signature}"
            raise FileError(str(folder), why, "Leave out --retry to score everything anew.")


def _table(records: Iterable[ItemRecord]) -> str:
    text = io.StringIO()
    table = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    table.writerow(_COLUMNS)
    for record in records:
        by_segment = [(segment.id, segment.scores) for segment in record.segments]
        for segment, scores in by_segment or [("", record.scores)]:
            for key, score in scores.items():
                value = "" if score.value is None else f"{score.value:.6g}"
                table.writerow((record.index, record.id, segment, key, value, score.reason))
    return text.getvalue()
