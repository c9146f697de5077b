"""COMET without work done twice, beside the library's own ``predict``, in one process.

Three ways to score eight candidates per source: against one source and one reference (``shared``),
each by its own back-translation (``round_trip``), and each by all others (``mbr``). Both ways use
the same model with random weights and take turns; of each the least time of all repeats counts,
on the CPU as time of the process with one thread, so that other work on the machine matters little.
The last line of output is one JSON object.

Run it in COMET's environment: ``.venvs/comet/bin/python -m bench.comet [--size base]``.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(ROOT / "eval" / "metrics" / "worker"), str(ROOT / "tests" / "comet")]

import torch  # noqa: E402
from comet_scoring import SentenceScorer  # noqa: E402
from comet_worker import BATCH_TOKENS, prepared  # noqa: E402
from tiny_comet import SIZES, make  # noqa: E402
from wire import packed  # noqa: E402

CANDIDATES = 8
SEED = 0
CACHE_BYTES = 256 * 2**20
LATIN, HAN = "etaoinshrdlucmfwypvbgkqjxz", "".join(map(chr, range(0x4E00, 0x4E00 + 2000)))

Rows = list[tuple[str, str, str]]


def texts(alphabet: str, lengths: Sequence[float], rng: random.Random) -> list[str]:
    """One text per length in tokens, which are characters."""
    return ["".join(rng.choices(alphabet, k=round(length))) for length in lengths]


def cases(sources: int, rng: random.Random) -> dict[str, Rows]:
    """Rows by case; lengths are log-normal with a median of 50, candidates much like their source.

    ``mbr`` has a third of the sources, since each gives seven times as many rows.
    """
    rows: dict[str, Rows] = {"shared": [], "round_trip": [], "mbr": []}
    for number in range(sources):
        length = min(400.0, math.exp(rng.gauss(math.log(50), 0.6)))
        around = [length * rng.uniform(0.7, 1.3) for _ in range(CANDIDATES)]
        (source,) = texts(LATIN, [length], rng)
        reference, *candidates = texts(HAN, [length, *around], rng)
        back = texts(LATIN, around, rng)
        rows["shared"] += [(source, each, reference) for each in candidates]
        rows["round_trip"] += [
            (each, again, source) for each, again in zip(candidates, back, strict=True)
        ]
        if number % 3 == 0:
            rows["mbr"] += [(source, a, b) for a in candidates for b in candidates if a is not b]
    return rows


def ours(model: Any, rows: Rows, device: str) -> list[float]:
    """The worker's way, with nothing kept from the repeat before."""
    scorer = SentenceScorer(model, BATCH_TOKENS[device], CACHE_BYTES)
    return scorer.score(*packed(rows))


def library(model: Any, rows: Rows, device: str) -> list[float]:
    """The library's way."""
    samples = [dict(zip(("src", "mt", "ref"), row, strict=True)) for row in rows]
    prediction = model.predict(
        samples, batch_size=16, gpus=int(device == "cuda"), num_workers=0, progress_bar=False
    )
    return list(prediction.scores)


def timed(way: Callable[..., list[float]], *given: Any, device: str) -> tuple[float, list[float]]:
    """Seconds of the processor on the CPU, of the clock on the GPU."""
    clock = time.perf_counter if device == "cuda" else time.process_time
    began = clock()
    scores = way(*given, device)  # as Python numbers: the GPU has finished
    return clock() - began, scores


def compare(model: Any, rows: Rows, device: str, repeats: int) -> dict[str, float]:
    """Least seconds of both ways, and how far their scores are apart."""
    best = {ours: math.inf, library: math.inf}
    scores: dict[Callable[..., list[float]], list[float]] = {}
    for _ in range(repeats):
        for way in best:
            model.to(device)  # Lightning puts it back on the CPU
            seconds, scores[way] = timed(way, model, rows, device=device)
            best[way] = min(best[way], seconds)
    apart = max(abs(a - b) for a, b in zip(scores[ours], scores[library], strict=True))
    return {"ours": best[ours], "library": best[library], "apart": apart}


def report(name: str, rows: Rows, result: dict[str, float]) -> None:
    distinct = len(packed(rows)[0])
    print(
        f"{name:<11} {len(rows):>5} rows  {3 * len(rows):>5} -> {distinct:>4} encodings"
        f"  predict {len(rows) / result['library']:8.2f} rows/s"
        f"  ours {len(rows) / result['ours']:8.2f} rows/s"
        f"  x{result['library'] / result['ours']:.2f}  apart {result['apart']:.1e}",
        flush=True,
    )


def model_of(size: str, device: str, precision: str) -> Any:
    """A regression model of this size, made on the spot and loaded by the library."""
    from comet import load_from_checkpoint

    with tempfile.TemporaryDirectory() as folder:
        checkpoint = make(Path(folder), "regression", size)
        model = load_from_checkpoint(str(checkpoint), local_files_only=True)
        return prepared(model, device, precision)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="base")
    parser.add_argument("--device", choices=BATCH_TOKENS, default="cpu")
    parser.add_argument("--precision", choices=("fp32", "bf16", "fp16"), default="fp32")
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(1)
    model = model_of(given.size, given.device, given.precision)
    warnings.simplefilter("ignore")
    for name in ("pytorch_lightning", "lightning.pytorch", "lightning_fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    by_case = cases(given.sources, random.Random(SEED))
    for way in (ours, library):  # the first call of each prepares more than it computes
        way(model.to(given.device), by_case["shared"][:2], given.device)
    summary: dict[str, Any] = vars(given)
    differences = []
    for name, rows in by_case.items():
        repeats = 1 if name == "mbr" else given.repeats  # the longest, and the clearest
        result = compare(model, rows, given.device, repeats)
        report(name, rows, result)
        summary[f"speedup_{name}"] = round(result["library"] / result["ours"], 2)
        for way in ("ours", "library"):
            summary[f"rows_per_second_{name}_{way}"] = round(len(rows) / result[way], 3)
        differences.append(result["apart"])
    print(json.dumps(summary | {"max_difference": max(differences)}))


if __name__ == "__main__":
    main()
