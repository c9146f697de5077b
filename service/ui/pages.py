"""The addresses of the pages; the only file that others import, and only when pages are wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from nicegui import app as pages
from nicegui import ui
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from glossary.errors import GlossaryError
from service.errors import ServiceError
from service.files.run_files import REPORT
from service.ui import editor, exchange, history, home, proposals, tryout, used
from service.ui.data import Rows
from service.ui.runs import runs
from service.ui.shell import STATIC, Site, Visitor, trouble

_ASLEEP_S, _AWAY_S = 1800.0, 120.0
"""How long a page waits for its browser, with what can be taken back and what is not saved yet: a
laptop sleeps over lunch. Only the editor waits long, as the others hold much more."""

Build = Callable[[Visitor, str, int], Awaitable[None] | None]


def install(app: FastAPI, site: Site, path: str) -> None:
    """Serve the pages of ``site`` under ``path``. NiceGUI knows one app in a process."""

    async def first(request: Request) -> None:
        visitor = Visitor(request)
        try:
            await home.build(site, visitor)
        except (GlossaryError, ServiceError) as error:
            trouble(visitor, error)

    async def edit(request: Request, name: str, show: str = "", only: str = "") -> None:
        await _shown(
            site, request, name, lambda v, n, open_: editor.build(site, v, n, open_, show, only)
        )

    async def where(request: Request, name: str, concept: str = "") -> None:
        await _shown(
            site, request, name, lambda v, n, open_: used.build(site, v, n, open_, concept)
        )

    ui.page("/", response_timeout=30)(first)
    ui.page("/g/{name}", response_timeout=30, reconnect_timeout=_ASLEEP_S)(edit)
    ui.page("/g/{name}/used", response_timeout=60)(where)
    for address, module in {
        "proposals": proposals,
        "history": history,
        "exchange": exchange,
        "try": tryout,
    }.items():
        ui.page(f"/g/{{name}}/{address}", response_timeout=30, reconnect_timeout=_AWAY_S)(
            _page(site, module.build)
        )

    packed = Rows(site.store)

    async def rows(request: Request, name: str) -> Response:
        return await packed.answer(name, request)

    async def report(key: str) -> Response:
        found = await asyncio.to_thread(runs, site.runs)
        folder = next((run.folder for run in found if run.key == key), None)
        if folder is None or not (folder / REPORT).is_file():
            return Response("There is no such report.", 404)
        return FileResponse(folder / REPORT)

    pages.add_api_route("/data/reports/{key:path}", report, include_in_schema=False)
    pages.add_api_route("/data/{name}", rows, include_in_schema=False)
    pages.add_static_files("/static", STATIC)
    ui.run_with(
        app,
        mount_path=path,
        title="Isogloss",
        binding_refresh_interval=None,  # nothing is bound; it would wake up ten times a second
        show_welcome_message=False,
        tailwind=False,
    )


def _page(
    site: Site, build: Callable[..., Awaitable[None] | None]
) -> Callable[..., Awaitable[None]]:
    async def page(request: Request, name: str) -> None:
        await _shown(site, request, name, lambda v, n, open_: build(site, v, n, open_))

    return page


async def _shown(site: Site, request: Request, name: str, build: Build) -> None:
    visitor = Visitor(request)
    try:
        info = await asyncio.to_thread(site.store.info, name)
        waiting = build(visitor, name, info.proposals)
        if waiting is not None:
            await waiting
    except (GlossaryError, ServiceError) as error:
        trouble(visitor, error)
