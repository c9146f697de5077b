"""Start the processes that are measured, read what they cost from ``/proc``, and end them.

Linux only. A started process leads a session of its own, so that its children are counted with it
and ended with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class StartError(Exception):
    """A process did not come up; the message ends with the last lines it wrote."""


@dataclass(frozen=True, slots=True)
class Started:
    """A running process with the address it serves and the file that holds its output."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    output: Path

    def pids(self) -> list[int]:
        """The process and its living descendants."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _session(entry) == self.process.pid:
                found.append(int(entry.name))
        return found

    def cpu_seconds(self) -> float:
        """User and system time of all its processes, in steps of one clock tick (10 ms)."""
        ticks = 0
        for pid in self.pids():
            fields = _stat_fields(Path(f"/proc/{pid}"))
            ticks += sum(int(fields[i]) for i in (11, 12, 13, 14))  # own, and reaped children's
        return ticks / CLOCK_TICKS

    def memory_mb(self, key: str = "VmHWM") -> float:
        """Resident memory in MiB: the peak (``VmHWM``) or the present (``VmRSS``)."""
        total = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(f"{key}:"):
                    total += int(line.split()[1])
        return total / 1024


def _stat_fields(entry: Path) -> list[str]:
    # The name in brackets may hold blanks: count from the last bracket (field 3 of proc(5)).
    return (entry / "stat").read_text().rpartition(")")[2].split()


def _session(entry: Path) -> int | None:
    try:
        return int(_stat_fields(entry)[3])
    except (FileNotFoundError, ProcessLookupError):
        return None  # it ended between the listing and the reading


def free_port() -> int:
    """A port of the loopback address that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get_json(url: str, *, method: str = "GET", timeout: float = 10) -> Any:
    """Fetch a small JSON document."""
    request = urllib.request.Request(url, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return json.loads(response.read())


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


@contextlib.contextmanager
def running(
    name: str,
    arguments: list[str],
    *,
    port: int,
    ready_path: str,
    environment: Mapping[str, str] | None = None,
    ready_seconds: float = 60,
) -> Iterator[Started]:
    """Run ``python ARGUMENTS`` from the repository's root until the block is left.

    Raises:
        StartError: It ended, or ``ready_path`` did not answer 200 within ``ready_seconds``.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        output = Path(folder) / "output.txt"
        with output.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started = Started(name, f"http://127.0.0.1:{port}", process, output)
        try:
            _wait(started, ready_path, ready_seconds)
            yield started
        finally:
            _end(process)


def _wait(started: Started, ready_path: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not _answers(started.url + ready_path):
        code = started.process.poll()
        if code is not None or time.monotonic() > deadline:
            tail = started.output.read_text(errors="replace")[-2000:]
            what = f"ended with {code}" if code is not None else f"not ready after {seconds:g} s"
            raise StartError(f"{started.name} ({started.url}{ready_path}): {what}\n{tail}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(ProcessLookupError):  # the normal case: no child outlived it
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def running_mock(delay: float) -> Iterator[Started]:
    """Run the mock upstream (``bench/mock_upstream.py``)."""
    port = free_port()
    arguments = ["-m", "bench.mock_upstream", "--port", str(port), "--delay", str(delay)]
    with running("mock upstream", arguments, port=port, ready_path="/health") as started:
        yield started
