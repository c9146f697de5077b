"""The report in a real browser: marks, filters and hostile text after the scripts have run."""

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.report.html import render_runs
from eval.round_trip.outcomes import Invariance, Solved
from eval.run_log import StageOutcome, StageRecord, Step, Verdict
from tests.report.conftest import KEY, METRIC
from tests.report.page import HOSTILE, Page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs chromium")


class Marks(HTMLParser):
    """Marks as (side, class, findings, text), cards by id, languages of sides, the page's title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.marks: list[tuple[str, str, str, str]] = []
        self.cards: list[str] = []
        self.languages: list[str] = []
        self.title = ""
        self._side, self._in = "", ""
        self.feed(html.partition("<noscript>")[0] + html.partition("</noscript>")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        self._in = tag
        if tag == "article" and "card" in classes:
            self.cards.append(given["id"])
        if "side" in classes:
            self._side = classes[1]
            self.languages.append(given.get("lang", ""))
        if tag == "mark":
            kind = " ".join(classes[classes.index("mark") + 1 :])
            self.marks.append((self._side, kind, given["data-f"], ""))

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "mark":
            self.marks[-1] = (*self.marks[-1][:3], data)
        if self._in == "title" and not self.title:
            self.title = data


@pytest.fixture
def drawn(tmp_path: Path):
    """What a browser makes of a report: its elements after the scripts have run, as HTML."""

    def draw(runs, view: str = "") -> str:
        path = tmp_path / "report.html"
        path.write_text(render_runs(runs, title="sample"), encoding="utf-8")
        command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
        command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=500"]
        run = subprocess.run(
            [*command, path.as_uri() + view], capture_output=True, timeout=120, check=True
        )
        return run.stdout.decode()

    return draw


@pytest.fixture
def shown_runs(drawn):
    return lambda runs, view="": Marks(drawn(runs, view))


@pytest.fixture
def shown(shown_runs, info):
    return lambda records, view="": shown_runs([(info, records)], view)


def test_marks_stand_at_code_points_overlap_and_may_be_empty(shown, record, finding):
    item = record(
        0,
        "🙂abcdef",
        "𠮷臺灣國語",
        verdict=Verdict.FLAGGED,
        findings=[
            finding("one", source_span=(1, 4), target_span=(1, 3)),
            finding("two", hard=False, source_span=(3, 6)),
            finding("three", hard=False, target_span=(4, 4)),
            finding("four", hard=False, target_span=(3, 99)),
        ],
    )
    assert shown([item]).marks == [
        ("source", "hard", "0", "ab"),
        ("source", "hard both", "0 1", "c"),
        ("source", "soft", "1", "de"),
        ("target", "hard", "0", "臺灣"),
        ("target", "soft", "3", "國"),
        ("target", "soft caret", "2", ""),
        ("target", "soft", "3", "語"),
    ]


def test_hostile_text_does_nothing(shown, record, finding):
    hostile = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
    span = finding(source_span=(0, len(hostile)), message=hostile, expected=hostile)
    page = shown([record(0, hostile, hostile, id=hostile, findings=[span])])
    assert page.title == "sample · zh-CN>zh-TW · Isogloss report"
    assert page.marks == [("source", "hard", "0", hostile)]


def test_filters_come_from_the_address(shown, record, finding, failed):
    records = [
        record(0),
        record(1, findings=[finding("length", hard=False)]),
        record(2, target="臺北", verdict=Verdict.FLAGGED, findings=[finding("numbers")]),
        failed(3),
    ]
    assert shown(records).cards == ["item-3", "item-2", "item-1", "item-0"]
    assert shown(records, "#sort=input").cards == ["item-0", "item-1", "item-2", "item-3"]
    assert shown(records, "#v=ok,flagged&check=length").cards == ["item-1"]
    assert shown(records, "#check=error:engine_timeout").cards == ["item-3"]
    assert shown(records, "#q=%E8%87%BA").cards == ["item-2"]


def test_many_items_are_drawn_page_by_page(shown, record):
    page = shown((record(i) for i in range(14_000)), "#page=3")
    assert page.cards == [f"item-{i}" for i in range(100, 150)]


def test_runs_in_several_languages_are_told_apart(shown_runs, info, record):
    korean = info.model_copy(update={"pair": "en>ko"})
    runs = [(info, [record(0)]), (korean, [record(1, "speed", "속력")])]
    assert shown_runs(runs).cards == ["item-0", "item-1"]
    assert shown_runs(runs).languages == ["zh-CN", "zh-TW", "en", "ko"]
    assert shown_runs(runs, "#run=1").cards == ["item-1"]
    assert shown_runs(runs, "#run=0&v=flagged").cards == []


def test_items_are_sorted_and_filtered_by_score(shown, scored):
    records = [scored(0, 0.9), scored(1, 0.3), scored(2, None), scored(3, 0.5)]
    by_score = ["item-1", "item-3", "item-0", "item-2"]
    assert shown(records, f"#sort={KEY}").cards == by_score
    assert shown(records).cards == by_score  # no findings: the lowest score is the worst
    assert shown(records, f"#s={KEY}:0.3:0.5").cards == ["item-1"]
    assert shown(records, f"#s={KEY}:none").cards == ["item-2"]


def test_a_score_that_is_better_when_low_sorts_the_other_way(shown_runs, info, scored):
    metric = METRIC.model_copy(update={"higher_is_better": False})
    upside_down = info.model_copy(update={"metrics": {KEY: metric}})
    records = [scored(0, 0.9), scored(1, 0.3), scored(2, None)]
    assert shown_runs([(upside_down, records)]).cards == ["item-0", "item-1", "item-2"]


def test_items_are_filtered_by_subject(shown, record):
    records = [record(i, item={"subject": subject}) for i, subject in enumerate("aba")]
    assert shown(records, "#c=a").cards == ["item-0", "item-2"]


def test_a_card_shows_the_way_back_the_scores_and_the_steps(drawn, info, scored):
    edit = StageRecord(
        step=Step.EDIT,
        outcome=StageOutcome.REFUSED,
        calls=1,
        seconds=1.5,
        hard_before=2,
        hard_after=1,
        note=HOSTILE,
    )
    item = scored(0, 0.25, None, texts=["a red hat", "two"], backs=["a blue hat", HOSTILE])
    made = item.provenance.model_copy(
        update={"stages": [StageRecord(step=Step.DRAFT, outcome=StageOutcome.DONE), edit]}
    )
    english = info.model_copy(update={"pair": "en>zh-TW"})
    html = drawn([(english, [item.model_copy(update={"provenance": made})])])
    page = Page(html.partition("<noscript>")[0] + html.partition("</noscript>")[2])
    back, hostile = (text for _, text in page.all("div", **{"class": "side back"}))
    assert back.endswith("a blue hat")
    assert hostile.endswith(HOSTILE)
    assert page.all("span", **{"class": "lost"})[0][1] == "red"
    assert page.all("span", **{"class": "new"})[0][1] == "blue"
    [(_, head)] = page.all("span", **{"class": "item-scores"})
    assert head == "comet 0.250"
    segments = [text for _, text in page.all("ul", **{"class": "segment-scores"})]
    assert segments == ["comet 0.250", "comet not scored: too short"]
    draft, step = (text for attributes, text in page.all("li") if "came-" in str(attributes))
    assert draft == "draft"
    assert step == f"editrefused1.5 shard 2 → 1{HOSTILE}"
    assert page.all("img") == []


def test_what_was_measured_of_an_item_is_said(drawn, info, record):
    solved = Solved(outcome=Invariance.FLIPPED, times=3, source={"A": 3}, target={HOSTILE: 2})
    page = Page(drawn([(info, [record(0, solved=solved)])]))
    [(_, said)] = page.all("ul", **{"class": "measured"})
    assert said.startswith("answers flipped asked 3 times a side: source A ×3; translation ")
    assert HOSTILE in said
    assert "back-translation" not in said


def test_answers_to_the_way_back_are_said_with_what_they_tell(drawn, info, record):
    sides = {"source": {"A": 3}, "target": {"A": 3}, "back": {HOSTILE: 3}}
    outcomes = {"outcome": Invariance.SAME, "back_outcome": Invariance.FLIPPED}
    page = Page(drawn([(info, [record(0, solved=Solved(times=3, **outcomes, **sides))])]))
    [(_, said)] = page.all("ul", **{"class": "measured"})
    assert said.endswith(f"; back-translation {HOSTILE} ×3 (flipped)")
    assert page.all("img") == []
