"""The engines that need no model: ``opencc``, ``identity`` and ``replay``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.protect import protected_spans
from eval.segment import FieldKind, Segment
from glossary.language import Language, Pair, parse_pair
from service.engines.base import TranslationRequest
from service.engines.errors import EngineMisconfigured, NotRecorded
from service.settings import EngineKind, EngineSettings
from service.wiring import make_engine
from tests.service.rig import client, question, request

PROTECTED = [
    "设 $x=后面$ 与 $$\\frac{后}{里}$$，求 \\(面\\)。",
    '运行 `print("后面")` 后，看 ```\n输出(后面)\n```。',
    "网址 https://example.cn/a(1)?b=c 后面",
    "答案是 <<3*4=12>>12 元。#### 12",
    "填空：____ 和（  ）后面",
    "用 {name} 或 %(name)s 或 <b>后面</b> 标出",
    "(A) 后面 (B) 里面",
    "<|im_start|>后面 [MASK] 里",
]


def made(kind: EngineKind, **settings: Any) -> Any:
    return make_engine("e", EngineSettings(kind=kind, **settings))


async def converted(engine: Any, pair: str, text: str, *literals: str) -> str:
    segment = Segment("s", text, FieldKind.TEXT, "s", literals)
    answer = await engine.translate(TranslationRequest(parse_pair(pair), [segment]))
    (candidate,) = answer.candidates
    return str(candidate["s"])


async def test_opencc_converts_in_both_directions() -> None:
    engine = made(EngineKind.OPENCC)
    assert await converted(engine, "zh-CN>zh-TW", "头发与发展，台湾的计算机里面") == (
        "頭髮與發展，臺灣的計算機裡面"
    )
    assert await converted(engine, "zh-TW>zh-CN", "頭髮與發展，臺灣的計算機裡面") == (
        "头发与发展，台湾的计算机里面"
    )


async def test_opencc_leaves_words_alone_unless_asked() -> None:
    plain, words = made(EngineKind.OPENCC), made(EngineKind.OPENCC, wording=True)
    assert await converted(plain, "zh-CN>zh-TW", "内存与软件") == "內存與軟件"
    assert await converted(words, "zh-CN>zh-TW", "内存与软件") == "記憶體與軟體"
    assert "s2twp" in (await words.info()).revision
    assert "s2twp" not in (await plain.info()).revision


@pytest.mark.parametrize("text", PROTECTED)
@pytest.mark.parametrize("pair", ["zh-CN>zh-TW", "zh-TW>zh-CN"])
async def test_opencc_never_touches_what_is_protected(text: str, pair: str) -> None:
    engine = made(EngineKind.OPENCC)
    target = await converted(engine, pair, text)
    before = [span.text for span in protected_spans(text)]
    assert before
    assert [span.text for span in protected_spans(target)] == before
    assert len(target) == len(text)


async def test_opencc_leaves_literals_alone() -> None:
    text = "文中必须出现“头发”这个词，头发"
    target = await converted(made(EngineKind.OPENCC), "zh-CN>zh-TW", text, "头发")
    assert target == "文中必須出現“头发”這個詞，头发"


def test_opencc_serves_chinese_only() -> None:
    engine = made(EngineKind.OPENCC)
    served = {
        (source, target)
        for source in Language
        for target in Language
        if engine.serves(Pair(source, target))
    }
    assert served == {("zh-CN", "zh-TW"), ("zh-TW", "zh-CN")}


async def test_identity_returns_every_item_as_it_was() -> None:
    items = [question(0), question(1, note="\x00"), question(2, question=" 第2 行\n\t")]
    async with client() as http:
        for target in ("zh-CN", "zh-TW", "en", "ko"):
            body = request(*items, target=target, engine="identity")
            answer = (await http.post("/translate/benchmark", json=body)).json()
            assert [record["item"] for record in answer["results"]] == items


# replay


def recordings(path: Path, *lines: Any) -> Path:
    """A file of recordings; strings are written as they are."""
    text = "\n".join(
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    )
    path.write_text(text, encoding="utf-8")
    return path


def recorded(source: str, *hypotheses: str, **more: Any) -> dict[str, Any]:
    return {"pair": "zh-CN>zh-TW", "source": source, "hypotheses": list(hypotheses), **more}


def all_of(item: dict[str, Any], **changed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Recordings of all texts of an item."""
    good = {
        "question": "第0題：下列哪個詞語表示顏色？",
        "A": "紅色的書",
        "B": "說話的聲音",
        "C": "電腦的網絡",
        "D": "圖書館",
    }
    return [
        recorded(item[name], *changed.get(name, (text,)), system="mt-1")
        for name, text in good.items()
    ]


