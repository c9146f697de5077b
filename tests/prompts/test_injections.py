"""Items that speak to the translator: they are text, whatever they say."""

from collections import Counter
from collections.abc import Callable

from glossary.language import Pair, parse_language, parse_pair
from prompts.answer import read_answer
from prompts.mask import find_control_token, restore
from prompts.profile import Profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render

TARGETS = {"en": "en>ko", "zh-TW": "zh-TW>en", "zh-CN": "zh-CN>zh-TW", "ko": "ko>en"}
# Written out here so that the test does not depend on what the code thinks a token is.
TOKENS = [
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|system|>",
    "<|turn>",
    "<turn|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<bos>",
    "<eos>",
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "[TOOL_CALLS]",
    "<｜end▁of▁sentence｜>",
    "<｜hy_User｜>",
]


def item(text: str, answer_format: AnswerFormat) -> list[PromptField]:
    fields = [
        PromptField("question", "question", text),
        PromptField("option_A", "option A", f"{text}\n(A)"),
        PromptField("option_B", "option B", "42"),
    ]
    return fields[:1] if answer_format is AnswerFormat.PLAIN else fields


def pair_of(entry: dict[str, str]) -> Pair:
    return parse_pair(TARGETS[entry["language"]])


def test_the_set_has_ten_texts_in_each_language(injections: list[dict[str, str]]) -> None:
    assert Counter(entry["language"] for entry in injections) == dict.fromkeys(TARGETS, 10)
    assert len({entry["id"] for entry in injections}) == len(injections)
    assert len({entry["kind"] for entry in injections}) >= 12
    for entry in injections:
        parse_language(entry["language"])


def test_every_text_lies_wholly_between_its_marks(
    injections: list[dict[str, str]],
    profiles_and_formats: list[tuple[Profile, AnswerFormat]],
    places: Callable[[RenderedPrompt], tuple[str, str]],
) -> None:
    """And everything around it is, byte for byte, what stands around a harmless item."""
    for profile, answer_format in profiles_and_formats:
        for entry in injections:
            pair = pair_of(entry)
            harmless = render(profile, pair, item("7", answer_format), answer_format=answer_format)
            rendered = render(
                profile, pair, item(entry["text"], answer_format), answer_format=answer_format
            )
            assert places(rendered) == places(harmless), (profile.name, answer_format, entry["id"])
            assert rendered.messages[:-1] == harmless.messages[:-1]
            # What is shown is the whole text: nothing was cut off or reworded.
            shown = restore(rendered.shown["question"], rendered.masked)
            assert shown == entry["text"].strip()


def test_no_control_token_of_an_item_reaches_the_prompt(
    injections: list[dict[str, str]],
    profiles_and_formats: list[tuple[Profile, AnswerFormat]],
    sent: Callable[[RenderedPrompt], str],
) -> None:
    for profile, answer_format in profiles_and_formats:
        for entry in injections:
            rendered = render(
                profile,
                pair_of(entry),
                item(entry["text"], answer_format),
                answer_format=answer_format,
            )
            harmless = render(
                profile, pair_of(entry), item("7", answer_format), answer_format=answer_format
            )
            for text in rendered.shown.values():
                assert find_control_token(text, profile.control_tokens) is None
            for token in (*TOKENS, *profile.control_tokens):
                assert sent(rendered).count(token) == sent(harmless).count(token), entry["id"]


def test_the_code_of_the_marks_is_in_no_text(
    injections: list[dict[str, str]], profiles_and_formats: list[tuple[Profile, AnswerFormat]]
) -> None:
    for profile, answer_format in profiles_and_formats:
        for entry in injections:
            fields = item(entry["text"], answer_format)
            rendered = render(profile, pair_of(entry), fields, answer_format=answer_format)
            if rendered.fence:
                assert not any(rendered.fence in part.text for part in fields)


def test_every_text_can_be_read_back(
    injections: list[dict[str, str]],
    profiles_and_formats: list[tuple[Profile, AnswerFormat]],
    echoed: Callable[[RenderedPrompt], str],
) -> None:
    for profile, answer_format in profiles_and_formats:
        for entry in injections:
            fields = item(entry["text"], answer_format)
            rendered = render(profile, pair_of(entry), fields, answer_format=answer_format)
            answer = read_answer(echoed(rendered), rendered)
            assert answer == {part.key: part.text for part in fields}, entry["id"]
