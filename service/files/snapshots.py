"""Snapshots from the folders that runs leave."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from eval.errors import FileError
from eval.regress.errors import BadSnapshot, RunUnfinished
from eval.regress.snapshot import INFO, Snapshot, read_snapshot, take_snapshot
from service.files.run_files import MANIFEST, RECORDS, SCORES, logged


def load_snapshot(folder: Path) -> Snapshot:
    """A snapshot from its own folder, or taken from that of a finished run.

    Raises:
        BadSnapshot: the folder is neither, or cannot be read.
        RunUnfinished: it is the folder of a run that has not come to its end.
    """
    if (folder / INFO).exists():
        return read_snapshot(folder)
    if (folder / MANIFEST).exists():
        return snapshot_of_run(folder)
    raise BadSnapshot(str(folder), f"it has neither {INFO} nor the {MANIFEST} of a run")


def must_take_snapshot(folder: Path) -> None:
    """May a snapshot be written there? Asked before a run of hours, not after it.

    Raises:
        FileError: it is no folder, or that of a run, whose records a snapshot would write over.
    """
    if folder.exists() and not folder.is_dir():
        raise FileError(str(folder), "it is a file", "Choose another folder with --out.")
    if (folder / MANIFEST).exists():
        raise FileError(
            str(folder),
            "it is the folder of a run, whose records would be lost",
            "Choose another folder with --out. `compare` takes this one as it is.",
        )


def snapshot_of_run(folder: Path) -> Snapshot:
    """The snapshot of a finished run, or of what ``isogloss score`` has left.

    Raises:
        BadSnapshot: a file is missing, or is not what a run writes.
        RunUnfinished: the run has not come to its end.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        # Of an item that was measured before, the last line counts.
        records = {record.index: record for record in logged(folder / RECORDS)}
        snapshot = take_snapshot(manifest, records.values())
    except OSError as error:
        why = error.strerror or "cannot be read"
        raise BadSnapshot(str(folder), f"{error.filename}: {why}") from error
    except (ValueError, TypeError, ValidationError) as error:
        raise BadSnapshot(str(folder), f"its {MANIFEST} is not that of a run") from error
    if not manifest.get("finished", (folder / SCORES).exists()):
        raise RunUnfinished(str(folder))
    if snapshot.run.counts.items != manifest["counts"]["items"]:
        raise BadSnapshot(str(folder), f"{RECORDS} has not the items that {MANIFEST} counts")
    return snapshot
