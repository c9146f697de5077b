"""``isogloss terms``: glossaries, and the terms of texts."""

from __future__ import annotations

import typer

from service.cli import consistency, exchange, prepass

app = typer.Typer(no_args_is_help=True, help="Glossaries, and how terms are rendered.")


@app.callback()
def terms() -> None:
    """Glossaries, and how terms are rendered."""


app.command("import")(exchange.import_)
app.command("export")(exchange.export)
app.command("convert")(exchange.convert)
app.command("consistency")(consistency.consistency)
app.command("learn")(prepass.learn)
