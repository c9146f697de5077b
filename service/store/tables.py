"""The tables; migrations make them, see ``migrations/versions``."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()
ITSELF = ""
"""Stands for a concept's id in a change of the glossary itself."""

glossaries = Table(
    "glossaries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("next_place", Integer, nullable=False),
)
"""``version`` is that of the last change set; its row is locked while a change set is written."""

change_sets = Table(
    "change_sets",
    METADATA,
    Column("glossary_id", Integer, ForeignKey("glossaries.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("who", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("comment", Text, nullable=False),
)
"""Never changed. ``at`` is ISO 8601 in UTC, which both databases keep as it is."""

concepts = Table(
    "concepts",
    METADATA,
    Column("glossary_id", Integer, ForeignKey("glossaries.id"), primary_key=True),
    Column("id", String(100), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("changed_in", Integer, nullable=False),
    Column("proposed", Boolean, nullable=False),
    Column("body", Text, nullable=True),
    Index("concepts_changed_in", "glossary_id", "changed_in"),
)
"""What is now. ``body`` is a concept as JSON, null when it is deleted: its row stays."""

changes = Table(
    "changes",
    METADATA,
    Column("glossary_id", Integer, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("concept_id", String(100), primary_key=True),
    Column("concept_version", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("action", String(32), nullable=False),
    Column("before", Text, nullable=True),
    Column("after", Text, nullable=True),
    ForeignKeyConstraint(
        ["glossary_id", "version"], ["change_sets.glossary_id", "change_sets.version"]
    ),
    Index("changes_of_concept", "glossary_id", "concept_id", "version"),
)
"""Never changed. ``place`` orders the changes of a change set."""
