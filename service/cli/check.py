"""``isogloss check FILE``: judge translations made elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from eval.run_log import ItemRecord, RunInfo
from service.cli import beside, choices, glossaries
from service.cli.findings import show_checks, show_worst
from service.cli.screen import console, verdict_table
from service.files.run_files import REPORT, write_at_once, write_reports, writing
from service.settings import load_settings

FINDINGS = "findings.jsonl"


def check(
    file: Annotated[
        Path,
        typer.Argument(help="Parallel file, or the source benchmark: .tsv, .csv, .jsonl, .json."),
    ],
    target_file: beside.TargetFile = None,
    benchmark: choices.Benchmark = None,
    recipe_file: choices.RecipeFile = None,
    source: choices.Source = None,
    to: choices.ToIfAny = None,
    source_column: choices.SourceColumn = None,
    target_column: choices.TargetColumn = None,
    level: choices.Checks = None,
    glossary: glossaries.Given = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the result; default: runs/FILE.check.")
    ] = None,
    worst: Annotated[
        int, typer.Option("--worst", min=0, help="How many of the worst items are shown.")
    ] = 5,
    allow_flagged: Annotated[
        float,
        typer.Option(
            "--allow-flagged", min=0, max=1, help="Share of items not ok that is still a success."
        ),
    ] = 0.0,
) -> None:
    """Judge translations made elsewhere.

    Examples:
    * `isogloss check pairs.tsv --from en --to ko`: columns `source` and `target`; a line is a row,
      quotes are part of the text (in .csv they hold a cell)

    * `isogloss check pairs.jsonl`: fields `en` and `zh-TW`

    * `isogloss check mmlu.jsonl mmlu.ko.jsonl -b mmlu --to ko`: items are found by id, else by
      position

    * `isogloss check pairs.tsv --from en --to ko --check numbers=hard --check wording=off`

    * `isogloss check pairs.tsv --from en --to ko --glossary terms.xlsx`

    The folder of the result holds `report.html` to look at and `findings.jsonl`. The exit status
    is 0 when all items are ok, 1 when some are flagged or cannot be judged (more than
    `--allow-flagged`), 2 on errors.
    """
    work = beside.Files(
        file,
        target_file,
        benchmark,
        recipe_file,
        source,
        to,
        (source_column, target_column),
    ).read()
    judge, records = beside.judged(
        work, load_settings(), choices.levels(level), glossary, file.name
    )
    folder = out or Path("runs") / f"{file.name}.check"
    _write(folder, judge.info, records)
    console.print(verdict_table([(file.name, judge.info.counts)], judge.info.pair))
    show_checks(records)
    show_worst(records, worst)
    beside.name_unpaired(records)
    console.print(
        f"Written to [bold]{escape(str(folder))}[/]; "
        f"look at [bold]{escape(str(folder / REPORT))}[/]",
        soft_wrap=True,
    )
    counts = judge.info.counts
    if counts.items - counts.usable > allow_flagged * counts.items:
        raise typer.Exit(1)


def _write(folder: Path, info: RunInfo, records: Sequence[ItemRecord]) -> None:
    lines = "".join(
        json.dumps({"index": record.index, "id": record.id, **entry}, ensure_ascii=False) + "\n"
        for record in records
        for entry in _entries(record)
    )
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_at_once(folder / FINDINGS, lines)
        write_reports(folder, info, records)


def _entries(record: ItemRecord) -> Iterator[dict[str, Any]]:
    """What was found in an item, or why it could not be judged."""
    if record.error is not None:
        yield {"error": record.error.model_dump()}
    for finding in record.findings:
        yield asdict(finding)
