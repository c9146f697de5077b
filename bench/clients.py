"""Which HTTP client should the service use towards its model server?

Every client sends the same requests to the same mock server, which answers after a known delay.
What is missing to ``concurrency / delay`` requests per second, and every CPU second, is the price
of the client. A cell (client, concurrency, delay) runs in a process of its own with warm
connections; the clients take turns within a round, because a busy machine changes from minute to
minute, and are compared round by round.

Run it: ``python -m bench.clients``. The last line of output is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table

from bench.processes import ROOT, Started, get_json, running_mock
from bench.upstream_clients import CLIENTS, Client

CONCURRENCIES = (1, 64, 256)
# Seconds of delay, and how many times each of the concurrent senders asks in one cell.
WAVES = {0.5: 4, 2.0: 2}
WARM_DELAY = 0.2
PROMPT_BYTES = 2700


@dataclass(frozen=True, slots=True)
class Cell:
    """What one process does: ``concurrency`` senders, each asking ``waves`` times."""

    client: str
    concurrency: int
    delay: float
    waves: int

    @property
    def ideal_rate(self) -> float:
        """Requests per second if nothing but the delay took time."""
        return self.concurrency / self.delay


@dataclass(frozen=True, slots=True)
class CellResult:
    """One run of a cell. Times in seconds of one request, CPU of the client process."""

    rate: float
    cpu_ms: float
    p50: float
    p95: float
    request_bytes: int
    answer_bytes: int


def request_body(number: int) -> bytes:
    """A request as the service writes it for a question with four options, about 2.7 KB."""
    keys = ["question", "option_a", "option_b", "option_c", "option_d"]
    schema = {
        "type": "object",
        "properties": {key: {"type": "string", "maxLength": 2000} for key in keys},
        "required": keys,
        "additionalProperties": False,
    }
    rules = "Translate every field into Traditional Chinese and keep all numbers as they are. " * 22
    question = f"Which of the following statements about case {number} is true? " * 2
    request = {
        "model": "mock-model",
        "messages": [
            {"role": "system", "content": rules},
            {"role": "user", "content": question},
        ],
        "temperature": 0.0,
        "max_tokens": 512,
        "seed": 1,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "translation", "schema": schema, "strict": True},
        },
    }
    return json.dumps(request, ensure_ascii=False).encode()


def read_answer(answer: bytes) -> dict[str, str]:
    """Decode the completion and the JSON inside it, as the service has to."""
    content = json.loads(answer)["choices"][0]["message"]["content"]
    fields: dict[str, str] = json.loads(content)
    return fields


async def send(client: Client, numbers: Iterable[int], senders: int, delay: float) -> list[float]:
    """Ask for every number, ``senders`` at a time; return how long each took in seconds."""
    todo = iter(numbers)
    seconds: list[float] = []

    async def sender() -> None:
        for number in todo:
            start = time.perf_counter()
            fields = read_answer(await client.post(request_body(number), delay))
            seconds.append(time.perf_counter() - start)
            assert len(fields) == 5, fields

    async with asyncio.TaskGroup() as group:
        for _ in range(senders):
            group.create_task(sender())
    return seconds


def cpu_seconds() -> float:
    """User and system time of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(cell: Cell, base_url: str) -> CellResult:
    """Run one cell in this process, after a first wave that opens the connections."""
    async with CLIENTS[cell.client](base_url) as client:
        await send(client, range(cell.concurrency), cell.concurrency, WARM_DELAY)
        count = cell.concurrency * cell.waves
        cpu, start = cpu_seconds(), time.perf_counter()
        seconds = await send(client, range(count), cell.concurrency, cell.delay)
        elapsed = time.perf_counter() - start
        cpu = cpu_seconds() - cpu
        answer = await client.post(request_body(0), 0.0)
    return CellResult(
        rate=count / elapsed,
        cpu_ms=cpu * 1000 / count,
        p50=statistics.median(seconds),
        p95=sorted(seconds)[int(len(seconds) * 0.95)],
        request_bytes=len(request_body(0)),
        answer_bytes=len(answer),
    )


def start_cell(cell: Cell, base_url: str) -> subprocess.Popen[bytes]:
    """Start a cell in a process of its own; it prints one JSON line."""
    arguments = ["-m", "bench.clients", "--url", base_url, "--cell", json.dumps(asdict(cell))]
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE)


def finish_cell(process: subprocess.Popen[bytes]) -> CellResult:
    """Wait for a cell.

    Raises:
        RuntimeError: The cell's process failed; its traceback is on standard error.
    """
    output, _ = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"a cell ended with {process.returncode}: {process.args!r}")
    return CellResult(**json.loads(output))


