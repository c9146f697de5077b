"""Numbers that may say how good a translation is; more is better."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from bench.checks.clean import SEED
from bench.checks.measure import judge
from bench.checks.written import single
from bench.selection_data import Output
from eval.checks.base import Finding
from eval.run_log import penalty_of
from eval.selection.consensus import agreement

LOT = "drawn by lot"
_REST = "penalty without punctuation"
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_SIGNS = re.compile(r"[\W_]+")


def findings_of(output: Output) -> list[Finding]:
    """What the checks find in an output."""
    return judge(single(output.text, "mlqe"))


def numbers_of(
    outputs: Sequence[Output], found: Mapping[str, Sequence[Finding]]
) -> dict[str, list[float]]:
    """Every number there is without a model; those with * need a human correction."""
    rng = random.Random(SEED)
    ratios = [math.log(len(each.target) / len(each.source)) for each in outputs]
    usual = median(ratios)
    return {
        LOT: [rng.random() for _ in outputs],
        "penalty of the checks": [-float(penalty_of(found[each.id])) for each in outputs],
        "hard findings": [-float(sum(f.hard for f in found[each.id])) for each in outputs],
        "length ratio": [-abs(ratio - usual) for ratio in ratios],
        "short source": [-float(len(each.source)) for each in outputs],
        "figures kept": [_figures_kept(each) for each in outputs],
        "unlike the source": [-agreement([each.source], [each.target]) for each in outputs],
        "chrF with the correction *": [agreement([o.raw], [o.corrected]) for o in outputs],
        "words not corrected (HTER) *": [-each.hter for each in outputs],
    }


def _figures_kept(output: Output) -> float:
    """Share of the source's figures that stand in the target as they are."""
    wanted = _FIGURES.findall(output.source)
    there = set(_FIGURES.findall(output.target))
    return sum(each in there for each in wanted) / len(wanted) if wanted else 1.0


def preferred(outputs: Sequence[Output]) -> dict[str, Any]:
    """How often fewer findings are in the correction, or in the output, where the two differ.

    ``words`` leaves out corrections of signs alone.
    """
    changed = [each for each in outputs if each.raw != each.corrected]
    words = [each for each in changed if _bare(each.raw) != _bare(each.corrected)]
    return {"all": _preferred(changed), "words": _preferred(words)}


def _preferred(outputs: Sequence[Output]) -> dict[str, Any]:
    before = [findings_of(replace(each, target=each.raw)) for each in outputs]
    after = [findings_of(replace(each, target=each.corrected)) for each in outputs]
    pairs = list(zip(before, after, strict=True))
    sides = {
        name: [(weigh(old), weigh(new)) for old, new in pairs]
        for name, weigh in (("penalty", penalty_of), (_REST, _rest), ("hard findings", _hard))
    }
    return {"outputs": len(outputs)} | {
        name: {
            "correction": sum(old > new for old, new in values),
            "output": sum(old < new for old, new in values),
        }
        for name, values in sides.items()
    }


def _rest(findings: Sequence[Finding]) -> int:
    return penalty_of([finding for finding in findings if finding.check != "punctuation"])


def _hard(findings: Sequence[Finding]) -> int:
    return sum(finding.hard for finding in findings)


def _bare(text: str) -> str:
    return _SIGNS.sub("", text)
