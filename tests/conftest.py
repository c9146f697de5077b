from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text

from bench.postgres import private_postgres, why_no_postgres


@pytest.fixture(scope="session", autouse=True)
def _database_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the working folder, in this process or one that it starts."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("database") / "isogloss.db"
        patch.setitem(os.environ, "ISOGLOSS_DATABASE", f"sqlite:///{path}")
        yield


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases and tells their URLs."""
    why = why_no_postgres()
    if why:
        pytest.skip(why)
    numbers = itertools.count()
    with private_postgres() as server:
        engine = create_engine(
            server.replace("postgresql:", "postgresql+psycopg:") + "/postgres",
            isolation_level="AUTOCOMMIT",
        )

        def new() -> str:
            name = f"test_{next(numbers)}"
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            return f"{server}/{name}"

        yield new
        engine.dispose()
