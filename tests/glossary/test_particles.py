"""Particles follow the sound at the end of a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.matching.korean_reading import Ending, ending_of
from glossary.matching.particles import allomorph, is_tail, substituted

PAIRS = (
    "은 는|이 가|을 를|과 와|이나 나|이란 란|이라 라|이며 며|이든 든|이랑 랑|이여 여|이고 고"
    "|이니 니|이다 다|이라도 라도|이면 면|이지만 지만|이므로 므로|이었다 였다|이에요 예요"
    "|이어서 여서|이라는 라는|이야말로 야말로"
)


@pytest.mark.parametrize("pair", PAIRS.split("|"))
def test_one_form_after_consonants_one_after_vowels(pair: str) -> None:
    closed, open_ = pair.split()
    for given_form in (closed, open_):
        assert allomorph("책", given_form) == closed
        assert allomorph("모델", given_form) == closed
        assert allomorph("서버", given_form) == open_


def test_the_vocative_and_the_copula_share_a_form() -> None:
    assert (allomorph("책", "아"), allomorph("서버", "아")) == ("아", "야")
    # 서버야 calls a server or says what something is; of things one rather says what they are.
    assert allomorph("책", "야") == "이야"


@pytest.mark.parametrize("particle", ["으로", "로"])
def test_after_rieul_direction_is_as_after_a_vowel(particle: str) -> None:
    assert allomorph("모델", particle) == "로"
    assert allomorph("서버", particle) == "로"
    assert allomorph("집합", particle) == "으로"
    assert allomorph("집합", particle + "부터") == "으로부터"


@pytest.mark.parametrize("particle", ["에서", "의", "도", "만", "까지", "입니다", "처럼", "에게"])
def test_particles_of_one_form_stay(particle: str) -> None:
    assert allomorph("책", particle) == allomorph("서버", particle) == particle


@pytest.mark.parametrize(
    ("word", "particle"),
    [
        # numbers, read in Chinese numerals
        ("0", "을"), ("1", "을"), ("2", "를"), ("3", "을"), ("4", "를"), ("5", "를"), ("6", "을"),
        ("7", "을"), ("8", "을"), ("9", "를"), ("10", "을"), ("100", "을"), ("1,000", "을"),
        ("20000", "을"), ("100000000", "을"), ("1000000000000", "를"), ("2024", "를"),
        ("1.5", "를"), ("1.50", "을"), ("3.0", "을"),
        # behind letters a single digit is read in English
        ("GPT-4", "를"), ("MP3", "를"), ("F1", "을"), ("H100", "을"), ("COVID-19", "를"),
        # capitals letter by letter
        ("API", "를"), ("GPU", "를"), ("LLM", "을"), ("URL", "을"), ("JSON", "을"), ("SQL", "을"),
        ("PDF", "를"), ("HTML", "을"), ("CNN", "을"), ("TPU", "를"), ("R", "을"), ("X", "를"),
        # words by their spelling
        ("Python", "을"), ("server", "를"), ("kernel", "을"), ("Linux", "를"), ("token", "을"),
        ("Google", "을"), ("Apple", "을"), ("file", "을"), ("type", "을"), ("pipeline", "을"),
        ("chatbot", "을"), ("dataset", "을"), ("web", "을"), ("app", "을"), ("log", "를"),
        ("code", "를"), ("cache", "를"), ("table", "을"), ("framework", "를"), ("task", "를"),
        ("learning", "을"), ("algorithm", "을"), ("prompt", "를"), ("batch", "를"), ("bit", "를"),
        ("Transformer", "를"), ("softmax", "를"), ("GitHub", "를"), ("notebook", "을"),
        # signs and units
        ("50%", "를"), ("5kg", "을"), ("3km", "를"), ("C++", "를"), ("C#", "을"), ("25℃", "를"),
        ("α", "를"), ("ε", "을"), ("$", "를"),
        # closing signs and brackets are not read
        ("모델(model)", "을"), ("“서버”", "를"), ("**모델**", "을"), ("서버(server)", "를"),
    ],
)  # fmt: skip
def test_how_a_word_is_read(word: str, particle: str) -> None:
    assert allomorph(word, "을") == particle


@pytest.mark.parametrize("word", ["漢字", "あ", "", "  ", "()", "→"])
def test_where_nobody_can_say_the_particle_stays(word: str) -> None:
    assert ending_of(word) is None
    assert allomorph(word, "을") == "을"
    assert allomorph(word, "를") == "를"


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("서버를 끈다", "서버", "모델", "모델을 끈다"),
        ("모델은 크다", "모델", "서버", "서버는 크다"),
        ("모델로부터 왔다", "모델", "집합", "집합으로부터 왔다"),
        ("집합으로부터는 아니다", "집합", "모델", "모델로부터는 아니다"),
        ("파일로", "파일", "책", "책으로"),
        ("서버에서는", "서버", "모델", "모델에서는"),
        ("서버와의 관계", "서버", "모델", "모델과의 관계"),
        ("서버다.", "서버", "모델", "모델이다."),
        ("모델이었습니다", "모델", "서버", "서버였습니다"),
        ("서버여서", "서버", "모델", "모델이어서"),
        ("모델이며 함수이며", "모델", "서버", "서버며 함수이며"),
        ("모델이란 무엇인가", "모델", "서버", "서버란 무엇인가"),
        ("API를 부른다", "API", "응용 프로그램", "응용 프로그램을 부른다"),
        ("모델(model)은", "모델", "서버", "서버(model)는"),
        ("“모델”은", "모델", "서버", "“서버”는"),
        ("모델을 본다. 모델을 쓴다.", "모델", "서버", "서버를 본다. 모델을 쓴다."),
    ],
)
def test_the_particle_behind_a_new_term_fits(text: str, old: str, new: str, expected: str) -> None:
    start = text.index(old)
    assert substituted(text, start, start + len(old), new) == expected


@pytest.mark.parametrize("text", ["세계은행이 있다", "세계가격표", "세계 은행", "세계적", "세계"])
def test_what_is_no_particle_stays(text: str) -> None:
    assert substituted(text, 0, 2, "모델") == "모델" + text[2:]


def test_nothing_but_the_term_and_its_particle_changes() -> None:
    text = "이 모델은 저 모델을 이긴다.\n이은은 은이다."
    assert substituted(text, 2, 4, "서버") == "이 서버는 저 모델을 이긴다.\n이은은 은이다."


@given(st.text(max_size=30), st.text(alphabet="가나다라은는이을를으로GPU0 (", max_size=12))
def test_text_before_and_far_behind_is_untouched(before: str, new: str) -> None:
    text = before + "모델을 본다"
    changed = substituted(text, len(before), len(before) + 2, new)
    assert changed.startswith(before + new)
    assert changed.endswith(" 본다")
    assert changed[len(before) + len(new) :] in ("을 본다", "를 본다")


@given(
    st.sampled_from("가각갈책물서"), st.sampled_from(["은", "가", "을", "와", "으로부터", "이라도"])
)
def test_putting_a_term_in_for_itself_gives_the_right_form_once(word: str, tail: str) -> None:
    once = substituted(word + tail, 0, 1, word)
    assert once == word + allomorph(word, tail)
    assert substituted(once, 0, 1, word) == once


@pytest.mark.parametrize(
    "tail",
    ["에서는", "으로부터", "까지만", "입니다", "이었다", "들은", "만이", "에게서도", "이라고"],
)
def test_particles_in_a_row_are_particles(tail: str) -> None:
    assert is_tail(tail)


@pytest.mark.parametrize("word", ["은행", "데이터", "생활", "적", "화", "하다", "가격표"])
def test_words_are_no_particles(word: str) -> None:
    assert not is_tail(word)


def test_every_syllable_has_an_ending() -> None:
    endings = {ending_of(chr(code)) for code in range(0xAC00, 0xD7A4)}
    assert endings == set(Ending)
