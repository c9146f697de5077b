import pytest

from prompts.mask import find_control_token, mask, restore

TOKENS = [
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|start_header_id|>",
    "<|turn>",
    "<turn|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<bos>",
    "<eos>",
    "<pad>",
    "<unused7>",
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
    "<think>",
    "</think>",
    "<THINK>",
    "<tool_call>",
    "[TOOL_CALLS]",
    "<｜end▁of▁sentence｜>",
    "<｜hy_User｜>",
    "<eos:6124c78e>",
]


@pytest.mark.parametrize("token", TOKENS)
def test_token_is_taken_out_and_put_back(token: str) -> None:
    text = f"before {token}after{token}"
    masked = mask({"a": text})
    assert masked.texts == {"a": "before ⟦1⟧after⟦1⟧"}
    assert masked.tokens == {"⟦1⟧": token}
    assert restore(masked.texts["a"], masked.tokens) == text


@pytest.mark.parametrize(
    "text",
    [
        "if a <| b then c |> d",
        "x <= y and y >= z, <<3*4=12>>, #### 12",
        "<b>bold</b> <div> <a href='s'> </sup>",
        "P(A|B) > |x|, <psi|phi>, [A] [B] [MASK]",
        "vector<int> s; List<String>",
        "[[0123456789ab:question]]",
        "생각 <생각> 〈詩〉《書》",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert mask({"a": text}).texts == {"a": text}


def test_different_tokens_have_different_placeholders_in_all_fields() -> None:
    masked = mask({"a": "<s>x</s>", "b": "</s><s>"})
    assert masked.texts == {"a": "⟦1⟧x⟦2⟧", "b": "⟦2⟧⟦1⟧"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⟦1⟧ <s>", "⟦1⟧ ⟪1⟫"),
        ("⟦ <s>", "⟦ ⟪1⟫"),
        ("⟦1⟧ ⟪⟫ ⦃⦄ ⦗⦘ ⟦41⟧ <s>", "⟦1⟧ ⟪⟫ ⦃⦄ ⦗⦘ ⟦41⟧ ⟦42⟧"),
    ],
)
def test_a_placeholder_is_never_text_of_the_item(text: str, expected: str) -> None:
    masked = mask({"a": text})
    assert masked.texts["a"] == expected
    assert restore(masked.texts["a"], masked.tokens) == text


def test_a_token_hidden_in_another_leaves_none_behind() -> None:
    masked = mask({"a": "<|im_<|x|>start|> <|<s>|> <<s>s>"})
    assert find_control_token(masked.texts["a"]) is None
    assert restore(masked.texts["a"], masked.tokens) == "<|im_<|x|>start|> <|<s>|> <<s>s>"


def test_a_family_has_tokens_of_its_own() -> None:
    assert find_control_token("Write <ko>.") is None
    assert find_control_token("Write <ko>.", ["<ko>"]) == "<ko>"
    assert mask({"a": "Write <ko> and <s>."}, ["<ko>"]).texts == {"a": "Write ⟦1⟧ and ⟦2⟧."}


def test_a_lost_placeholder_is_no_error() -> None:
    assert restore("no mark here", {"⟦1⟧": "<s>"}) == "no mark here"


def test_a_long_text_full_of_brackets_is_masked_in_no_time() -> None:
    text = "<|" * 50_000 + "x" + "|>" * 50_000
    masked = mask({"a": text})
    assert restore(masked.texts["a"], masked.tokens) == text
