"""Errors of the database.

ServiceError
└── DatabaseError
    ├── BadDatabase            the setting names nothing that can be opened
    ├── DatabaseUnavailable    it does not answer, is locked, full or read-only
    └── DatabaseTooNew         a newer Isogloss has changed its tables
"""

from __future__ import annotations

from service.errors import ServiceError


class DatabaseError(ServiceError):
    """The database cannot be used; ``url`` is told without its password."""

    code = "database_error"
    status = 503


class BadDatabase(DatabaseError):
    """The setting names nothing that can be opened."""

    code = "bad_database"
    remedy = (
        "Set ISOGLOSS_DATABASE to sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME "
        "and restart."
    )

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The database {url} cannot be used: {why}.")


class DatabaseUnavailable(DatabaseError):
    """It does not answer, is locked, full or read-only; nothing was changed."""

    code = "database_unavailable"
    remedy = "Look at the database server, or at the free space and rights of its folder; repeat."

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The database {url} is not available: {why}")


class DatabaseTooNew(DatabaseError):
    """Its tables were changed by a newer Isogloss."""

    code = "database_too_new"

    def __init__(self, url: str, found: str, known: str) -> None:
        self.remedy = "Start the newer Isogloss, or restore a backup that was made before it."
        super().__init__(
            f"The database {url} is at revision {found}, which this Isogloss (up to {known}) "
            "does not know."
        )
