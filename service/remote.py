"""A running service, used through ``POST /translate/benchmark``."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import aiohttp
from pydantic import ValidationError

from eval.benchmarks.item import item_id
from eval.benchmarks.library import load_recipe, recipe_names
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.errors import DuplicateId
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Pair
from service.errors import ServiceRefused, ServiceUnreachable
from service.lines import lines
from service.pipeline.preview import ItemPreview
from service.pipeline.record import failed_record, item_error, printable
from service.pipeline.run import RunOptions

_ITEMS_PER_REQUEST = 2_000
_BYTES_PER_REQUEST = 8 * 1024 * 1024
_TOO_MUCH = 413
_JSON, _NDJSON = "application/json", "application/x-ndjson"

Entry = tuple[int, Any]
"""Position in the file, and the item."""


def request_body(
    recipe: Recipe,
    pair: Pair,
    options: RunOptions,
    engine: str | None,
    glossaries: Sequence[str] = (),
) -> dict[str, Any]:
    """The body of ``POST /translate/benchmark`` without its items."""
    described: dict[str, Any] = {"recipe": recipe.model_dump(mode="json", exclude_unset=True)}
    return {
        **({"benchmark": recipe.name} if _is_known(recipe) else described),
        "source": pair.source,
        "target": pair.target,
        "engine": engine,
        "effort": options.effort,
        "method": options.method if options.way.thorough else None,
        "candidates": options.candidates,
        "budget": options.budget.limits or None,
        "seed": options.seed,
        "checks": dict(options.checks),
        "glossaries": list(glossaries),
    }


def _is_known(recipe: Recipe) -> bool:
    """A recipe of one's own may have the name of one that comes with Isogloss."""
    return recipe.name in recipe_names() and load_recipe(recipe.name) == recipe


