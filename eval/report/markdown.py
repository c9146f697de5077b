"""A run in one page of Markdown, to be read in a pull request or a log.

Texts of items are never markup: whatever they hold is escaped for GitHub Flavored Markdown
(https://github.github.com/gfm/), which also links bare addresses and notifies ``@names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from eval.report.scores import DRAWS, LEVEL, ScoreSummary, ScoreTally, interval_text
from eval.report.stages import StageTally, StepCount
from eval.report.summary import Tally
from eval.report.worst import Range, Worst, excerpt, marked, worst_items
from eval.run_log import ItemRecord, RunInfo

WORST = 10
_MOST_CHECKS = 12
_GIVEN = "given"
"""The engine's name where a run only judged translations."""
_MOST_TERMS = 12
_TERMS = ("applied", "missed", "violated")
_LONGEST = 240
"""Characters shown of a text."""
_FINDINGS = 3
_BRACKETS = ("⟦", "⟧")
"""Around the place of a finding: bold would need markup beside letters, where it often fails."""
_WORD_JOINER = "\u2060"
_MARKUP = re.compile(r"[\\`*_\[\]|~]|^[#+=-]|(?<=^\d)[.)]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "://": "&#58;//"}
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""


def escaped(text: str) -> str:
    """Text that says the same in a cell of a Markdown table and does nothing."""
    plain = _UNSEEN.sub("·", text.replace("\r\n", "\n").replace("\t", " "))
    plain = _MARKUP.sub(r"\\\g<0>", plain.encode("utf-8", "replace").decode())
    for sign, entity in _ENTITIES.items():
        plain = plain.replace(sign, entity)
    plain = plain.replace("@", f"@{_WORD_JOINER}").replace("www.", f"www{_WORD_JOINER}.")
    return "<br>".join(filter(None, map(str.strip, plain.split("\n"))))


def render_markdown(info: RunInfo, records: Iterable[ItemRecord]) -> str:
    """Write the summary of a run.

    Args:
        info: what is true of all items.
        records: the items, read once.

    Returns:
        GitHub Flavored Markdown. Encode it as UTF-8; it holds no lone surrogates.
    """
    kept = list(records)
    tally, scores = Tally(), ScoreTally(info.metrics)
    for record in kept:
        tally.add(record)
        scores.add(record)
    parts = [
        _head(info, tally),
        _caveats(info),
        _scores(scores.summaries),
        _way_back(info, tally),
        _checks(tally),
        _terms(tally),
        _stages(StageTally(kept)),
        _worst(worst_items(kept, info.metrics, WORST)),
        _licences(info),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _head(info: RunInfo, tally: Tally) -> str:
    model = f" ({escaped(info.model)})" if info.model else ""
    made = "elsewhere" if info.engine == _GIVEN else f"with {escaped(info.engine)}{model}"
    verdicts = _table(
        ["verdict", ">items", ">share"],
        ([share.name, f"{share.count:,}", share.percent] for share in tally.shares()),
    )
    errors = ", ".join(f"{escaped(code)} {n:,}" for code, n in tally.errors.most_common())
    return "\n\n".join(
        [
            f"# {escaped(info.benchmark)}, {escaped(info.pair)}",
            f"**{tally.percent(tally.usable)}** of {tally.items:,} items ready to use, "
            f"translated {made}.",
            verdicts,
            *([f"Failures: {errors}."] if errors else []),
            f"Signature: {_code(info.signature)}",
        ]
    )


def _caveats(info: RunInfo) -> str:
    if not info.caveats:
        return ""
    lines = "\n".join(f"> - {escaped(caveat)}" for caveat in info.caveats)
    return f"> **Read this first**\n>\n{lines}"


def _scores(summaries: Sequence[ScoreSummary]) -> str:
    if not summaries:
        return ""
    about = f"Means over segments; {LEVEL:.0%} intervals, items drawn {DRAWS:,} times."
    head = ["score", ">mean", ">interval", ">items", ">segments", ">not scored", "reasons"]
    notes = "\n".join(note for each in summaries for note in _score_notes(each))
    return f"## Scores\n\n{about}\n\n{_table(head, map(_score_row, summaries))}\n\n{notes}".rstrip()


def _score_row(score: ScoreSummary) -> list[str]:
    mean, ends = "–", "–"
    if interval := score.interval():
        mean = f"**{interval.mean:.{score.digits}f}**"
        ends = interval_text(interval, score.digits)
    counts = [len(score.items), interval.n if interval else 0, score.unscored]
    reasons = "; ".join(f"{escaped(why)} ({n:,})" for why, n in score.reasons.most_common(3))
    return [escaped(score.key), mean, ends, *(f"{count:,}" for count in counts), reasons]


def _score_notes(score: ScoreSummary) -> Iterator[str]:
    """How it was made, and what is to be known of it."""
    if score.metric is None:
        return
    licence = f" ({escaped(score.metric.licence)})" if score.metric.licence else ""
    yield f"- {escaped(score.key)}: {_code(score.metric.signature)}{licence}"
    for caveat in score.metric.caveats:
        yield f"- {escaped(score.key)}: {escaped(caveat)}"


def _way_back(info: RunInfo, tally: Tally) -> str:
    """Who translated back and who solved, and what came of probes and answers."""
    lines = []
    if info.back_translator:
        probes = [f"{len(ids):,} {result.replace('_', ' ')}" for result, ids in info.probes.items()]
        probed = f"; changed numbers: {', '.join(probes)}" if any(info.probes.values()) else ""
        lines.append(f"- Translated back by {_code(info.back_translator)}{probed}.")
    if tally.answers:
        said = ", ".join(f"{n:,} {outcome}" for outcome, n in tally.answers.most_common())
        lines.append(f"- Answered by {_code(info.solver)}, source beside translation: {said}.")
    return "## Way back and answers\n\n" + "\n".join(lines) if lines else ""


def _code(text: str) -> str:
    plain = _UNSEEN.sub("·", text.replace("`", _WORD_JOINER)).encode("utf-8", "replace").decode()
    return f"`{' '.join(plain.split())}`"


def _checks(tally: Tally) -> str:
    if not tally.checks:
        return "## Findings\n\nNo check found anything."
    shown, rest = tally.checks[:_MOST_CHECKS], len(tally.checks) - _MOST_CHECKS
    rows = (
        [
            escaped(c.name),
            f"{c.hard:,}",
            f"{c.soft:,}",
            f"{c.items:,}",
            escaped(_cut(c.example.message)),
        ]
        for c in shown
    )
    table = _table(["check", ">hard", ">soft", ">items", "for example"], rows)
    more = f"\n\nand {rest} more check{'s' * (rest > 1)}" if rest > 0 else ""
    return f"## Findings\n\n{table}{more}"


def _terms(tally: Tally) -> str:
    """What became of the terms of the glossary, the most missed first."""
    terms = tally.terms
    if not terms:
        return ""
    sums = (sum(getattr(t, name) for t in terms) for name in _TERMS)
    said = ", ".join(f"{n:,} {name}" for n, name in zip(sums, _TERMS, strict=True))
    wrong = [t for t in terms if t.missed or t.violated]
    rows = (
        [escaped(t.term), escaped(t.expected), *(f"{getattr(t, name):,}" for name in _TERMS)]
        for t in wrong[:_MOST_TERMS]
    )
    head = ["term", "glossary", *(f">{name}" for name in _TERMS)]
    table = f"\n\n{_table(head, rows)}" if wrong else ""
    rest = len(wrong) - _MOST_TERMS
    more = f"\n\nand {rest:,} more that were missed or violated" if rest > 0 else ""
    return f"## Terms\n\n{len(terms):,} terms occurred: {said}.{table}{more}"


def _stages(stages: StageTally) -> str:
    if not stages.telling:
        return ""
    head = ["step", ">items", "came of it", ">calls", ">tokens", ">seconds"]
    head += [">hard findings taken away", ">per 1,000 tokens"]
    bias = f"\n\n{stages.bias}" if stages.bias else ""
    table = _table(head, map(_stage_row, stages.steps))
    about = "Sums over items; many were in work at once, so that the run took less time."
    return f"## Steps\n\n{about}\n\n{table}{bias}"


def _stage_row(step: StepCount) -> list[str]:
    outcomes = ", ".join(f"{part.value:,.0f} {part.name}" for part in step.outcome_parts)
    return [
        step.name,
        f"{step.items:,}",
        outcomes,
        f"{step.calls:,}",
        _known(step.tokens_known, ",") + (" +?" if step.counted and step.uncounted else ""),
        f"{step.seconds:,.1f}",
        _known(step.brought, ","),
        _known(step.per_thousand, ".2f" if step.per_thousand else ".0f"),
    ]


def _known(number: float | None, shape: str) -> str:
    return "–" if number is None else format(number, shape)


def _worst(items: Sequence[Worst]) -> str:
    if not items:
        return ""
    rows = (
        [
            f"{escaped(item.id)}<br>{item.verdict}",
            _shown(item.segment.source, item.source_marks),
            _shown(item.segment.target, item.target_marks),
            "<br>".join(_against(item)),
        ]
        for item in items
    )
    table = _table(["item", "source", "translation", "against it"], rows)
    return f"## The {len(items)} worst translated items\n\n{table}"


def _against(item: Worst) -> Iterator[str]:
    for finding in item.findings[:_FINDINGS]:
        level = "hard" if finding.hard else "soft"
        yield f"**{escaped(finding.check)}** ({level}): {escaped(_cut(finding.message))}"
    more = len(item.findings) - _FINDINGS
    if more > 0:
        yield f"and {more} more"
    if item.others:
        yield f"{item.others} in other parts of the item"
    for key, value in item.scores:
        yield f"{escaped(key)} {'not scored' if value is None else f'{value:g}'}"


def _shown(text: str, marks: Sequence[Range]) -> str:
    left, right = _BRACKETS
    pieces = marked(*excerpt(text, marks, _LONGEST))
    return escaped("".join(f"{left}{piece}{right}" if lit else piece for piece, lit in pieces))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _licences(info: RunInfo) -> str:
    if not info.licence_notes:
        return ""
    return "## Licence notes\n\n" + "\n".join(f"- {escaped(n)}" for n in info.licence_notes)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns whose head starts with ``>`` hold numbers. Cells are Markdown already."""
    names = [name.removeprefix(">") for name in head]
    lines = [names, ["---:" if name.startswith(">") else "---" for name in head], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
