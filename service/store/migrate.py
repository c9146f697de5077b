"""Brings a database to the form that this code needs."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store.errors import DatabaseTooNew

_LOG = logging.getLogger("isogloss.store")
_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 4_901_866_250_017
"""Any number that nobody else uses: PostgreSQL lets one process at a time hold it."""


def migrate(connection: Connection) -> None:
    """Run the missing steps in the connection's transaction, which holds all or none of them.

    Raises:
        DatabaseTooNew: a newer Isogloss has been here; nothing was changed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    found = MigrationContext.configure(connection).get_current_revision()
    head = script.get_current_head()
    if found == head:
        return
    if found is not None and found not in {each.revision for each in script.walk_revisions()}:
        raise DatabaseTooNew(
            connection.engine.url.render_as_string(hide_password=True), found, str(head)
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _LOG.info("database brought from revision %s to %s", found or "none", head)
