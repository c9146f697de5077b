"""What the checks say about good human translations: ``python -m bench.checks.look [CHECK ...]``.

Shows the half of the data that rules may be tuned on, never the other.
"""

from __future__ import annotations

import sys
from collections import Counter

from bench.checks.data import ALL_PAIRS, Half, mgsm, ntrex
from bench.checks.measure import judge
from bench.checks.written import single
from eval.checks.suite import CHECKS
from glossary.language import Language, Pair


def main(names: list[str]) -> None:
    """Print every finding of the named checks, then counts of all of them."""
    sets = [(str(pair), "knowledge", ntrex(pair, Half.TUNE)) for pair in ALL_PAIRS]
    maths = (Pair(Language.EN, Language.ZH_CN), Pair(Language.ZH_CN, Language.EN))
    sets += [(f"mgsm {pair}", "math", mgsm(pair, Half.TUNE)) for pair in maths]
    for title, category, texts in sets:
        counts: Counter[tuple[str, str]] = Counter()
        flagged = 0
        for text in texts:
            findings = judge(single(text, title, category))
            flagged += any(finding.hard for finding in findings)
            counts.update({(f.check, "hard" if f.hard else "soft") for f in findings})
            for f in findings:
                if f.check in names:
                    print(f"{title} {text.id} {f.hard=} {f.message} {f.expected!r} {f.found!r}")
                    print(f"    {text.source}\n    {text.target}")
        print(
            f"{title}: {len(texts)} pairs, {100 * flagged / len(texts):.2f} % hard;",
            *(f"{name} {level} {count}," for (name, level), count in sorted(counts.items())),
        )


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(CHECKS)
    if unknown:
        sys.exit(f"no such check: {unknown}")
    main(sys.argv[1:])
