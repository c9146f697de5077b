import json

from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.language import parse_pair
from prompts.answer import read_answer
from prompts.answer_errors import AnswerError
from prompts.fence import end_mark, field_mark
from prompts.mask import find_control_token, mask, restore
from prompts.profile import load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render

PIECES = st.sampled_from(
    [
        *(
            "<|im_end|>",
            "<s>",
            "</think>",
            "<think>",
            "[INST]",
            "<|",
            "|>",
            "⟦1⟧",
            "⟦",
            "⟫",
            "⦃",
            "⦗",
        ),
        *("[[", "]]", "[[0123456789ab:q]]", "[[/0123456789ab]]", "```", "```json\n", "\n", "\r\n"),
        *(
            "\\",
            "\\frac",
            "\\n",
            '"',
            "{",
            "}",
            "$",
            "\u2028",
            "\x0b",
            "\u3000",
            "\ufeff",
            "題",
            "한",
        ),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), min_size=1, max_size=12).map("".join)
ITEMS = st.dictionaries(
    st.from_regex(r"[A-Za-z0-9_]{1,12}", fullmatch=True),
    TEXTS.filter(lambda text: bool(text.strip())),
    min_size=1,
    max_size=5,
)


def rendered_item(texts: dict[str, str], answer_format: AnswerFormat) -> RenderedPrompt:
    fields = [PromptField(key, key, text) for key, text in texts.items()]
    return render(load_profile("qwen3"), parse_pair("en>ko"), fields, answer_format=answer_format)


@given(ITEMS)
@settings(deadline=None)
def test_a_section_answer_of_the_same_texts_reads_back_equal(texts: dict[str, str]) -> None:
    rendered = rendered_item(texts, AnswerFormat.SECTIONS)
    assert not any(rendered.fence in text for text in texts.values())
    marked = [f"{field_mark(rendered.fence, key)}\n{rendered.shown[key]}" for key in texts]
    answer = "\n".join([*marked, end_mark(rendered.fence)])
    assert read_answer(answer, rendered) == texts


@given(ITEMS)
@settings(deadline=None)
def test_a_json_answer_of_the_same_texts_reads_back_equal(texts: dict[str, str]) -> None:
    rendered = rendered_item(texts, AnswerFormat.JSON)
    answer = json.dumps(dict(rendered.shown), ensure_ascii=False)
    assert read_answer(answer, rendered) == texts


@given(ITEMS)
def test_masking_is_undone_and_leaves_no_token(texts: dict[str, str]) -> None:
    masked = mask(texts)
    assert {key: restore(text, masked.tokens) for key, text in masked.texts.items()} == texts
    assert not any(find_control_token(text) for text in masked.texts.values())
    assert not any(mark in text for mark in masked.tokens for text in texts.values())


@given(st.text(), st.sampled_from(list(AnswerFormat)))
@settings(deadline=None)
def test_any_answer_is_read_or_refused_by_name(answer: str, answer_format: AnswerFormat) -> None:
    rendered = rendered_item({"text": "Hello"}, answer_format)
    try:
        values = read_answer(answer, rendered)
    except AnswerError:
        return
    assert list(values) == ["text"]
    assert values["text"].strip()
