"""Kill the service while many clients edit a glossary, and look for what was lost.

    python -m bench.glossary_kill [--edits 1000] [--clients 32] [--rounds 5] [--postgres]

A round: clients edit over HTTP, each on a connection of its own: one concept that others edit too,
a new concept, or several new ones in one change set. Somewhere between 30 and 70 % the service gets
SIGKILL. It is started again, the clients make the rest, and it is killed again at the end. After
each kill the database is read: every acknowledged edit must be there with its history, versions
must have no gap, and no change set may be there in part. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.postgres import private_postgres
from bench.processes import Started, free_port, running
from glossary.concept import Concept
from glossary.store.port import Change, Edit
from service.store.glossaries import SqlStore

SHARED = 40
"""Concepts that all clients edit."""
_GONE = (OSError, http.client.HTTPException)


@dataclass
class Ledger:
    """What the clients were told."""

    acknowledged: dict[str, set[str]] = field(default_factory=dict)
    """Ids of the concepts of an edit by its token."""
    in_doubt: dict[str, set[str]] = field(default_factory=dict)
    """Sent, but the answer never came."""
    conflicts: int = 0
    waited_s: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """One connection; it edits until there is nothing left to do or the service is gone."""

    def __init__(self, url: str, ledger: Ledger, seed: int) -> None:
        address = urlsplit(url)
        self._http = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        self._ledger, self._random = ledger, random.Random(seed)

    def work(self, tokens: Iterator[str], lock: threading.Lock) -> None:
        with contextlib.closing(self._http):
            while True:
                with lock:
                    token = next(tokens)
                if not self._edit(token):
                    return

    def _edit(self, token: str) -> bool:
        """Make one edit; ``False`` if the service is gone."""
        make = self._random.choices([self._shared, self._new, self._several], [6, 2, 2])[0]
        ids: set[str] = set()
        try:
            began = time.perf_counter()
            while not make(token, ids):
                self._ledger.conflicts += 1
        except _GONE:
            with self._ledger.lock:
                self._ledger.in_doubt[token] = ids
            return False
        with self._ledger.lock:
            self._ledger.waited_s.append(time.perf_counter() - began)
            self._ledger.acknowledged[token] = ids
        return True

    def _shared(self, token: str, ids: set[str]) -> bool:
        id_ = f"shared-{self._random.randrange(SHARED)}"
        ids.clear()
        _, etag = self.ask("GET", f"/concepts/{id_}")
        ids.add(id_)
        body = concept(id_, token)
        status, _ = self.ask("PUT", f"/concepts/{id_}", body, {"If-Match": etag})
        return status == 200

    def _new(self, token: str, ids: set[str]) -> bool:
        ids.add(f"new-{token}")
        status, _ = self.ask("POST", "/concepts", concept(f"new-{token}", token))
        return status == 201

    def _several(self, token: str, ids: set[str]) -> bool:
        ids.update(f"part-{token}-{number}" for number in range(self._random.randint(2, 60)))
        edits = [{"concept": concept(id_, token), "version": 0} for id_ in sorted(ids)]
        status, _ = self.ask("POST", "/edits", {"edits": edits})
        return status == 200

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and ETag of an answer; any status but a conflict is an error of ours."""
        sent = {"Content-Type": "application/json", "X-Isogloss-User": "bench", **(headers or {})}
        self._http.request(method, f"/glossaries/kill{path}", json.dumps(body), sent)
        answer = self._http.getresponse()
        text = answer.read()
        if answer.status >= 400 and answer.status != 412:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return answer.status, answer.headers.get("ETag", "")


def concept(id_: str, token: str) -> dict[str, Any]:
    """A concept that tells by which edit it was written."""
    terms = [{"language": "en", "text": f"term of {id_}"}, {"language": "ko", "text": "용어"}]
    return {"id": id_, "terms": terms, "note": token}


@contextlib.contextmanager
def service(database: str) -> Iterator[Started]:
    """The service as a user starts it, on this database."""
    port = free_port()
    arguments = ["-m", "service", "serve", "--port", str(port)]
    environment = {"ISOGLOSS_DATABASE": database, "ISOGLOSS_LOG_LEVEL": "error"}
    with running(
        "isogloss", arguments, port=port, ready_path="/healthz", environment=environment
    ) as started:
        yield started


def edit_until_killed(
    database: str, ledger: Ledger, tokens: Iterator[str], clients: int, kill_at: int
) -> None:
    """Serve, let clients edit, and kill the service once ``kill_at`` edits are acknowledged."""
    with service(database) as started:
        lock = threading.Lock()
        with ThreadPoolExecutor(clients) as pool:
            editing = [
                pool.submit(Client(started.url, ledger, seed).work, tokens, lock)
                for seed in range(clients)
            ]
            while len(ledger.acknowledged) < kill_at and not all(each.done() for each in editing):
                time.sleep(0.002)
            os.kill(started.process.pid, signal.SIGKILL)
        for each in editing:
            each.result()
        started.process.wait()


