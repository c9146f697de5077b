"""Machine translations with human scores and human corrections (MLQE-PE, English to zh-CN).

Six people scored each output (the mean of their z-scores is used: raters differ in how they use the
scale), others corrected it. There is one output per source. HTER is the share of words that the
correction changed (Snover et al. 2006, https://aclanthology.org/2006.amta-papers.25).
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.checks.data import DATA, Half, TextPair, lines
from glossary.language import Language, Pair

PAIR = Pair(Language.EN, Language.ZH_CN)
_FILES = {Half.TUNE: "dev", Half.REPORT: "test"}


@dataclass(frozen=True, slots=True)
class Output:
    """One machine translation.

    ``raw`` and ``corrected`` are the output and its correction, both put together from the same
    kind of tokens, so that spaces do not tell them apart. ``raters`` are all scores, 0 to 100.
    """

    id: str
    document: str
    source: str
    target: str
    z: float
    raters: tuple[float, ...]
    hter: float
    raw: str
    corrected: str

    @property
    def text(self) -> TextPair:
        return TextPair(self.id, PAIR, self.source, self.target)


def outputs(half: Half) -> list[Output]:
    """The published dev set (on which the checks were tuned), or the test set."""
    return [
        Output(
            row["id"],
            row["doc"],
            row["source"],
            row["mt"],
            row["da_z_mean"],
            tuple(row["da_scores"]),
            row["hter"],
            joined(row["pe_mt_tok"]),
            joined(row["post_edit_tok"]),
        )
        for row in lines(DATA / "scored" / f"mlqe_pe_enzh_{_FILES[half]}.jsonl")
    ]


def joined(tokens: str) -> str:
    """Tokens as Chinese is written: spaces only between words in Latin letters and figures."""
    text = ""
    for token in tokens.split():
        gap = text and _latin(text[-1]) and _latin(token[0])
        text += f" {token}" if gap else token
    return text


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
