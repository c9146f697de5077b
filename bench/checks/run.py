"""Plant faults of every kind into good translations and count what the checks find.

    python -m bench.checks.run [--half tune] [--kind WORD] [--pair en>ko] [--alarms FILE]

A fault counts as

- found: some finding is there that the clean item does not have;
- hard: one of these findings is hard;
- at its place: one of them is of a check that should find this kind of fault, in the right segment,
  and its span in the target overlaps or touches the planted place, or its span in the source the
  words that were lost.

Each recall of the last line is the mean over its kinds of faults, each kind weighing the same:

- `recall_structural`: hard findings at the right place, over the kinds of the group `structural`;
- `recall_numbers`, `recall_negation`: findings at any level, over the groups of these names; their
  share of hard findings stands beside.

`false_alarm_ntrex` is the share of human translations with a hard finding in the worst of the six
directions between English and another language, `false_alarm_mgsm` in the worst of two.
`us_per_pair` is the median of microseconds per text over exam questions with their options.

Figures come from the half that no one tuned on; `--half tune` is for work on the checks.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.progress import track

from bench.checks import scored
from bench.checks.clean import SEED, clean_items
from bench.checks.data import ALL_PAIRS, NTREX_PAIRS, Half
from bench.checks.false_alarms import SUITE, Alarms, alarms, times
from bench.checks.fault import Clean, Fault
from bench.checks.kinds import INCONSISTENT, KINDS, Kind
from bench.checks.measure import Findings, Tally, only, plant_all
from bench.checks.plant_run import inconsistent
from bench.checks.tables import alarm_table, recall_table, short, time_table, total_of
from eval.checks.rules import DEFAULT_RULES, Rules
from glossary.language import Pair

_TIMED = 300
_OUT = Console(width=200)
_BAR = Console(stderr=True)


class Bench:
    """Everything that is measured over the chosen pairs, kinds and half."""

    def __init__(self, pairs: list[Pair], half: Half, rules: Rules) -> None:
        self.pairs, self.half, self.rules = pairs, half, rules
        self.recall: dict[tuple[Kind, Pair], Tally] = {}
        self.alarms: dict[tuple[str, Pair], Alarms] = {}
        self.exams: list[Clean] = []
        self.news: list[Clean] = []

    def measure(self, kinds: list[Kind], count: int) -> None:
        """Plant ``count`` faults of each kind in each pair, and count false alarms."""
        for pair in track(self.pairs, "planting faults", console=_BAR):
            items, known = clean_items(pair, self.half), Findings(self.rules)
            for kind in kinds:
                pool = [clean for origin in kind.origins for clean in items.get(origin, [])]
                if kind is INCONSISTENT:
                    seed = f"{SEED} {kind.name} {pair}"
                    self.recall[kind, pair] = inconsistent(pool, count, seed)
                else:
                    self.recall[kind, pair] = plant_all(kind, pair, pool, known, count)
            for origin, found in items.items():
                if found:
                    self.alarms[origin, pair] = alarms(found, known)
            self.exams += [c for o in ("recorded", "samples", "exam") for c in items.get(o, [])]
            self.news += items["ntrex"][:_TIMED]

    def show_alarms(self) -> None:
        """Tables of false alarms."""
        news = {short(pair): self.alarms["ntrex", pair] for pair in self.pairs}
        _OUT.print(alarm_table("NTREX", news))
        _OUT.print(alarm_table("Other clean items", self._by_origin()))

    def _by_origin(self) -> dict[str, Alarms]:
        found: dict[str, Alarms] = {}
        for (origin, _), alarms_there in self.alarms.items():
            if origin != "ntrex":
                found.setdefault(origin, Alarms()).add(alarms_there)
        return found

    def list_alarms(self, path: Path) -> None:
        """Write every hard alarm on clean items to a file."""
        lines = [
            f"{origin} {pair}\t{clean.id}\t{f.check}\t{f.message}\t{f.expected}\t{f.found}"
            for (origin, pair), found in self.alarms.items()
            for clean, f in found.listed
        ]
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def _worst(self, origin: str, pairs: list[Pair]) -> float | None:
        """The largest share of hard alarms, of all pairs there are."""
        shares = [
            self.alarms[origin, pair].hard_share()
            for pair in pairs
            if (origin, pair) in self.alarms
        ]
        return round(max(shares), 4) if shares else None

    def _mean(self, group: str, part: str) -> float | None:
        """A recall: the mean over the kinds of a group."""
        kinds = {kind for kind, _ in self.recall if kind.group == group}
        totals = [total for kind in kinds if (total := total_of(self.recall, kind)).planted]
        shares = [getattr(total, part) / total.planted for total in totals]
        return round(fmean(shares), 4) if shares else None

    def summary(self, us_per_pair: float | None) -> dict[str, Any]:
        """The last line."""
        kinds = {kind.name: total_of(self.recall, kind) for kind, _ in self.recall}
        parts = ("found", "hard", "placed", "hard_placed")
        return {
            "half": self.half,
            "false_alarm_ntrex": self._worst("ntrex", NTREX_PAIRS),
            "false_alarm_mgsm": self._worst("mgsm", NTREX_PAIRS),
            "recall_structural": self._mean("structural", "hard_placed"),
            "recall_numbers": self._mean("numbers", "found"),
            "recall_numbers_hard": self._mean("numbers", "hard"),
            "recall_negation": self._mean("negation", "found"),
            "recall_negation_hard": self._mean("negation", "hard"),
            "us_per_pair": us_per_pair and round(us_per_pair, 1),
            "kinds": {
                name: {"planted": total.planted}
                | {part: round(getattr(total, part) / total.planted, 4) for part in parts}
                for name, total in kinds.items()
                if total.planted
            },
        }


def show_missed(kind: Kind, clean: Clean, fault: Fault) -> str:
    """A fault that nothing found, with what was planted."""
    lines = [f"{clean.pair} {kind.name} ({clean.origin} {clean.id})"]
    for place in fault.places:
        target = fault.targets.get(place.segment, clean.targets[place.segment])
        here = target[slice(*place.target)] if place.target else ""
        lines += [f"    {clean.sources[place.segment]}", f"    {clean.targets[place.segment]}"]
        lines.append(f"  > {target[:400]}  [{here[:60]}]")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Plant faults and count what the checks find.")
    parser.add_argument("--half", type=Half, default=Half.REPORT, choices=list(Half))
    parser.add_argument("--kind", help="only kinds with this in their group or name; no timing")
    parser.add_argument("--pair", help="only this pair, such as en>ko")
    parser.add_argument("--only", help="only these checks, with commas between them")
    parser.add_argument("--count", type=int, default=100, help="faults per kind and pair")
    parser.add_argument("--missed", type=int, default=0, help="show missed faults (tune only)")
    parser.add_argument("--alarms", type=Path, help="write hard alarms on clean items here")
    return parser.parse_args()


def main() -> None:
    """Read the command line, measure, print."""
    options = _arguments()
    kinds = [k for k in KINDS if (options.kind or "") in f"{k.group} {k.name}"]
    pairs = [pair for pair in ALL_PAIRS if options.pair in (None, str(pair))]
    rules = only(options.only.split(",")) if options.only else DEFAULT_RULES
    bench = Bench(pairs, options.half, rules)
    bench.measure(kinds, options.count)
    _OUT.print((__doc__ or "").partition("A fault counts as")[2].join(["A fault counts as", ""]))
    _OUT.print(recall_table(bench.recall, pairs))
    bench.show_alarms()
    if options.half is Half.TUNE:
        for (kind, _), tally in bench.recall.items():
            for clean, fault in tally.missed[: options.missed]:
                print(show_missed(kind, clean, fault))
    if options.alarms:
        bench.list_alarms(options.alarms)
    us_per_pair, judged = None, None
    if not (options.kind or options.pair or options.only):
        measured = {"exam questions": times(bench.exams), "NTREX sentences": times(bench.news)}
        _OUT.print(time_table(measured))
        us_per_pair = measured["exam questions"][SUITE][0]
        judged = scored.measure(options.half)
        _OUT.print(scored.table(judged))
    print(json.dumps(bench.summary(us_per_pair) | {"mlqe_pe": judged}, ensure_ascii=False))


if __name__ == "__main__":
    main()
