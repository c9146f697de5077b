"""A scoring model in a process of its own, in an environment that the service cannot share.

The worker is a script of ``eval/metrics/worker``, run by path. It is started when first needed,
killed when it gives no answer, and started again after a crash; a crash costs the questions that it
was working on, and names its cause.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.errors import MetricCrashed, MetricError, MetricRefused, MetricUnavailable
from eval.metrics.worker.wire import HEADER, frame

_LOG = logging.getLogger(__name__)

WORKERS = Path(__file__).parent / "worker"
_KEPT_CHARACTERS = 4000
_QUOTED_LINES = 3
_CLOSED = "it was closed"
_ENDING_SECONDS = 5.0
_LOOK_SECONDS, _LAST_WORDS_SECONDS = 1.0, 2.0
"""A process that is gone has said all, but children that it left behind may hold its pipes."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How to start a worker and how long to wait for it.

    After a crash the next start waits ``backoff_seconds``, doubled with each crash in a row; after
    ``crashes`` of them, or when it could not load, questions are refused for ``rest_seconds``.
    """

    python: Path
    script: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    remedy: str = (
        "`make setup-comet` makes the environment in the folder where it is called; "
        "the metric's setting `python` names the interpreter of another one."
    )
    start_seconds: float = 600.0
    answer_seconds: float = 1800.0
    crashes: int = 3
    backoff_seconds: float = 1.0
    rest_seconds: float = 60.0


class WorkerProcess:
    """Asks a worker, and has one to ask."""

    def __init__(self, name: str, options: WorkerOptions) -> None:
        self.name = name
        self._options = options
        self._life: _Life | None = None
        self._starting: asyncio.Task[_Life] | None = None
        self._crashes = 0
        self._rests_until = 0.0
        self._last_error: MetricError | None = None

    @property
    def pid(self) -> int | None:
        """Of the process that runs; ``None`` where none does."""
        return self._life.pid if self._life and self._life.runs else None

    async def facts(self) -> Mapping[str, Any]:
        """What the worker says of itself, started if need be.

        Raises:
            MetricUnavailable: environment, device or model do not serve.
            MetricCrashed: it ended or stayed silent while loading.
        """
        return (await self._running()).facts

    async def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """The worker's answer to one question.

        Raises:
            MetricUnavailable: it cannot be started.
            MetricCrashed: it ended, or gave no answer in time and was ended.
            MetricRefused: it could not work on this question, but lives on.
        """
        life = await self._running()
        try:
            answer = await life.ask(question, self._options.answer_seconds)
        except MetricCrashed as error:
            if self._life is life:  # one crash, however many questions it cost
                self._life = None
                self._failed(error)
            raise
        self._crashes = 0
        if "error" in answer:
            raise MetricRefused(self.name, answer["error"])
        return answer

    async def close(self) -> None:
        """End the process; the next question would start one again."""
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError, MetricError):
                await self._starting
        life, self._life = self._life, None
        if life is not None:
            await life.end(_CLOSED)

    async def _running(self) -> _Life:
        if self._life is not None and self._life.runs:
            return self._life
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        starting = self._starting
        await asyncio.wait([starting])  # a caller that gives up costs the others nothing
        if starting.cancelled():
            raise MetricCrashed(self.name, _CLOSED)
        return starting.result()

    async def _start(self) -> _Life:
        try:
            await self._wait()
            self._life = await self._begin()
            return self._life
        finally:
            self._starting = None

    async def _begin(self) -> _Life:
        try:
            return await _Life.begin(self.name, self._options)
        except MetricError as error:
            self._failed(error)
            raise

    async def _wait(self) -> None:
        """Back off after a crash.

        Raises:
            MetricError: where starting again is of no use yet.
        """
        left = self._rests_until - time.monotonic()
        if left <= 0 or self._last_error is None:
            return
        if isinstance(self._last_error, MetricUnavailable):
            raise self._last_error
        if self._crashes >= self._options.crashes:
            why = f"{self._last_error.why}; {self._crashes} crashes in a row"
            raise MetricCrashed(self.name, f"{why}, started again in {left:.0f} s")
        await asyncio.sleep(left)

    def _failed(self, error: MetricError) -> None:
        options, crashed = self._options, isinstance(error, MetricCrashed)
        self._crashes += crashed
        rests = not crashed or self._crashes >= options.crashes
        seconds = options.backoff_seconds * 2 ** (self._crashes - 1)
        self._rests_until = time.monotonic() + (options.rest_seconds if rests else seconds)
        self._last_error = error
        _LOG.warning("%s", error)


class _Life:
    """One process from start to end, and the questions that it has not answered yet."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.facts: Mapping[str, Any] = {}
        self._name, self._process = name, process
        self._waiting: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._asked = 0
        self._why = ""
        self._said = ""
        self._living = asyncio.create_task(self._live())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.returncode is None and not self._why

    @classmethod
    async def begin(cls, name: str, options: WorkerOptions) -> _Life:
        """Start a process and wait until it has loaded."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(str(options.python), "-Es", "-Wignore", str(options.script)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C is for the host, which then ends it
            )
        except OSError as error:
            why = f"cannot start {options.python}: {error.strerror}"
            raise MetricUnavailable(name, why, options.remedy) from error
        life = cls(name, process)
        try:
            await life._load(options)
        except BaseException:
            await life.end("it did not become ready")
            raise
        return life

    async def _load(self, options: WorkerOptions) -> None:
        first = await self._exchange(0, options.options, options.start_seconds)
        if failed := first.get("failed"):
            raise MetricUnavailable(self._name, failed["why"], failed["remedy"])
        self.facts = first["ready"]

    async def ask(self, question: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        self._asked += 1
        return await self._exchange(self._asked, {**question, "id": self._asked}, seconds)

    async def _exchange(
        self, number: int, message: Mapping[str, Any], seconds: float
    ) -> Mapping[str, Any]:
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            async with asyncio.timeout(seconds):
                await self._send(message)
                return await answer
        except TimeoutError:
            await self.end(f"it gave no answer within {seconds:g} s")
            raise MetricCrashed(self._name, self._why) from None
        finally:
            self._waiting.pop(number, None)

    async def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(ConnectionError):  # its end is told, with the cause, by whoever reads
            self._process.stdin.write(frame(message))
            await self._process.stdin.drain()
        if self._why:
            raise MetricCrashed(self._name, self._why)

    async def _read_answers(self) -> None:
        """Hand answers to those who wait; a process that writes anything else is ended."""
        assert self._process.stdout is not None
        try:
            while True:
                size = HEADER.unpack(await self._process.stdout.readexactly(HEADER.size))[0]
                answer = json.loads(await self._process.stdout.readexactly(size))
                waiting = self._waiting.get(answer.get("id", 0))
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        except (ValueError, AttributeError, RecursionError, MemoryError):
            self._why = self._why or "what it wrote cannot be read as an answer"
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _read_chatter(self) -> None:
        assert self._process.stderr is not None
        while part := await self._process.stderr.read(65536):
            self._said = (self._said + part.decode("utf-8", "replace"))[-_KEPT_CHARACTERS:]

    async def _live(self) -> None:
        """Read until the process ends, then tell everyone who waits why it did."""
        reading = {asyncio.create_task(self._read_answers())}
        reading.add(asyncio.create_task(self._read_chatter()))
        while reading and self._process.returncode is None:
            _, reading = await asyncio.wait(reading, timeout=_LOOK_SECONDS)
        if reading:
            _, reading = await asyncio.wait(reading, timeout=_LAST_WORDS_SECONDS)
        for each in reading:
            each.cancel()
        status = self._process.returncode
        if status is None:  # asyncio's own waiting ends with the pipes, not with the process
            status = await self._process.wait()
        self._why = self._why or _cause(status, self._said)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(MetricCrashed(self._name, self._why))

    async def end(self, why: str) -> None:
        """End the process: it goes by itself when its input does, or is killed."""
        self._why = self._why or why
        assert self._process.stdin is not None
        self._process.stdin.close()
        await asyncio.wait([self._living], timeout=_ENDING_SECONDS)
        if not self._living.done():
            self._process.kill()
        await self._living


def _cause(status: int, said: str) -> str:
    if status == -signal.SIGKILL:
        ended = "was killed by SIGKILL, as the kernel does when memory runs out"
    elif status < 0:
        ended = f"was killed by {signal.Signals(-status).name}"
    else:
        ended = f"ended with status {status}"
    lines = [line.strip() for line in said.splitlines() if line.strip()][-_QUOTED_LINES:]
    return f"its process {ended}" + (f"; it last said: {' / '.join(lines)}" if lines else "")
