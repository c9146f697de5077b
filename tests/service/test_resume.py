"""A run that was interrupted: nothing finished is lost, and nothing is translated twice."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.settings import EngineKind, EngineSettings, Settings
from tests.service import upstream as play
from tests.service.conftest import Outcome
from tests.service.rig import question, request, served
from tests.service.test_files import jsonl, manifest, read_jsonl
from tests.service.upstream import Upstream

ROOT = Path(__file__).resolve().parents[2]
COUNT = 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    items: list[Any] = [question(number) for number in range(COUNT)]
    items[5] = '{"broken": '
    items[7] = question(7, question="")
    items[30] = question(3, question="这个编号第二次出现，问的是哪个词？")
    return jsonl(tmp_path / "cmmlu.jsonl", *items)


def command(file: Path, out: Path, *more: str) -> list[str]:
    base = ["translate", str(file), "-b", "cmmlu", "--to", "zh-TW", "--out", str(out)]
    return [sys.executable, "-m", "service", *base, *more]


def environment(upstream: Upstream) -> dict[str, str]:
    return {
        "ISOGLOSS_ENGINES__SLOW__KIND": "openai",
        "ISOGLOSS_ENGINES__SLOW__BASE_URL": upstream.url,
        "ISOGLOSS_ENGINES__SLOW__MAX_CONCURRENCY": "4",
    }


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.005)


def without_times(record: dict[str, Any]) -> dict[str, Any]:
    record["provenance"]["seconds"] = 0
    return record


def results(folder: Path) -> tuple[str, list[Any], dict[str, Any]]:
    """What a run left, but for its times and its name."""
    about = manifest(folder)
    for name in ("seconds", "started", "run_id"):
        about.pop(name)
    failures = [without_times(record) for record in read_jsonl(folder / "failures.jsonl")]
    return (folder / "items.jsonl").read_text("utf-8"), failures, about


def interrupted(upstream: Upstream, file: Path, folder: Path, sig: int, *more: str) -> int:
    """Start a run and end it in the middle; how many items were in flight then."""
    upstream.delay = 0.1
    process = subprocess.Popen(
        command(file, folder, *more),
        env=os.environ | environment(upstream),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: len(upstream.bodies) >= 14)
        process.send_signal(sig)
        process.wait(10)
    finally:
        process.kill()
        process.wait()
    upstream.delay = 0
    return upstream.running


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_killed_run_is_taken_up_where_it_stopped(
    threaded_upstream: Upstream,
    isogloss: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    file: Path,
    tmp_path: Path,
    sig: int,
) -> None:
    upstream = threaded_upstream
    for name, value in environment(upstream).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "killed"
    interrupted(upstream, file, folder, sig, "--engine", "slow")
    asked_before = list(upstream.asked)
    kept = {record["index"] for record in read_whole(folder / "records.jsonl")}
    assert 5 <= len(kept) < COUNT
    assert not (folder / "items.jsonl").exists()
    assert manifest(folder)["finished"] is False
    again = isogloss(*command(file, folder, "--engine", "slow")[3:])
    assert again.code == 0, again.told
    times = Counter(upstream.asked)
    twice = {text for text, count in times.items() if count > 1}
    finished = {f"第{index}题：下列哪个词语表示颜色？" for index in kept}
    assert not twice & finished, "a finished item was sent again"
    # Four were in flight; as many may have been answered and not been written yet.
    assert twice <= set(asked_before[-8:]), "only what was in flight is sent again"
    assert max(times.values()) <= 2
    assert len(times) == COUNT - 3

    whole = tmp_path / "whole"
    isogloss(*command(file, whole, "--engine", "slow")[3:])
    assert results(folder) == results(whole)
    assert [each["index"] for each in results(folder)[1]] == [5, 7, 30]


def read_whole(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file whose last one may be cut."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def test_a_service_that_is_killed_costs_only_what_was_in_flight(
    threaded_upstream: Upstream, isogloss: Callable[..., Outcome], file: Path, tmp_path: Path
) -> None:
    """The stream has no end line then: it must not be taken for the whole."""
    upstream = threaded_upstream
    upstream.delay = 0.05
    folder = tmp_path / "run"
    port = free_port()
    service = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    arguments = command(file, folder, "--engine", "slow")[3:]
    with subprocess.Popen(
        service, env=os.environ | environment(upstream), cwd=ROOT, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until(lambda: upstream.probes == 1)
            client = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "service",
                    *arguments,
                    "--server",
                    f"http://127.0.0.1:{port}",
                ],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            until(lambda: len(upstream.bodies) >= 12)
        finally:
            process.kill()
        _, told = client.communicate(timeout=20)
    assert client.returncode == 2, told
    assert "isogloss serve" in told
    assert "Traceback" not in told
    kept = read_jsonl(folder / "records.jsonl")
    assert len(kept) >= 5
    assert manifest(folder)["finished"] is False
    assert not (folder / "items.jsonl").exists()
    upstream.delay = 0
    settings = EngineSettings(kind=EngineKind.OPENAI, base_url=upstream.url, max_concurrency=4)
    with served(Settings(engines={"slow": settings})) as address:
        assert isogloss(*arguments, "--server", address).code == 0
    assert len(read_jsonl(folder / "items.jsonl")) == COUNT - 3
    assert max(Counter(upstream.asked).values()) <= 2


def test_a_service_that_is_told_to_stop_does_not_wait_for_a_long_run(
    threaded_upstream: Upstream,
) -> None:
    """Containers are killed after some seconds; the client must see an error and no false end."""
    upstream = threaded_upstream
    upstream.delay = 20
    port = free_port()
    settings = {"ISOGLOSS_SHUTDOWN_S": "1", "ISOGLOSS_PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve"],
        env=os.environ | environment(upstream) | settings,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    ) as process:
        until(lambda: upstream.probes == 1)
        body = json.dumps(request(question(), engine="slow")).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/x-ndjson"}
        url = f"http://127.0.0.1:{port}/translate/benchmark"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as stream:
            until(lambda: upstream.running == 1)
            process.send_signal(signal.SIGTERM)
            process.wait(8)
            with contextlib.suppress(http.client.HTTPException, ConnectionError):
                assert b'"end"' not in stream.read()
    until(lambda: upstream.running == 0)


def free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_last_line_that_was_cut_anywhere_is_done_again(
    isogloss: Callable[..., Outcome], file: Path, tmp_path: Path, cut: int
) -> None:
    """Also in the middle of a character."""
    folder = tmp_path / "run"
    arguments = command(file, folder)[3:]
    isogloss(*arguments)
    before = results(folder)
    log = folder / "records.jsonl"
    content = log.read_bytes()
    place = content.rindex("顏".encode()) + 2 + 5 * (cut - 1)
    log.write_bytes(content[:place])
    assert isogloss(*arguments).code == 0
    assert results(folder) == before
    assert sorted(record["index"] for record in read_jsonl(log)) == list(range(COUNT))


def test_a_line_that_is_damaged_is_done_again_and_costs_no_other(
    isogloss: Callable[..., Outcome], file: Path, tmp_path: Path, threaded_upstream: Upstream
) -> None:
    folder = tmp_path / "run"
    arguments = [*command(file, folder)[3:], "--base-url", threaded_upstream.url]
    isogloss(*arguments)
    before, asked = results(folder), len(threaded_upstream.bodies)
    log = folder / "records.jsonl"
    lines = log.read_bytes().split(b"\n")
    lines[3] = b"\x00" * 50
    log.write_bytes(b"\n".join(lines))
    assert isogloss(*arguments).code == 0
    assert len(threaded_upstream.bodies) <= asked + 1
    assert results(folder) == before


def test_an_id_that_is_taken_stays_taken_when_a_run_is_taken_up(
    isogloss: Callable[..., Outcome], file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    arguments = command(file, folder)[3:]
    isogloss(*arguments)
    before = results(folder)
    isogloss(*arguments)
    assert results(folder) == before
    assert "duplicate_id" in {failure["error"]["code"] for failure in before[1]}


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    isogloss: Callable[..., Outcome], file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    limited = subprocess.run(
        command(file, folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000)),
    )
    assert limited.returncode == 2, limited.stderr
    assert "Traceback" not in limited.stderr
    assert "finished items are kept" in " ".join(limited.stderr.split())
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "records.jsonl"}
    kept = read_whole(folder / "records.jsonl")
    assert len(kept) >= 3
    assert isogloss(*command(file, folder)[3:]).code == 0
    assert len(read_jsonl(folder / "items.jsonl")) == COUNT - 3


def test_an_outage_in_the_middle_is_made_up_for_by_running_again(
    isogloss: Callable[..., Outcome], file: Path, tmp_path: Path, threaded_upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    upstream = threaded_upstream
    for name, value in {
        "KIND": "openai",
        "BASE_URL": upstream.url,
        "MAX_CONCURRENCY": "4",
        "ATTEMPTS": "2",
        "RETRY_WAIT_S": "0.01",
        "BREAKER_FAILURES": "4",
        "BREAKER_RESET_S": "0.1",
    }.items():
        monkeypatch.setenv(f"ISOGLOSS_ENGINES__M__{name}", value)

    def reply(body: dict[str, Any]) -> play.Step | None:
        return play.dropped if len(upstream.bodies) > 15 else None

    upstream.reply = reply
    folder = tmp_path / "run"
    arguments = [*command(file, folder)[3:], "--engine", "m"]
    done = isogloss(*arguments)
    assert done.code == 0
    assert "engine_unavailable" in done.told
    failed = [each["error"]["code"] for each in read_jsonl(folder / "failures.jsonl")]
    assert failed.count("engine_unavailable") >= 20
    upstream.reply = lambda body: None
    time.sleep(0.15)
    assert isogloss(*arguments).code == 0
    assert len(read_jsonl(folder / "items.jsonl")) == COUNT - 3


def test_two_processes_never_work_in_one_folder(
    threaded_upstream: Upstream, isogloss: Callable[..., Outcome], file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    threaded_upstream.delay = 0.3
    first = subprocess.Popen(
        command(file, folder, "--engine", "slow"),
        env=os.environ | environment(threaded_upstream),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: len(threaded_upstream.bodies) >= 2)
        second = isogloss(*command(file, folder, "--engine", "opencc")[3:])
        assert second.code == 2
        assert "Another process" in second.told
        assert "--out" in second.told
    finally:
        first.kill()
        first.wait()
    after = isogloss(*command(file, folder, "--engine", "opencc", "--restart")[3:])
    assert after.code == 0, after.told
