"""``isogloss serve``."""

from __future__ import annotations

import logging
from typing import Annotated

import typer
import uvicorn

from service.cli import choices
from service.settings import load_settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one."),
    ] = None,
    base_url: choices.BaseUrl = None,
    model: choices.Model = None,
    profile: choices.ProfileName = None,
) -> None:
    """Serve the HTTP API; `/docs` shows it with examples, `/ui` has the linguists' pages.

    Engines come from the environment (`ISOGLOSS_ENGINES__NAME__KIND=openai` and so on); one more
    can be given with `--base-url` or `--model` and is then called `cli`.
    """
    settings, _ = choices.with_engine(
        load_settings(), name=None, base_url=base_url, model=model, profile=profile
    )
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
    # FastAPI takes as long to import as most commands take to run.
    from service.site import make_site

    uvicorn.run(
        make_site(settings),
        host=host or settings.host,
        port=settings.port if port is None else port,
        log_level=settings.log_level,
        timeout_graceful_shutdown=settings.shutdown_s,
        access_log=settings.log_level == "debug",
    )
