from importlib.resources import files

import pytest

from glossary.language import Language, parse_pair
from prompts.errors import BadProfile, FormatNotOffered, LanguageNotOffered, UnknownProfile
from prompts.library import load_template
from prompts.profile import PROFILE_NAMES, load_profile, profile_for_model, read_profile
from prompts.prompt import AnswerFormat, PromptField
from prompts.render import render

MINIMAL = """
name: mine
title: Mine
formats: [plain]
sampling: {temperature: 0}
diverse: {temperature: 1}
licence: {name: MIT, url: "https://example.org"}
"""


def test_the_list_of_names_is_the_list_of_files() -> None:
    folder = files("prompts") / "profiles"
    on_disk = {entry.name.removesuffix(".yaml") for entry in folder.iterdir()}
    assert on_disk == set(PROFILE_NAMES)


def test_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(UnknownProfile, match=r"Did you mean qwen2\.5"):
        load_profile("qwen2")


@pytest.mark.parametrize(
    ("model_id", "name", "title"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "qwen2.5", "Qwen2.5 Instruct"),
        ("/models/qwen2.5-32b-instruct-awq", "qwen2.5", "Qwen2.5 Instruct"),
        ("Qwen/Qwen2.5-3B-Instruct", "qwen2.5", "Qwen2.5 3B Instruct"),
        ("Qwen/Qwen2.5-72B-Instruct", "qwen2.5", "Qwen2.5 72B Instruct"),
        ("Qwen/Qwen3-30B-A3B", "qwen3", "Qwen3"),
        ("Qwen/Qwen3.5-4B", "qwen3", "Qwen3"),
        ("google/gemma-2-9b-it", "gemma-2", "Gemma 2"),
        ("google/gemma-3-27b-it", "gemma-3", "Gemma 3"),
        ("google/translategemma-12b-it", "translategemma", "TranslateGemma"),
        ("Unbabel/TowerInstruct-7B-v0.2", "tower", "TowerInstruct"),
        ("Unbabel/Tower-Plus-9B", "tower", "Tower+"),
        ("ByteDance-Seed/Seed-X-PPO-7B", "seed-x", "Seed-X 7B"),
        ("tencent/Hy-MT2-7B-FP8", "hy-mt2", "Hy-MT2"),
        ("tencent/Hy-MT2-30B-A3B", "hy-mt2", "Hy-MT2 30B-A3B"),
        ("tencent/HY-MT1.5-7B", "hy-mt2", "HY-MT1.5"),
        ("tencent/Hunyuan-MT-7B", "hy-mt2", "Hunyuan-MT"),
    ],
)
def test_a_model_id_leads_to_its_family(model_id: str, name: str, title: str) -> None:
    profile = profile_for_model(model_id)
    assert (profile.name, profile.title) == (name, title)
    fitting = [other for other in PROFILE_NAMES if load_profile(other).matches(model_id)]
    assert fitting == [name], "the order of the profiles must not decide"


@pytest.mark.parametrize(
    "model_id",
    [
        "meta-llama/Llama-3.1-8B-Instruct",
        "google/gemma-4-31b-it",
        "Qwen/Qwen2-7B-Instruct",
        "tiny",
        "",
        # A reward model and a merger of translations are no translators.
        "ByteDance-Seed/Seed-X-RM-7B",
        "tencent/Hunyuan-MT-Chimera-7B",
    ],
)
def test_an_unknown_model_is_prompted_in_the_generic_way(model_id: str) -> None:
    assert profile_for_model(model_id) == load_profile("generic")


def test_models_with_a_regional_licence_say_where_they_must_not_be_used() -> None:
    assert profile_for_model("tencent/HY-MT1.5-7B").licence.excluded_regions == ("EU", "GB", "KR")
    assert profile_for_model("tencent/Hy-MT2-7B").licence.excluded_regions == ()


