"""Whole benchmark files through ``POST /translate/benchmark``, compared with their sources.

Chinese files go from zh-CN to zh-TW with ``opencc``: no item may be lost, every protected span and
answer key must be the same, and every item must have the keys and types it had. English and Korean
files go through ``identity`` and must come back byte for byte.

Run it: ``python -m bench.files [FOLDER]``. The folder has one subfolder per language; default is
``$ISOGLOSS_SHARED_DATA/benchmarks``. The last line of output is one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.processes import free_port, running
from eval.benchmarks.file import read_file
from eval.benchmarks.item import read_item
from eval.benchmarks.library import load_recipe, recipe_names
from eval.benchmarks.path import locate
from eval.benchmarks.protect import protected_spans
from eval.benchmarks.recipe import Recipe
from eval.run_log import ItemRecord
from eval.segment import FieldKind
from glossary.language import Language, Pair
from service.job import FileJob, translate_file
from service.pipeline.run import RunOptions
from service.remote import OverHttp, request_body

_SUFFIXES = ("_dev", "_test", "_sample")


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    file: str
    pair: str
    engine: str
    items: int
    seconds: float
    verdicts: dict[str, int]
    faults: Counter[str] = field(default_factory=Counter)
    identical: bool | None = None


def recipe_of(path: Path) -> Recipe:
    """The recipe by the file's name: ``mmlu_dev.jsonl`` is MMLU."""
    stem = path.stem
    for suffix in _SUFFIXES:
        stem = stem.removesuffix(suffix)
    if stem not in recipe_names():
        raise SystemExit(f"{path}: no recipe is called {stem!r}")
    return load_recipe(stem)


async def translated(address: str, path: Path, pair: Pair, engine: str, out: Path) -> Outcome:
    """Send one file through the service and look at what comes back."""
    recipe = recipe_of(path)
    body = request_body(recipe, pair, RunOptions(), engine)
    job = FileJob(path, recipe, out / path.stem, restart=True)
    started = time.monotonic()
    info, records = await translate_file(job, OverHttp(address, body), lambda *_: None)
    outcome = Outcome(
        path.name,
        str(pair),
        engine,
        len(records),
        time.monotonic() - started,
        info.counts.model_dump(),
    )
    written = out / path.stem / "items.jsonl"
    if engine == "identity":
        outcome.identical = same_bytes(written, path)
    compare(path, written, recipe, records, outcome.faults)
    return outcome


def same_bytes(one: Path, other: Path) -> bool:
    """Are two files equal to the last byte?"""
    return one.read_bytes() == other.read_bytes()


def compare(
    source: Path, target: Path, recipe: Recipe, records: list[ItemRecord], faults: Counter[str]
) -> None:
    """Count what differs between a file and its translation that may not differ."""
    before = [record.data for record in read_file(source, recipe).records]
    after = [record.data for record in read_file(target, recipe).records]
    faults["lost"] += len(before) - len(after)
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        faults["shape"] += shape(old) != shape(new)
        faults["answer key"] += keys(old, recipe) != keys(new, recipe)
        faults["position"] += read_item(old, recipe, index).id != read_item(new, recipe, index).id
    for record in records:
        for segment in record.segments:
            wanted = Counter(span.text for span in protected_spans(segment.source))
            faults["protected"] += any(
                segment.target.count(text) < count for text, count in wanted.items()
            )


def shape(value: Any) -> Any:
    """Keys and types of a JSON value, without its strings and numbers."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def keys(item: Any, recipe: Recipe) -> list[Any]:
    """The answer labels of an item."""
    return [
        value
        for path, spec in recipe.layout_of(item).fields.items()
        if spec.kind is FieldKind.ANSWER_LABEL
        for _, value in locate(path, item)
    ]


def show(outcomes: list[Outcome]) -> None:
    """The table, and the JSON object."""
    table = Table(title="Files through /translate/benchmark")
    for name in ("file", "pair", "engine", "items", "items/s", "verdicts", "faults", "identical"):
        table.add_column(name)
    for each in outcomes:
        faults = {name: count for name, count in each.faults.items() if count}
        verdicts = {name: n for name, n in each.verdicts.items() if n and name != "items"}
        table.add_row(
            each.file,
            each.pair,
            each.engine,
            str(each.items),
            f"{each.items / each.seconds:.0f}",
            str(verdicts),
            str(faults or "none"),
            "-" if each.identical is None else str(each.identical),
        )
    Console(width=150).print(table)
    converted = [each for each in outcomes if each.engine == "opencc"]
    control = [each for each in outcomes if each.engine == "identity"]
    faults = Counter[str]()
    for each in outcomes:
        faults.update(each.faults)
    summary = {
        "bench": "files",
        "items_opencc": sum(each.items for each in converted),
        "items_per_s_opencc": round(
            sum(each.items for each in converted) / sum(each.seconds for each in converted)
        ),
        "items_identity": sum(each.items for each in control),
        "files_identical": sum(bool(each.identical) for each in control),
        "files_identity": len(control),
        "faults": {name: count for name, count in faults.items() if count},
    }
    print(json.dumps(summary))


def main() -> None:
    """Run over all files of the folder."""
    shared = Path(os.environ.get("ISOGLOSS_SHARED_DATA", "../shared/data"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "benchmarks"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there: name the folder with the benchmark files.")
    jobs = [
        (path, Pair(Language.ZH_CN, Language.ZH_TW), "opencc")
        for path in sorted((folder / "zh-CN").glob("*.jsonl"))
    ]
    for language in (Language.EN, Language.KO, Language.ZH_TW):
        jobs += [
            (path, Pair(language, language), "identity")
            for path in sorted((folder / language).glob("*.jsonl"))
        ]
    port = free_port()
    arguments = ["-m", "service", "serve", "--port", str(port)]
    with (
        running("service", arguments, port=port, ready_path="/readyz") as service,
        tempfile.TemporaryDirectory() as out,
    ):
        outcomes = []
        for path, pair, engine in jobs:
            outcomes.append(asyncio.run(translated(service.url, path, pair, engine, Path(out))))
            print(f"{path.name}: {outcomes[-1].items} items", file=sys.stderr)
    show(outcomes)


if __name__ == "__main__":
    main()
