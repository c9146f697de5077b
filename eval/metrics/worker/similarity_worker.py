"""Cosine of sentence embeddings, in an environment of its own: ``PYTHON similarity_worker.py``.

Options: ``checkpoint`` (a folder of sentence-transformers), ``device``, ``threads``,
``batch_rows``, ``cache_bytes``. A question holds ``texts``, and ``rows`` of places in them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedding_cache import EmbeddingCache
from environment import device_of, go_offline, require, sha256_of, versions_of
from wire import Answer, CannotLoad, fault, first_line, serve, unreadable


class Similarity:
    """Cosines of source and hypothesis; every distinct text is encoded once."""

    def __init__(self, model: Any, batch_rows: int, cache_bytes: int) -> None:
        self._model, self._batch_rows = model, batch_rows
        self._cache = EmbeddingCache(cache_bytes)
        self.encoded = self.cached = 0

    def score(
        self, texts: Sequence[str], rows: Sequence[Sequence[int | None]]
    ) -> list[float | str]:
        """A cosine per row, or why there is none; rows are places in ``texts``."""
        used = list(dict.fromkeys(place for row in rows for place in row[:2] if place is not None))
        vectors, faults = self._embedded(texts, used)
        return [fault(faults, row, (0, 1)) or _cosine(vectors, row) for row in rows]

    def _embedded(
        self, texts: Sequence[str], used: Sequence[int]
    ) -> tuple[dict[int | None, Any], list[str]]:
        """Vectors of length 1 by place, and the faults of all texts."""
        faults = [unreadable(text) for text in texts]
        known = ((place, self._cache.get(texts[place])) for place in used)
        kept: dict[int | None, Any] = {at: vector for at, vector in known if vector is not None}
        self.cached += len(kept)
        new = [place for place in used if place not in kept and not faults[place]]
        limit = self._model.max_seq_length
        for place in new if limit else ():
            length = len(self._model.tokenizer(texts[place])["input_ids"])
            if length > limit:
                faults[place] = f"has {length} tokens; the model reads {limit}"
        short = [place for place in new if not faults[place]]
        vectors = self._model.encode(
            [texts[place] for place in short],
            batch_size=self._batch_rows,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        for place, vector in zip(short, vectors, strict=True):
            kept[place] = vector
            self._cache.put(texts[place], vector.copy())
        self.encoded += len(short)
        return kept, faults


def _cosine(vectors: Mapping[int | None, Any], row: Sequence[int | None]) -> float | str:
    value = float(vectors[row[0]] @ vectors[row[1]])
    return value if math.isfinite(value) else "the model gave no finite number"


def load(options: Mapping[str, Any]) -> tuple[Mapping[str, Any], Answer]:
    """The model's facts and what answers for it.

    Raises:
        CannotLoad: environment, device or model do not serve.
    """
    go_offline()
    require("sentence_transformers")
    import torch
    from sentence_transformers import SentenceTransformer

    if options["threads"]:
        torch.set_num_threads(options["threads"])
    folder = Path(options["checkpoint"])
    device = device_of(options["device"])
    try:
        model = SentenceTransformer(str(folder), device=device, local_files_only=True)
    except Exception as error:  # torch, safetensors and transformers each raise their own
        raise CannotLoad(
            f"{folder} cannot be loaded: {first_line(error)}",
            "Name a folder that sentence-transformers has saved, with all its files.",
        ) from error
    similarity = Similarity(model, options["batch_rows"], options["cache_bytes"])

    def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
        similarity.encoded = similarity.cached = 0
        scores = similarity.score(question["texts"], question["rows"])
        return {"scores": scores, "encoded": similarity.encoded, "cached": similarity.cached}

    weights = [path for path in folder.rglob("*") if path.suffix in (".safetensors", ".bin")]
    return {
        "sha256": sha256_of(sorted(weights)),
        "device": device,
        "versions": versions_of("sentence-transformers", "torch", "transformers"),
    }, answer


if __name__ == "__main__":
    sys.exit(serve(load))
