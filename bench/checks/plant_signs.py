"""Scripts, signs, punctuation and words."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache

import opencc

from bench.checks.fault import Broken, Text, TextPlanter
from bench.checks.written import sayings
from glossary.language import Language

_FOREIGN = {
    "Hangul": ["그리고", "사람", "문제", "정부"],
    "kana": ["です", "について", "する", "ところ", "データ"],
    "Cyrillic": ["и", "который", "человек", "вопрос"],
    "Han": ["社會", "问题", "大統領", "的", "經濟"],
}
_INVISIBLE = [
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u00ad",
    "\u202e",
    "\x08",
    "\ufffd",
    "\ue000",
    "\u200d",
]


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


_OTHER = {Language.ZH_TW: ("t2s", "big5"), Language.ZH_CN: ("s2t", "gb2312")}
"""How to get the other script, and the encoding of the characters that are at home."""


def _has(charset: str, sign: str) -> bool:
    try:
        sign.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def other_variant(text: Text, rng: random.Random) -> Broken | None:
    """One character in the other Chinese script."""
    if text.pair.target not in (Language.ZH_TW, Language.ZH_CN):
        return None
    convert, charset = _OTHER[text.pair.target]
    options = [
        (place, new)
        for place, sign in enumerate(text.target)
        if "\u4e00" <= sign <= "\u9fff"
        and not _has(charset, new := _converter(convert).convert(sign))
    ]
    if not options:
        return None
    place, new = rng.choice(options)
    return text.put(place, place + 1, new)


def whole_variant(text: Text, rng: random.Random) -> Broken | None:
    """The whole text in the other Chinese script."""
    if text.pair.target not in (Language.ZH_TW, Language.ZH_CN):
        return None
    name = "tw2s" if text.pair.target is Language.ZH_TW else "s2tw"
    return text.put(0, len(text.target), _converter(name).convert(text.target))


def foreign_word(script: str) -> TextPlanter:
    """A word in a script that neither language of the pair has."""
    homes = {
        "Hangul": {Language.KO},
        "kana": set(),
        "Cyrillic": set(),
        "Han": {Language.ZH_TW, Language.ZH_CN},
    }[script]

    def planter(text: Text, rng: random.Random) -> Broken | None:
        if text.pair.target in homes:
            return None
        at = rng.choice([match.start() for match in re.finditer(r"[ ，,。.]|$", text.target)])
        new = rng.choice(_FOREIGN[script])
        space = " " if text.pair.target in (Language.EN, Language.KO) else ""
        broken, _, _ = text.put(at, at, space + new)
        return broken, (at + len(space), at + len(space) + len(new)), None

    return planter


def _one_of(text: Text, pattern: str, new: str, rng: random.Random) -> Broken | None:
    found = list(re.finditer(pattern, text.target))
    if not found:
        return None
    match = rng.choice(found)
    return text.put(match.start(), match.end(), match.expand(new))


def invisible(text: Text, rng: random.Random) -> Broken | None:
    """A sign that nobody sees, or that stands for a lost one."""
    at = rng.randrange(1, max(2, len(text.target)))
    return text.put(at, at, rng.choice(_INVISIBLE))


def mojibake(text: Text, rng: random.Random) -> Broken | None:
    """A few characters read in the wrong encoding."""
    found = list(re.finditer(r"[^\x00-\x7f]{2,4}", text.target))
    if not found:
        return None
    match = rng.choice(found)
    return text.put(match.start(), match.end(), match[0].encode().decode("latin-1"))


def decomposed(text: Text, rng: random.Random) -> Broken | None:
    """Hangul syllables taken apart into their letters."""
    found = list(re.finditer(r"[가-힣]{2,}", text.target))
    if not found:
        return None
    match = rng.choice(found)
    return text.put(match.start(), match.end(), unicodedata.normalize("NFD", match[0]))


def narrow(text: Text, rng: random.Random) -> Broken | None:
    """A half-width comma or question mark between Chinese characters, or a wide one elsewhere."""
    if text.pair.target in (Language.ZH_TW, Language.ZH_CN):
        wide = {"，": ",", "；": ";", "？": "?", "：": ":", "！": "!"}
        found = [m.start() for m in re.finditer(r"(?<=[\u4e00-\u9fff])[，；？：！]", text.target)]
        if not found:
            return None
        at = rng.choice(found)
        return text.put(at, at + 1, wide[text.target[at]])
    return _one_of(text, r"(?<=[a-z가-힣])[,.] ?(?=[A-Za-z가-힣])", "，", rng)


def bracket_lost(text: Text, rng: random.Random) -> Broken | None:
    """One of a pair of brackets or quotes is gone."""
    found = list(re.finditer(r"[()（）「」『』《》“”]", text.target))
    if not found:
        return None
    match = rng.choice(found)
    target = text.target[: match.start()] + text.target[match.end() :]
    opening = text.target[match.start()] in "(（「『《“"
    rest = re.search(r"[)）」』》”]", target[match.start() :]) if opening else None
    end = match.start() + rest.end() if rest else match.start()
    before = max((target.rfind(sign, 0, match.start()) for sign in "(（「『《“"), default=-1)
    start = match.start() if opening or before < 0 else before
    return target, (start, end), None


def question_lost(text: Text, rng: random.Random) -> Broken | None:
    """A question became a statement."""
    ends = {
        Language.EN: [(r"^(?:Which of the following|Which|What|Who|Why|How)\b(.*)\?$", r"This\1.")],
        Language.KO: [
            (r"(?:인가|는가|은가|습니까|할까|일까)\?$", "다."),
            (r"(?:것은|는|은)\?$", "것이다."),
        ],
    }
    han = [
        (r"(?:何者|哪一项|哪一種|哪种|哪一个|哪個|哪个)(.*)[？?]$", r"這\1。"),
        (r"(?:嗎|吗|呢)[？?]$", "。"),
    ]
    for pattern, new in ends.get(text.pair.target, han):
        match = re.search(pattern, text.target)
        if match:
            changed = text.target[: match.start()] + match.expand(new)
            return changed, (match.start(), len(changed)), (len(text.source) - 1, len(text.source))
    return None


def mainland_word(text: Text, rng: random.Random) -> Broken | None:
    """A word of the mainland in a text for Taiwan."""
    if text.pair.target is not Language.ZH_TW:
        return None
    words = sayings("wording", text.half)
    found = [(text.target.index(word), word) for word in words if word in text.target]
    if not found:
        return None
    at, word = rng.choice(found)
    return text.put(at, at + len(word), words[word])
