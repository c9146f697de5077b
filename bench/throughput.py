"""How much of the engine's throughput is left when it is used through ``/translate/benchmark``?

The real service, in a process of its own, translates made-up MMLU items with a mock model server
that answers after 2 s or 0.5 s, at 1, 64 and 256 items at once. Each run is paired with a run of
the bare client (``direct`` of ``bench.upstream_clients``) against the same server at the same
concurrency, right before or after it. The share is the service's rate (median of the rounds)
over the best direct rate of all rounds: a pause of the machine can then lower a share, but not
raise it. At the end a fresh service translates as many items as MMLU's test set has, answered at
once, for the CPU time per item and the peak of memory.

A run counts only if every item came back without ``failed`` and took exactly one call; otherwise
the benchmark ends with an error, because its numbers would mean something else.

Run it: ``python -m bench.throughput``. The last line of output is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.clients import Cell, finish_cell, start_cell
from bench.mmlu_items import MMLU_TEST_ITEMS, mmlu_items
from bench.processes import Started, free_port, get_json, running, running_mock

CONCURRENCIES = (1, 64, 256)
# Seconds of delay -> how many times each slot is filled in one run.
WAVES = {2.0: 4, 0.5: 10}
WAVES_ALONE = {2.0: 2, 0.5: 4}  # at concurrency 1, where every wave is one item
GOALS = {64: 0.95, 256: 0.90}  # shares at a delay of 2 s


class RunError(Exception):
    """A run lost items, failed items, or did not use the server as it was meant to."""


@dataclass(frozen=True, slots=True)
class ServiceRun:
    """What one request to ``/translate/benchmark`` did."""

    items: int
    seconds: float
    first_seconds: float
    cpu_seconds: float
    at_once: int
    verdicts: dict[str, int]

    @property
    def rate(self) -> float:
        """Items per second, from the first byte sent to the last byte received."""
        return self.items / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds of the service's processes per item."""
        return self.cpu_seconds * 1000 / self.items


@dataclass(frozen=True, slots=True)
class Pair:
    """One run of the service and the direct rate measured beside it."""

    delay: float
    concurrency: int
    direct_rate: float
    run: ServiceRun


@contextlib.contextmanager
def running_service(mock: Started, concurrency: int) -> Iterator[Started]:
    """Start the service with one engine: the mock server, ``concurrency`` requests at once.

    The names of commands, settings and readiness path are known here and nowhere else.
    """
    engine = {
        "kind": "openai",
        "base_url": f"{mock.url}/v1",
        "model": "mock-model",
        "profile": "qwen2.5",
        "max_concurrency": concurrency,
    }
    port = free_port()
    environment = {"ISOGLOSS_ENGINES": json.dumps({"mock": engine})}
    with running(
        f"service with {concurrency} at once",
        ["-m", "service", "serve", "--port", str(port)],
        port=port,
        ready_path="/readyz",
        environment=environment,
    ) as started:
        yield started


def benchmark_request(items: list[dict[str, object]]) -> dict[str, object]:
    """The body of ``POST /translate/benchmark``."""
    return {
        "benchmark": "mmlu",
        "source": "en",
        "target": "zh-TW",
        "engine": "mock",
        "effort": "draft",  # one call for each item, as the direct rate has
        "order": "finished",
        "items": items,
    }


def verdict_of(line: dict[str, Any]) -> str | None:
    """The verdict of a line of the answer, or ``None`` for the line that ends the run."""
    verdict = line.get("verdict")
    return None if verdict is None else str(verdict)


