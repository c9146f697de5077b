"""Whole texts gone wrong: copies, chatter, loops, texts cut short or doubled."""

from __future__ import annotations

import random
import re

from bench.checks.fault import Broken, Text, TextPlanter
from bench.checks.written import saying, sayings
from glossary.language import Language

_STOPS = re.compile(r"(?<=[。！？])|(?<=[.!?])\s")


def _letters(text: str) -> int:
    return len(re.findall(r"[A-Za-z]{2,}|[\u4e00-\u9fff\uac00-\ud7af]", text))


def copied(text: Text, rng: random.Random) -> Broken | None:
    """The source, untouched."""
    if _letters(text.source) < 6:
        return None
    return text.source, (0, len(text.source)), (0, len(text.source))


def last_sentence_copied(text: Text, rng: random.Random) -> Broken | None:
    """The last sentence of several stays in the source language."""
    before, after = sentences(text.source), sentences(text.target)
    if len(before) < 2 or len(after) < 2 or _letters(before[-1]) < 4:
        return None
    if len(set(after[-1]) - set(before[-1])) < 4:
        return None  # between the two Chinese languages it may be the translation
    start = len(text.target) - len(after[-1])
    return text.put(start, len(text.target), before[-1])


def sentences(text: str) -> list[str]:
    """The sentences, by their stops; joined they are the text without the spaces between."""
    return [part for part in _STOPS.split(text) if part.strip()]


def said(group: str, before: bool) -> TextPlanter:
    """What a model says before or behind its translation."""

    def planter(text: Text, rng: random.Random) -> Broken:
        new = saying(group, text, rng)
        at = 0 if before else len(text.target)
        return text.put(at, at, new)

    return planter


def refused(text: Text, rng: random.Random) -> Broken:
    """The engine would not translate."""
    new = saying("refusal", text, rng)
    return text.put(0, len(text.target), new, (0, len(text.source)))


def token_left(text: Text, rng: random.Random) -> Broken:
    """A token of the chat format stands behind the text."""
    new = rng.choice(sayings("tokens", text.half))
    return text.put(len(text.target), len(text.target), new)


def looped(text: Text, rng: random.Random) -> Broken | None:
    """A piece of a few signs comes again and again, and the text never ends."""
    if len(text.target) < 16:
        return None
    start = rng.randrange(4, len(text.target) - 10)
    piece = text.target[start : start + rng.randrange(4, 11)]
    if len(set(piece.strip())) < 3:
        return None
    new = piece * rng.randrange(6, 40)
    return text.put(start + len(piece), len(text.target), new)


def sentence_looped(text: Text, rng: random.Random) -> Broken | None:
    """The last sentence comes four times or more."""
    last = sentences(text.target)[-1:]
    if not last or len(last[0]) < 10:
        return None
    gap = rng.choice(["", " ", "\n"])
    return text.put(len(text.target), len(text.target), (gap + last[0]) * rng.randrange(3, 8))


def half_cut(text: Text, rng: random.Random) -> Broken | None:
    """Only the first half is there, with a stop behind it."""
    if len(text.target) < 40:
        return None
    half = len(text.target) // 2
    stop = "." if text.pair.target in (Language.EN, Language.KO) else "。"
    target = text.target[:half].rstrip(" ,，、") + stop
    return target, (half - 1, len(target)), (len(text.source) // 2, len(text.source))


def cut_off(text: Text, rng: random.Random) -> Broken | None:
    """The text breaks off in a sentence, as when the limit of tokens is reached."""
    if len(text.target) < 30 or not re.search(r"[.。!?！？다]\W?$", text.source):
        return None
    end = rng.randrange(len(text.target) // 2, len(text.target) - 6)
    target = text.target[:end].rstrip(" .。!?！？”’」』\"'")
    return target, (max(0, len(target) - 1), len(target)), (len(text.source) // 2, len(text.source))


def sentence_dropped(text: Text, rng: random.Random) -> Broken | None:
    """The last sentence of several is gone."""
    before, after = sentences(text.source), sentences(text.target)
    if len(before) < 2 or len(before) != len(after):
        return None
    target = text.target[: len(text.target) - len(after[-1])].rstrip()
    if not target:
        return None
    lost = len(text.source) - len(before[-1]), len(text.source)
    return target, (len(target) - 1, len(target)), lost


def doubled(text: Text, rng: random.Random) -> Broken | None:
    """The whole translation comes twice."""
    if len(text.target) < 20:
        return None
    at = len(text.target)
    return text.put(at, at, rng.choice(["\n", "\n\n", " "]) + text.target)
