"""The files of a folder of results: their names, and how they are written so that none is lost."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.errors import FileError
from eval.report.html import render_report
from eval.report.markdown import render_markdown
from eval.run_log import ItemRecord, RunInfo
from service.errors import RunInUse

RECORDS, SCORES, MANIFEST, FAILURES, REPORT, SUMMARY = (
    "records.jsonl",
    "scores.tsv",
    "manifest.json",
    "failures.jsonl",
    "report.html",
    "report.md",
)


def held(folder: Path) -> int:
    """Take the folder for this process; closing the returned descriptor lets go of it.

    Two processes in one folder would write over each other. The lock ends with the process.

    Raises:
        RunInUse: another process has it.
        OSError: there is no such folder.
    """
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise RunInUse(str(folder)) from error
    return lock


def not_ended(folder: Path) -> FileError:
    """What to say of the folder of a run that was broken off: there is nothing to build on yet."""
    remedy = "Run `isogloss translate` again: it goes on where it stopped."
    return FileError(str(folder), "its run has not ended", remedy)


def lines_of(records: Iterable[ItemRecord]) -> str:
    """Records as they stand in a log."""
    return "".join(record.model_dump_json() + "\n" for record in records)


def logged(log: Path) -> Iterator[ItemRecord]:
    """The records of a log in the order in which they were written; broken lines are left out."""
    if not log.exists():
        return
    with log.open("rb") as lines:
        for line in lines:
            try:
                yield ItemRecord.model_validate_json(line)
            except ValidationError:
                continue  # most often the last line, which was being written at a crash


def append(log: RawIOBase, record: ItemRecord) -> None:
    """Write a record behind the others; it is on its way to the disk when this returns.

    ``log`` is unbuffered: nothing waits in memory for a crash, or for a disk that is full.

    Raises:
        OSError: it cannot be written.
    """
    line = memoryview(lines_of([record]).encode())
    while line:
        line = line[log.write(line) :]


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say what to do when the disk does not take it.

    Raises:
        FileError: instead of an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise FileError(
            str(error.filename or folder),
            error.strerror or "cannot be written",
            "Make room, or choose another folder with --out; finished items are kept.",
        ) from error


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """What is true of all items, as a person reads it."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    write_at_once(folder / MANIFEST, text)


def write_reports(folder: Path, info: RunInfo, records: Sequence[ItemRecord]) -> None:
    """The page to look at, and its summary for a pull request."""
    write_at_once(folder / REPORT, render_report(info, records))
    write_at_once(folder / SUMMARY, render_markdown(info, records))


def write_at_once(path: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
