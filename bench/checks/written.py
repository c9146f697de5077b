"""Items that we wrote for this benchmark: exam questions and option sets in four languages."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import opencc
import yaml

from bench.checks.data import Half, TextPair
from bench.checks.fault import Clean, Range, Text, clean
from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from glossary.language import Language, Pair

_HERE = Path(__file__).parent
_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")

EXAM = read_recipe({"fields": {"question": "text"} | dict.fromkeys("ABCD", "option")})
"""A question with four options."""
_TEXT = read_recipe({"fields": {"text": "text"}})

Flipped: TypeAlias = tuple[str, Range, Range]
"""The wrong target, the place in it, and the place in the source of what it should say."""


@cache
def table(name: str) -> Any:
    """A file of ours beside this module."""
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


def sayings(group: str, half: Half) -> Any:
    """A list of sayings: those to tune on, or those to report."""
    return table(f"{half}/says.yaml")[group]


def saying(group: str, where: Clean | Text, rng: random.Random) -> str:
    """One of a list of sayings in the target language."""
    chosen: str = rng.choice(sayings(group, where.half)[str(where.pair.target)])
    return chosen


def right(text: str) -> str:
    """The text with the first of each pair of words in braces."""
    return _CHOICE.sub(r"\1", text)


def flipped(text: str) -> tuple[str, Range]:
    """The text with the second of the last pair of words in braces, and where they are."""
    last = list(_CHOICE.finditer(text))[-1]
    before = _CHOICE.sub(r"\2", text[: last.start()])
    start = len(before)
    wrong = last[2]
    return before + wrong + text[last.end() :], (start, start + len(wrong))


def right_place(text: str) -> Range:
    """Where the words that the opposite loses are in the right form."""
    first = _CHOICE.search(text)
    assert first is not None
    return first.start(), first.start() + len(first[1])


def single(text: TextPair, origin: str, category: str = "knowledge") -> Clean:
    """A pair of texts as an item of one field."""
    item = read_item({"text": text.source}, _TEXT)
    return clean(origin, text.id, text.pair, item, {"text": text.target}, category)


def with_options(stem: TextPair, origin: str, rng: random.Random) -> Clean:
    """A text as the question of an item, with one of our option sets."""
    options = rng.choice(table("options.yaml"))
    source, target = (
        {"question": text} | dict(zip("ABCD", options[language], strict=True))
        for text, language in ((stem.source, stem.pair.source), (stem.target, stem.pair.target))
    )
    return clean(origin, stem.id, stem.pair, read_item(source, EXAM), target)


def _written(file: str, pair: Pair, half: Half) -> Iterator[tuple[str, TextPair]]:
    """Group and clean form of our sentences: those to tune on, or those to report."""
    for group, sentences in table(f"{half}/{file}").items():
        for place, sentence in enumerate(sentences):
            source, target = (_in(sentence, language) for language in (pair.source, pair.target))
            yield group, TextPair(f"{group}/{place}", pair, right(source), right(target))


def _in(sentence: Mapping[str, str], language: Language) -> str:
    """The sentence in a language; the mainland's from Taiwan's where it is not written."""
    if language in sentence:
        return sentence[language]
    converted: str = _to_mainland().convert(sentence[Language.ZH_TW])
    return converted


@cache
def _to_mainland() -> opencc.OpenCC:
    return opencc.OpenCC("tw2sp")


def stems(pair: Pair, half: Half, rng: random.Random) -> list[Clean]:
    """Our exam questions, each with one of our option sets."""
    return [with_options(text, "stems", rng) for _, text in _written("stems.yaml", pair, half)]


def facts(pair: Pair, half: Half) -> list[Clean]:
    """Our sentences with numbers, units and quantifiers."""
    return [single(text, "facts") for _, text in _written("facts.yaml", pair, half)]


def flipped_stem(clean: Clean, group: str) -> Flipped | None:
    """The opposite of an exam question."""
    return _flipped(clean, "stems", group)


def flipped_fact(clean: Clean, group: str) -> Flipped | None:
    """The wrong form of one of our sentences."""
    return _flipped(clean, "facts", group)


def _flipped(clean: Clean, origin: str, group: str) -> Flipped | None:
    name, _, place = clean.id.rpartition("/")
    if clean.origin != origin or name != group:
        return None
    sentence = table(f"{clean.half}/{origin}.yaml")[group][int(place)]
    target, where = flipped(_in(sentence, clean.pair.target))
    return target, where, right_place(_in(sentence, clean.pair.source))
