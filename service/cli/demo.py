"""``isogloss demo``: start the service, translate the samples through it, show the result."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from eval.benchmarks.library import load_recipe
from eval.report.html import render_report
from eval.run_log import Counts, ItemRecord, RunInfo
from glossary.language import Language, Pair, parse_language
from service.api.app import create_app
from service.cli import choices
from service.cli.screen import console, progress_bar, show_findings, verdict_table
from service.job import FileJob, translate_file
from service.pipeline.run import RunOptions
from service.remote import OverHttp, request_body
from service.run_folder import REPORT
from service.settings import Settings, load_settings

SAMPLES = {
    "multiple_choice": "cmmlu",
    "school_math": "gsm8k",
    "reading": "cmrc2018",
    "code": "humaneval",
    "two_turns": "mt_bench",
    "instructions": "ifeval",
}
"""Sample file to the recipe in whose shape it is written."""
WORDS = "opencc-words"
"""Engine that shows what the checks are for: by replacing words it makes two options the same."""


def demo(
    to: choices.To = "zh-TW",
    engine: choices.EngineName = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    samples: Annotated[Path, typer.Option(help="Folder of the sample benchmark.")] = Path(
        "samples/zh-CN"
    ),
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("runs/demo"),
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first N items of each file.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when the report is written.")] = False,
) -> None:
    """Translate the sample benchmark through a service of its own and keep serving.

    Without a model it goes from zh-CN to zh-TW with OpenCC. With `--model` or `--base-url` it goes
    to any language.
    """
    settings, name = choices.with_engine(
        load_settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    pair = Pair(Language.ZH_CN, parse_language(to))
    with _serving(settings) as address:
        console.print(f"Serving at [bold]{address}[/] (API: {address}/docs)")
        results = asyncio.run(_translate_all(address, samples, out, pair, name, limit))
        _show(results, out, pair)
        if not once:
            console.print("Still serving; Ctrl-C ends it.")
            _wait()


@contextmanager
def _serving(settings: Settings) -> Iterator[str]:
    """The service in a thread of this process, on the configured port or a free one."""
    logging.basicConfig(level="WARNING", format="%(levelname)s %(message)s")
    config = uvicorn.Config(
        create_app(settings), host=settings.host, port=settings.port, log_level="warning"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise typer.Exit(1)  # uvicorn has said why: most often the port is taken
        time.sleep(0.02)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://{settings.host}:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _wait() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("Bye.")


Results = list[tuple[str, RunInfo, list[ItemRecord]]]


async def _translate_all(
    address: str, samples: Path, out: Path, pair: Pair, engine: str | None, limit: int | None
) -> Results:
    jobs = [(stem, stem, engine) for stem in SAMPLES]
    if engine is None and pair.target is Language.ZH_TW:
        jobs.append(("multiple_choice+words", "multiple_choice", WORDS))
    results: Results = []
    for label, stem, name in jobs:
        recipe = load_recipe(SAMPLES[stem])
        folder = out / f"{label}.{pair.target}"
        job = FileJob(samples / f"{stem}.jsonl", recipe, folder, restart=True, limit=limit)
        body = request_body(recipe, pair, RunOptions(), name)
        with progress_bar(f"{label:21}") as progress:
            info, records = await translate_file(job, OverHttp(address, body), progress)
        results.append((label, info, records))
    return results


def _show(results: Results, out: Path, pair: Pair) -> None:
    """One table and one report over all files."""
    everything = [
        record.model_copy(update={"id": f"{stem}/{record.id}"})
        for stem, _, records in results
        for record in records
    ]
    everything = [
        record.model_copy(update={"index": index}) for index, record in enumerate(everything)
    ]
    first = results[0][1]
    shared_signature = first.signature.partition("|")[2]  # each record keeps its own
    counts = Counts()
    for record in everything:
        counts.add(record.verdict)
    info = first.model_copy(
        update={
            "benchmark": "samples",
            "signature": f"bench:samples|{shared_signature}",
            "counts": counts,
            "seconds": round(sum(info.seconds for _, info, _ in results), 3),
            "licence_notes": [],
        }
    )
    path = out / REPORT
    path.write_text(render_report(info, everything), encoding="utf-8")
    rows = [(stem, info.counts) for stem, info, _ in results]
    console.print(verdict_table(rows, f"{pair} with {first.engine} ({first.model})"))
    show_findings(everything)
    console.print(f"Translated items: [bold]{out}/*/items.jsonl[/]")
    console.print(f"Report to look at: [bold]{path.resolve().as_uri()}[/]", soft_wrap=True)
