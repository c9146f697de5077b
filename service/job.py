"""Translating a whole file, in this process or through a running service."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from eval.benchmarks.file import BenchmarkFile, read_file
from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Level
from eval.checks.suite import rules_for
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Pair
from service.engines.base import Engine
from service.files.run_folder import RunFolder
from service.pipeline.preview import ItemPreview, previews
from service.pipeline.record import failed_record, item_error
from service.pipeline.run import Run, RunOptions, prepare_run
from service.remote import Entry


class Translating(Protocol):
    """Where the translating is done."""

    async def start(self) -> RunInfo:
        """Settle what is the same for all items."""
        ...

    async def previews(self, items: Sequence[Entry]) -> list[ItemPreview]:
        """What would be sent for items."""
        ...

    def records(
        self, items: Sequence[Entry], taken: Mapping[str, int]
    ) -> AsyncGenerator[ItemRecord, None]:
        """Translate items; results come as they finish. ``taken`` are ids of finished items."""
        ...

    def told(self, data: Any) -> str | None:
        """Fingerprint of the terms that an item would be told now; ``None`` if nobody can say."""
        ...


class InProcess:
    """The pipeline itself."""

    def __init__(self, engine: Engine, recipe: Recipe, pair: Pair, options: RunOptions) -> None:
        self._given = (engine, recipe, pair, options)
        self._run: Run | None = None

    async def start(self) -> RunInfo:
        """Make the engine ready."""
        self._run = await prepare_run(*self._given)
        return self._run.info

    async def previews(self, items: Sequence[Entry]) -> list[ItemPreview]:
        """What would be sent for items."""
        await self.start()
        assert self._run is not None
        return await previews(self._run, items)

    def told(self, data: Any) -> str | None:
        """By the glossaries as they are now."""
        assert self._run is not None
        return self._run.translator.told(data)

    async def records(
        self, items: Sequence[Entry], taken: Mapping[str, int]
    ) -> AsyncGenerator[ItemRecord, None]:
        """Translate in this process."""
        assert self._run is not None
        self._run.translator.reader.take_ids(taken)
        async with aclosing(self._run.records(items)) as records:
            async for record in records:
                yield record


@dataclass(frozen=True, slots=True)
class FileJob:
    """A file to translate."""

    path: Path
    recipe: Recipe
    folder: Path
    restart: bool = False
    drop_flagged: bool = False
    limit: int | None = None
    checks: Mapping[str, Level] = field(default_factory=dict)


Progress = Callable[[int, ItemRecord | None], None]
"""Called with the number of items and each finished record; first with ``None``."""


async def translate_file(
    job: FileJob, translating: Translating, progress: Progress
) -> tuple[RunInfo, list[ItemRecord]]:
    """Translate what is not done yet, then write everything.

    Raises:
        FileError, RunMismatch, ServiceError: nothing that was finished is lost.
    """
    file = read_file(job.path, job.recipe)
    entries = file.records[: job.limit]
    info = await translating.start()
    by_place = {entry.index: entry.data for entry in entries}

    def told(place: int) -> str | None:
        return translating.told(by_place[place]) if place in by_place else None

    with RunFolder(job.folder, file, info, told).open(restart=job.restart) as folder:
        progress(len(entries), None)

        def finished(record: ItemRecord) -> None:
            folder.add(record)
            progress(len(entries), record)

        for record in folder.records.values():
            progress(len(entries), record)
        for unreadable in _unreadable(file, info, len(entries)):
            finished(unreadable)
        taken = {record.id: record.index for record in folder.records.values() if record.item}
        todo = [(entry.index, entry.data) for entry in entries if entry.index not in folder.records]
        if todo:
            async with aclosing(translating.records(todo, taken)) as records:
                async for record in records:
                    finished(record)
        folder.judge_together(rules_for(job.recipe, job.checks))
        info = folder.finish(drop_flagged=job.drop_flagged)
        return info, [folder.records[index] for index in sorted(folder.records)]


async def preview_file(job: FileJob, translating: Translating, count: int) -> list[ItemPreview]:
    """What would be sent for the first items of a file.

    Raises:
        FileError, ServiceError: the file cannot be read, or the engine not be made ready.
    """
    records = read_file(job.path, job.recipe).records[:count]
    readable = [(record.index, record.data) for record in records if record.error is None]
    shown = await translating.previews(readable)
    broken = [
        ItemPreview(index=record.index, id=str(record.index), error=item_error(record.error))
        for record in records
        if record.error is not None
    ]
    return sorted([*shown, *broken], key=lambda preview: preview.index)


def _unreadable(file: BenchmarkFile, info: RunInfo, limit: int) -> list[ItemRecord]:
    return [
        failed_record(record.index, str(record.index), record.raw, record.error, info.signature)
        for record in file.records[:limit]
        if record.error is not None
    ]
