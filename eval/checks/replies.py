"""Words by which a reply is known from a translation: those around it, and those instead of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from eval.checks.base import SegmentPair
from eval.checks.length import han_equivalents
from eval.checks.phrases import word_list
from eval.checks.verdicts import verdict
from glossary.language import Pair

_Words: TypeAlias = tuple[re.Pattern[str], ...]
"""Words of a list: those in Latin letters, in Chinese characters, and in Hangul."""
_SCRIPTS = (
    re.compile(r"[A-Za-z]{2}"),
    re.compile(r"[\u3400-\u9fff]"),
    re.compile(r"[\uac00-\ud7a3]"),
)
_ENOUGH = 3
_SHORT_REPLY, _LONGEST_REPLY = 20, 90
_FEW = 3
_PHRASE = 8
_MUCH = 2
_HAN = re.compile(r"[\u3400-\u9fff]")
_ASKS = re.compile(r"[?？]|(?i:please)|[請请]|주세요|십시오|바랍니다|시겠")
_LEAD = re.compile(r"\W{0,4}[^\n:：]{2,80}(?:[:：](?!\d|//)|\s[-–—]+>?(?=\s)|→|\n)")
_LEAD_ENDS = re.compile(r"[:：→\n]|\s[-–—]")
_LEAD_LENGTH = 88
_FIGURE = re.compile(r"\d")
_QUOTED = re.compile(r"[\"“”「」『』]")
_LATIN = re.compile(r"(?<![A-Za-z])(?!AI(?![A-Za-z]))[A-Z][A-Za-z]+")
_QUESTION = ("?", "？")
_SIGNS = re.compile(
    r"(?P<arrow>[→★☆✓✔✅☑✗❌←\U0001f300-\U0001faff⇒⟶➜➔⟹↔⇔＝≈|｜]|[-=]>|(?<=[^\d\s])\s=\s)"
    r"|(?P<line>\n)"
    r"|(?P<colon>(?<!\d)[:：]|[:：](?!\d))"
    r"|(?P<quote>[\"“”„「」『』«»‹›]|(?<![A-Za-z])['‘]|['’](?![A-Za-z]))"
    r"|(?P<particle>[을은이와]\([를는가과]\)|\([으이]\)|[를는가과]\([을은이와]\))"
    r"|(?P<bracket>[(（\[【〔［])"
    r"|(?P<dash>[—―]|(?<!\d)–|\s-\s)"
    r"|(?P<slash>(?<!\d)[/／])"
    r"|(?P<mark>[*`#])"
    r"|(?P<stop>[.。!！?？][\"”’」』)）*]?\s*\Z)"
)
_ANY_SIGN = re.compile(r"[^\w\s]|\n")
_COUNTS = {"arrow": 2, "line": 2, "colon": 2, "particle": 2, "stop": 2}
_EDGES = " \t\n.,:;!?\"'()[]*［］。，：；！？“”‘’「」『』（）【】"
_GLOSS = re.compile(
    r"(?P<before>.+?)\s*[(（\[【〔［](?P<inside>[^()（）]+)[)）\]】〕］]\W*", re.DOTALL
)
_NAME = re.compile(r"\w+[A-Z0-9]\w*")
_PROSE = re.compile(r"[a-z]{3}|[\u3400-\u9fff\uac00-\ud7a3]")


def stands_around(option: SegmentPair, others: Sequence[SegmentPair], pair: Pair) -> bool:
    """Do words or signs stand around the translation of an option that the source has none of?

    Signs, words, the source beside its translation, and length are added up. ``others`` are the
    options beside it: a stop or a gloss that they have too is the style of the text.
    """
    source, target = option.source, option.target
    signs = _signs(target) - _signs(source) if _ANY_SIGN.search(target) else set()
    if "bracket" in signs and _is_gloss(option):
        return _NAME.fullmatch(source) is None and _alone(option, others, _is_gloss)
    if "stop" in signs and not _alone(option, others, _gets_stop):
        signs.discard("stop")
    # The longer an option, the more of all this human translations add.
    before = han_equivalents(source)
    enough = _ENOUGH + (before > _PHRASE) + (before > 2 * _PHRASE)
    counted = sum(_COUNTS.get(sign, 1) for sign in signs)
    counted += 2 * _is_held(source, target) + _too_long(before, target, pair)
    if counted and counted < enough and verdict(source, target):
        counted += 2
    if counted and counted < enough:
        counted += _words_around(source, target, enough - counted)
    return counted >= enough


def _signs(text: str) -> set[str]:
    return {match.lastgroup or "" for match in _SIGNS.finditer(text)}


def _gets_stop(option: SegmentPair) -> bool:
    return "stop" in _signs(option.target) - _signs(option.source)


def _is_gloss(option: SegmentPair) -> bool:
    """Is it the translation with the source in brackets behind, or the other way round?"""
    gloss = _GLOSS.fullmatch(option.target)
    if gloss is None or _GLOSS.fullmatch(option.source):
        return False
    return _folded(option.source) in (_folded(gloss["before"]), _folded(gloss["inside"]))


def _alone(
    option: SegmentPair, others: Sequence[SegmentPair], has: Callable[[SegmentPair], bool]
) -> bool:
    """Are there two other options or more, and none of them is so?"""
    others = [other for other in others if other is not option and not other.unchanged]
    return len(others) > 1 and not any(map(has, others))


def _is_held(source: str, target: str) -> bool:
    """Does the source stand beside its translation?"""
    before, after = _folded(source), _folded(target)
    if len(before) < 2 or len(after) <= len(before) + 1:
        return False
    if after.count(before) > 1:
        return True
    return before in after and _PROSE.search(source) is not None


def _too_long(before: float, target: str, pair: Pair) -> int:
    if 2 * len(target) < 3 * before:
        return 0
    after = han_equivalents(target)
    if pair.same_script_family:
        return 2 if after > 1.5 * before and after > before + 2 else 0
    return (after > 2 * before) + (after > 3.5 * before)


def lead_in(segment: SegmentPair) -> tuple[int, int] | None:
    """What stands before a first colon, dash or line and speaks of translating or to the reader."""
    source, target = segment.source, segment.target
    if not _LEAD_ENDS.search(target, 0, _LEAD_LENGTH):
        return None
    lead = _LEAD.match(target)
    if lead is None or lead.end() == len(target) or _is_there(lead.group()[-1], source):
        return None
    enough = _ENOUGH - lead.group().endswith("\n")
    return lead.span() if _words_around(source, lead.group(), enough) >= enough else None


def _is_there(sign: str, source: str) -> bool:
    return any(wide in source.strip() for wide in (":：" if sign in ":：" else sign))


def _words_around(source: str, target: str, enough: int) -> int:
    """How much the words of the lists count that only the target has; adding ends with enough."""
    counted = 0
    for counts, words in _around():
        if _is_new(words, source, target):
            counted += counts
            if counted >= enough:
                break
    return counted


def is_reply(segment: SegmentPair) -> bool:
    """Does the target talk instead of translating: it cannot, or asks for what to translate?

    It says that something cannot be done or asks, with two kinds of words of a reply (the task, the
    one who speaks, the help) that the source has none of; what is lost of the source counts too.
    """
    source, target = segment.source, segment.target
    after = han_equivalents(target)
    if after > _LONGEST_REPLY:
        return False
    lost = _lost(source, target, after)
    # The longer a text, the more of these words it has by chance.
    wanted = _ENOUGH + (after > _SHORT_REPLY) - lost
    cannot, speaker, *talk = _reply()
    counted = said = int(_is_new(speaker, source, target))
    if wanted > counted + len(talk):
        return False
    for place, words in enumerate(talk):
        counted += _is_new(words, source, target)
        if counted + len(talk) - 1 - place < wanted:
            return False
    if counted == said or (counted < _MUCH and lost <= _ENOUGH):
        return False
    refuses = _holds(cannot, target) or _ASKS.search(target)
    if not refuses and counted < _ENOUGH and (lost < _MUCH or counted < _MUCH):
        return False
    return not _same_characters(source, target)


def _is_new(words: _Words, source: str, target: str) -> bool:
    return _holds(words, target) and not _holds(words, source)


def _holds(words: _Words, text: str) -> bool:
    """Has the text one of the words? Only those in a script that it has are looked for."""
    return any(
        script.search(text) and pattern.search(text)
        for script, pattern in zip(_SCRIPTS, words, strict=True)
    )


def _lost(source: str, target: str, after: float) -> int:
    """How much of the source is not in the target: its length, figures, names, quotes, question."""
    lost = _length_off(han_equivalents(source), after)
    for sign in (_FIGURE, _QUOTED, _LATIN):
        if sign.search(source) and not (sign is _LATIN and source.isascii()):
            lost += -2 if sign.search(target) else 1
    asked, asks = source.rstrip().endswith(_QUESTION), target.rstrip().endswith(_QUESTION)
    return lost + (asked != asks)


def _length_off(before: float, after: float) -> int:
    """From 0 to 3: how far the length is from what human translations have."""
    if not before or not after:
        return 0
    usual = 0.27 + 1.9 / math.sqrt(min(before, after) if after > before else before)
    far = abs(math.log(after / before)) / usual
    return (far > 0.6) + (far > 1) + (far > 1.4)


def _same_characters(source: str, target: str) -> bool:
    """Are most Chinese characters of the target those of the source?"""
    before, after = set(_HAN.findall(source)), set(_HAN.findall(target))
    return len(after) > _FEW and 2 * len(before & after) > len(after)


def _folded(text: str) -> str:
    return "".join(text.casefold().split()).strip(_EDGES)


@cache
def _around() -> list[tuple[int, _Words]]:
    lists = word_list("replies")["around"].values()
    return [(entry["counts"], _compiled(entry["patterns"])) for entry in lists]


@cache
def _reply() -> list[_Words]:
    return [_compiled(patterns) for patterns in word_list("replies")["reply"].values()]


def _compiled(patterns: Sequence[str]) -> _Words:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
