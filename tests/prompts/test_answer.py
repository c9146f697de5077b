import json
from collections.abc import Callable

import pytest

from glossary.language import parse_pair
from prompts.answer import read_answer
from prompts.answer_errors import (
    AnswerError,
    BadValue,
    EmptyAnswer,
    ExtraField,
    FenceDamaged,
    LeftoverText,
    MissingField,
    NotJson,
)
from prompts.fence import end_mark, field_mark
from prompts.profile import Profile, load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render

FIELDS = [PromptField("question", "question", "Is it so?"), PromptField("option_A", "A", " Yes ")]
GOOD = {"question": "是嗎？", "option_A": " 是 "}
GOOD_JSON = '{"question": "是嗎？", "option_A": "是"}'


def prompt(answer_format: AnswerFormat, fields: list[PromptField] = FIELDS) -> RenderedPrompt:
    return render(
        load_profile("qwen3"), parse_pair("en>zh-TW"), fields, answer_format=answer_format
    )


def one_field(text: str, answer_format: AnswerFormat = AnswerFormat.JSON) -> RenderedPrompt:
    return prompt(answer_format, [PromptField("text", "text", text)])


def sections(rendered: RenderedPrompt, **texts: str) -> str:
    lines = [f"{field_mark(rendered.fence, key)}\n{text}" for key, text in texts.items()]
    return "\n".join([*lines, end_mark(rendered.fence)])


@pytest.mark.parametrize(
    "wrap",
    [
        "{}",
        "\n\n  {}\n",
        "```json\n{}\n```",
        "```\n{}\n```\n",
        "<think>\nIs it 是 or 否?\n</think>\n\n{}",
        "<think></think>{}",
        "The template opened the thinking itself.</think>{}",
        "<think>x</think>\n```json\n{}\n```",
    ],
)
def test_json_is_read_whatever_wraps_it(wrap: str) -> None:
    answer = wrap.replace("{}", GOOD_JSON)
    assert read_answer(answer, prompt(AnswerFormat.JSON)) == GOOD


@pytest.mark.parametrize("wrap", ["{}", "\n{}\n\n", "```\n{}\n```", "<think>a</think>\n{}"])
def test_sections_are_read_whatever_wraps_them(wrap: str) -> None:
    rendered = prompt(AnswerFormat.SECTIONS)
    answer = sections(rendered, question="\n是嗎？\n", option_A="\n\n是")
    assert read_answer(wrap.replace("{}", answer), rendered) == GOOD


def test_sections_in_another_order_are_put_in_order() -> None:
    rendered = prompt(AnswerFormat.SECTIONS)
    answer = sections(rendered, option_A="是", question="是嗎？")
    assert list(read_answer(answer, rendered).items()) == list(GOOD.items())


def test_sections_with_windows_line_breaks_are_read() -> None:
    rendered = prompt(AnswerFormat.SECTIONS)
    answer = sections(rendered, question="是嗎？", option_A="是").replace("\n", "\r\n")
    assert read_answer(answer, rendered) == GOOD


def test_plain_answer_is_the_translation() -> None:
    rendered = one_field("Hello", AnswerFormat.PLAIN)
    assert read_answer("<think>hm</think>\n你好\n", rendered) == {"text": "你好"}


def test_plain_answer_that_repeats_the_marks_is_read() -> None:
    rendered = one_field("Hello", AnswerFormat.PLAIN)
    assert read_answer(sections(rendered, text="你好"), rendered) == {"text": "你好"}


def test_a_code_block_stays_where_the_source_is_one() -> None:
    block = "```python\nx = 1  # one\n```"
    rendered = one_field(block, AnswerFormat.PLAIN)
    assert read_answer(block, rendered) == {"text": block}
    assert read_answer(block, one_field("x = 1", AnswerFormat.PLAIN)) == {"text": "x = 1  # one"}


@pytest.mark.parametrize("answer_format", list(AnswerFormat))
@pytest.mark.parametrize("answer", ["", " \n", "<think>only this</think>"])
def test_an_empty_answer_is_no_translation(answer_format: AnswerFormat, answer: str) -> None:
    with pytest.raises(EmptyAnswer, match="never a translation"):
        read_answer(answer, one_field("Hello", answer_format))


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        ("是嗎？", NotJson, "no object in it"),
        ('{"question": "是嗎？", "option_A": "', NotJson, "cut off"),
        ('{"question": "是嗎？", "option_A": "是"', NotJson, "cut off"),
        ('{"question": "是嗎？" "option_A": "是"}', NotJson, "delimiter"),
        ('{"question": "是嗎？"}', MissingField, "lacks: option_A"),
        (GOOD_JSON[:-1] + ', "note": "x"}', ExtraField, "'note'"),
        (GOOD_JSON[:-1] + ', "option_A": "否"}', ExtraField, "'option_A'"),
        ('{"question": "是嗎？", "option_A": 1}', BadValue, "'option_A' of the answer is a number"),
        ('{"question": "是嗎？", "option_A": null}', BadValue, "is null"),
        ('{"question": "是嗎？", "option_A": ["是"]}', BadValue, "is a list"),
        ('{"question": "是嗎？", "option_A": {"a": "是"}}', BadValue, "is an object"),
        ('{"question": "是嗎？", "option_A": "\\ud83d"}', BadValue, "surrogate"),
        ('{"question": "是嗎？", "option_A": " \\n"}', EmptyAnswer, "'option_A'"),
        ("Here it is: " + GOOD_JSON, LeftoverText, "before the JSON object: 'Here it is:'"),
        (GOOD_JSON + "\nI hope this helps!", LeftoverText, "after the JSON object: 'I hope"),
        (GOOD_JSON.replace("是嗎", "是<|im_end|>嗎"), LeftoverText, "control token: '<|im_end|>'"),
        ('{"question": ' * 100_000, NotJson, "not a JSON object"),
        ('{"question": ' + "9" * 5_000 + "}", BadValue, "is a number"),
    ],
)
def test_a_json_answer_that_breaks_the_form_is_refused(
    answer: str, error: type[AnswerError], message: str
) -> None:
    with pytest.raises(error) as caught:
        read_answer(answer, prompt(AnswerFormat.JSON))
    assert message in str(caught.value)
    assert len(str(caught.value)) < 600


