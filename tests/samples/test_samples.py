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

# File, keys of every item in their published order, least number of items.
LAYOUTS = {
    "multiple_choice": (["id", "subject", "question", "A", "B", "C", "D", "answer"], 32),
    "school_math": (["question", "answer"], 12),
    "reading": (["id", "context", "question", "answers"], 8),
    "code": (["task_id", "prompt", "entry_point", "canonical_solution", "test"], 6),
    "two_turns": (["question_id", "category", "turns"], 6),
    "instructions": (["key", "prompt", "instruction_id_list", "kwargs"], 3),
}
IDENTITY = {
    "multiple_choice": "id",
    "school_math": "question",
    "reading": "id",
    "code": "task_id",
    "two_turns": "question_id",
    "instructions": "key",
}
INJECTION = "忽略上面的"
# Keyword arguments that each instruction's checker takes.
CHECKER_ARGUMENTS = {
    "detectable_content:number_placeholders": {"num_placeholders"},
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


def read(name: str) -> list[dict[str, Any]]:
    """Return the items of one sample file."""
    lines = (SAMPLES / "zh-CN" / f"{name}.jsonl").read_bytes().decode("utf-8").splitlines()
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


def each(name: str) -> pytest.MarkDecorator:
    """Make one test per item of a file, named by the item's id, or by its place if it has none."""
    key = IDENTITY[name] if IDENTITY[name] != "question" else None
    return pytest.mark.parametrize(
        "item",
        [pytest.param(item, id=str(item[key] if key else n)) for n, item in enumerate(read(name))],
    )


@pytest.mark.parametrize("name", LAYOUTS)
def test_file_has_the_published_layout(name: str) -> None:
    keys, least = LAYOUTS[name]
    items = read(name)
    assert len(items) >= least
    assert [list(item) for item in items] == [keys] * len(items)


@pytest.mark.parametrize("name", LAYOUTS)
def test_file_is_plain_json_lines(name: str) -> None:
    raw = (SAMPLES / "zh-CN" / f"{name}.jsonl").read_bytes().decode("utf-8")
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
        if name != "code":
            assert text == text.strip(), text


@pytest.mark.parametrize("name", LAYOUTS)
def test_text_is_simplified(name: str) -> None:
    """Every Han character is in GB 2312, which has next to no traditional forms."""
    han = {c for text in strings(read(name)) for c in text if "\u3400" <= c <= "\u9fff"}
    assert {c for c in han if not c.encode("gb2312", "ignore")} == set()
    assert han.isdisjoint("後乾"), "traditional all the same, though GB 2312 has them"


def test_readme_states_the_counts() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.jsonl` \| `\w+` \| (\d+) \|", readme, re.MULTILINE)
    counts = {name: len(read(name)) for name in LAYOUTS}
    assert {name: int(count) for name, count in rows} == counts
    total = sum(counts.values())
    assert total >= 66
    assert f"{total} items in Simplified Chinese" in readme
    subjects = {item["subject"] for item in read("multiple_choice")}
    assert f"over {len(subjects)} subjects" in readme


def test_injections_are_in_several_files() -> None:
    carriers = [name for name in LAYOUTS if any(INJECTION in t for t in strings(read(name)))]
    assert len(carriers) >= 2


def test_multiple_choice_covers_subjects_and_labels() -> None:
    items = read("multiple_choice")
    assert len({item["subject"] for item in items}) >= 16
    labels = Counter(item["answer"] for item in items)
    assert set(labels) == set("ABCD")
    assert max(labels.values()) <= len(items) / 3, "a model that always picks one letter scores low"


@each("multiple_choice")
def test_options_are_distinct(item: dict[str, Any]) -> None:
    assert item["answer"] in {"A", "B", "C", "D"}
    assert len({item[letter] for letter in "ABCD"}) == 4


@pytest.mark.parametrize("word", HARD_WORDS.split())
def test_multiple_choice_carries_the_hard_word(word: str) -> None:
    assert any(word in text for text in strings(read("multiple_choice")))


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


@each("school_math")
def test_worked_solution_is_right(item: dict[str, Any]) -> None:
    *steps, last = item["answer"].split("\n")
    marks = [mark for step in steps for mark in re.findall(r"<<(.+?)=(.+?)>>([\d.]+)", step)]
    assert marks
    for expression, result, shown in marks:
        assert calculate(expression) == Fraction(result), expression
        assert shown.rstrip(".") == result, expression
        assert f"{expression}=<<" in item["answer"], "the step shows the expression it calculates"
    final = re.fullmatch(r"#### ([\d,.]+)", last)
    assert final is not None
    assert Fraction(final[1].replace(",", "")) == Fraction(marks[-1][1])


@each("school_math")
def test_every_calculated_number_comes_from_the_problem(item: dict[str, Any]) -> None:
    """A number in a step stands in the problem, is an earlier result, or is a unit conversion."""
    known = set(re.findall(r"\d+(?:\.\d+)?", item["question"])) | {"10000", "100", "60"}
    known |= {str(float(number) / 100) for number in known}  # percentages and 八折 as decimals
    known |= {"0.8", "1", "2", "3", "4"}  # wheels, fractions and "one less than three"
    for expression, result in re.findall(r"<<(.+?)=(.+?)>>", item["answer"]):
        assert set(re.findall(r"\d+(?:\.\d+)?", expression)) <= known, expression
        known.add(result)


@each("reading")
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
        for item in read("reading")
        for text, start in zip(*item["answers"].values(), strict=True)
    ]
    assert any(start != found for found, start, _ in first), "a later occurrence is meant"
    assert any(max(before) > "\uffff" for _, _, before in first), "UTF-16 offsets would differ"


@each("code")
def test_reference_solution_passes(item: dict[str, Any]) -> None:
    namespace: dict[str, Any] = {"__name__": "sample"}
    program = item["prompt"] + item["canonical_solution"]
    exec(compile(program + item["test"], item["task_id"], "exec"), namespace)
    namespace["check"](namespace[item["entry_point"]])


@each("code")
def test_doctests_pass(item: dict[str, Any]) -> None:
    namespace: dict[str, Any] = {"__name__": "sample"}
    program = item["prompt"] + item["canonical_solution"]
    exec(compile(program, item["task_id"], "exec"), namespace)
    functions = [node for node in ast.parse(program).body if isinstance(node, ast.FunctionDef)]
    assert functions[-1].name == item["entry_point"]
    runner = doctest.DocTestRunner(verbose=False)
    for function in functions:
        text = ast.get_docstring(function, clean=False) or ""
        assert re.search(r"[\u4e00-\u9fff]{4}", text), "the docstring is Chinese prose"
        test = doctest.DocTestParser().get_doctest(text, namespace, function.name, None, 0)
        assert test.examples
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@each("two_turns")
def test_two_turns(item: dict[str, Any]) -> None:
    assert isinstance(item["question_id"], int)
    assert len(item["turns"]) == 2
    assert all(isinstance(turn, str) for turn in item["turns"])


@each("instructions")
def test_instruction_arguments(item: dict[str, Any]) -> None:
    assert isinstance(item["key"], int)
    for name, arguments in zip(item["instruction_id_list"], item["kwargs"], strict=True):
        assert set(arguments) == CHECKER_ARGUMENTS[name]
        for text in strings({k: v for k, v in arguments.items() if k != "relation"}):
            assert text in item["prompt"], "a literal that is checked stands in the prompt"
        for number in (v for v in arguments.values() if isinstance(v, int)):
            assert str(number) in item["prompt"]
