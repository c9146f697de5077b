"""``isogloss terms consistency FILE``: terms that are rendered in several ways."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from glossary.consistency.term_uses import Rendering, TermUse, term_uses
from glossary.language import parse_language
from service.cli import choices
from service.cli.glossaries import read_glossaries
from service.cli.screen import console
from service.files.parallel_texts import read_parallel
from service.settings import load_settings

_PLACES = 4
"""Places shown of each rendering."""
_SHOWN = 6
"""Renderings shown of each term; --json has all."""


def consistency(
    file: Annotated[
        Path,
        typer.Argument(
            help="Subtitles with two languages (.srt, .vtt), .tsv, .csv, .jsonl, or a run's "
            "records.jsonl."
        ),
    ],
    source: choices.Source = None,
    to: choices.ToIfAny = None,
    source_column: choices.SourceColumn = None,
    target_column: choices.TargetColumn = None,
    glossary: Annotated[
        str | None,
        typer.Option(
            "--glossary",
            metavar="NAME|FILE",
            help="Look for the terms of this glossary, of the database or a file, instead of "
            "guessing.",
        ),
    ] = None,
    min_count: Annotated[
        int, typer.Option("--min-count", min=2, help="Texts in which a term occurs at least.")
    ] = 3,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Terms shown at most.")] = 30,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
    fail: Annotated[
        bool, typer.Option("--fail-on-inconsistent", help="Exit status 1 when there is any.")
    ] = False,
) -> None:
    """List terms that are rendered in several ways, the worst first.

    Examples:
    * `isogloss terms consistency lesson.srt --from en --to zh-TW`: each cue is followed by its
      translation with the same times

    * `isogloss terms consistency pairs.tsv --to ko`: columns `en` and `ko`

    * `isogloss terms consistency runs/mmlu.ko/records.jsonl --glossary terms.yaml`: its terms

    Terms and their renderings are found by how words occur together: read the list, it is not a
    verdict. A rendering that stands as in the source is marked with `=`. The exit status is 0, or
    1 with `--fail-on-inconsistent` when terms are rendered in several ways; 2 on errors.
    """
    tags = (parse_language(source) if source else None, parse_language(to) if to else None)
    texts = read_parallel(file, (source_column, target_column), tags)
    chosen = read_glossaries([glossary], load_settings(), texts.pair)[0] if glossary else None
    uses = term_uses(texts.texts, texts.pair, glossary=chosen, least=min_count)
    several = [use for use in uses if use.inconsistent]
    if as_json:
        shown = {
            "pair": str(texts.pair),
            "texts": len(texts.texts),
            "skipped": texts.skipped,
            "terms": len(uses),
            "inconsistent": len(several),
            "uses": [_as_json(use) for use in several[:limit]],
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        _show(file, several[:limit])
        console.print(
            f"{texts.pair}: {len(texts.texts):,} texts, {len(uses):,} terms, "
            f"{len(several):,} of them rendered in several ways"
            + (f"; {texts.skipped:,} without a counterpart left out" if texts.skipped else "")
        )
    if fail and several:
        raise typer.Exit(1)


def _as_json(use: TermUse) -> dict[str, Any]:
    return {
        "term": use.term,
        "count": use.count,
        "score": round(use.score, 3),
        "renderings": [
            {"text": each.text, "count": each.count, "left": each.left, "places": each.places}
            for each in use.renderings
        ],
        "untold": use.untold,
    }


def _show(file: Path, uses: Sequence[TermUse]) -> None:
    if not uses:
        return
    table = Table(title=escape(file.name), title_justify="left", show_lines=True)
    table.add_column("term", overflow="fold")
    table.add_column("texts", justify="right")
    table.add_column("renderings", overflow="fold")
    table.add_column("where", overflow="fold")
    for use in uses:
        shown = use.renderings[:_SHOWN]
        lines = [f"{'=' if each.left else ''}{each.text} ×{each.count}" for each in shown]
        places = [_places(each) for each in shown]
        if len(use.renderings) > _SHOWN:
            lines.append(f"and {len(use.renderings) - _SHOWN} more")
        if use.untold:
            lines.append(f"not told ×{len(use.untold)}")
        text = "\n".join(lines)
        table.add_row(escape(use.term), str(use.count), escape(text), escape("\n".join(places)))
    console.print(table)


def _places(rendering: Rendering) -> str:
    more = ", …" if rendering.count > _PLACES else ""
    return ", ".join(rendering.places[:_PLACES]) + more
