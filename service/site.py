"""The whole service as one app: the HTTP API, and the linguists' pages where they are wanted."""

from __future__ import annotations

from fastapi import FastAPI

from service.api.app import create_app
from service.settings import Settings
from service.ui.mount import mount_pages


def make_site(settings: Settings) -> FastAPI:
    """The API with its database open, and the pages mounted.

    Raises:
        DatabaseError: the database cannot be opened; said now, not at the first request.
    """
    app = create_app(settings)
    parts = app.state.parts
    parts.store.open()
    if settings.pages:
        mount_pages(app, parts.store, parts.terms, settings.runs)
    return app
