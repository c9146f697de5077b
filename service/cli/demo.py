"""``isogloss demo``: start the service, translate the samples through it, show the result."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
import yaml

from eval.benchmarks.library import load_recipe
from eval.report.html import render_runs
from eval.run_log import Counts, ItemRecord, RunInfo
from glossary.concept import Glossary
from glossary.language import Language, Pair, parse_language
from glossary.store.errors import UnknownGlossary
from glossary.store.port import Edit, Store
from service.cli import choices
from service.cli.screen import console, progress_bar, show_findings, verdict_table
from service.files.run_files import REPORT
from service.job import FileJob, translate_file
from service.pipeline.run import RunOptions
from service.remote import OverHttp, request_body
from service.settings import EngineKind, EngineSettings, Settings, load_settings

SAMPLES = {
    "multiple_choice": "cmmlu",
    "school_math": "gsm8k",
    "reading": "cmrc2018",
    "code": "humaneval",
    "two_turns": "mt_bench",
    "instructions": "ifeval",
}
"""Sample file in zh-CN to the recipe in whose shape it is written."""
RECORDED = {"multiple_choice": "mmlu", "code": "humaneval", "instructions": "ifeval"}
"""Sample file in English, of which translations are recorded, to its recipe."""
RECORDED_TARGETS = (Language.ZH_TW, Language.KO)
STARTER = "starter"
"""The sample glossary, whose terms the samples are translated with."""
_WHO = "samples"
WORDS = "opencc-words"
"""Engine that shows what the checks are for: by replacing words it makes two options the same."""


@dataclass(slots=True)
class Part:
    """Sample files that go in one direction through one engine: a run of the report."""

    pair: Pair
    engine: str | None
    files: dict[str, str]
    mark: str = ""
    """Tells its rows in the table from those of the same file in another part."""
    about: str | None = None
    """What the report says of it instead of the engine's name and model."""
    infos: list[RunInfo] = field(default_factory=list)
    records: list[ItemRecord] = field(default_factory=list)

    def label(self, stem: str) -> str:
        """What a file is called in the table and in the folder of results."""
        return f"{stem}{self.mark}.{self.pair.target}"


def demo(
    to: choices.To = "zh-TW",
    engine: choices.EngineName = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    samples: Annotated[Path, typer.Option(help="Folder of the samples.")] = Path("samples"),
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("runs/demo"),
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first N items of each file.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when the report is written.")] = False,
) -> None:
    """Translate the sample benchmark through a service of its own and keep serving.

    Without a model it goes from zh-CN to zh-TW with OpenCC. With `--model` or `--base-url` it goes
    to any language. Recorded translations from English, half of them broken on purpose, show what
    the checks find.
    """
    settings, name = choices.with_engine(
        load_settings(), name=engine, base_url=base_url, model=model, profile=profile
    )
    engines = {**settings.engines, **_recorded(samples)}
    parts = _parts(Pair(Language.ZH_CN, parse_language(to)), name)
    with _serving(settings.model_copy(update={"engines": engines}), samples) as address:
        console.print(f"Serving at [bold]{address}[/] (API: {address}/docs)")
        asyncio.run(_translate_all(address, samples, out, parts, limit))
        _show(parts, out)
        if not once:
            console.print("Still serving; Ctrl-C ends it.")
            _wait()


def _recorded(samples: Path) -> dict[str, EngineSettings]:
    """The engines that answer with the recordings."""
    return {
        f"recorded-{target}": EngineSettings(
            kind=EngineKind.REPLAY, recordings=samples / "recorded" / f"{target}.jsonl"
        )
        for target in RECORDED_TARGETS
    }


def _parts(pair: Pair, engine: str | None) -> list[Part]:
    parts = [Part(pair, engine, SAMPLES)]
    if engine is None and pair.target is Language.ZH_TW:
        parts.append(Part(pair, WORDS, {"multiple_choice": "cmmlu"}, "+words"))
    about = "recorded (replay): by hand, half of them broken on purpose"
    for target in RECORDED_TARGETS:
        recorded = Pair(Language.EN, target)
        parts.append(Part(recorded, f"recorded-{target}", RECORDED, "+recorded", about))
    return parts


@contextmanager
def _serving(settings: Settings, samples: Path) -> Iterator[str]:
    """The service in a thread of this process, on the configured port or a free one."""
    logging.basicConfig(level="WARNING", format="%(levelname)s %(message)s")
    # FastAPI takes as long to import as most commands take to run.
    from service.site import make_site

    app = make_site(settings)
    _starter(app.state.parts.store, samples)
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning")
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


def _starter(store: Store, samples: Path) -> None:
    """Put the sample glossary into the database, unless an earlier demo did."""
    try:
        store.info(STARTER)
    except UnknownGlossary:
        text = (samples / "glossary" / f"{STARTER}.yaml").read_text("utf-8")
        glossary = Glossary.model_validate(yaml.safe_load(text))
        store.create(STARTER, _WHO, title=glossary.title, description=glossary.description)
        store.apply(STARTER, [Edit.put(each) for each in glossary.concepts], _WHO)


def _wait() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("Bye.")


async def _translate_all(
    address: str, samples: Path, out: Path, parts: list[Part], limit: int | None
) -> None:
    index = 0
    for part in parts:
        for stem, name in part.files.items():
            recipe, label = load_recipe(name), part.label(stem)
            file = samples / part.pair.source / f"{stem}.jsonl"
            job = FileJob(file, recipe, out / label, restart=True, limit=limit)
            body = request_body(recipe, part.pair, RunOptions(), part.engine, [STARTER])
            with progress_bar(f"{label:30}") as progress:
                info, records = await translate_file(job, OverHttp(address, body), progress)
            part.infos.append(info)
            for record in records:  # all of them come into one report
                named = {"id": f"{label}/{record.id}", "index": index}
                part.records.append(record.model_copy(update=named))
                index += 1


def _show(parts: list[Part], out: Path) -> None:
    """One table and one report over all files."""
    path = out / REPORT
    runs = [(_info_of(part), part.records) for part in parts]
    path.write_text(render_runs(runs, title="samples"), encoding="utf-8")
    rows = [
        (part.label(stem), info.counts)
        for part in parts
        for stem, info in zip(part.files, part.infos, strict=True)
    ]
    first = parts[0].infos[0]
    engine = f"{first.engine} ({first.model})" if first.model else first.engine
    title = (
        f"{first.pair} with {engine}\n"
        "+words: with its word replacement; +recorded: by hand, half of them broken on purpose"
    )
    console.print(verdict_table(rows, title))
    show_findings(record for part in parts for record in part.records)
    console.print(f"Translated items: [bold]{out}/*/items.jsonl[/]")
    console.print(f"Report to look at: [bold]{path.resolve().as_uri()}[/]", soft_wrap=True)


def _info_of(part: Part) -> RunInfo:
    """What is true of all files of a part."""
    first = part.infos[0]
    counts = Counts()
    for record in part.records:
        counts.add(record.verdict)
    shared_signature = first.signature.partition("|")[2]  # each record keeps its own
    changed = {
        "benchmark": "samples",
        "signature": f"bench:samples|{shared_signature}",
        "counts": counts,
        "seconds": round(sum(info.seconds for info in part.infos), 3),
        "licence_notes": [],
    }
    if part.about is not None:
        changed["engine"] = part.about
    return first.model_copy(update=changed)
