"""``isogloss``: the commands."""

from __future__ import annotations

import sys

import typer

from eval.errors import EvalError
from glossary.errors import GlossaryError
from prompts.errors import PromptError
from service.cli import (
    check,
    demo,
    recipe,
    regress,
    round_trip,
    score,
    select,
    serve,
    terms,
    translate,
)
from service.cli.screen import show_error
from service.errors import ServiceError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="**Isogloss**: the same test, in another language.\n\n"
    "Translates benchmark items between English, Traditional Chinese (zh-TW), Simplified Chinese "
    "(zh-CN) and Korean so that nothing but the language changes, with a verdict per item.",
)
app.command("translate")(translate.translate)
app.command("check")(check.check)
app.command("score")(score.score)
app.command("select")(select.select)
app.command("round-trip")(round_trip.round_trip)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.add_typer(recipe.app, name="recipe")
app.add_typer(terms.app, name="terms")
app.add_typer(regress.app, name="regress")


def main() -> None:
    """Run a command; an error that a user can mend is told without a traceback."""
    try:
        app()
    except (ServiceError, EvalError, GlossaryError, PromptError) as error:
        show_error(str(error), getattr(error, "remedy", ""))
        sys.exit(2)
