"""How databases are opened, and what is said when they cannot be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from glossary.store.port import Store
from service.engines.errors import MissingExtra
from service.settings import Settings
from service.store import engine as database
from service.store.errors import BadDatabase, DatabaseTooNew, DatabaseUnavailable
from service.store.tables import METADATA
from tests.glossary.stores import concept, put, store_at


def test_what_was_written_is_there_when_it_is_opened_again(url: str, store: Store) -> None:
    put(store, concept("a"))
    store.close()
    again = store_at(url)
    assert again.glossary("exams").concepts == (concept("a"),)
    again.close()
    assert store.info("exams").version == 2, "a closed store opens itself again"


def test_a_database_of_a_newer_version_is_refused(url: str, store: Store) -> None:
    store.close()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseTooNew, match="revision 9999"):
        store.info("exams")


def test_many_processes_may_open_an_empty_database_together(url: str) -> None:
    stores = [store_at(url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda store: store.open(), stores))
    assert stores[0].glossaries() == []
    for store in stores:
        store.close()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://u:secret@h/n", "neither sqlite nor postgresql"),
        ("isogloss.db", "not a URL"),
    ],
)
def test_a_setting_that_names_no_database_is_refused(setting: str, words: str) -> None:
    with pytest.raises(BadDatabase, match=words) as refused:
        store_at(setting)
    assert "secret" not in str(refused.value)
    assert "ISOGLOSS_DATABASE" in refused.value.remedy


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        store_at("postgresql://ann:secret@127.0.0.1:9/none").open()
    assert "secret" not in str(refused.value)
    assert "127.0.0.1:9" in str(refused.value)
    assert "secret" not in repr(Settings(database="postgresql://ann:secret@127.0.0.1:9/none"))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="file"):
        store_at(f"sqlite:///{tmp_path}/file/isogloss.db").open()


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtra) as missing:
        database.Database("postgresql://u@h/n")
    assert "isogloss[postgres]" in missing.value.remedy


def test_sqlite_acknowledges_only_what_is_on_the_disk(tmp_path: Path) -> None:
    opened = database.Database(f"sqlite:///{tmp_path}/a.db")
    with opened.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
    opened.close()


def test_the_migrations_make_the_tables_that_the_code_uses(url: str, store: Store) -> None:
    opened = database.Database(url)
    with opened.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    opened.close()
