"""How much of a prompt a server has computed before: the share of equal leading tokens.

A server's prefix cache keeps what it computed for the beginning of a prompt. Measured is the mean
share of a prompt's tokens that are the same, from the first on, as those of the prompt before it:
the same request about another item, and another request about the same item. A token is a word, or
one sign that is no letter of a word, which is near to what tokenizers make of it.

Items are the samples with four options; their translations are the recorded ones.

Run it: ``python -m bench.prompt_prefix [--pair en>ko]``. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, takewhile
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.table import Table

from glossary.language import Pair, parse_pair
from prompts.critique import render_critique
from prompts.edit import render_edit, render_fuse
from prompts.problem import Problem
from prompts.profile import PROFILE_NAMES, Profile, load_profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.rank import render_rank
from prompts.render import render
from prompts.solve import render_solve

SAMPLES = Path(__file__).parents[1] / "samples"
STAGES = ("draft", "fuse", "edit", "rank", "critique", "solve")
SAME_ITEM = (("draft", "fuse"), ("draft", "edit"), ("fuse", "edit"), ("rank", "critique"))
_TOKEN = re.compile(r"[0-9A-Za-z]+|\S")

Fields = Sequence[PromptField]


def tokens(prompt: RenderedPrompt) -> list[str]:
    """Roughly the tokens of everything that is sent as text."""
    turns = (f"{turn.role}\n{turn.content}" for turn in prompt.messages)
    return _TOKEN.findall(prompt.prompt or "\n".join(turns))


def leading_share(before: RenderedPrompt, prompt: RenderedPrompt) -> float:
    """Share of a prompt's tokens that are those of the one before, from the first on."""
    known, wanted = tokens(before), tokens(prompt)
    equal = takewhile(lambda both: both[0] == both[1], zip(known, wanted, strict=False))
    return sum(1 for _ in equal) / len(wanted)


def stages(
    profile: Profile, pair: Pair, fields: Fields, translation: Mapping[str, str]
) -> dict[str, RenderedPrompt]:
    """The requests about one item, by stage; those that the model family takes."""
    form = profile.formats[0]
    if profile.unit_for(form) == "segment":
        fields = fields[:1]
    prompts = {"draft": render(profile, pair, fields, answer_format=form)}
    if profile.documented:
        return prompts
    labels = [part.key[-1] for part in fields[1:]]
    wrong = [Problem(fields[0].key, "major", "a number of the original is missing")]
    both = [translation, translation]
    word: Mapping[str, Callable[[], RenderedPrompt]] = {
        "fuse": lambda: render_fuse(profile, pair, fields, both, answer_format=form),
        "edit": lambda: render_edit(profile, pair, fields, translation, wrong, answer_format=form),
        "rank": lambda: render_rank(profile, pair, fields, both, structured=True),
        "critique": lambda: render_critique(profile, pair, fields, translation, structured=True),
        "solve": lambda: render_solve(profile, pair.source, fields, labels, structured=True),
    }
    return prompts | {stage: rendered() for stage, rendered in word.items()}


def items(pair: Pair) -> list[tuple[Fields, dict[str, str]]]:
    """Sample items with four options, each with its recorded translation."""
    recorded = [json.loads(line) for line in _lines(SAMPLES / "recorded" / f"{pair.target}.jsonl")]
    known = {each["source"]: each["hypotheses"][0] for each in recorded}
    found: list[tuple[Fields, dict[str, str]]] = []
    for line in _lines(SAMPLES / f"{pair.source}" / "multiple_choice.jsonl"):
        row = json.loads(line)
        texts = {"question": row["question"]}
        texts |= {f"option_{'ABCD'[n]}": text for n, text in enumerate(row["choices"])}
        fields = [PromptField(key, key.replace("_", " "), text) for key, text in texts.items()]
        found.append((fields, {key: known.get(text, text) for key, text in texts.items()}))
    return found


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def measured(profile: Profile, pair: Pair) -> dict[str, float]:
    """Mean shares: ``STAGE`` for another item, ``STAGE>STAGE`` for the same."""
    rows = [stages(profile, pair, fields, texts) for fields, texts in items(pair)]
    shares = {
        stage: mean(leading_share(one[stage], other[stage]) for one, other in pairwise(rows))
        for stage in STAGES
        if stage in rows[0]
    }
    for first, second in SAME_ITEM:
        if second in rows[0]:
            between = [leading_share(row[first], row[second]) for row in rows]
            shares[f"{first}>{second}"] = mean(between)
    return {name: round(share, 3) for name, share in shares.items()}


def main() -> None:
    """Measure all profiles and print a table."""
    parser = argparse.ArgumentParser(description="Share of equal leading tokens of prompts.")
    parser.add_argument("--pair", default="en>zh-TW", help="en>zh-TW or en>ko")
    pair = parse_pair(parser.parse_args().pair)
    shares = {name: measured(load_profile(name), pair) for name in PROFILE_NAMES}
    columns = [*STAGES, *(f"{first}>{second}" for first, second in SAME_ITEM)]
    table = Table(title=f"Share of equal leading tokens, {pair}")
    for column in ("profile", *columns):
        table.add_column(column)
    for name, row in shares.items():
        table.add_row(name, *(f"{row[column]:.3f}" if column in row else "" for column in columns))
    Console(width=140).print(table)
    print(json.dumps({"pair": str(pair), "share_of_equal_leading_tokens": shares}))


if __name__ == "__main__":
    main()
