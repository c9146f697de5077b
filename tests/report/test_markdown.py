from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from eval.report.markdown import escaped, render_markdown
from eval.round_trip.outcomes import Invariance, ProbeResult, Solved
from eval.run_log import StageOutcome, StageRecord, Step, TermRecord, Verdict
from glossary.adherence import Outcome
from glossary.concept import Strength
from tests.report.conftest import KEY, METRIC
from tests.report.page import HOSTILE

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = (
    "| a | b |\n# head\n[link](javascript:alert(1)) ![i](x.png) **bold** `code` ~~no~~ "
    "<b>html</b> https://evil.example www.evil.example @everyone $x^2$ &amp; \\| \u202eright"
)


def tokens(markdown: str) -> list[Token]:
    parsed = READER.parse(markdown)
    return parsed + [child for token in parsed for child in token.children or ()]


def rows(markdown: str) -> list[list[str]]:
    """Cells of all tables as a reader of the page sees them."""
    table: list[list[str]] = []
    for before, token in zip([None, *READER.parse(markdown)], READER.parse(markdown), strict=False):
        if token.type == "tr_open":
            table.append([])
        elif (
            token.type == "inline" and before is not None and before.type in ("td_open", "th_open")
        ):
            table[-1].append("".join(seen(child) for child in token.children or ()))
    return table


def seen(token: Token) -> str:
    if token.type == "html_inline":
        assert token.content == "<br>"
        return "\n"
    return token.content


def test_the_summary_says_what_the_records_say(info, record, finding, failed):
    records = [
        record(0),
        record(1, verdict=Verdict.FLAGGED, findings=[finding("numbers", target_span=(0, 1))]),
        record(2, verdict=Verdict.REPAIRED),
        failed(3),
    ]
    markdown = render_markdown(info, iter(records))
    table = rows(markdown)
    assert ["repaired", "1", "25.0%"] in table
    assert ["numbers", "1", "0", "1", "what numbers says"] in table
    assert ["item-1\nflagged", "问题", "⟦問⟧題", "numbers (hard): what numbers says"] in table
    assert "**50.0%** of 4 items ready to use" in markdown
    assert r"Failures: engine\_timeout 1." in markdown
    assert "CC BY-NC 4.0: not for sale." in markdown


def test_scores_come_with_interval_signature_and_what_was_not_scored(info, scored):
    records = [scored(i, 0.5 + i / 100, None) for i in range(20)]
    markdown = render_markdown(info, records)
    [row] = [row for row in rows(markdown) if row[0] == KEY]
    assert row[1] == "0.595"
    low, high = map(float, row[2].split(" to "))
    assert 0.5 < low < 0.595 < high < 0.69
    assert row[3:] == ["20", "20", "20", "too short (20)"]
    assert "`tiny@1|fp32` (Apache-2.0)" in markdown
    assert "Blind to script." in markdown


def test_the_worst_items_come_first_and_are_ten(info, scored, finding):
    records = [scored(i, i / 20) for i in range(20)]
    said = [finding("numbers", segment="part[0]")]
    flagged = scored(20, 0.99, findings=said, verdict=Verdict.FLAGGED)
    table = rows(render_markdown(info, [*records, flagged]))
    worst = [row[0].split("\n")[0] for row in table[-10:]]
    assert worst == ["item-20", *(f"item-{i}" for i in range(9))]


def test_steps_are_told_with_what_they_brought(info, record):
    stage = StageRecord(
        step=Step.EDIT,
        outcome=StageOutcome.ACCEPTED,
        calls=2,
        prompt_tokens=900,
        completion_tokens=100,
        seconds=1.5,
        hard_before=3,
        hard_after=0,
    )
    item = record(0)
    made = item.provenance.model_copy(update={"stages": [stage]})
    table = rows(render_markdown(info, [item.model_copy(update={"provenance": made})]))
    assert ["edit", "1", "1 accepted", "2", "1,000", "1.5", "3", "3.00"] in table


@pytest.mark.parametrize("text", [NASTY, HOSTILE])
def test_text_of_items_is_text(info, record, finding, text):
    said = finding(text, message=text, target_span=(3, 9))
    item = record(0, text, text, id=text, verdict=Verdict.FLAGGED, findings=[said])
    metric = METRIC.model_copy(update={"licence": text, "caveats": (text,)})
    hostile = info.model_copy(
        update={
            **{"benchmark": text, "model": text, "caveats": [text], "licence_notes": [text]},
            "metrics": {KEY: metric},
        }
    )
    markdown = render_markdown(hostile, [item])
    found = {token.type for token in tokens(markdown)}
    assert not found & {"link_open", "image", "s_open", "em_open", "html_block"}
    assert all(t.content == "<br>" for t in tokens(markdown) if t.type == "html_inline")
    assert "https://" not in markdown
    assert "@everyone" not in markdown
    assert "\u202e" not in markdown
    assert {len(row) for row in rows(markdown)[-2:]} == {4}  # no cell has broken its row


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Cf", "Z"]) | st.sampled_from(" |`*_\\<&[")
    )
)
def test_escaped_text_reads_as_it_was(text):
    [paragraph] = [
        token for token in READER.parse(f"x {escaped(text)} x") if token.type == "inline"
    ]
    shown = "".join(seen(child) for child in paragraph.children or ()).replace("\u2060", "")
    assert shown.split() == f"x {text} x".split()


def test_a_run_without_items_is_a_summary_too(info):
    assert "No check found anything." in render_markdown(info, [])


def test_long_texts_are_cut_around_what_was_found(info, record, finding):
    text = "前" * 2000 + "錯" + "後" * 2000
    said: Any = finding("numbers", target_span=(2000, 2001))
    item = record(0, text, text, verdict=Verdict.FLAGGED, findings=[said])
    markdown = render_markdown(info, [item])
    assert "前⟦錯⟧後" in markdown
    assert len(markdown) < 2500


def test_terms_probes_and_answers_are_told(info, record):
    def used(term: str, outcome: Outcome) -> TermRecord:
        return TermRecord(
            segment="question",
            term=term,
            outcome=outcome,
            strength=Strength.HARD,
            expected=[f"{term}!"],
            glossary="g",
            concept=term,
        )

    terms = [used("mass", Outcome.MISSED), used("force", Outcome.APPLIED)]
    solved = Solved(outcome=Invariance.FLIPPED, times=3)
    about = info.model_copy(
        update={
            "back_translator": "back/gemma",
            "probes": {ProbeResult.FROM_MEMORY: ["a"], ProbeResult.FOLLOWED: ["b", "c"]},
            "solver": "solve/qwen/3",
        }
    )
    markdown = render_markdown(about, [record(0, terms=terms, solved=solved)])
    assert "2 terms occurred: 1 applied, 1 missed, 0 violated." in markdown
    table = rows(markdown)
    assert ["mass", "mass!", "0", "1", "0"] in table
    assert "force" not in [row[0] for row in table]
    assert "`back/gemma`; changed numbers: 1 from memory, 2 followed." in markdown
    assert "`solve/qwen/3`, source beside translation: 1 flipped." in markdown


def test_translations_that_were_given_were_made_elsewhere(info, record):
    given = info.model_copy(update={"engine": "given", "model": None})
    assert "of 1 items ready to use, translated elsewhere." in render_markdown(given, [record(0)])