class OverHttp:
    """The pipeline of a running service."""

    def __init__(self, server: str, body: dict[str, Any]) -> None:
        self._url = server.rstrip("/") + "/translate/benchmark"
        self._body = body
        name = body.get("benchmark")
        self._recipe = load_recipe(name) if name else read_recipe(body["recipe"])
        self._signature = ""
        self._caveats: list[str] = []
        self._ids: dict[str, int] = {}

    async def start(self) -> RunInfo:
        """A dry run of an empty item settles everything and translates nothing.

        Raises:
            ServiceRefused, ServiceUnreachable: the service says why, or cannot be reached.
        """
        info, _ = await self._dry_run([{}])
        self._signature, self._caveats = info.signature, info.caveats
        return info

    async def previews(self, items: Sequence[Entry]) -> list[ItemPreview]:
        """What the service would send for items.

        Raises:
            ServiceRefused, ServiceUnreachable: the service says why, or cannot be reached.
        """
        if not items:
            return []
        _, previews = await self._dry_run([item for _, item in items])
        return [
            preview.model_copy(update={"index": index, "id": self._id(index, item)})
            for preview, (index, item) in zip(previews, items, strict=True)
        ]

    def told(self, data: Any) -> str | None:
        """Only the service knows its glossaries."""
        return None

    async def _dry_run(self, items: list[Any]) -> tuple[RunInfo, list[ItemPreview]]:
        body = {**self._body, "items": items, "dry_run": True}
        async with self._posted(json.dumps(body), _JSON) as response:
            answer = json.loads(await response.read())
        previews = [ItemPreview.model_validate(each) for each in answer["results"]]
        return RunInfo.model_validate(answer["run"]), previews

    async def records(
        self, items: Sequence[Entry], taken: Mapping[str, int]
    ) -> AsyncGenerator[ItemRecord, None]:
        """Send the items in portions and read the streams; ``taken`` are ids of finished items.

        Raises:
            ServiceRefused, ServiceUnreachable: the service says why, or cannot be reached.
        """
        self._ids = dict(taken)
        for portion in _portions(items):
            async with aclosing(self._sent(portion)) as records:
                async for record in records:
                    yield record

    def _id(self, index: int, item: Any) -> str:
        return printable(item_id(item, self._recipe, index))

    async def _sent(self, portion: list[_Written]) -> AsyncGenerator[ItemRecord, None]:
        """The records of a portion, which is halved as long as the service finds it too large."""
        try:
            async with aclosing(self._streamed(portion)) as records:
                async for record in records:
                    yield record
        except ServiceRefused as error:
            if error.answered != _TOO_MUCH:
                raise
            if len(portion) == 1:
                index, item, _ = portion[0]
                yield failed_record(index, self._id(index, item), item, error, self._signature)
                return
            middle = len(portion) // 2
            for half in (portion[:middle], portion[middle:]):
                async with aclosing(self._sent(half)) as records:
                    async for record in records:
                        yield record

    async def _streamed(self, portion: list[_Written]) -> AsyncGenerator[ItemRecord, None]:
        """The records of a portion; the service cannot know the ids of an earlier one."""
        fresh = [entry for entry in portion if self._id(*entry[:2]) not in self._ids]
        repeated = [entry for entry in portion if self._id(*entry[:2]) in self._ids]
        twice: list[ItemRecord] = []
        if fresh:
            async with aclosing(self._answered(fresh)) as records:
                async for record in records:
                    if record.error and record.error.code == DuplicateId.code:
                        twice.append(record)
                        continue
                    if record.item is not None:
                        self._ids.setdefault(record.id, record.index)
                    yield record
        for record in twice:  # the service counted positions in the portion
            taken = DuplicateId(record.id, self._ids.get(record.id, record.index))
            yield record.model_copy(update={"error": item_error(taken)})
        for index, item, _ in repeated:
            id_ = self._id(index, item)
            error = DuplicateId(id_, self._ids[id_])
            yield failed_record(index, id_, item, error, self._signature)

    async def _answered(self, portion: list[_Written]) -> AsyncGenerator[ItemRecord, None]:
        head = json.dumps({**self._body, "order": "finished"})
        body = f'{head[:-1]}, "items": [{",".join(text for _, _, text in portion)}]}}'
        ended = False
        async with self._posted(body, _NDJSON) as response:
            async with aclosing(lines(response.content)) as stream:
                async for line in stream:
                    entry = json.loads(line)
                    if entry["type"] == "end":
                        ended = entry["run"]["counts"]["items"] == len(portion)
                        # Some show only while items are translated.
                        told = entry["run"]["caveats"]
                        self._caveats += [each for each in told if each not in self._caveats]
                        continue
                    record = ItemRecord.model_validate(entry)
                    index, item, _ = portion[record.index]
                    own = {"index": index, "id": self._id(index, item)}
                    yield record.model_copy(update=own)
            if not ended:
                raise ServiceUnreachable(self._url, "its stream broke off")

    @asynccontextmanager
    async def _posted(self, body: str, accept: str) -> AsyncGenerator[aiohttp.ClientResponse, None]:
        """The answer to a request; a problem of the service is raised as an error of ours."""
        headers = {"Accept": accept, "Content-Type": _JSON}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(
                    self._url, data=io.BytesIO(body.encode()), headers=headers
                ) as response,
            ):
                if response.status >= 300:
                    text = (await response.read()).decode("utf-8", "replace")
                    raise ServiceRefused(self._url, response.status, text)
                yield response
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise ServiceUnreachable(self._url, str(error) or type(error).__name__) from error
        except (json.JSONDecodeError, KeyError, ValidationError) as error:
            why = "its answer is not that of an Isogloss service"
            raise ServiceUnreachable(self._url, why) from error


_Written = tuple[int, Any, str]
"""Position in the file, the item, and the item as JSON."""


def _portions(items: Sequence[Entry]) -> Iterator[list[_Written]]:
    """Items as JSON, as many in one request as stay within bounds."""
    portion: list[_Written] = []
    size = 0
    for index, item in items:
        text = json.dumps(item)
        full = len(portion) == _ITEMS_PER_REQUEST or size + len(text) > _BYTES_PER_REQUEST
        if portion and full:
            yield portion
            portion, size = [], 0
        portion.append((index, item, text))
        size += len(text)
    if portion:
        yield portion
