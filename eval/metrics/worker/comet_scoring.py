"""COMET scores without work done twice.

``CometModel.predict`` encodes source, hypothesis and reference of every row anew and sorts by the
source's characters. Here every distinct sentence is encoded once, in batches of equal length in
tokens, and the model's own head is laid over the gathered embeddings: the same scores, up to the
order of floating-point sums. Models that read hypothesis and source in one sequence share nothing
but whole rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from embedding_cache import EmbeddingCache
from token_batches import token_batches
from wire import fault, unreadable

Packed = Sequence[Sequence[int | None]]
_NAMES = ("src", "mt", "ref")
_HEAD_ROWS = 8192  # a row of the head's input takes 24 KB with a large encoder


class SentenceScorer:
    """Regression with and without reference: the score is a function of sentence embeddings."""

    def __init__(self, model: Any, batch_tokens: int, cache_bytes: int) -> None:
        self._model, self._batch_tokens = model, batch_tokens
        self._cache = EmbeddingCache(cache_bytes)
        self.roles = (0, 1, 2) if model.requires_references() else (0, 1)
        self.encoded = self.cached = 0

    def score(self, texts: Sequence[str], rows: Packed) -> list[float | str]:
        """A number per row, or why there is none; rows are places in ``texts``."""
        vectors, faults = self._embedded(texts, self._used(rows))
        reasons = [fault(faults, row, self.roles) for row in rows]
        sound = [row for row, reason in zip(rows, reasons, strict=True) if not reason]
        if not sound:
            return list(reasons)
        places = torch.tensor([[row[role] for role in self.roles] for row in sound])
        scores = [
            score
            for part in places.split(_HEAD_ROWS)
            for score in self._head(*(vectors[column] for column in part.T)).tolist()
        ]
        return _merged(reasons, scores)

    def _used(self, rows: Packed) -> list[int]:
        places = (row[role] for row in rows for role in self.roles)
        return list(dict.fromkeys(place for place in places if place is not None))

    def _head(self, *embeddings: Any) -> Any:
        with torch.inference_mode():
            if len(embeddings) == 3:
                return self._model.estimate(*embeddings).score
            source, hypothesis = embeddings
            difference, product = (hypothesis - source).abs(), hypothesis * source
            # As in ReferencelessRegression.forward, which has no method of its own for it.
            features = torch.cat((hypothesis, source, product, difference), dim=1)
            return self._model.estimator(features).view(-1)

    def _embedded(self, texts: Sequence[str], used: Sequence[int]) -> tuple[Any, list[str]]:
        """Embeddings (texts x dimensions) of the used places, and the faults of all texts."""
        faults, new = [unreadable(text) for text in texts], []
        width = self._model.encoder.output_units
        vectors = torch.zeros(len(texts), width, device=self._model.device)
        for place in used:
            if (kept := self._cache.get(texts[place])) is not None:
                vectors[place] = kept
                self.cached += 1
            elif not faults[place]:
                new.append(place)
        tokens = dict(zip(new, _tokens(self._model, [texts[at] for at in new]), strict=True))
        for place, ids in tokens.items():
            faults[place] = _too_long(len(ids), self._model.encoder.max_positions - 2)
        self._encode(texts, vectors, {at: ids for at, ids in tokens.items() if not faults[at]})
        return vectors, faults

    def _encode(self, texts: Sequence[str], vectors: Any, tokens: Mapping[int, list[int]]) -> None:
        """Fill in the rows of ``vectors`` whose tokens are given."""
        places = list(tokens)
        for batch in token_batches([len(tokens[at]) for at in places], self._batch_tokens):
            chosen = [places[at] for at in batch]
            vectors[chosen] = self._forward([tokens[at] for at in chosen])
            for place in chosen:
                self._cache.put(texts[place], vectors[place].clone())
        self.encoded += len(places)

    def _forward(self, tokens: Sequence[Sequence[int]]) -> Any:
        width = max(map(len, tokens))
        padding = self._model.encoder.tokenizer.pad_token_id
        ids = torch.tensor([[*each, *[padding] * (width - len(each))] for each in tokens])
        mask = torch.tensor([[1] * len(each) + [0] * (width - len(each)) for each in tokens])
        device = self._model.device
        with torch.inference_mode():
            return self._model.compute_sentence_embedding(ids.to(device), mask.to(device)).float()


class SequenceScorer:
    """Unified and XCOMET: hypothesis, source and reference are read in one sequence."""

    def __init__(self, model: Any, batch_tokens: int) -> None:
        self._model, self._batch_tokens = model, batch_tokens
        segments = model.hparams.input_segments
        self.roles = tuple(role for role, name in enumerate(_NAMES) if name in segments)
        self.encoded = self.cached = 0

    def score(self, texts: Sequence[str], rows: Packed) -> list[float | str]:
        """A number per row, or why there is none; rows are places in ``texts``."""
        faults, lengths = self._lengths(texts)
        needed = self.roles if self._model.requires_references() else self.roles[:2]
        keys = [self._key(row) for row in rows]
        reasons = [
            fault(faults, row, needed if row[2] is None else self.roles)
            or self._joint(key, lengths)
            for row, key in zip(rows, keys, strict=True)
        ]
        sound = [key for key, reason in zip(keys, reasons, strict=True) if not reason]
        scores = self._forward(texts, list(dict.fromkeys(sound)), lengths)
        return _merged(reasons, [scores[key] for key in sound])

    def _key(self, row: Sequence[int | None]) -> tuple[int | None, ...]:
        return tuple(row[role] if role in self.roles else None for role in range(3))

    def _lengths(self, texts: Sequence[str]) -> tuple[list[str], list[int]]:
        faults, lengths = [unreadable(text) for text in texts], [0] * len(texts)
        readable = [place for place, found in enumerate(faults) if not found]
        limit = self._model.encoder.max_positions - 2
        tokens = _tokens(self._model, [texts[place] for place in readable])
        for place, ids in zip(readable, tokens, strict=True):
            lengths[place], faults[place] = len(ids), _too_long(len(ids), limit)
        return faults, lengths

    def _length(self, key: Sequence[int | None], lengths: Sequence[int]) -> int:
        return sum(lengths[place] for place in key if place is not None)

    def _joint(self, key: Sequence[int | None], lengths: Sequence[int]) -> str:
        """Two special tokens stand around each text, alone (2) as well as in the sequence."""
        found = _too_long(self._length(key, lengths), self._model.encoder.max_positions)
        return found and f"the row {found}"

    def _forward(
        self, texts: Sequence[str], keys: Sequence[tuple[int | None, ...]], lengths: Sequence[int]
    ) -> dict[tuple[int | None, ...], float]:
        scores: dict[tuple[int | None, ...], float] = {}
        for referenced in (True, False):  # the model takes all rows of a batch alike
            alike = [key for key in keys if (key[2] is not None) is referenced]
            sizes = [self._length(key, lengths) for key in alike]
            for batch in token_batches(sizes, self._batch_tokens):
                chosen = [alike[at] for at in batch]
                scores.update(zip(chosen, self._predicted(texts, chosen), strict=True))
        self.encoded += len(keys)
        return scores

    def _predicted(self, texts: Sequence[str], keys: Sequence[tuple[int | None, ...]]) -> Any:
        samples = [
            {
                name: texts[place]
                for name, place in zip(_NAMES, key, strict=True)
                if place is not None
            }
            for key in keys
        ]
        inputs = self._model.prepare_sample(samples, stage="predict")
        batch = tuple(_moved(part, self._model.device) for part in inputs)
        with torch.inference_mode():
            return self._model.predict_step(batch).scores.float().tolist()


def _tokens(model: Any, texts: list[str]) -> list[list[int]]:
    return list(model.encoder.tokenizer(texts)["input_ids"]) if texts else []


def _too_long(tokens: int, limit: int) -> str:
    return f"has {tokens} tokens; the model reads {limit}" if tokens > limit else ""


def _moved(inputs: Mapping[str, Any], device: Any) -> dict[str, Any]:
    return {
        name: value.to(device) if isinstance(value, torch.Tensor) else value
        for name, value in inputs.items()
    }


def _merged(reasons: Sequence[str], scores: Sequence[float]) -> list[float | str]:
    numbers = iter(scores)
    merged = [reason or next(numbers) for reason in reasons]
    return [
        each if isinstance(each, str) or math.isfinite(each) else "the model gave no finite number"
        for each in merged
    ]