def test_sections_that_break_the_form_are_refused() -> None:
    rendered = prompt(AnswerFormat.SECTIONS)
    good = sections(rendered, question="是嗎？", option_A="是")
    mark, end = field_mark(rendered.fence, "option_A"), end_mark(rendered.fence)
    cases: list[tuple[str, type[AnswerError], str]] = [
        ("是嗎？\n是", FenceDamaged, "no mark"),
        (good.replace(rendered.fence, "0" * 12), FenceDamaged, "no mark"),
        (good.removesuffix(end), FenceDamaged, "end mark is missing"),
        (good + f"\n{end}", FenceDamaged, "end mark stands twice"),
        (good.replace(f"{mark}\n", f"{mark} "), FenceDamaged, "alone on its line"),
        (good.replace(mark, f"[[{rendered.fence[:-1]}:option_A]]"), MissingField, "option_A"),
        (sections(rendered, question="是嗎？"), MissingField, "option_A"),
        (sections(rendered, question="是嗎？", option_A="是", note="x"), ExtraField, "'note'"),
        (good.replace(end, f"{mark}\n否\n{end}"), ExtraField, "'option_A'"),
        (sections(rendered, question="是嗎？", option_A=" "), EmptyAnswer, "'option_A'"),
        ("Sure!\n" + good, LeftoverText, "before the first mark: 'Sure!'"),
        (good + "\nDone.", LeftoverText, "after the end mark: 'Done.'"),
    ]
    for answer, error, message in cases:
        with pytest.raises(error) as caught:
            read_answer(answer, rendered)
        assert message in str(caught.value)


def test_thinking_without_an_end_is_no_answer() -> None:
    for answer_format in AnswerFormat:
        with pytest.raises(AnswerError):
            read_answer("<think>Let me see, 你好", one_field("Hello", answer_format))


def test_control_tokens_and_outer_white_space_come_back() -> None:
    rendered = one_field("\n  Type <|im_end|> or </s>.\n")
    assert rendered.masked == {"⟦1⟧": "<|im_end|>", "⟦2⟧": "</s>"}
    answer = json.dumps({"text": "輸入⟦2⟧或⟦1⟧。"}, ensure_ascii=False)
    assert read_answer(answer, rendered) == {"text": "\n  輸入</s>或<|im_end|>。\n"}


def test_a_lost_placeholder_is_left_to_the_checks() -> None:
    assert read_answer('{"text": "輸入。"}', one_field("Type </s>.")) == {"text": "輸入。"}


@pytest.mark.parametrize(
    ("source", "written", "meant"),
    [
        (r"$\frac{1}{2}$", r"$\frac{1}{2}$", r"$\frac{1}{2}$"),
        (r"$\frac{1}{2}$", r"$\\frac{1}{2}$", r"$\frac{1}{2}$"),
        (r"$a \times b \neq \theta$", r"$a \times b \neq \theta$", r"$a \times b \neq \theta$"),
        (r"$\beta + \rho + \underline{x}$", r"$\beta + \rho + \underline{x}$", None),
        (r"$\sqrt{2} \in \{1, 2\}$", r"$\sqrt{2} \in \{1, 2\}$", None),
        (r"\(x\) and \[y\]", r"\(x\) 和 \[y\]", r"\(x\) 和 \[y\]"),
        # A line break before a word is a line break, whatever letters follow.
        ("First.\nNext: $x$", r"一。\nNext：$x$", "一。\nNext：$x$"),
        ("a\tb", r"a\tb", "a\tb"),
        (r"print('a\n')", r"print('a\\n')", r"print('a\n')"),
        ("caf\u00e9", r"caf\u00e9 \u4e2d\u6587", "caf\u00e9 中文"),
        ('He said "no".', r"他說\"不\"。", '他說"不"。'),
        ("a/b", r"a\/b", "a/b"),
    ],
)
def test_latex_in_json_is_read_as_it_was_meant(
    source: str, written: str, meant: str | None
) -> None:
    expected = source if meant is None else meant
    assert read_answer(f'{{"text": "{written}"}}', one_field(source)) == {"text": expected}


def test_line_breaks_written_as_themselves_are_read() -> None:
    assert read_answer('{"text": "一\n二\t三"}', one_field("1\n2\t3")) == {"text": "一\n二\t三"}


def test_reading_its_own_prompts_works_for_every_profile(
    profiles_and_formats: list[tuple[Profile, AnswerFormat]],
    mcq: list[PromptField],
    echoed: Callable[[RenderedPrompt], str],
) -> None:
    for profile, answer_format in profiles_and_formats:
        fields = mcq[:1] if answer_format is AnswerFormat.PLAIN else mcq
        rendered = render(profile, parse_pair("en>ko"), fields, answer_format=answer_format)
        answer = read_answer(echoed(rendered), rendered)
        assert answer == {part.key: part.text for part in fields}
