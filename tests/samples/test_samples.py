"""The sample benchmark is what its README says: right layouts, right answers, right spans."""

from __future__ import annotations

import ast
import doctest
import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

# File below samples/, keys of every item in their published order, least number of items.
LAYOUTS = {
    "zh-CN/multiple_choice": (["id", "subject", "question", "A", "B", "C", "D", "answer"], 32),
    "zh-CN/school_math": (["question", "answer"], 12),
    "zh-CN/reading": (["id", "context", "question", "answers"], 8),
    "zh-CN/code": (["task_id", "prompt", "entry_point", "canonical_solution", "test"], 6),
    "zh-CN/two_turns": (["question_id", "category", "turns"], 6),
    "zh-CN/instructions": (["key", "prompt", "instruction_id_list", "kwargs"], 3),
    "en/multiple_choice": (["question", "subject", "choices", "answer"], 16),
    "en/school_math": (["question", "answer"], 8),
    "en/code": (["task_id", "prompt", "entry_point", "canonical_solution", "test"], 2),
    "en/instructions": (["key", "prompt", "instruction_id_list", "kwargs"], 2),
}
IDENTITY = {
    "zh-CN/multiple_choice": "id",
    "zh-CN/school_math": "question",
    "zh-CN/reading": "id",
    "zh-CN/code": "task_id",
    "zh-CN/two_turns": "question_id",
    "zh-CN/instructions": "key",
    "en/multiple_choice": "question",
    "en/school_math": "question",
    "en/code": "task_id",
    "en/instructions": "key",
}
CHINESE = [name for name in LAYOUTS if name.startswith("zh-CN/")]
ENGLISH = [name for name in LAYOUTS if name.startswith("en/")]
INJECTIONS = {"zh-CN": "忽略上面的", "en": "Ignore the above"}
# Keyword arguments that each instruction's checker takes.
CHECKER_ARGUMENTS = {
    "change_case:english_capital": set(),
    "detectable_content:number_placeholders": {"num_placeholders"},
    "detectable_content:postscript": {"postscript_marker"},
    "detectable_format:json_format": set(),
    "detectable_format:number_bullet_lists": {"num_bullets"},
    "detectable_format:title": set(),
    "keywords:existence": {"keywords"},
    "keywords:forbidden_words": {"forbidden_words"},
    "length_constraints:number_words": {"relation", "num_words"},
    "startend:end_checker": {"end_phrase"},
}
# Words of zh-CN that OpenCC and language models get wrong on the way to zh-TW.
HARD_WORDS = """
皇后 后来 10里 城里 里面 理发 发现 干旱 树干 干冰 面包 表面 一只 太阳系 关系 松鼠 松软 康复 复制
台风 一台 谷物 鼠标 内存 软件 网络 打印机 视频 程序 函数 循环 对象 文件 数据 硬盘 服务器
速度 速率 质量 重量 准确率 精确率 自转 公转
以上都不对 以上皆是 A和C 不正确 ____ 万 亿 % https:// \\frac \\( `
"""
# English words that bring a number into a calculation without a digit.
NUMBERS_IN_WORDS = {"PM": "12", "weeks": "7", "May": "31", "million": "1000000"}
# What English items carry that Korean and Traditional Chinese merge, reorder, count or write anew.
ENGLISH_TRAPS = (
    *("Velocity", "Speed", "mass", "weight", "Accuracy", "Precision", "rotation", "revolution"),
    *("sensitivity", "specificity", "All of the above", "Both A and C", "EXCEPT", "NOT"),
    *("____", "$\\frac", "`", "AM", "PM", "December 10, 1815", "Mina", "1,000", "$4.8"),
    *("million", "billion", "m/s", "kg", "dozen", "gallon", "pounds", "half as much", "a third"),
)


