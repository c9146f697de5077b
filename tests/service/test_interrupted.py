"""Ctrl-C: where the finished work is, and how to go on."""

from __future__ import annotations

import io
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from service.cli import screen
from tests.service.conftest import Outcome
from tests.service.rig import question
from tests.service.test_files import jsonl, manifest
from tests.service.test_resume import ROOT, command, environment, until
from tests.service.upstream import Upstream


def test_who_interrupts_a_run_is_told_how_to_go_on_and_the_time_counts_on(
    threaded_upstream: Upstream,
    isogloss: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    upstream, folder = threaded_upstream, tmp_path / "run"
    upstream.delay = 0.1
    file = jsonl(tmp_path / "mine.jsonl", *[question(number) for number in range(40)])
    with subprocess.Popen(
        command(file, folder, "--engine", "slow"),
        env=os.environ | environment(upstream),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: len(upstream.bodies) >= 14)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in told
    said = " ".join(told.split())
    assert f"What was finished is kept in {folder}. Run the same command again" in said

    begun, upstream.delay = manifest(folder), 0
    assert begun["seconds"] > 0.1, "three rounds of four at once took 0.1 s each"
    for name, value in environment(upstream).items():
        monkeypatch.setenv(name, value)
    assert isogloss(*command(file, folder, "--engine", "slow")[3:]).code == 0
    done = manifest(folder)
    assert done["started"] == begun["started"]
    assert done["seconds"] > begun["seconds"]


def test_nothing_is_said_to_be_kept_where_nothing_was_begun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paper = io.StringIO()
    monkeypatch.setattr(screen, "console", Console(file=paper))
    with pytest.raises(KeyboardInterrupt), screen.kept_when_interrupted(tmp_path / "no", "Again."):
        raise KeyboardInterrupt
    assert paper.getvalue().strip() == "Interrupted."
