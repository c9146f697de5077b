"""The pages in the service: there, or a clear word about what to install."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from glossary.store.port import Store
from service.api.problem import problem
from service.terms import Terms

PATH = "/ui"
_REMEDY = "Install the extra with: pip install 'isogloss[ui]', and start the service again."


def mount_pages(app: FastAPI, store: Store, terms: Terms, runs: Path) -> bool:
    """Serve the linguists' pages under ``/ui``; ``False`` where the extra ``ui`` is missing.

    Pages live in the process that serves them: with several workers a reload of the page may land
    in another one. A process serves the pages of one app.
    """
    if find_spec("nicegui") is None:
        app.add_api_route(PATH + "{rest:path}", _missing, include_in_schema=False)
        return False
    from service.ui.pages import install
    from service.ui.shell import Site

    install(app, Site(store, terms, runs), PATH)
    return True


async def _missing(request: Request, rest: str) -> Response:
    detail = "The linguists' pages need the extra `ui`, which is not installed here."
    return problem("pages_not_installed", 501, detail, _REMEDY)
