"""A snapshot: what a run gave, as two text files that are kept under version control.

``snapshot.json`` says how the run was made and measured, ``records.jsonl`` holds its items, one per
line in their order. Neither holds anything that is another in a second run of the same system
(no times, no run id), so what version control shows as changed has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.errors import FileError
from eval.metrics.base import Score
from eval.regress.errors import BadSnapshot
from eval.run_log import Counts, ItemRecord, RunInfo

INFO, RECORDS = "snapshot.json", "records.jsonl"
FORMAT = 1
_OF_ONE_RUN = {"run_id": "", "started": "", "seconds": 0.0}
"""What of a run's description says only when it was made."""
_NO_NAMES: set[str] = set()
_DECIMALS = 6
"""Of scores: a model on several cores does not add up in the same order each time."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished run: how it was made, and its items in the order of their file.

    ``file_sha256`` is that of the benchmark file; the items are compared by their own hashes.
    """

    run: RunInfo
    records: tuple[ItemRecord, ...]
    file: str = ""
    file_sha256: str = ""


def take_snapshot(manifest: Mapping[str, Any], records: Iterable[ItemRecord]) -> Snapshot:
    """The snapshot of a run from its manifest and its records.

    Raises:
        ValidationError: the manifest lacks what describes a run.
    """
    ordered = tuple(map(_lasting, sorted(records, key=lambda record: record.index)))
    run = RunInfo.model_validate({**manifest, **_OF_ONE_RUN})
    run.counts = Counts.of(ordered)
    return Snapshot(
        run, ordered, str(manifest.get("file", "")), str(manifest.get("file_sha256", ""))
    )


def _lasting(record: ItemRecord) -> ItemRecord:
    """The record without what differs between equal runs."""
    made = record.provenance
    stages = [stage.model_copy(update={"seconds": 0.0}) for stage in made.stages]
    segments = [
        segment.model_copy(
            update={"scores": {key: _rounded(score) for key, score in segment.scores.items()}}
        )
        for segment in record.segments
    ]
    provenance = made.model_copy(update={"seconds": 0.0, "stages": stages})
    return _lean(record.model_copy(update={"segments": segments, "provenance": provenance}))


def _lean(record: ItemRecord) -> ItemRecord:
    """The record without the names of the fields that were set: they are half of its memory."""
    scores = (score for segment in record.segments for score in segment.scores.values())
    for model in (record, record.provenance, *record.segments, *scores):
        object.__setattr__(model, "__pydantic_fields_set__", _NO_NAMES)  # some are frozen
    return record


def _rounded(score: Score) -> Score:
    if score.value is None:
        return score
    return score.model_copy(update={"value": round(score.value, _DECIMALS)})


def write_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write both files; equal snapshots give equal bytes.

    ``snapshot.json`` comes last and holds the hash of the other, so that half a snapshot is none.

    Raises:
        FileError: the folder cannot be written.
    """
    lines = "".join(_json(record.model_dump(mode="json")) + "\n" for record in snapshot.records)
    head = {
        "format": FORMAT,
        "file": snapshot.file,
        "file_sha256": snapshot.file_sha256,
        "records_sha256": _sha256(lines),
        "run": snapshot.run.model_dump(mode="json", exclude=set(_OF_ONE_RUN)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RECORDS).write_text(lines, "utf-8", newline="\n")
        (folder / INFO).write_text(_json(head, indent=2) + "\n", "utf-8", newline="\n")
    except OSError as error:
        why = error.strerror or "cannot be written"
        raise FileError(str(folder), why, "Make room, or choose another folder.") from error


def read_snapshot(folder: Path) -> Snapshot:
    """Read a snapshot back.

    Raises:
        BadSnapshot: a file is missing or cannot be read, the two do not belong together, or there
            is no item in them.
    """
    try:
        head = json.loads(_text(folder, INFO))
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise BadSnapshot(str(folder), f"{INFO} is not of format {FORMAT}")
        lines = _text(folder, RECORDS)
        if _sha256(lines) != head.get("records_sha256"):
            raise BadSnapshot(str(folder), f"{RECORDS} is not the one that {INFO} was written with")
        run = RunInfo.model_validate({**head.get("run", {}), **_OF_ONE_RUN})
        records = tuple(
            _lean(ItemRecord.model_validate_json(line)) for line in lines.split("\n") if line
        )
    except ValidationError as error:
        raise BadSnapshot(str(folder), f"a field is wrong: {error.errors()[0]['msg']}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise BadSnapshot(str(folder), f"not the JSON of a snapshot: {error}") from error
    if not records:
        raise BadSnapshot(str(folder), "it holds no items")
    return Snapshot(run, records, str(head.get("file", "")), str(head.get("file_sha256", "")))


def _text(folder: Path, name: str) -> str:
    """A file's text; version control may have changed its line ends."""
    try:
        return (folder / name).read_text("utf-8")
    except OSError as error:
        raise BadSnapshot(str(folder), f"no {name} that can be read") from error
    except UnicodeDecodeError as error:
        raise BadSnapshot(str(folder), f"{name} is not UTF-8") from error


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
