"""A worker process comes and goes, and whoever asked it knows why."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from eval.errors import MetricCrashed, MetricRefused, MetricUnavailable
from eval.metrics.process import WorkerOptions, WorkerProcess

FAKE = Path(__file__).with_name("fake_worker.py")
NewWorker = Callable[..., WorkerProcess]


@pytest.fixture
async def new_worker() -> AsyncIterator[NewWorker]:
    async with AsyncExitStack() as stack:

        def new(loading: dict[str, Any] | None = None, **options: Any) -> WorkerProcess:
            given = {"python": Path(sys.executable), "script": FAKE, "backoff_seconds": 0.05}
            worker = WorkerProcess("fake", WorkerOptions(**given | options, options=loading or {}))
            stack.push_async_callback(worker.close)
            return worker

        yield new


async def test_answers_come_through_all_chatter(new_worker: NewWorker) -> None:
    worker = new_worker()
    answers = await asyncio.gather(*(worker.ask({"text": f"나 {n} \ud800"}) for n in range(5)))
    assert [answer["echo"] for answer in answers] == [f"나 {n} \ud800" for n in range(5)]
    assert (await worker.facts())["pid"] == worker.pid


async def test_a_frame_may_be_large(new_worker: NewWorker) -> None:
    text = "長" * 3_000_000
    assert (await new_worker().ask({"text": text}))["echo"] == text


async def test_a_kill_is_named_and_the_next_question_finds_a_new_process(
    new_worker: NewWorker,
) -> None:
    worker = new_worker()
    first = (await worker.facts())["pid"]
    with pytest.raises(MetricCrashed, match=r"killed by SIGKILL.*about to go"):
        await worker.ask({"text": "", "kill": True})
    assert (await worker.ask({"text": "again"}))["echo"] == "again"
    assert worker.pid not in (None, first)


async def test_a_crash_costs_every_question_under_way(new_worker: NewWorker) -> None:
    worker = new_worker()
    await worker.facts()
    questions = [{"text": "", "sleep": 0.2, "kill": True}, {"text": "behind it"}]
    answers = await asyncio.gather(*map(worker.ask, questions), return_exceptions=True)
    assert [type(answer) for answer in answers] == [MetricCrashed, MetricCrashed]
    assert (await worker.ask({"text": "again"}))["echo"] == "again"


async def test_children_that_it_leaves_behind_keep_nobody_waiting(
    new_worker: NewWorker, tmp_path: Path
) -> None:
    """They hold the pipes open, so that no end of them tells that the process has ended."""
    worker, left = new_worker(), tmp_path / "child"
    started = time.monotonic()
    try:
        with pytest.raises(MetricCrashed, match="killed by SIGKILL"):
            await worker.ask({"text": "", "child": str(left), "kill": True})
        assert time.monotonic() - started < 20
        assert (await worker.ask({"text": "again"}))["echo"] == "again"
        await worker.close()
        assert time.monotonic() - started < 30
    finally:
        os.kill(int(left.read_text("ascii")), signal.SIGKILL)
        await asyncio.sleep(0.1)  # its pipes close


async def test_what_cannot_be_read_ends_the_process_at_once(new_worker: NewWorker) -> None:
    worker = new_worker()
    questions = [{"text": "", "garble": True}, {"text": "behind it"}]
    answers = await asyncio.gather(*map(worker.ask, questions), return_exceptions=True)
    assert [type(answer) for answer in answers] == [MetricCrashed, MetricCrashed]
    assert "cannot be read" in str(answers[0])
    assert (await worker.ask({"text": "again"}))["echo"] == "again"


async def test_an_end_while_loading_tells_status_and_last_words(new_worker: NewWorker) -> None:
    with pytest.raises(MetricCrashed, match=r"status 3; it last said: .*the last words"):
        await new_worker({"exit": 3}).facts()


async def test_after_crashes_in_a_row_it_rests_for_a_while(new_worker: NewWorker) -> None:
    worker = new_worker({"exit": 3}, crashes=2, rest_seconds=1.0)
    for _ in range(2):
        with pytest.raises(MetricCrashed, match="status 3"):
            await worker.facts()
    for _ in range(3):
        with pytest.raises(MetricCrashed, match=r"2 crashes in a row, started again in \d+ s"):
            await worker.facts()
    await asyncio.sleep(1.0)
    with pytest.raises(MetricCrashed, match=r"status 3; it last said: [^;]*$"):
        await worker.facts()


async def test_an_answer_ends_the_row_of_crashes(new_worker: NewWorker) -> None:
    worker = new_worker(crashes=2)
    for _ in range(3):
        with pytest.raises(MetricCrashed):
            await worker.ask({"text": "", "kill": True})
        assert (await worker.ask({"text": "fine"}))["echo"] == "fine"


async def test_what_cannot_be_loaded_tells_the_remedy_and_is_not_tried_again_at_once(
    new_worker: NewWorker,
) -> None:
    worker = new_worker({"refuse": True})
    for _ in range(2):
        with pytest.raises(MetricUnavailable, match="nothing to load") as caught:
            await worker.facts()
        assert caught.value.remedy == "Bring something."
    assert worker.pid is None


async def test_a_python_that_is_not_there(new_worker: NewWorker, tmp_path: Path) -> None:
    worker = new_worker(python=tmp_path / "none", remedy="Make it.")
    with pytest.raises(MetricUnavailable, match="cannot start") as caught:
        await worker.facts()
    assert caught.value.remedy == "Make it."


async def test_an_error_costs_its_question_alone(new_worker: NewWorker) -> None:
    worker = new_worker()
    pid = (await worker.facts())["pid"]
    with pytest.raises(MetricRefused, match=r"ValueError: cannot do this one$"):
        await worker.ask({"text": "", "fail": True})
    with pytest.raises(MetricRefused, match="not JSON compliant"):
        await worker.ask({"text": "", "no_number": True})
    assert (await worker.ask({"text": "next"}))["echo"] == "next"
    assert worker.pid == pid


async def test_silence_ends_the_process(new_worker: NewWorker) -> None:
    worker = new_worker(answer_seconds=0.3)
    pid = (await worker.facts())["pid"]
    with pytest.raises(MetricCrashed, match=r"no answer within 0\.3 s"):
        await worker.ask({"text": "", "sleep": 60})
    assert gone(pid)
    assert (await worker.ask({"text": "again"}))["echo"] == "again"


async def test_a_caller_that_leaves_disturbs_nobody(new_worker: NewWorker) -> None:
    worker = new_worker({"sleep": 0.3})
    leaving = asyncio.create_task(worker.ask({"text": "left"}))
    staying = asyncio.create_task(worker.ask({"text": "stays", "sleep": 0.2}))
    await asyncio.sleep(0.1)  # while it loads
    leaving.cancel()
    assert (await staying)["echo"] == "stays"
    leaving = asyncio.create_task(worker.ask({"text": "left", "sleep": 0.2}))
    await asyncio.sleep(0.1)  # while it answers
    leaving.cancel()
    assert (await worker.ask({"text": "its own"}))["echo"] == "its own"


async def test_it_can_be_closed_at_any_moment(new_worker: NewWorker) -> None:
    never_started, loading, working = new_worker(), new_worker({"sleep": 60}), new_worker()
    await never_started.close()
    start = asyncio.create_task(loading.facts())
    pid = (await working.facts())["pid"]
    asked = asyncio.create_task(working.ask({"text": "", "sleep": 60}))
    await asyncio.sleep(0.3)
    await asyncio.gather(loading.close(), working.close())
    assert gone(pid)
    with pytest.raises(MetricCrashed, match="it was closed"):
        await start
    with pytest.raises(MetricCrashed, match="it was closed"):
        await asked


def test_it_does_not_outlive_a_killed_host() -> None:
    host = (
        "import asyncio, os, sys\nfrom pathlib import Path\n"
        "from eval.metrics.process import WorkerOptions, WorkerProcess\n"
        "async def main():\n"
        f"    options = WorkerOptions(Path(sys.executable), Path({str(FAKE)!r}))\n"
        "    worker = WorkerProcess('fake', options)\n"
        "    print((await worker.facts())['pid'], flush=True)\n"
        "    await worker.ask({'text': '', 'sleep': 600})\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", host], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        time.sleep(0.3)  # the question is under way
        process.kill()
    deadline = time.monotonic() + 10
    while not gone(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(pid)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return "State:\tZ" in Path(f"/proc/{pid}/status").read_text("utf-8")
