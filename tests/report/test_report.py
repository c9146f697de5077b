import base64
import hashlib
import json
import math
import re
from importlib.resources import files

import pytest

from eval.report.html import render_report, render_runs
from eval.run_log import Counts, Verdict
from glossary.errors import BadPair
from tests.report.page import HOSTILE, Page


def test_header_says_what_was_run(info, record):
    page = Page(render_report(info, [record(0)]))
    assert page.all("h1")[0][1] == "sample"
    facts = dict(zip(*(([text for _, text in page.all(tag)]) for tag in ("dt", "dd")), strict=True))
    assert facts["Engine"] == "opencc"
    assert facts["Model"] == "a/model"
    assert facts["Signature"] == info.signature
    assert facts["Started"] == "2026-01-31 09:30 UTC"
    assert facts["Took"].startswith("1 min 15 s")
    assert "CC BY-NC 4.0: not for sale." in page.text
    assert page.all("span", lang="zh-TW")
    assert page.all("span", lang="zh-CN")


def test_a_title_of_ones_own(info, record):
    page = Page(render_report(info, [record(0)], title="CMMLU, October"))
    assert page.all("h1")[0][1] == "CMMLU, October"
    assert page.all("title")[0][1].startswith("CMMLU, October · zh-CN>zh-TW")


def test_one_file_that_asks_for_nothing(info, record, finding, failed):
    html = render_report(info, [record(0, findings=[finding()]), failed(1)])
    page = Page(html)
    links = [a[name] for _, a, _ in page.elements for name in ("src", "href") if name in a]
    assert links
    assert all(link.startswith(("#", "data:")) for link in links)
    styles = "".join(text for _, text in page.all("style"))
    assert "@import" not in styles
    assert re.findall(r"url\((?!#)", styles) == []


def test_only_our_script_and_style_may_run(info, record):
    page = Page(render_report(info, [record(0)]))
    [(meta, _)] = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    policy = meta["content"]
    assert "default-src 'none'" in policy
    scripts = [text for attributes, text in page.all("script") if "type" not in attributes]
    [style] = [text for _, text in page.all("style")]
    for text in [*scripts, style]:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not [a for _, a, _ in page.elements if any(k == "style" or k[:2] == "on" for k in a)]


def test_hostile_text_stays_text_wherever_it_stands(info, record, finding):
    said = finding(HOSTILE, segment=HOSTILE, message=HOSTILE, expected=HOSTILE, found=HOSTILE)
    bad = record(0, HOSTILE, HOSTILE, id=HOSTILE, item={HOSTILE: HOSTILE}, findings=[said])
    bad = bad.model_copy(update={"verdict": Verdict.FLAGGED})
    harmless = len(Page(render_report(info, [bad.model_copy(update={"id": "1"})])).elements)
    hostile = info.model_copy(
        update={"benchmark": HOSTILE, "engine": HOSTILE, "licence_notes": [HOSTILE]}
    )
    page = Page(render_report(hostile, [bad]))
    assert len(page.all("script")) == 2
    assert page.all("img") == []
    assert len(page.elements) == harmless
    assert page.all("h1")[0][1] == HOSTILE
    [shown] = page.records
    assert shown["d"] == HOSTILE
    assert shown["s"][0][2:] == [HOSTILE, HOSTILE]
    assert json.loads(shown["j"]) == {HOSTILE: HOSTILE}