def test_non_commercial_models_say_so() -> None:
    for model_id in ("Unbabel/TowerInstruct-7B-v0.2", "Unbabel/Tower-Plus-9B"):
        licence = profile_for_model(model_id).licence
        assert licence.name.startswith("CC-BY-NC")
        assert "non-commercial" in licence.note
    assert "non-commercial" in profile_for_model("Qwen/Qwen2.5-3B-Instruct").licence.note


@pytest.mark.parametrize("name", [name for name in PROFILE_NAMES if name != "generic"])
def test_no_family_is_sampled_with_a_repetition_penalty(name: str) -> None:
    """vLLM takes the model's own penalty when a request is silent, so the request says 1."""
    profile = load_profile(name)
    for sampling in (profile.sampling, profile.diverse, *(v.sampling for v in profile.variants)):
        if sampling:
            assert sampling.body()["repetition_penalty"] == 1.0
            assert {"temperature", "top_p", "top_k"} <= sampling.body().keys()


def test_the_generic_profile_sends_only_what_every_server_knows() -> None:
    assert load_profile("generic").sampling.body() == {"temperature": 0.0, "top_p": 1.0}


def test_candidates_can_differ() -> None:
    for name in PROFILE_NAMES:
        assert load_profile(name).diverse.temperature > 0


def test_qwen3_does_not_think() -> None:
    assert load_profile("qwen3").extra == {"chat_template_kwargs": {"enable_thinking": False}}


def test_plain_is_always_one_text_per_request() -> None:
    assert load_profile("qwen2.5").unit_for(AnswerFormat.SECTIONS) == "item"
    assert load_profile("qwen2.5").unit_for(AnswerFormat.PLAIN) == "segment"
    assert load_profile("hy-mt2").unit_for(AnswerFormat.JSON) == "item"
    assert load_profile("tower").unit == "segment"


def test_every_documented_prompt_exists_and_names_all_languages() -> None:
    for profile in map(load_profile, PROFILE_NAMES):
        variants = [variant.documented or () for variant in profile.variants]
        for prompt in (*profile.documented, *(prompt for some in variants for prompt in some)):
            assert load_template(prompt.template)
            assert set(prompt.names) == set(Language)


def test_misspelt_entry_is_refused_with_its_name() -> None:
    with pytest.raises(BadProfile, match="sytem_role"):
        read_profile("mine", MINIMAL + "sytem_role: true\n")


def test_broken_pattern_is_refused() -> None:
    with pytest.raises(BadProfile, match="no regular expression"):
        read_profile("mine", MINIMAL + "patterns: ['(']\n")


def test_broken_yaml_is_refused() -> None:
    with pytest.raises(BadProfile, match="mine"):
        read_profile("mine", "name: [")


def test_a_profile_is_called_like_its_file() -> None:
    with pytest.raises(BadProfile, match="calls itself 'mine'"):
        read_profile("yours", MINIMAL)


def test_a_changed_profile_has_another_fingerprint() -> None:
    first, second = read_profile("mine", MINIMAL), read_profile("mine", MINIMAL + "stop: [x]\n")
    assert len(first.fingerprint) == 12
    assert first.fingerprint != second.fingerprint


def test_a_language_without_a_name_is_refused_before_sending() -> None:
    text = MINIMAL + "documented: [{template: seed-x, names: {en: English}, codes: {en: en}}]\n"
    with pytest.raises(LanguageNotOffered, match="'mine' has no name for the language ko"):
        render(
            read_profile("mine", text),
            parse_pair("en>ko"),
            [PromptField("text", "text", "Hello")],
            answer_format=AnswerFormat.PLAIN,
        )


def test_a_format_without_a_documented_prompt_is_refused() -> None:
    hy_mt1 = profile_for_model("tencent/HY-MT1.5-7B")
    with pytest.raises(FormatNotOffered, match="Use one of: plain"):
        render(
            hy_mt1,
            parse_pair("en>ko"),
            [PromptField("text", "text", "Hello")],
            answer_format=AnswerFormat.JSON,
        )
