"""``isogloss terms consistency``: what it reads, what it shows, how it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.run_log import ItemRecord, Provenance, SegmentRecord, Verdict
from service.files.run_files import MANIFEST, RECORDS
from tests.service.conftest import Outcome

Isogloss = Callable[..., Outcome]
ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", ROOT.parent / "shared" / "data"))
SUBTITLES = DATA / "subtitles" / "post_training_lesson_en_zhTW.srt"
NTREX = DATA / "parallel" / "ntrex.tsv"
PAIRS = [
    ("The reward is small.", "보상은 작다."),
    ("Every reward costs money.", "모든 보상에는 돈이 든다."),
    ("No reward was paid in spring.", "봄에는 포상을 주지 않았다."),
    ("He returned the reward.", "그는 포상을 돌려주었다."),
    ("Her reward stays secret.", "그녀의 보상은 비밀이다."),
    ("The bridge is old.", "다리는 오래되었다."),
    ("A storm closed the bridge.", "폭풍으로 다리가 닫혔다."),
    ("We painted the bridge green.", "우리는 다리를 초록색으로 칠했다."),
]


@pytest.fixture
def consistency(
    isogloss: Isogloss, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """The command in a folder of its own, with room for its table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: isogloss("terms", "consistency", *arguments)


def write(path: Path, pairs: list[tuple[str, str]]) -> Path:
    """A parallel file in the format that its name says."""
    if path.suffix == ".jsonl":
        lines = [json.dumps({"en": en, "ko": ko}) for en, ko in pairs]
    elif path.suffix in (".srt", ".vtt"):
        lines = cues(path.suffix, pairs)
    else:
        separator = "\t" if path.suffix == ".tsv" else ","
        lines = [separator.join(row) for row in [("en", "ko"), *pairs]]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def cues(suffix: str, pairs: list[tuple[str, str]]) -> list[str]:
    """Each source cue and its translation with the same times."""
    point = "," if suffix == ".srt" else "."
    lines = [] if suffix == ".srt" else ["WEBVTT", ""]
    number = 0
    for second, pair in enumerate(pairs):
        times = f"00:00:{second:02},000 --> 00:00:{second:02},900".replace(",", point)
        for text in pair:
            number += 1
            lines += [str(number), times, text, ""]
    return lines


def answer(shown: Outcome) -> dict[str, Any]:
    assert shown.code == 0, shown.told
    answered: dict[str, Any] = json.loads(shown.out)
    return answered


