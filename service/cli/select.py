"""``isogloss select FILE...``: choose among recorded translations by every method there is."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from eval.checks.rules import Rules
from eval.checks.word_lists import read_word_lists
from eval.errors import MetricError
from eval.metrics.base import Metric
from eval.report.markdown import escaped
from eval.selection.gains import BASE, DRAWS
from eval.selection.methods import CHECKS, HARD, METHODS, METRIC, method_of
from service.cli.screen import console
from service.files.run_files import write_at_once, writing
from service.recorded import (
    Outcome,
    System,
    Text,
    chosen,
    judged,
    measured,
    outcomes,
    read_texts,
    systems,
)
from service.settings import MetricKind, MetricSettings, Settings, load_settings
from service.wiring import make_metrics

SELECTION_TSV, SELECTION_JSON, SELECTION_MD = "selection.tsv", "selection.json", "selection.md"
_AT_ONCE = 100
"""Texts that a metric is given together."""
_METHOD_COLUMNS = ("method", "other", "hard", "score", "gain", "95 %")
_SYSTEM_COLUMNS = ("system", "outputs", "hard", "score", "95 %")
_UNKNOWN = "·"
_FEW = 20
"""Of fewer items the bootstrap's intervals are too narrow."""


def select(
    files: Annotated[
        list[Path],
        typer.Argument(help="Recordings (docs/engines.md) of one or more systems; .jsonl"),
    ],
    method: Annotated[
        list[str] | None,
        typer.Option("--method", help="Only this method; may be given several times."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            metavar="NAME[=FOLDER]",
            help="A metric of the settings, or COMET with the checkpoint in a folder.",
        ),
    ] = None,
    category: Annotated[
        str, typer.Option("--category", help="What the texts are: knowledge, math, ...")
    ] = "knowledge",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the result; default: runs/FILE.select.")
    ] = None,
) -> None:
    """Choose among recorded translations of several systems by every method there is.

    Examples:
    * `isogloss select gemma.jsonl qwen.jsonl`: one file per system

    * `isogloss select systems.jsonl --method checks --method checks+consensus`

    * `isogloss select systems.jsonl --metric kiwi=models/wmt22-cometkiwi-da`: also by a metric, one
      that needs no reference

    Where the recordings have `scores` that people gave, the table says what each method gains over
    taking the first system's output, with a 95 % interval; otherwise only how often it chooses
    another output than the first, and how many of its choices have a hard finding. The folder of
    the result holds `selection.tsv` (every choice), `selection.json` and `selection.md`.
    """
    settings, metrics = _with_metrics(load_settings(), metric or ())
    names = _names(method, metrics)
    make_metrics(settings).chosen(metrics)  # one that is not there costs no work
    known = read_texts(files)
    several = [text for text in known if text.several]
    texts = _judged(several, settings, category)
    if metrics:
        texts = asyncio.run(_measured(texts, settings, metrics))
    parts = [
        _part(str(pair), list(group), names)
        for pair, group in groupby(
            sorted(texts, key=lambda text: text.pair), lambda text: text.pair
        )
    ]
    for part in parts:
        part.show(Console())
    notes = list(_notes(len(known) - len(several), parts))
    for note in notes:
        console.print(note, highlight=False)
    folder = out or Path("runs") / f"{files[0].name}.select"
    _write(folder, names, parts, notes)
    console.print(f"Written to [bold]{escape(str(folder))}[/]", soft_wrap=True)


def _notes(left_out: int, parts: Sequence[_Part]) -> Iterator[str]:
    """What a reader of the tables must know."""
    if left_out:
        yield f"Left out, because there is no choice: {left_out:,} texts with one translation."
    for part in parts:
        if 0 < part.scored_items < _FEW:
            yield (
                f"{part.pair}: {part.scored_items} items have scores; with fewer than {_FEW} the "
                "intervals are too narrow."
            )


def _with_metrics(settings: Settings, given: Sequence[str]) -> tuple[Settings, list[str]]:
    """The settings with the checkpoints that were given, and the names of the metrics.

    What the settings say else of a metric, such as its environment, is kept.
    """
    known = dict(settings.metrics)
    for text in given:
        name, _, folder = text.partition("=")
        if folder:
            comet = MetricSettings(kind=MetricKind.COMET, checkpoint=Path(folder))
            before = known.get(name, comet)
            known[name] = before.model_copy(update={"checkpoint": Path(folder)})
    names = [text.partition("=")[0] for text in given]
    return settings.model_copy(update={"metrics": known}), names


def _names(method: Sequence[str] | None, metrics: Sequence[str]) -> list[str]:
    """The methods, with the base that the others are compared with."""
    by_metric = [f"{before}{METRIC}{name}" for name in metrics for before in ("", CHECKS, HARD)]
    names = list(dict.fromkeys([BASE, *(method or [*METHODS, *by_metric])]))
    for name in names:
        method_of(name)  # an unknown one is told before any work is done
    return names


