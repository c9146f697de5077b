"""What checks, metrics and ways to select are worth: ``python -m bench.selection [--half tune]``.

Signal: how far each number, and each check's findings, go with what six people thought of a machine
translation (MLQE-PE, English to zh-CN, mean of z-scores).

- `pearson`, `kendall`: correlation with the human scores (tau-b); 0 is chance.
- `worst 5 %`: how often one of the worst 5 % has a lower number than another output (AUC); 0.5 is
  chance.
- `difference`: human score of flagged minus other outputs, in standard deviations of a rater.

`drawn by lot` must show nothing. Numbers marked with * need a human correction of the output, which
no one has who translates: they show how high the others could get.

Selection: how often each method takes a right candidate from a list of which it is known which are
right (`bench/selection_lists.py`). All lists are made up and their order is drawn, so `first` is
chance; kinds of lists of which there are fewer than 20 are left out.

Corrections: which of a machine's output and its correction the checks prefer. This is real, but two
candidates are no election.

Every interval holds 95 % and comes from 1,000 draws of whole documents. Metrics of the settings
(ISOGLOSS_METRICS__...) are measured with the others.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.checks.data import Half
from bench.selection_data import Output, outputs
from bench.selection_lists import GROUPS, PAIRS, Choice, machine, two_people, wrong_text
from bench.selection_metrics import scored_families, scored_outputs
from bench.selection_numbers import findings_of, numbers_of, preferred
from bench.selection_signal import Sample, halves_agree, signal
from eval.selection.gains import gains
from eval.selection.methods import METHODS, METRIC, Candidate, by, method_of
from eval.selection.overlap import grams, overlap

_FEW = 10
"""Of fewer flagged outputs no interval says anything."""
ONE_WAY = "consensus one way"
FINALISTS = "finalists alone"
_OUT = Console(width=150)
_BAR = Console(stderr=True)


def measured_signal(half: Half) -> dict[str, Any]:
    """Numbers and flags beside the human scores."""
    known = outputs(half)
    sample = Sample([each.z for each in known], [each.document for each in known])
    found = {each.id: findings_of(each) for each in track(known, "checking", console=_BAR)}
    numbers = numbers_of(known, found) | scored_outputs(known)
    checks = sorted({finding.check for each in found.values() for finding in each})
    flags = {
        "hard": [any(f.hard for f in found[each.id]) for each in known],
        "soft only": [bool(found[e.id]) and not any(f.hard for f in found[e.id]) for e in known],
        **{name: [any(f.check == name for f in found[e.id]) for e in known] for name in checks},
    }
    return {
        "outputs": len(known),
        "documents": len({each.document for each in known}),
        "raters_agree": round(halves_agree([each.raters for each in known]), 3),
        "numbers": {
            name: signal(sample, values)
            for name, values in track(numbers.items(), "correlating", console=_BAR)
        },
        "flags": {name: _flag(sample, flagged) for name, flagged in flags.items()},
        "corrections": preferred(known),
    }


def _flag(sample: Sample, flagged: Sequence[bool]) -> dict[str, Any]:
    difference = sample.difference(flagged) if sum(flagged) >= _FEW else None
    return {
        "flagged": sum(flagged),
        "difference": difference and difference.rounded,
        "of_worst": round(sample.of_worst(flagged), 3),
    }


def measured_lists(known: Sequence[Output], half: Half, count: int) -> dict[str, Any]:
    """By family of lists, what each method gains."""
    families = {
        f"machine, {group}": list(machine(known, group, half, count))
        for group in track(GROUPS, "planting", console=_BAR)
    }
    for pair in PAIRS:
        for group in GROUPS:
            name = f"two people, {pair.target}, {group}"
            families[name] = list(two_people(pair, group, half, count))
        families[f"wrong text, {pair.target}"] = list(wrong_text(pair, half, count))
    large = {name: lists for name, lists in families.items() if len(lists) >= 20}
    scored, metrics = scored_families(large)
    names = [*METHODS, *(f"{METRIC}{name}" for name in metrics)]
    return {
        name: _gained(lists, names)
        for name, lists in track(scored.items(), "choosing", console=_BAR)
    }


def _gained(lists: Sequence[Choice], names: Sequence[str]) -> dict[str, Any]:
    methods = {name: method_of(name) for name in names}
    methods |= {ONE_WAY: by(one_way), FINALISTS: among_finalists}
    places = {name: [method(each.candidates) for each in lists] for name, method in methods.items()}
    found = gains(places, [each.values for each in lists], [each.item for each in lists])
    return {
        "lists": len(lists),
        "methods": {
            each.method: {
                "right": round(each.mean, 3),
                "gain": round(each.gain, 3),
                "interval": each.interval and [round(end, 3) for end in each.interval],
            }
            for each in found
        },
    }


def one_way(candidates: Sequence[Candidate]) -> list[float]:
    """Mean chrF with the others as references, as minimum Bayes risk is mostly computed."""
    parts = [grams(each.texts[0]) for each in candidates]
    return [sum(overlap(a, b)[0] for b in parts if b is not a) for a in parts]


def among_finalists(candidates: Sequence[Candidate]) -> int:
    """Mean of ranks among those with the fewest hard findings, the others not being asked."""
    least = min(each.hard for each in candidates)
    places = [place for place, each in enumerate(candidates) if each.hard == least]
    return places[METHODS["mean_rank"]([candidates[place] for place in places])]


def number_table(numbers: Mapping[str, Any], title: str) -> Table:
    """Numbers that go with human scores, the best first."""
    table = Table("number", title=title, title_justify="left")
    for name in ("pearson", "kendall", "worst 5 %"):
        table.add_column(name, justify="right")
    for name, row in sorted(numbers.items(), key=lambda entry: -entry[1]["pearson"][0]):
        table.add_row(name, *(_with_ends(row[key]) for key in ("pearson", "kendall", "auc_worst")))
    return table


def flag_table(flags: Mapping[str, Any], count: int) -> Table:
    """What findings say of human scores, the worst first."""
    table = Table("findings", title=f"Flagged outputs of {count}", title_justify="left")
    for name in ("flagged", "difference", "% of worst 5 % flagged"):
        table.add_column(name, justify="right")
    known = {name: row for name, row in flags.items() if row["difference"]}
    for name, row in sorted(known.items(), key=lambda entry: entry[1]["difference"][0]):
        worst = f"{100 * row['of_worst']:.0f}"
        table.add_row(name, str(row["flagged"]), _with_ends(row["difference"]), worst)
    return table


def _with_ends(figure: Sequence[float]) -> str:
    return "{:+.2f} ({:+.2f} to {:+.2f})".format(*figure)


def list_table(families: Mapping[str, Any]) -> Table:
    """Share of lists of which each method takes a right candidate."""
    short = {"consensus": "cons.", "mean_rank": "ranks", "metric:": ""}
    table = Table(title="Lists that are made up: % of right choices", title_justify="left")
    table.add_column("", no_wrap=True)
    names = next(iter(families.values()))["methods"]
    for name in ("n", *names):
        for long, brief in short.items():
            name = name.replace(long, brief)
        table.add_column(name.replace("+", "+ "), justify="right")
    for family, row in families.items():
        shares = (f"{100 * row['methods'][name]['right']:.0f}" for name in names)
        table.add_row(family, str(row["lists"]), *shares)
    for title, of in (("mean of the rows", fmean), ("worst row", min)):
        rows = ([row["methods"][name]["right"] for row in families.values()] for name in names)
        table.add_row(title, "", *(f"{100 * of(row):.0f}" for row in rows), style="bold")
    return table


def preference_table(corrections: Mapping[str, Any]) -> Table:
    """Which side the checks prefer."""
    table = Table("fewer findings in", title="Outputs and corrections", title_justify="left")
    for name in ("correction", "output", "of"):
        table.add_column(name, justify="right")
    for which, row in corrections.items():
        for name, sides in row.items():
            if name != "outputs":
                counts = (sides["correction"], sides["output"], row["outputs"])
                table.add_row(f"{name}, {which}", *map(str, counts))
    return table


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description="What ways to select are worth.")
    parser.add_argument("--half", type=Half, default=Half.REPORT, choices=list(Half))
    parser.add_argument("--count", type=int, default=300, help="lists of each family at most")
    options = parser.parse_args()
    found = measured_signal(options.half)
    lists = measured_lists(outputs(options.half), options.half, options.count)
    _OUT.print(__doc__)
    title = f"{found['outputs']} outputs; one half of the raters and the other: "
    _OUT.print(number_table(found["numbers"], f"{title}{found['raters_agree']:.2f}"))
    _OUT.print(flag_table(found["flags"], found["outputs"]))
    if lists:
        _OUT.print(list_table(lists))
    _OUT.print(preference_table(found["corrections"]))
    print(json.dumps({"half": options.half} | found | {"lists": lists}, ensure_ascii=False))


if __name__ == "__main__":
    main()
