"""Glossaries with their concepts and history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "glossaries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("next_place", sa.Integer, nullable=False),
    )
    op.create_table(
        "change_sets",
        sa.Column("glossary_id", sa.Integer, sa.ForeignKey("glossaries.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_table(
        "concepts",
        sa.Column("glossary_id", sa.Integer, sa.ForeignKey("glossaries.id"), primary_key=True),
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("changed_in", sa.Integer, nullable=False),
        sa.Column("proposed", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=True),
    )
    op.create_index("concepts_changed_in", "concepts", ["glossary_id", "changed_in"])
    op.create_table(
        "changes",
        sa.Column("glossary_id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("concept_id", sa.String(100), primary_key=True),
        sa.Column("concept_version", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("before", sa.Text, nullable=True),
        sa.Column("after", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["glossary_id", "version"], ["change_sets.glossary_id", "change_sets.version"]
        ),
    )
    op.create_index("changes_of_concept", "changes", ["glossary_id", "concept_id", "version"])