def _judged(texts: Sequence[Text], settings: Settings, category: str) -> list[Text]:
    rules = Rules(lists=read_word_lists(settings.word_lists))
    return [
        judged(text, rules, category)
        for text in track(texts, "checking", console=console, transient=True)
    ]


async def _measured(texts: Sequence[Text], settings: Settings, names: Sequence[str]) -> list[Text]:
    known = make_metrics(settings)
    texts = list(texts)
    try:
        for metric in known.chosen(names):
            await _refuse_reference(metric)
            parts = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
            texts = [
                text
                for part in track(parts, metric.name, console=console, transient=True)
                for text in await measured(part, metric)
            ]
    finally:
        await known.close()
    return texts


async def _refuse_reference(metric: Metric) -> None:
    if (await metric.info()).needs_reference:
        raise MetricError(
            metric.name,
            "it needs a reference, and a choice is made where there is none.",
            "Choose with a metric that judges an output by its source alone.",
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """The texts of one pair, and what came of them."""

    pair: str
    texts: Sequence[Text]
    choices: Mapping[str, Sequence[int]]
    outcomes: Sequence[Outcome]
    systems: Sequence[System]

    @property
    def scored_items(self) -> int:
        """Items of the texts with scores: these are what intervals draw."""
        return len({text.item for text in self.texts if text.scored})

    @property
    def title(self) -> str:
        scored = sum(text.scored for text in self.texts)
        return f"{self.pair}: {len(self.texts):,} texts, {scored:,} with scores"

    def tables(self) -> list[tuple[str, Sequence[str], list[list[str]]]]:
        """Title, columns and cells of each table."""
        return [
            (self.title, _METHOD_COLUMNS, [_method_cells(each) for each in self.outcomes]),
            ("Systems alone", _SYSTEM_COLUMNS, [_system_cells(each) for each in self.systems]),
        ]

    def show(self, screen: Console) -> None:
        for title, columns, rows in self.tables():
            table = Table(title=title, title_justify="left")
            for column in columns:
                left = column == columns[0]
                table.add_column(column, justify="left" if left else "right", no_wrap=not left)
            for name, *cells in rows:
                table.add_row(escape(name), *cells)
            screen.print(table)

    def markdown(self) -> str:
        parts = []
        for title, columns, rows in self.tables():
            named = [[escaped(name), *cells] for name, *cells in rows]
            lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *named]
            body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
            parts.append(f"## {title}\n\n{body}\n")
        return "\n".join(parts)

    def as_json(self) -> dict[str, Any]:
        return {
            "pair": self.pair,
            "texts": len(self.texts),
            "scored": sum(text.scored for text in self.texts),
            "base": BASE,
            "draws": DRAWS,
            "methods": [asdict(each) for each in self.outcomes],
            "systems": [asdict(each) for each in self.systems],
        }

    def lines(self) -> list[list[str]]:
        """By text, the system whose output each method chose."""
        return [
            [self.pair, text.item, text.source]
            + [text.outputs[places[row]].label for places in self.choices.values()]
            for row, text in enumerate(self.texts)
        ]


def _part(pair: str, texts: Sequence[Text], names: Sequence[str]) -> _Part:
    made = {
        name: chosen(texts, name)
        for name in track(names, f"choosing {pair}", console=console, transient=True)
    }
    return _Part(pair, texts, made, outcomes(texts, made), systems(texts))


def _method_cells(outcome: Outcome) -> list[str]:
    gain = outcome.gain
    return [
        outcome.method,
        _count(outcome.other),
        _count(outcome.hard),
        _UNKNOWN if gain is None else f"{gain.mean:.2f}",
        _UNKNOWN if gain is None else f"{gain.gain:+.2f}",
        _interval("{:+.2f} to {:+.2f}", None if gain is None else gain.interval),
    ]


def _system_cells(system: System) -> list[str]:
    return [
        system.name,
        _count(system.outputs),
        _count(system.hard),
        _UNKNOWN if system.mean is None else f"{system.mean:.2f}",
        _interval("{:.2f} to {:.2f}", system.interval),
    ]


def _count(number: int | None) -> str:
    return _UNKNOWN if number is None else f"{number:,}"


def _interval(form: str, ends: tuple[float, float] | None) -> str:
    return _UNKNOWN if ends is None else form.format(*ends)


def _write(
    folder: Path, names: Sequence[str], parts: Sequence[_Part], notes: Sequence[str]
) -> None:
    table = io.StringIO()
    rows = csv.writer(table, delimiter="\t", lineterminator="\n")
    rows.writerow(["pair", "item", "source", *names])
    rows.writerows(line for part in parts for line in part.lines())
    document = {"pairs": [part.as_json() for part in parts], "notes": notes}
    pages = [*(part.markdown() for part in parts), *(f"{note}\n" for note in notes)]
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_at_once(folder / SELECTION_TSV, table.getvalue())
        write_at_once(
            folder / SELECTION_JSON, json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        )
        write_at_once(folder / SELECTION_MD, "\n".join(pages))
