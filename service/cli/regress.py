"""``isogloss regress``: has translation become worse since an earlier run?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.errors import FileError
from eval.regress.compare import compare as compare_snapshots
from eval.regress.criteria import MOST_ALPHA, Criteria, read_margins
from eval.regress.errors import ScoresMissing
from eval.regress.junit import as_junit
from eval.regress.markdown import as_markdown
from eval.regress.result import Comparison, Decision, ItemChange
from eval.regress.shown import COLUMNS, notes, row, scores, texts
from eval.regress.snapshot import write_snapshot
from service.cli import regress_run
from service.cli.screen import console, plain
from service.files.run_files import write_at_once
from service.files.snapshots import load_snapshot, must_take_snapshot, snapshot_of_run

app = typer.Typer(no_args_is_help=True, help="Has translation become worse since an earlier run?")
_COLOURS = {Decision.BETTER: "green", Decision.WORSE: "red", Decision.EQUIVALENT: "green"}
_ON_SCREEN = [name for name in COLUMNS if name not in ("margin", "why")]
_CUT = 120
"""Characters of a text that the screen shows; Markdown has all."""


app.command("run")(regress_run.run)


@app.command("snapshot")
def snapshot(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run, e.g. runs/mmlu.ko.")],
    out: Annotated[
        Path,
        typer.Option("--out", help="Folder of the snapshot, for version control."),
    ],
) -> None:
    """Make a snapshot of a run that is there, with what was measured of it.

    Examples:
    * `isogloss regress snapshot runs/mmlu.ko --out snapshots/ko`
    """
    must_take_snapshot(out)
    taken = snapshot_of_run(run)
    write_snapshot(taken, out)
    regress_run.tell(taken, out)


@app.command("compare")
def compare(
    old: Annotated[Path, typer.Argument(help="Snapshot, or folder of a run, to compare with.")],
    new: Annotated[Path, typer.Argument(help="The one that is to be judged.")],
    margin: Annotated[
        list[str] | None,
        typer.Option(
            "--margin",
            metavar="KEY=VALUE",
            help="A difference that does not matter, in the unit of the score: "
            "round_trip.chrf=0.5. May be given several times.",
        ),
    ] = None,
    item_margin: Annotated[
        list[str] | None,
        typer.Option(
            "--item-margin",
            metavar="KEY=VALUE",
            help="The most that the score of a single item may fall; for engines that do not "
            "sample. May be given several times.",
        ),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="KEY", help="Compare only this score; several times."),
    ] = None,
    alpha: Annotated[
        float,
        typer.Option(
            "--alpha", min=0.0001, max=MOST_ALPHA, help="Risk of a false alarm by noise alone."
        ),
    ] = 0.05,
    tolerate: Annotated[
        float,
        typer.Option(
            "--tolerate",
            min=0,
            max=1,
            help="Share of the items that may fail or have new hard findings.",
        ),
    ] = 0.0,
    same_system: Annotated[
        bool, typer.Option("--same-system", help="Refuse if they were translated otherwise.")
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option("--junit", dir_okay=False, help="Write the result as JUnit XML, too."),
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option("--markdown", dir_okay=False, help="Write the result as Markdown, too."),
    ] = None,
    shown: Annotated[
        int, typer.Option("--shown", min=0, help="How many items are shown with their texts.")
    ] = 5,
) -> None:
    """Compare a run with an earlier one of the same items.

    Examples:
    * `isogloss regress compare snapshots/ko runs/now`

    * `isogloss regress compare snapshots/ko runs/now --margin round_trip.chrf=0.5 --junit ko.xml`

    * `isogloss regress compare snapshots/ko runs/now --item-margin round_trip.chrf=10`: the engine
      does not sample, so every change of an item is real

    The exit status is 0 without a regression, 1 with one, 2 where the two cannot be compared or
    scores are missing.
    docs/regression.md says what the decisions mean.
    """
    criteria = Criteria(
        margins=read_margins(margin or ()),
        item_margins=read_margins(item_margin or ()),
        alpha=alpha,
        metrics=metric or (),
        tolerated=tolerate,
        same_system=same_system,
    )
    result = compare_snapshots(load_snapshot(old), load_snapshot(new), criteria)
    for path, text in ((junit, as_junit), (markdown, as_markdown)):
        if path is not None:
            _write(path, text(result))
    _show(result, shown)
    if result.is_regression:
        raise typer.Exit(1)
    if result.unmeasured:
        raise ScoresMissing(result.unmeasured)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_at_once(path, text)
    except OSError as error:
        why = error.strerror or "cannot be written"
        raise FileError(str(path), why, "Make room, or name another file.") from error


def _show(result: Comparison, shown: int) -> None:
    """The table on the output, everything else beside it."""
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for name in _ON_SCREEN:
        table.add_column(name, justify="left" if name in ("number", "decision") else "right")
    for change in result.changes:
        cells = dict(zip(COLUMNS, row(change), strict=True))
        colour = _COLOURS.get(change.decision, "")
        table.add_row(*(Text(plain(cells[name]), colour) for name in _ON_SCREEN))
    Console().print(table)
    for change in result.changes:
        console.print(Text(plain(f"{change.key} is {change.decision}: {change.why}"), "dim"))
    for difference in result.systems:
        console.print(Text(f"Other system: {plain(difference)}"))
    for note in notes(result):
        console.print(Text(plain(note), "dim"))
    for item in (*result.regressed, *result.moved)[:shown]:
        _show_item(item)
    left = len(result.regressed) - shown
    if left > 0:
        console.print(Text(f"and {left:,} more items that got worse; --markdown FILE has them"))
    console.print(Text(result.headline, "bold green" if result.passes else "bold red"))


def _show_item(item: ItemChange) -> None:
    what = ", ".join(item.causes) or "moved"
    title = f"{item.pair.id}: {what}; {scores(item)}".removesuffix("; ")
    console.print(Text(f"\n{plain(title)}", "bold"))
    for line in item.why:
        console.print(Text(f"  {plain(line)}", "red"))
    for segment, source, old, new in texts(item):
        console.print(Text(f"  {plain(segment)}", "dim"))
        for name, text in (("source", source), ("old", old), ("new", new)):
            console.print(Text(f"    {name:6} {_cut(text)}"), soft_wrap=True)


def _cut(text: str | None) -> str:
    if text is None:
        return "(no translation)"
    line = plain(text)
    return f"{line[:_CUT]}..." if len(line) > _CUT else line
