"""Glossaries in a SQL database: SQLite by default, PostgreSQL for a shared deployment."""

import logging

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its plug-ins when imported