def read(name: str) -> list[dict[str, Any]]:
    """Return the items of one sample file."""
    lines = (SAMPLES / f"{name}.jsonl").read_bytes().decode("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def strings(value: object) -> list[str]:
    """Return every string inside a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return []


def each(*names: str) -> pytest.MarkDecorator:
    """Make one test per item of the files, named by its id, or by file and place if it has none."""
    return pytest.mark.parametrize(
        "item",
        [
            pytest.param(item, id=f"{name}-{place if key == 'question' else item[key]}")
            for name in names
            for key in [IDENTITY[name]]
            for place, item in enumerate(read(name))
        ],
    )


@pytest.mark.parametrize("name", LAYOUTS)
def test_file_has_the_published_layout(name: str) -> None:
    keys, least = LAYOUTS[name]
    items = read(name)
    assert len(items) >= least
    assert [list(item) for item in items] == [keys] * len(items)


@pytest.mark.parametrize("name", LAYOUTS)
def test_file_is_plain_json_lines(name: str) -> None:
    raw = (SAMPLES / f"{name}.jsonl").read_bytes().decode("utf-8")
    rebuilt = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in read(name))
    assert raw == rebuilt


@pytest.mark.parametrize("name", LAYOUTS)
def test_items_are_unique(name: str) -> None:
    identities = [item[IDENTITY[name]] for item in read(name)]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_text_is_empty_or_padded(name: str) -> None:
    for text in strings(read(name)):
        assert text.strip(), text
        if not name.endswith("/code"):
            assert text == text.strip(), text


@pytest.mark.parametrize("name", CHINESE)
def test_text_is_simplified(name: str) -> None:
    """Every Han character is in GB 2312, which has next to no traditional forms."""
    han = {c for text in strings(read(name)) for c in text if "\u3400" <= c <= "\u9fff"}
    assert {c for c in han if not c.encode("gb2312", "ignore")} == set()
    assert han.isdisjoint("後乾"), "traditional all the same, though GB 2312 has them"


@pytest.mark.parametrize("name", ENGLISH)
def test_text_is_english(name: str) -> None:
    """No other script than Latin: Korean or Chinese in an output is the translation."""
    for text in strings(read(name)):
        assert all(c < "\u0250" or c in "“”" for c in text), text


def test_readme_states_the_counts() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w/-]+)\.jsonl` \| `\w+` \| (\d+) \|", readme, re.MULTILINE)
    counts = {name: len(read(name)) for name in LAYOUTS}
    assert {name: int(count) for name, count in rows} == counts
    chinese = sum(counts[name] for name in CHINESE)
    assert chinese >= 66
    assert f"{chinese} items in Simplified Chinese" in readme
    assert f"{sum(counts[name] for name in ENGLISH)} in English" in readme
    for name in ("zh-CN/multiple_choice", "en/multiple_choice"):
        subjects = {item["subject"] for item in read(name)}
        assert f"over {len(subjects)} subjects" in readme


def test_injections_are_in_the_items() -> None:
    carriers = [
        name
        for name in LAYOUTS
        if any(INJECTIONS[name.split("/")[0]] in text for text in strings(read(name)))
    ]
    assert len([name for name in carriers if name in CHINESE]) >= 2
    assert "en/multiple_choice" in carriers


def test_multiple_choice_covers_subjects_and_labels() -> None:
    items = read("zh-CN/multiple_choice")
    assert len({item["subject"] for item in items}) >= 16
    labels = Counter(item["answer"] for item in items)
    assert set(labels) == set("ABCD")
    assert max(labels.values()) <= len(items) / 3, "a model that always picks one letter scores low"


@each("zh-CN/multiple_choice")
def test_options_are_distinct(item: dict[str, Any]) -> None:
    assert item["answer"] in {"A", "B", "C", "D"}
    assert len({item[letter] for letter in "ABCD"}) == 4


@pytest.mark.parametrize("word", HARD_WORDS.split())
def test_multiple_choice_carries_the_hard_word(word: str) -> None:
    assert any(word in text for text in strings(read("zh-CN/multiple_choice")))


def test_english_multiple_choice_covers_subjects_and_labels() -> None:
    items = read("en/multiple_choice")
    assert len({item["subject"] for item in items}) >= 10
    labels = Counter(item["answer"] for item in items)
    assert set(labels) == {0, 1, 2, 3}
    assert max(labels.values()) <= len(items) / 3, "a model that always picks one option scores low"


@each("en/multiple_choice")
def test_english_options_are_distinct(item: dict[str, Any]) -> None:
    assert len(item["choices"]) == len(set(item["choices"])) == 4
    assert isinstance(item["answer"], int)


@pytest.mark.parametrize("trap", ENGLISH_TRAPS)
def test_english_items_carry_the_trap(trap: str) -> None:
    texts = [text for name in ENGLISH for text in strings(read(name))]
    assert any(re.search(rf"(?<!\w){re.escape(trap)}", text) for text in texts)


def calculate(expression: str) -> Fraction:
    """Return the exact value of an expression of numbers, + - * / and brackets."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return Fraction(str(node.value))
        if isinstance(node, ast.BinOp):
            left, right = value(node.left), value(node.right)
            if isinstance(node.op, ast.Add):
                return left + right
            if isinstance(node.op, ast.Sub):
                return left - right
            if isinstance(node.op, ast.Mult):
                return left * right
            if isinstance(node.op, ast.Div):
                return left / right
        raise ValueError(f"not plain arithmetic: {expression}")

    return value(ast.parse(expression, mode="eval").body)


@each("zh-CN/school_math", "en/school_math")
def test_worked_solution_is_right(item: dict[str, Any]) -> None:
    *steps, last = item["answer"].split("\n")
    marks = [mark for step in steps for mark in re.findall(r"<<(.+?)=(.+?)>>([\d.,]+)", step)]
    assert marks
    for expression, result, shown in marks:
        assert calculate(expression) == Fraction(result), expression
        assert shown.rstrip(".,").replace(",", "") == result, expression
        shows = re.compile(re.escape(expression) + r"=\$?<<")
        assert shows.search(item["answer"]), "the step shows the expression it calculates"
    final = re.fullmatch(r"#### ([\d,.]+)", last)
    assert final is not None
    assert Fraction(final[1].replace(",", "")) == Fraction(marks[-1][1])


@each("zh-CN/school_math", "en/school_math")
def test_every_calculated_number_comes_from_the_problem(item: dict[str, Any]) -> None:
    """A number in a step stands in the problem, is an earlier result, or is a unit conversion."""
    question = re.sub(r"(?<=\d),(?=\d{3})", "", item["question"])
    known = set(re.findall(r"\d+(?:\.\d+)?", question)) | {"10000", "100", "60"}
    known |= {str(float(number) / 100) for number in known}  # percentages and 八折 as decimals
    known |= {"0.8", "1", "2", "3", "4"}  # wheels, fractions and "one less than three"
    known |= {number for word, number in NUMBERS_IN_WORDS.items() if word in question}
    for expression, result in re.findall(r"<<(.+?)=(.+?)>>", item["answer"]):
        assert set(re.findall(r"\d+(?:\.\d+)?", expression)) <= known, expression
        known.add(result)


@each("zh-CN/reading")
def test_answer_span_is_where_it_says(item: dict[str, Any]) -> None:
    context, answers = item["context"], item["answers"]
    assert 80 <= len(context) <= 250
    assert list(answers) == ["text", "answer_start"]
    assert len(answers["text"]) == len(answers["answer_start"]) >= 1
    for text, start in zip(answers["text"], answers["answer_start"], strict=True):
        assert context[start : start + len(text)] == text


def test_reading_has_the_hard_offsets() -> None:
    first = [
        (item["context"].index(text), start, item["context"][:start])
        for item in read("zh-CN/reading")
        for text, start in zip(*item["answers"].values(), strict=True)
    ]
    assert any(start != found for found, start, _ in first), "a later occurrence is meant"
    assert any(max(before) > "\uffff" for _, _, before in first), "UTF-16 offsets would differ"


@each("zh-CN/code", "en/code")
def test_reference_solution_passes(item: dict[str, Any]) -> None:
    namespace: dict[str, Any] = {"__name__": "sample"}
    program = item["prompt"] + item["canonical_solution"]
    exec(compile(program + item["test"], item["task_id"], "exec"), namespace)
    namespace["check"](namespace[item["entry_point"]])


@each("zh-CN/code", "en/code")
def test_doctests_pass(item: dict[str, Any]) -> None:
    namespace: dict[str, Any] = {"__name__": "sample"}
    program = item["prompt"] + item["canonical_solution"]
    exec(compile(program, item["task_id"], "exec"), namespace)
    functions = [node for node in ast.parse(program).body if isinstance(node, ast.FunctionDef)]
    assert functions[-1].name == item["entry_point"]
    runner = doctest.DocTestRunner(verbose=False)
    for function in functions:
        text = ast.get_docstring(function, clean=False) or ""
        assert re.search(r"[\u4e00-\u9fff]{4}|[a-z]+ [a-z]+ [a-z]+ ", text), "there is prose"
        test = doctest.DocTestParser().get_doctest(text, namespace, function.name, None, 0)
        assert test.examples
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@each("zh-CN/two_turns")
def test_two_turns(item: dict[str, Any]) -> None:
    assert isinstance(item["question_id"], int)
    assert len(item["turns"]) == 2
    assert all(isinstance(turn, str) for turn in item["turns"])


@each("zh-CN/instructions", "en/instructions")
def test_instruction_arguments(item: dict[str, Any]) -> None:
    assert isinstance(item["key"], int)
    for name, arguments in zip(item["instruction_id_list"], item["kwargs"], strict=True):
        assert set(arguments) == CHECKER_ARGUMENTS[name]
        for text in strings({k: v for k, v in arguments.items() if k != "relation"}):
            assert text in item["prompt"], "a literal that is checked stands in the prompt"
        for number in (v for v in arguments.values() if isinstance(v, int)):
            assert str(number) in item["prompt"]