async def post_items(url: str, items: list[dict[str, object]]) -> tuple[bytes, float, float]:
    """Send the items and read the NDJSON stream.

    Returns:
        The stream, and the seconds until its first byte and until its end.
    """
    body = json.dumps(benchmark_request(items), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/x-ndjson"}
    received: list[bytes] = []
    first = 0.0
    timeout = aiohttp.ClientTimeout(total=900)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        start = time.perf_counter()
        async with session.post(
            f"{url}/translate/benchmark", data=body, headers=headers
        ) as response:
            if response.status != 200:
                raise RunError(f"{url}: {response.status}: {(await response.text())[:2000]}")
            async for chunk in response.content.iter_any():
                first = first or time.perf_counter() - start
                received.append(chunk)
        seconds = time.perf_counter() - start
    return b"".join(received), first, seconds


def run_service(
    service: Started, mock: Started, *, count: int, delay: float, seed: int
) -> ServiceRun:
    """Translate ``count`` new items and check that the run means what it should.

    Raises:
        RunError: An item was lost or failed, or the number of calls is not the number of items.
    """
    items = mmlu_items(count, seed)
    get_json(f"{mock.url}/mock?delay={delay}", method="POST")
    cpu = service.cpu_seconds()
    stream, first, seconds = asyncio.run(post_items(service.url, items))
    cpu = service.cpu_seconds() - cpu
    stats = get_json(f"{mock.url}/stats")
    lines = [json.loads(line) for line in stream.splitlines() if line.strip()]
    verdicts = Counter(verdict for line in lines if (verdict := verdict_of(line)))
    if verdicts.total() != count or verdicts["failed"]:
        failed = [line for line in lines if verdict_of(line) in (None, "failed")]
        raise RunError(
            f"{service.name}: {count} items sent, verdicts {dict(verdicts)}; "
            f"{json.dumps(failed[:1], ensure_ascii=False)[:2000]}"
        )
    if stats["requests"] != count:
        raise RunError(
            f"{service.name}: {stats['requests']} calls for {count} items; one call each is what "
            "the direct rate is compared with (a cache, a retry or a repair was at work)"
        )
    return ServiceRun(count, seconds, first, cpu, stats["in_flight_peak"], dict(verdicts))


def run_pair(
    service: Started,
    mock: Started,
    concurrency: int,
    delay: float,
    *,
    round_number: int,
    longer: int = 1,
) -> Pair:
    """Measure service and direct one after the other; who is first changes every round."""
    waves = (WAVES_ALONE if concurrency == 1 else WAVES)[delay] * longer
    cell = Cell("direct", concurrency, delay, waves)
    seed = round_number * 1000 + concurrency + int(delay * 10) * 100_000
    direct_rate = 0.0
    if round_number % 2 == 0:
        direct_rate = finish_cell(start_cell(cell, mock.url)).rate
    run = run_service(service, mock, count=concurrency * waves, delay=delay, seed=seed)
    if round_number % 2 == 1:
        direct_rate = finish_cell(start_cell(cell, mock.url)).rate
    return Pair(delay, concurrency, direct_rate, run)


def measure_shares(mock: Started, rounds: int, longer: int) -> list[Pair]:
    """Run every delay and concurrency ``rounds`` times, each against a service of its own."""
    pairs: list[Pair] = []
    with contextlib.ExitStack() as stack:
        services = {c: stack.enter_context(running_service(mock, c)) for c in CONCURRENCIES}
        for concurrency, service in services.items():  # connections open, code paths warm
            run_service(service, mock, count=concurrency, delay=0.2, seed=-concurrency)
        for number in range(rounds):
            for delay, concurrency in itertools.product(WAVES, CONCURRENCIES):
                service = services[concurrency]
                pair = run_pair(
                    service, mock, concurrency, delay, round_number=number, longer=longer
                )
                pairs.append(pair)
                print(
                    f"round {number + 1}: {delay:g} s, {concurrency} at once: "
                    f"service {pair.run.rate:.2f}, direct {pair.direct_rate:.2f} items/s",
                    flush=True,
                )
    return pairs


def measure_memory(mock: Started, count: int) -> dict[str, Any]:
    """A fresh service, ``count`` items, answers at once: CPU per item and the peak of memory."""
    with running_service(mock, max(CONCURRENCIES)) as service:
        before = service.memory_mb("VmRSS")
        run = run_service(service, mock, count=count, delay=0.0, seed=14)
        return {
            "items": count,
            "items_per_s": round(run.rate, 1),
            "cpu_ms_per_item": round(run.cpu_ms, 3),
            "rss_mb_idle": round(before, 1),
            "rss_mb": round(service.memory_mb("VmHWM"), 1),
            "verdicts": run.verdicts,
        }


def summarise(pairs: list[Pair]) -> list[dict[str, Any]]:
    """One row per delay and concurrency: medians over the rounds, spread, best direct rate."""
    rows = []
    for delay, concurrency in itertools.product(WAVES, CONCURRENCIES):
        group = [p for p in pairs if (p.delay, p.concurrency) == (delay, concurrency)]
        direct = max(pair.direct_rate for pair in group)
        shares = [pair.run.rate / direct for pair in group]
        rate = statistics.median(pair.run.rate for pair in group)
        rows.append(
            {
                "delay": delay,
                "concurrency": concurrency,
                "direct_rate": round(direct, 2),
                "direct_low": round(min(pair.direct_rate for pair in group), 2),
                "rate": round(rate, 2),
                "share": round(statistics.median(shares), 4),
                "share_low": round(min(shares), 4),
                "share_high": round(max(shares), 4),
                "share_of_ideal": round(rate * delay / concurrency, 4),
                "cpu_ms": round(statistics.median(p.run.cpu_ms for p in group), 3),
                "first_s": round(statistics.median(p.run.first_seconds for p in group), 3),
                "at_once": max(pair.run.at_once for pair in group),
            }
        )
    return rows


def show(rows: list[dict[str, Any]], memory: dict[str, Any], rounds: int) -> None:
    """Print the table, the goals and the memory run."""
    table = Table(title=f"/translate/benchmark against the bare client, medians of {rounds} rounds")
    headings = ("delay", "at once (seen)", "direct/s (worst)", "service/s", "share (low to high)")
    for name in (*headings, "of ideal", "CPU ms/item", "first line", "goal"):
        table.add_column(name, justify="right")
    for row in rows:
        goal = GOALS.get(row["concurrency"]) if row["delay"] == 2.0 else None
        verdict = (
            "" if goal is None else f"{goal:.0%} {'met' if row['share'] >= goal else 'missed'}"
        )
        table.add_row(
            f"{row['delay']:g} s",
            f"{row['concurrency']} ({row['at_once']})",
            f"{row['direct_rate']:.2f} ({row['direct_low']:.2f})",
            f"{row['rate']:.2f}",
            f"{row['share']:.1%} ({row['share_low']:.1%} to {row['share_high']:.1%})",
            f"{row['share_of_ideal']:.1%}",
            f"{row['cpu_ms']:.2f}",
            f"{row['first_s']:.2f} s",
            verdict,
        )
    Console(width=max(130, Console().width)).print(table)
    print(
        f"{memory['items']} items answered at once: {memory['items_per_s']} items/s, "
        f"{memory['cpu_ms_per_item']} CPU ms per item, memory {memory['rss_mb']} MiB at its peak "
        f"({memory['rss_mb_idle']} MiB before), verdicts {memory['verdicts']}"
    )


def final_line(rows: list[dict[str, Any]], memory: dict[str, Any]) -> dict[str, Any]:
    """The figures that a program compares from one version to the next."""
    result: dict[str, Any] = {"bench": "throughput"}
    for row in rows:
        suffix = "" if row["delay"] == 2.0 else f"_{row['delay'] * 1000:.0f}ms"
        result[f"share_c{row['concurrency']}{suffix}"] = row["share"]
    result["goals_met"] = all(result[f"share_c{c}"] >= goal for c, goal in GOALS.items())
    names = ("cpu_ms_per_item", "rss_mb", "rss_mb_idle", "items", "items_per_s")
    result |= {name: memory[name] for name in names}
    return result | {"cells": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description="share of the engine's throughput that is kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--longer",
        type=int,
        default=1,
        help="so many times as many items: what is worded first and checked last then counts less",
    )
    parser.add_argument("--items", type=int, default=MMLU_TEST_ITEMS, help="for the memory run")
    parser.add_argument("--json", type=Path, help="write the last line to this file as well")
    options = parser.parse_args()
    with running_mock(delay=0.0) as mock:
        pairs = measure_shares(mock, options.rounds, options.longer)
        memory = measure_memory(mock, options.items)
    rows = summarise(pairs)
    show(rows, memory, options.rounds)
    line = json.dumps(final_line(rows, memory))
    if options.json:
        options.json.write_text(line + "\n")
    print(line)


if __name__ == "__main__":
    main()
