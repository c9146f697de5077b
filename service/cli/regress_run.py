"""``isogloss regress run``: translate a file, measure it, keep a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from eval.regress.snapshot import Snapshot, write_snapshot
from glossary.language import parse_language
from service.cli import choices, glossaries, measuring
from service.cli.screen import console
from service.cli.translate import translate
from service.files.snapshots import must_take_snapshot, snapshot_of_run
from service.pipeline.levels import Effort


def run(
    file: Annotated[Path, typer.Argument(help="Benchmark file: .jsonl, .json, .csv or .tsv.")],
    to: choices.To,
    out: Annotated[
        Path,
        typer.Option("--out", help="Folder of the snapshot, for version control."),
    ],
    benchmark: choices.Benchmark = None,
    recipe_file: choices.RecipeFile = None,
    source: choices.Source = None,
    engine: choices.EngineName = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
    round_trip: Annotated[
        str | None,
        typer.Option("--round-trip", metavar="ENGINE", help="Translate back with this engine."),
    ] = None,
    metric: measuring.Metrics = None,
    effort: choices.Efforts = Effort.CHECKED,
    method: choices.Methods = None,
    candidates: choices.Candidates = None,
    seed: choices.Seed = None,
    check: choices.Checks = None,
    glossary: glossaries.Given = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N items.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--run", help="Folder of the run itself; default: runs/FILE.TARGET.regress."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was broken off.")
    ] = False,
) -> None:
    """Translate a file, measure it and keep a snapshot; all items are translated anew.

    Examples:
    * `isogloss regress run mmlu.jsonl -b mmlu --to ko --engine vllm --round-trip gemma --out
      snapshots/ko`

    * `isogloss regress run cmmlu.jsonl -b cmmlu --to zh-TW --engine opencc --round-trip opencc
      --out snapshots/zh-TW`

    Without `--round-trip` there are no scores, and failures and findings are all that can be
    compared.
    """
    folder = folder or Path("runs") / f"{file.stem}.{parse_language(to)}.regress"
    choices.refuse(
        (
            metric and not round_trip,
            "--metric scores the way back: say who translates, --round-trip",
        ),
        (folder.resolve() == out.resolve(), "--run and --out must be two folders"),
    )
    must_take_snapshot(out)
    try:
        translate(
            file,
            to,
            benchmark=benchmark,
            recipe_file=recipe_file,
            source=source,
            engine=engine,
            base_url=base_url,
            model=model,
            profile=profile,
            out=folder,
            effort=effort,
            method=method,
            candidates=candidates,
            seed=seed,
            round_trip=round_trip,
            metric=metric,
            check=check,
            glossary=glossary,
            limit=limit,
            restart=not resume,
        )
    except KeyboardInterrupt:
        if not resume:
            console.print("Give the command with --resume to go on; without, it starts over.")
        raise
    taken = snapshot_of_run(folder)
    write_snapshot(taken, out)
    tell(taken, out)


def tell(snapshot: Snapshot, out: Path) -> None:
    """Say what the snapshot holds and where it is."""
    scores = ", ".join(sorted(snapshot.run.metrics)) or "no scores"
    console.print(
        f"{len(snapshot.records):,} items with {escape(scores)} kept in "
        f"[bold]{escape(str(out))}[/]",
        soft_wrap=True,
        highlight=False,
    )
