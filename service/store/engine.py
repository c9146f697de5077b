"""One database: how it is opened, and its two kinds of transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy.exc
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from service.engines.errors import MissingExtra
from service.store.errors import BadDatabase, DatabaseUnavailable
from service.store.migrate import migrate

_WAIT_S = 30
"""For a lock or a free connection, before a call fails."""
_POOL = 10
_OVERFLOW = 40
_UNAVAILABLE = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.InternalError,
    sqlalchemy.exc.TimeoutError,
)


class Database:
    """Opened, and brought to the form that the code needs, by its first transaction.

    SQLite is in WAL with ``synchronous=FULL``: what a commit acknowledged survives ``kill -9`` and
    a loss of power.
    """

    def __init__(self, url: str) -> None:
        self._url = _read(url)
        self.shown = self._url.render_as_string(hide_password=True)
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        # SQLite has one writer at a time and lets others poll; in this process they queue instead.
        self._writer = threading.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """A file of this machine, not a server."""
        return self._url.get_backend_name() == "sqlite"

    def open(self) -> Engine:
        """The engine, made and migrated when it is first asked for.

        Raises:
            DatabaseUnavailable: it cannot be reached or written.
            DatabaseTooNew: a newer Isogloss has been here.
        """
        with self._opening:
            if self._engine is None:
                engine = self._create()
                try:
                    with self._telling(), engine.connect() as connection:
                        _for_writing(connection, self.is_sqlite)
                        with connection.begin():
                            migrate(connection)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def close(self) -> None:
        """Close all connections; the next transaction opens it anew."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of everything; it is never waited for."""
        engine = self.open()
        with self._telling(), engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is there as a whole when the block ends, or not at all."""
        engine = self.open()
        with self._writer, self._telling(), engine.connect() as connection:
            _for_writing(connection, self.is_sqlite)
            with connection.begin():
                yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except _UNAVAILABLE as error:
            why = str(getattr(error, "orig", None) or error).strip()
            raise DatabaseUnavailable(self.shown, why) from error

    def _create(self) -> Engine:
        options: dict[str, Any] = {
            "pool_size": _POOL,
            "max_overflow": _OVERFLOW,
            "pool_timeout": _WAIT_S,
        }
        if not self.is_sqlite:
            return create_engine(self._url, pool_pre_ping=True, **options)
        _make_folder(self._url)
        engine = create_engine(self._url, connect_args={"timeout": _WAIT_S}, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def _read(text: str) -> URL:
    """The URL with the driver that we use."""
    try:
        url = make_url(text)
    except sqlalchemy.exc.ArgumentError as error:
        raise BadDatabase("in ISOGLOSS_DATABASE", "it is not a URL") from error
    shown = url.render_as_string(hide_password=True)
    match url.get_backend_name():
        case "sqlite" if url.database in (None, "", ":memory:"):
            raise BadDatabase(shown, "it names no file")
        case "sqlite":
            return url
        case "postgresql" | "postgres":
            _need_psycopg()
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise BadDatabase(shown, f"{other} is neither sqlite nor postgresql")


def _need_psycopg() -> None:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise MissingExtra("PostgreSQL", "postgres") from error


def _make_folder(url: URL) -> None:
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(url.render_as_string(), str(error)) from error


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver would begin too late: see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


_WRITES = "isogloss_writes"


def _for_writing(connection: Connection, is_sqlite: bool) -> None:
    if is_sqlite:
        connection.execution_options(**{_WRITES: True})


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write says so at once; one that turns to writing may be refused."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