async def replayed(path: Path, *items: Any, **more: Any) -> list[dict[str, Any]]:
    settings = EngineSettings(kind=EngineKind.REPLAY, recordings=path)
    async with client(r=settings) as http:
        body = request(*items, engine="r", **more)
        answer = await http.post("/translate/benchmark", json=body)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def test_replay_answers_with_what_was_recorded(tmp_path: Path) -> None:
    path = recordings(tmp_path / "r.jsonl", *all_of(question()), "", "  ")
    (record,) = await replayed(path, question())
    assert record["verdict"] == "ok"
    assert record["item"]["B"] == "說話的聲音"


async def test_recorded_hypotheses_are_candidates(tmp_path: Path) -> None:
    options = {name: ("一樣", good) for name, good in zip("AB", ["紅色的書", "聲音"], strict=True)}
    options |= {"question": ("第8題", "第0題：哪個"), "C": ("網絡", "網絡"), "D": ("圖", "圖書館")}
    path = recordings(tmp_path / "r.jsonl", *all_of(question(), **options))
    (one,) = await replayed(path, question())
    (two,) = await replayed(path, question(), candidates=2)
    (five,) = await replayed(path, question(), candidates=5)
    assert one["verdict"] == "flagged"
    assert two["verdict"] == "ok"
    assert two["provenance"]["chosen"] == 1
    assert two["provenance"]["candidates"] == five["provenance"]["candidates"] == 2
    assert two["item"]["A"] == "紅色的書"


async def test_there_are_as_many_candidates_as_every_segment_has(tmp_path: Path) -> None:
    path = recordings(tmp_path / "r.jsonl", *all_of(question(), A=("紅色的書", "紅書", "書")))
    (record,) = await replayed(path, question(), candidates=3)
    assert record["provenance"]["candidates"] == 1


async def test_a_text_without_a_recording_fails_its_item_alone(tmp_path: Path) -> None:
    path = recordings(tmp_path / "r.jsonl", *all_of(question()))
    good, bad = await replayed(path, question(), question(1))
    assert good["verdict"] == "ok"
    assert bad["error"]["code"] == "not_recorded"
    assert "question" in bad["error"]["detail"]
    assert "zh-CN>zh-TW" in bad["error"]["detail"]


async def test_replay_serves_the_recorded_pairs_only(tmp_path: Path) -> None:
    path = recordings(tmp_path / "r.jsonl", *all_of(question()))
    engine = made(EngineKind.REPLAY, recordings=path)
    assert engine.serves(parse_pair("zh-CN>zh-TW"))
    assert not engine.serves(parse_pair("zh-TW>zh-CN"))
    with pytest.raises(NotRecorded):
        await converted(engine, "zh-TW>zh-CN", "紅色的書")


async def test_recordings_may_hold_every_character_that_json_may(tmp_path: Path) -> None:
    """A line ends at a line feed only; U+2028 and others stand inside JSON strings."""
    source = "一\u2028二\u0085三\x0b四\x1c五"
    path = recordings(tmp_path / "r.jsonl", recorded(source, "好"), recorded("书", "書"))
    engine = made(EngineKind.REPLAY, recordings=path)
    assert await converted(engine, "zh-CN>zh-TW", source) == "好"
    assert await converted(engine, "zh-CN>zh-TW", "书") == "書"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{oops", ("line 2", "JSON")),
        ({"pair": "zh-CN>zh-TW", "source": "书"}, ("line 2",)),
        (recorded("书"), ("line 2",)),
        (recorded("书", "書", pair="zh>en"), ("line 2", "zh-TW")),
        (recorded("书", "書", pair="en"), ("line 2", "en>zh-TW")),
        (recorded("书", "書", typo=1), ("line 2",)),
        ('{"source": "\\ud800"}', ("line 2",)),
    ],
    ids=str,
)
def test_a_line_that_is_no_recording_is_told(
    tmp_path: Path, line: Any, words: tuple[str, ...]
) -> None:
    path = recordings(tmp_path / "r.jsonl", recorded("话", "話"), line)
    with pytest.raises(EngineMisconfigured) as refused:
        made(EngineKind.REPLAY, recordings=path)
    for word in ("r.jsonl", *words):
        assert word in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "r.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineMisconfigured, match=r"r\.jsonl"):
        made(EngineKind.REPLAY, recordings=path)
