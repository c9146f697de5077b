"""What Alembic runs; the connection is handed over by ``service.store.migrate``."""

from __future__ import annotations

from alembic import context

from service.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller's transaction holds all steps
)
context.run_migrations()