def faults(database: str, ledger: Ledger) -> list[str]:
    """What the database lacks or has too much of."""
    store = SqlStore(database)
    try:
        return list(_faults(store, ledger))
    finally:
        store.close()


def _faults(store: SqlStore, ledger: Ledger) -> Iterator[str]:
    version = store.info("kill").version
    sets = [each.version for each in store.change_sets("kill", limit=10**6).records]
    if sets != list(range(version, 0, -1)):
        yield f"the versions of {len(sets)} change sets are not 1 to {version}"
    changes = [each for each in store.history("kill", limit=10**7).records if each.concept_id]
    written: dict[str, set[str]] = {}
    for change in changes:
        assert change.after is not None
        written.setdefault(change.after.note, set()).add(change.concept_id)
    for token, ids in ledger.acknowledged.items():
        if written.get(token) != ids:
            yield f"acknowledged edit {token} of {ids}: found {written.get(token)}"
    for token, ids in ledger.in_doubt.items():
        if token in written and written[token] != ids:
            yield f"edit {token} of {len(ids)} is there in part: {len(written[token])}"
    yield from _broken_chains(store, changes)


def _broken_chains(store: SqlStore, changes: list[Change]) -> Iterator[str]:
    """Concepts whose history has a gap, or does not end with what is there now."""
    now = {each.id: each for each in store.glossary("kill").concepts}
    histories: dict[str, list[Change]] = {}
    for change in reversed(changes):
        histories.setdefault(change.concept_id, []).append(change)
    for id_, history in histories.items():
        if [each.concept_version for each in history] != list(range(1, len(history) + 1)):
            yield f"the versions of {id_} have a gap"
        if any(one.after != other.before for one, other in itertools.pairwise(history)):
            yield f"a change of {id_} does not begin where the one before it ended"
        if now.get(id_) != history[-1].after:
            yield f"{id_} is not what its last change made of it"
    if now.keys() != histories.keys():
        yield f"without a history: {now.keys() - histories.keys()}"


def one_round(database: str, edits: int, clients: int, seed: int) -> dict[str, Any]:
    """Edit, kill, look, go on, kill, look."""
    store = SqlStore(database)
    store.create("kill", "bench")
    shared = [Concept.model_validate(concept(f"shared-{n}", "start")) for n in range(SHARED)]
    store.apply("kill", [Edit.put(each) for each in shared], "bench")
    store.close()
    ledger = Ledger()
    tokens = (f"e{number}" for number in itertools.count())
    kill_at = random.Random(seed).randint(edits * 3 // 10, edits * 7 // 10)
    began = time.perf_counter()
    edit_until_killed(database, ledger, tokens, clients, kill_at)
    first = len(ledger.acknowledged)
    found = faults(database, ledger)
    edit_until_killed(database, ledger, tokens, clients, edits)
    found += faults(database, ledger)
    waits = sorted(ledger.waited_s)
    return {
        "acknowledged_at_first_kill": first,
        "acknowledged": len(ledger.acknowledged),
        "in_doubt": len(ledger.in_doubt),
        "conflicts_retried": ledger.conflicts,
        "median_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p99_ms": round(waits[len(waits) * 99 // 100] * 1000, 1),
        "seconds": round(time.perf_counter() - began, 1),
        "faults": found,
    }


def measure(edits: int, clients: int, rounds: int, server: str | None) -> dict[str, Any]:
    """Several rounds, each with a database of its own."""
    results = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory(prefix="bench-kill-") as folder:
            database = f"{server}/round_{number}" if server else f"sqlite:///{Path(folder)}/kill.db"
            results.append(one_round(database, edits, clients, seed=number))
        print(f"round {number + 1}: {json.dumps(results[-1])}", flush=True)
    total: Counter[str] = Counter()
    for result in results:
        total.update({key: value for key, value in result.items() if isinstance(value, int)})
    return {
        "bench": "glossary_kill",
        "database": "postgresql" if server else "sqlite",
        "clients": clients,
        "rounds": rounds,
        **total,
        "median_ms": sorted(result["median_ms"] for result in results)[rounds // 2],
        "worst_p99_ms": max(result["p99_ms"] for result in results),
        "lost_or_broken": sum(len(result["faults"]) for result in results),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL server")
    given = parser.parse_args()
    if given.postgres:
        with private_postgres(databases=[f"round_{n}" for n in range(given.rounds)]) as server:
            result = measure(given.edits, given.clients, given.rounds, server)
    else:
        result = measure(given.edits, given.clients, given.rounds, None)
    print(json.dumps(result))
    sys.exit(1 if result["lost_or_broken"] else 0)


if __name__ == "__main__":
    main()