def renderings(answered: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Places by rendering, by term."""
    return {
        use["term"]: {each["text"]: each["places"] for each in use["renderings"]}
        for use in answered["uses"]
    }


LANGUAGES = ("--from", "en", "--to", "ko")


@pytest.mark.parametrize("suffix", ["tsv", "csv", "jsonl"])
def test_tables_are_read_by_their_language_columns(
    consistency: Isogloss, tmp_path: Path, suffix: str
) -> None:
    answered = answer(consistency(write(tmp_path / f"p.{suffix}", PAIRS), "--json"))
    assert answered["pair"] == "en>ko"
    assert (answered["texts"], answered["inconsistent"]) == (len(PAIRS), 1)
    assert renderings(answered) == {"reward": {"보상": ["1", "2", "5"], "포상": ["3", "4"]}}


@pytest.mark.parametrize("suffix", ["srt", "vtt"])
def test_subtitles_are_read_by_cues_with_the_same_times(
    consistency: Isogloss, tmp_path: Path, suffix: str
) -> None:
    answered = answer(consistency(write(tmp_path / f"p.{suffix}", PAIRS), "--json", *LANGUAGES))
    assert renderings(answered) == {"reward": {"보상": ["1", "3", "9"], "포상": ["5", "7"]}}


def test_a_cue_without_its_translation_is_left_out_and_told(
    consistency: Isogloss, tmp_path: Path
) -> None:
    file = write(tmp_path / "p.srt", PAIRS)
    alone = "99\n00:01:00,000 --> 00:01:01,000\nNobody translated this reward.\n"
    file.write_text(file.read_text("utf-8") + alone, "utf-8")
    answered = answer(consistency(file, "--json", *LANGUAGES))
    assert (answered["texts"], answered["skipped"]) == (len(PAIRS), 1)
    assert "1 without a counterpart" in consistency(file, *LANGUAGES).told


def test_a_finished_run_is_read_with_its_languages(consistency: Isogloss, tmp_path: Path) -> None:
    lines = []
    for index, (source, target) in enumerate(PAIRS):
        segment = SegmentRecord(id="question", kind="question", source=source, target=target)
        made = Provenance(signature="s", source_sha256="0")
        record = ItemRecord(
            index=index, id=f"q{index}", verdict=Verdict.OK, segments=[segment], provenance=made
        )
        lines.append(record.model_dump_json())
    (tmp_path / RECORDS).write_text("\n".join([*lines, '{"index": 8, "id": "q8"']), "utf-8")
    (tmp_path / MANIFEST).write_text('{"pair": "en>ko"}', "utf-8")
    answered = answer(consistency(tmp_path / RECORDS, "--json"))
    assert answered["skipped"] == 1
    assert renderings(answered)["reward"]["포상"] == ["q2/question", "q3/question"]


def test_the_table_shows_terms_renderings_and_places(consistency: Isogloss, tmp_path: Path) -> None:
    shown = consistency(write(tmp_path / "p.tsv", PAIRS))
    assert shown.code == 0
    for word in ("reward", "보상 ×3", "포상 ×2", "1, 2, 5", "3, 4"):
        assert word in shown.told
    assert "bridge" not in shown.told, "it has one rendering"
    assert "8 texts" in shown.told
    assert "1 of them rendered in several ways" in shown.told


@pytest.mark.parametrize(("pairs", "code"), [(PAIRS, 1), (PAIRS[5:], 0)], ids=["several", "one"])
def test_the_exit_status_tells_when_it_is_asked_to(
    consistency: Isogloss, tmp_path: Path, pairs: list[tuple[str, str]], code: int
) -> None:
    file = write(tmp_path / "p.tsv", pairs)
    assert consistency(file).code == 0
    assert consistency(file, "--fail-on-inconsistent").code == code
    assert consistency(file, "--fail-on-inconsistent", "--json").code == code


def test_limits_of_what_is_looked_at_and_shown(consistency: Isogloss, tmp_path: Path) -> None:
    file = write(tmp_path / "p.tsv", PAIRS)
    assert answer(consistency(file, "--json", "--min-count", "6"))["inconsistent"] == 0
    more = [(en.replace("reward", "prize"), ko) for en, ko in PAIRS[:5]]
    file = write(tmp_path / "more.tsv", PAIRS + more)
    answered = answer(consistency(file, "--json", "--limit", "1"))
    assert answered["inconsistent"] == 2
    assert len(answered["uses"]) == 1


GLOSSARY = """
name: mine
concepts:
- id: bridge
  terms:
  - {language: en, text: bridge}
  - {language: ko, text: 다리}
"""


def test_a_glossary_says_which_terms_are_looked_for(consistency: Isogloss, tmp_path: Path) -> None:
    file = write(tmp_path / "p.tsv", [*PAIRS, ("This bridge sings.", "이 교량은 노래한다.")])
    mine = tmp_path / "mine.yaml"
    mine.write_text(GLOSSARY, "utf-8")
    answered = answer(consistency(file, "--json", "--glossary", mine))
    assert answered["terms"] == 1
    assert renderings(answered).keys() <= {"bridge"}
    mine.write_text("concepts: 7", "utf-8")
    assert "no list `concepts`" in consistency(file, "--glossary", mine).told


@pytest.mark.parametrize(
    ("name", "text", "options", "words"),
    [
        ("p.srt", "", LANGUAGES, "no text stands beside its translation"),
        ("p.srt", "1\n00:00:01,000 --> 00:00:02,000\nA\n", (), "--from and --to"),
        ("p.tsv", "en\tko\n\t\n", (), "no text stands beside its translation"),
        ("p.tsv", "a\tb\nx\ty\n", (), "no column 'source'"),
        ("p.tsv", "en\tko\nx\ty\n", ("--glossary", "none.yaml"), "none.yaml"),
        ("p.tsv", "en\tko\nx\ty\n", ("--to", "zh"), "ambiguous"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_remedy(
    consistency: Isogloss,
    tmp_path: Path,
    name: str,
    text: str,
    options: tuple[str, ...],
    words: str,
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    shown = consistency(name, *options)
    assert shown.code == 2
    assert words in shown.told


def test_a_file_that_is_not_there_or_no_text(consistency: Isogloss, tmp_path: Path) -> None:
    assert "No such file" in consistency("none.srt", *LANGUAGES).told
    (tmp_path / "binary.srt").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in consistency("binary.srt", *LANGUAGES).told


@pytest.mark.skipif(
    not SUBTITLES.exists(), reason=f"no subtitles under {DATA} (ISOGLOSS_SHARED_DATA)"
)
def test_the_subtitles_of_a_lesson(consistency: Isogloss) -> None:
    """344 cues with real slips; what is listed was read and is true."""
    shown = consistency(SUBTITLES, "--from", "en", "--to", "zh-TW", "--json")
    answered = answer(shown)
    assert answered["texts"] == 172
    ways = renderings(answered)
    assert ways["post-training"].keys() == {"後訓練", "後續訓練"}
    assert ways["post-training"]["後續訓練"] == ["25", "181", "275", "305"]
    assert ways["tokens"].keys() == {"詞元", "詞彙", "標記", "token"}
    assert ways["data"].keys() == {"資料", "數據"}
    assert ways["chat"].keys() == {"對話", "聊天"}
    assert ways["prompt"].keys() == {"提示", "提示詞"}
    assert answered["uses"][0]["term"] == "post-training"
    assert answered["inconsistent"] <= 12


@pytest.mark.skipif(not NTREX.exists(), reason=f"no NTREX under {DATA} (ISOGLOSS_SHARED_DATA)")
@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "zh-TW",
            {"Ryder Cup": {"萊德盃", "萊德杯"}, "Baton Rouge": {"巴頓魯治", "Baton Rouge"}},
        ),
        (
            "ko",
            {"Rosenstein": {"로젠스타인", "로즌스타인"}, "Baton Rouge": {"배턴루지", "베턴 루지"}},
        ),
    ],
)
def test_names_in_professional_translations(
    consistency: Isogloss, language: str, names: dict[str, set[str]]
) -> None:
    shown = consistency(NTREX, "--from", "en", "--to", language, "--json", "--limit", "80")
    ways = renderings(answer(shown))
    assert {name: ways[name].keys() for name in names} == names