def run_round(base_url: str, number: int) -> dict[Cell, CellResult]:
    """Run every cell once; the order of the clients changes from round to round.

    One request at a time leaves the machine idle: those cells run beside one another.
    """
    shift = number % len(CLIENTS)
    names = [*list(CLIENTS)[shift:], *list(CLIENTS)[:shift]]
    results: dict[Cell, CellResult] = {}
    for (delay, waves), concurrency in itertools.product(WAVES.items(), CONCURRENCIES):
        cells = [Cell(name, concurrency, delay, waves) for name in names]
        if concurrency == 1:
            started = {cell: start_cell(cell, base_url) for cell in cells}
            results |= {cell: finish_cell(process) for cell, process in started.items()}
        else:
            results |= {cell: finish_cell(start_cell(cell, base_url)) for cell in cells}
    return results


def summarise(rounds: list[dict[Cell, CellResult]]) -> list[dict[str, Any]]:
    """One row per cell: medians over the rounds, and the spread of the rate."""
    rows = []
    for cell in sorted(rounds[0], key=lambda c: (c.delay, c.concurrency)):
        direct = Cell("direct", cell.concurrency, cell.delay, cell.waves)
        runs = [results[cell] for results in rounds]
        shares = [results[cell].rate / results[direct].rate for results in rounds]
        rates = [run.rate for run in runs]
        row: dict[str, Any] = asdict(cell)
        row["rate"] = round(statistics.median(rates), 2)
        row["rate_low"], row["rate_high"] = round(min(rates), 2), round(max(rates), 2)
        row["share_of_ideal"] = round(row["rate"] / cell.ideal_rate, 4)
        row["share_of_direct"] = round(statistics.median(shares), 4)
        row["share_low"], row["share_high"] = round(min(shares), 4), round(max(shares), 4)
        row["cpu_ms"] = round(statistics.median(run.cpu_ms for run in runs), 3)
        row["p50_ms"] = round(statistics.median(run.p50 for run in runs) * 1000, 1)
        row["p95_ms"] = round(statistics.median(run.p95 for run in runs) * 1000, 1)
        rows.append(row)
    return rows


def show(rows: list[dict[str, Any]], rounds: int) -> None:
    """Print the table."""
    table = Table(title=f"Clients against the mock server, medians of {rounds} rounds")
    for name in ("delay", "at once", "client", "req/s (low to high)", "of ideal"):
        table.add_column(name, justify="left" if name == "client" else "right")
    for name in ("of direct (low to high)", "CPU ms", "p50 ms", "p95 ms"):
        table.add_column(name, justify="right")
    groups: dict[tuple[float, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["delay"], row["concurrency"]].append(row)
    for group in groups.values():
        for row in sorted(group, key=lambda r: list(CLIENTS).index(r["client"])):
            table.add_row(
                f"{row['delay']:g} s",
                str(row["concurrency"]),
                row["client"],
                f"{row['rate']:.4g} ({row['rate_low']:.4g} to {row['rate_high']:.4g})",
                f"{row['share_of_ideal']:.1%}",
                f"{row['share_of_direct']:.1%} ({row['share_low']:.1%} to {row['share_high']:.1%})",
                f"{row['cpu_ms']:.2f}",
                f"{row['p50_ms']:.0f}",
                f"{row['p95_ms']:.0f}",
            )
        table.add_section()
    Console(width=max(130, Console().width)).print(table)


def compare(mock: Started, rounds: int, budget: float) -> None:
    """Run the rounds that fit into ``budget`` seconds, print the table and the JSON line."""
    start = time.monotonic()
    done: list[dict[Cell, CellResult]] = []
    longest = 0.0
    while len(done) < rounds and time.monotonic() - start + longest < budget:
        begun = time.monotonic()
        done.append(run_round(mock.url, len(done)))
        longest = max(longest, time.monotonic() - begun)
        print(f"round {len(done)}: {time.monotonic() - begun:.0f} s", flush=True)
    stats = get_json(f"{mock.url}/stats")
    mock_cpu_ms = stats["cpu_seconds"] * 1000 / stats["answered"]
    rows = summarise(done)
    show(rows, len(done))
    sample = next(iter(done[0].values()))
    print(
        f"mock server: {mock_cpu_ms:.2f} CPU ms per request, at most {stats['in_flight_peak']} at "
        f"once; request {sample.request_bytes} bytes, answer {sample.answer_bytes} bytes; "
        f"{time.monotonic() - start:.0f} s in all"
    )
    result = {"bench": "clients", "rounds": len(done), "mock_cpu_ms": round(mock_cpu_ms, 3)}
    print(json.dumps(result | {"cells": rows}))


def main() -> None:
    parser = argparse.ArgumentParser(description="compare HTTP clients against a mock model server")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--budget", type=float, default=170, help="start no round that ends later")
    parser.add_argument("--cell", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        result = uvloop.run(measure(Cell(**json.loads(options.cell)), options.url))
        print(json.dumps(asdict(result)))
        return
    with running_mock(delay=1.0) as mock:
        compare(mock, options.rounds, options.budget)


if __name__ == "__main__":
    main()
