"""Negations lost and added, by rules that leave a grammatical text."""

from __future__ import annotations

import random
import re

from bench.checks.fault import Broken, Clean, Fault, Place, Planter, Range, Text
from bench.checks.written import flipped_stem
from glossary.language import Language

_HAN_LOST = [
    (r"不是(?!嗎|吗)(?=[\u4e00-\u9fff])", "是"),
    (r"並(?:不|未|沒有)", ""),
    (r"并(?:不|未|没有)", ""),
    (r"(?:還|尚)未|(?:还|尚)未", "已"),
    (r"(?:沒有|没有)(?=[被在發发做說说受表提出參参回透公對对想])", ""),
    (r"(?:不會|不会)(?=[\u4e00-\u9fff])", "會"),
    (r"(?<![可能知])不(?=能|可以|應該|应该|需要|想|願意|愿意|支持|知道|同意|允許|允许)", ""),
    (r"(?:無法|无法)", "可以"),
    (r"從未|从未|從來沒有|从来没有", "曾經"),
]
_HAN_ADDED = [
    (
        r"(?<![不才而就都還还但也若或只總总可老要算於于凡正])是(?=一|在|由|因|為|为|他|她|這|这)",
        "不是",
    ),
    (r"(?<![不])可以(?!說|说)", "不可以"),
    (r"(?<![不就])會(?=[讓在使對被有是])|(?<![不就])会(?=[让在使对被有是])", "不会"),
    (r"(?<![不])能夠|(?<![不])能够", "不能"),
    (r"(?<![不])應該|(?<![不])应该", "不應該"),
]
_RULES: dict[Language, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {
    Language.ZH_TW: (_HAN_LOST, _HAN_ADDED),
    Language.ZH_CN: (_HAN_LOST, _HAN_ADDED),
    Language.KO: (
        [
            (r"지 않았다", "았다"),
            (r"하지 않았다", "했다"),
            (r"하지 않는다", "한다"),
            (r"하지 않을 것", "할 것"),
            (r"하지 못했다", "했다"),
            (r"하지 않은", "한"),
            (r"할 수 없", "할 수 있"),
            (r"될 수 없", "될 수 있"),
            (r"이 없다", "이 있다"),
            (r"가 없다", "가 있다"),
            (r"은 없다", "은 있다"),
            (r"수 없(?=[다는었을])", "수 있"),
            (r"(?:이|가) 아니(?=다|라|었|며)", "이"),
            (r"지 않는(?= )", "는"),
        ],
        [
            (r"할 수 있(?=[다는었을])", "할 수 없"),
            (r"될 수 있(?=[다는었을])", "될 수 없"),
            (r"(?<=[가-힣])했다(?=[.,\" ])", "하지 않았다"),
            (r"(?<=[가-힣])한다(?=[.,\" ])", "하지 않는다"),
            (r"(?<=[가-힣])해야 한다", "하지 말아야 한다"),
            (r"(?<=[가-힣])이 있다(?=[.,\" ])", "이 없다"),
        ],
    ),
    Language.EN: (
        [
            (r"\b(is|are|was|were|has|have|had|will|would|should|could|must|may) not\b", r"\1"),
            (r"\b(is|are|was|were|has|have|had|would|should|could)n['’]t\b", r"\1"),
            (r"\bwon['’]t\b", "will"),
            (r"\bcan(?:not|['’]t)\b", "can"),
            (r"\b(?:did|do|does)(?: not|n['’]t) (?=[a-z])", ""),
            (r"\bnever\b", "always"),
            (r"\bno longer\b", "still"),
            (r"\bwithout\b", "with"),
            (r"\bthere (is|are|was|were) no\b", r"there \1 a"),
        ],
        [
            (r"\b(is|are|was|were|will|would|should|could|must) (?=[a-z]{3})(?!not)", r"\1 not "),
            (r"\bcan (?=[a-z])(?!not)", "cannot "),
        ],
    ),
}


_ASKS = re.compile(r"是否|能否|會不會|会不会|可否|\bwhether\b|\bif\b|지 여부")


def _apply(
    text: Text, rules: list[tuple[str, str]], rng: random.Random, lost: Range | None
) -> Broken | None:
    for pattern, new in rng.sample(rules, len(rules)):
        found = list(re.finditer(pattern, text.target))
        if found:
            match = rng.choice(found)
            return text.put(match.start(), match.end(), match.expand(new), lost)
    return None


_SAYS_NOT = {
    Language.EN: re.compile(r"\b(?:not?|never|cannot|without|none|nothing)\b|n['’]t\b"),
    Language.KO: re.compile(r"않|못|없|아니|말아"),
    Language.ZH_TW: re.compile(r"不|沒|未|無|非"),
    Language.ZH_CN: re.compile(r"不|没|未|无|非"),
}


def lost(text: Text, rng: random.Random) -> Broken | None:
    """A negation of the prose is gone that the source has; where it has it is not known."""
    if not _SAYS_NOT[text.pair.source].search(text.source):
        return None
    return _apply(text, _RULES[text.pair.target][0], rng, (0, len(text.source)))


def added(text: Text, rng: random.Random) -> Broken | None:
    """A statement is negated, in a text whose source negates nothing."""
    if _SAYS_NOT[text.pair.source].search(text.source) or _ASKS.search(text.target):
        return None
    return _apply(text, _RULES[text.pair.target][1], rng, None)


def stem(group: str) -> Planter:
    """One of our exam questions, asking for the opposite."""

    def planter(clean: Clean, rng: random.Random) -> Fault | None:
        flipped = flipped_stem(clean, group)
        if flipped is None:
            return None
        target, place, lost_at = flipped
        return Fault({"question": target}, (Place("question", place, lost_at),))

    return planter
