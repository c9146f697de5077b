"""A private PostgreSQL server, where it is installed, for tests and measurements."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_port


def postgres_programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent  # others may not be linked beside it
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def why_no_postgres() -> str:
    """Why tests with PostgreSQL cannot run; empty if they can."""
    if postgres_programs() is None:
        return "PostgreSQL is not installed: no initdb"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and there is no runuser"
    return ""


@contextmanager
def private_postgres(databases: Sequence[str] = ()) -> Iterator[str]:
    """A PostgreSQL server of our own, with these databases, until the block is left.

    Yields its URL without a database.
    """
    programs = postgres_programs()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="isogloss-pg-") as name:
        folder = Path(name)
        data, port = folder / "data", free_port()
        folder.chmod(0o777)
        _run([programs / "initdb", "-D", data, "-U", "isogloss", "-A", "trust", "-E", "UTF8"])
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        _run([*control, "-o", options, "start"])
        try:
            for database in databases:
                server = ["-h", "127.0.0.1", "-p", str(port), "-U", "isogloss"]
                _run([programs / "createdb", *server, database])
            yield f"postgresql://isogloss@127.0.0.1:{port}"
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _run(arguments: Sequence[str | Path]) -> None:
    command = [*map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