def test_scripts_never_turn_text_into_markup():
    assets = files("eval.report").joinpath("assets")
    code = "".join(a.read_text("utf-8") for a in assets.iterdir() if a.name.endswith(".js"))
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(|fetch\("
    assert re.findall(banned, code) == []


def test_findings_keep_their_places(info, record, finding):
    found = [
        finding("wording", hard=False, segment="(item)"),
        finding("length", hard=False, source_span=(0, 4), target_span=None),
        finding("numbers", source_span=(1, 3), target_span=(1, 1), expected="42", found=None),
    ]
    page = Page(render_report(info, [record(0, "🙂42?", "🙂?", findings=found)]))
    [shown] = page.records
    # By segment, hard ones first; what belongs to no segment comes last.
    assert [f[0] for f in shown["f"]] == ["numbers", "length", "wording"]
    assert shown["f"][0][2:] == [1, "question", "what numbers says", [1, 3], [1, 1], "42", None]
    assert shown["f"][1][5:7] == [[0, 4], None]


def test_counts_by_verdict_check_and_cause(info, record, finding, failed):
    twice = [finding("numbers"), finding("numbers"), finding("length", hard=False)]
    records = [
        record(0),
        record(1, verdict=Verdict.FLAGGED, findings=twice),
        record(2, findings=[finding("length", hard=False)]),
        failed(3),
        record(4, verdict=Verdict.REPAIRED),
    ]
    page = Page(render_report(info, iter(records)))
    [(bar, _)] = page.all("svg", role="img")
    assert bar["aria-label"] == "Verdicts: 2 ok, 1 repaired, 1 flagged, 1 failed"
    ok, repaired, numbers, cause = (
        page.all("a", href=f"#{link}")[0][1].split()
        for link in ("v=ok", "v=repaired", "check=numbers", "check=error:engine_timeout")
    )
    assert ok[:3] == ["2", "ok", "40.0%,"]
    assert repaired[:3] == ["1", "repaired", "20.0%,"]
    assert page.all("strong")[0][1] == "60.0%"  # ready to use: ok and repaired
    assert numbers == ["numbers", "2", "in", "1", "item", "what", "numbers", "says"]
    assert cause == ["engine_timeout", "1", "item"]


def test_readers_without_javascript_get_the_summary(info, record, finding, failed):
    said = finding("numbers", source_span=(1, 2), target_span=(0, 1))
    flagged = record(0, verdict=Verdict.FLAGGED, findings=[said])
    page = Page(render_report(info, [flagged, failed(1)]))
    [(_, summary)] = page.all("noscript")
    assert "numbers: what numbers says" in summary
    assert "engine_timeout: No answer in 60 s." in summary
    [(_, worst)] = page.all("table", **{"class": "worst"})
    assert "numbers (hard): what numbers says" in worst
    assert [text for _, text in page.all("mark")] == ["题", "問"]


def test_a_failed_item_says_why_and_what_to_do(info, failed):
    [shown] = Page(render_report(info, [failed(0)])).records
    assert shown["e"] == ["engine_timeout", "No answer in 60 s.", "Run again."]
    assert "j" not in shown


def test_translated_json_is_shown_to_the_letter(info, record):
    item = {"10": 1.0, "2": 2**60 + 1, "n": math.nan, "t": "é\n"}
    [shown] = Page(render_report(info, [record(0, item=item)])).records
    assert shown["j"] == '{"10":1.0,"2":1152921504606846977,"n":NaN,"t":"é\\n"}'


def test_text_that_utf8_cannot_hold_does_not_stop_the_report(info, record):
    odd = "a\ud800b\x00c\r\nd"
    html = render_report(info, [record(0, odd, odd, id=odd, verdict=Verdict.FLAGGED)])
    [shown] = Page(html.encode().decode()).records
    assert shown["s"][0][2] == odd


@pytest.mark.parametrize(("bad", "share"), [(0, "100%"), (1, "99.9%")])
def test_a_single_bad_item_in_many_is_neither_rounded_away_nor_invisible(
    info, record, failed, bad, share
):
    records = [record(i) for i in range(5000)] + [failed(5000 + i) for i in range(bad)]
    page = Page(render_report(info, records))
    assert page.all("strong")[0][1] == share
    parts = [float(a["width"].rstrip("%")) for a, _ in page.all("rect", **{"class": "fill-failed"})]
    assert all(part > 0.5 for part in parts[:bad])


def test_the_page_does_not_grow_elements_with_the_items(info, record):
    few, many = (Page(render_report(info, map(record, range(n)))) for n in (10, 1000))
    assert len(few.elements) == len(many.elements)
    assert len(many.records) == 1000


def test_counts_that_differ_from_the_run_are_said(info, record):
    longer = info.model_copy(update={"counts": Counts(items=12, ok=12)})
    page = Page(render_report(longer, [record(0)]))
    assert "The run counts 12 items; this report holds 1" in page.text


def test_a_run_without_items_is_a_report_too(info):
    page = Page(render_report(info, []))
    assert page.records == []
    assert "No check found anything." in page.text


def test_changed_characters_are_offered_between_chinese_sides_only(info, record):
    assert Page(render_report(info, [record(0)])).all("input", id="diff")
    korean = info.model_copy(update={"pair": "en>ko"})
    assert not Page(render_report(korean, [record(0)])).all("input", id="diff")


def test_a_pair_that_cannot_be_read_is_an_error(info, record):
    with pytest.raises(BadPair, match="zh-CN zh-TW"):
        render_report(info.model_copy(update={"pair": "zh-CN zh-TW"}), [record(0)])


def test_several_runs_come_into_one_report(info, record, finding):
    korean = info.model_copy(update={"pair": "en>ko", "engine": "replay", "model": None})
    flagged = record(1, "speed", "速度", verdict=Verdict.FLAGGED, findings=[finding("options")])
    runs = [
        (info.model_copy(update={"counts": Counts(items=1, ok=1)}), [record(0)]),
        (korean.model_copy(update={"counts": Counts(items=1, flagged=1)}), [flagged]),
    ]
    page = Page(render_runs(runs, title="both"))
    assert page.all("title")[0][1] == "both · zh-CN>zh-TW, en>ko · Isogloss report"
    engines = [text for _, text in page.all("dd")][::2]
    assert engines == ["opencc (a/model)", "replay"]
    assert page.all("strong")[0][1] == "50.0%"
    assert [entry.get("r", 0) for entry in page.records] == [0, 1]
    assert {attributes["href"] for attributes, _ in page.all("a")} >= {"#run=0", "#run=1"}


def test_a_check_is_shown_with_its_first_hard_finding(info, record, finding):
    said = [
        finding("numbers", hard=False, expected="7", found=None),
        finding("numbers", expected="24", found="42"),
        finding("numbers", expected="1", found="2"),
        finding("protected", expected="____", found=None),
    ]
    page = Page(render_report(info, [record(0, verdict=Verdict.FLAGGED, findings=said)]))
    examples = [text for _, text in page.all("span", **{"class": "bar-example"})]
    assert [" ".join(text.split()) for text in examples] == [
        "24 ≠ 42 what numbers says",
        "____ what protected says",
    ]
