"""Translating a whole file, in this process or through a running service."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from eval.benchmarks.file import BenchmarkFile, read_file
from eval.benchmarks.library import recipe_names
from eval.benchmarks.recipe import Recipe
from eval.run_log import ItemError, ItemRecord, Provenance, RunInfo, Verdict
from glossary.language import Pair
from service.engines.base import Engine
from service.errors import EngineUnavailable, ServiceError
from service.pipeline.run import Run, RunOptions, prepare_run
from service.pipeline.translate import fingerprint
from service.run_folder import RunFolder

_ITEMS_PER_REQUEST = 2_000


class Translating(Protocol):
    """Where the translating is done."""

    async def start(self, sample: Any) -> RunInfo:
        """Settle the run; ``sample`` is one of its items."""
        ...

    def records(self, items: Sequence[tuple[int, Any]]) -> AsyncGenerator[ItemRecord, None]:
        """Translate ``(index, item)``; results come as they finish."""
        ...


class InProcess:
    """The pipeline itself."""

    def __init__(self, engine: Engine, recipe: Recipe, pair: Pair, options: RunOptions) -> None:
        self._given = (engine, recipe, pair, options)
        self._run: Run | None = None

    async def start(self, sample: Any) -> RunInfo:
        """Make the engine ready."""
        self._run = await prepare_run(*self._given)
        return self._run.info

    async def records(self, items: Sequence[tuple[int, Any]]) -> AsyncGenerator[ItemRecord, None]:
        """Translate in this process."""
        assert self._run is not None
        async with aclosing(self._run.records(items)) as records:
            async for record in records:
                yield record


class ServiceRefused(ServiceError):
    """A running service answered with a problem."""

    code = "service_refused"
    status = 502

    def __init__(self, problem: dict[str, Any]) -> None:
        self.remedy = str(problem.get("remedy", ""))
        super().__init__(str(problem.get("detail", problem)))


class OverHttp:
    """A running service, through ``POST /translate/benchmark``."""

    def __init__(self, server: str, body: dict[str, Any]) -> None:
        self._url = server.rstrip("/") + "/translate/benchmark"
        self._body = body

    async def start(self, sample: Any) -> RunInfo:
        """A dry run of one item settles everything and translates nothing."""
        async with self._post({"items": [sample], "dry_run": True}) as response:
            return RunInfo.model_validate((await response.json())["run"])

    async def records(self, items: Sequence[tuple[int, Any]]) -> AsyncGenerator[ItemRecord, None]:
        """Send the items in portions and read the streams."""
        for start in range(0, len(items), _ITEMS_PER_REQUEST):
            portion = items[start : start + _ITEMS_PER_REQUEST]
            async with self._post({"items": [item for _, item in portion]}) as response:
                async for line in _lines(response):
                    entry = json.loads(line)
                    if entry["type"] == "item":
                        record = ItemRecord.model_validate(entry)
                        index = portion[record.index][0]
                        own_id = record.id != str(record.index)
                        yield record.model_copy(
                            update={"index": index, "id": record.id if own_id else str(index)}
                        )

    def _post(self, more: dict[str, Any]) -> _Post:
        return _Post(self._url, {**self._body, "order": "finished", **more})


def request_body(
    recipe: Recipe, pair: Pair, options: RunOptions, engine: str | None
) -> dict[str, Any]:
    """The body of ``POST /translate/benchmark`` without its items."""
    described: dict[str, Any] = {"recipe": recipe.model_dump(mode="json", exclude_unset=True)}
    return {
        **({"benchmark": recipe.name} if recipe.name in recipe_names() else described),
        "source": pair.source,
        "target": pair.target,
        "engine": engine,
        "candidates": options.candidates,
        "seed": options.seed,
    }


class _Post:
    """A request that raises the service's problem as an error of ours."""

    def __init__(self, url: str, body: dict[str, Any]) -> None:
        self._url, self._body = url, body

    async def __aenter__(self) -> aiohttp.ClientResponse:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10), read_bufsize=2**24
        )
        accept = "application/json" if self._body.get("dry_run") else "application/x-ndjson"
        try:
            response = await self._session.post(
                self._url, json=self._body, headers={"Accept": accept}
            )
        except aiohttp.ClientConnectionError as error:
            await self._session.close()
            raise EngineUnavailable(self._url, str(error)) from error
        if response.status >= 400:
            problem = json.loads(await response.text())
            await self._session.close()
            raise ServiceRefused(problem)
        return response

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()


async def _lines(response: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
    """Lines of any length; aiohttp's own reader bounds them."""
    rest = b""
    async for chunk in response.content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line


@dataclass(frozen=True, slots=True)
class FileJob:
    """A file to translate."""

    path: Path
    recipe: Recipe
    folder: Path
    restart: bool = False
    drop_flagged: bool = False
    limit: int | None = None


Progress = Callable[[int, ItemRecord | None], None]
"""Called with the number of items and each finished record; first with ``None``."""


async def translate_file(
    job: FileJob, translating: Translating, progress: Progress
) -> tuple[RunInfo, list[ItemRecord]]:
    """Translate what is not done yet, then write everything.

    Raises:
        FileError, RunMismatch, EngineError: before anything is translated.
    """
    file = read_file(job.path, job.recipe)
    records = file.records[: job.limit]
    readable = [(record.index, record.data) for record in records if record.error is None]
    info = await translating.start(readable[0][1] if readable else {})
    with RunFolder(job.folder, file, info).open(restart=job.restart) as folder:
        progress(len(records), None)
        for record in folder.records.values():
            progress(len(records), record)
        for unreadable in _unreadable(file, info, len(records)):
            folder.add(unreadable)
            progress(len(records), unreadable)
        todo = [entry for entry in readable if entry[0] not in folder.records]
        if todo:
            async with aclosing(translating.records(todo)) as finished:
                async for done in finished:
                    folder.add(done)
                    progress(len(records), done)
        info = folder.finish(drop_flagged=job.drop_flagged)
        return info, [folder.records[index] for index in sorted(folder.records)]


def _unreadable(file: BenchmarkFile, info: RunInfo, limit: int) -> list[ItemRecord]:
    return [
        ItemRecord(
            index=record.index,
            id=str(record.index),
            verdict=Verdict.FAILED,
            error=ItemError(
                code=record.error.code, detail=str(record.error), remedy=record.error.remedy
            ),
            provenance=Provenance(signature=info.signature, source_sha256=fingerprint(record.raw)),
        )
        for record in file.records[:limit]
        if record.error is not None
    ]
