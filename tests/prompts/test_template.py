import hashlib

import pytest

from prompts.errors import BadTemplate, MissingVariable, SuperfluousVariable, UnknownTemplate
from prompts.library import load_template, template_names
from prompts.template import Template


def test_values_are_put_in_once_and_not_read_again() -> None:
    template = Template("t", "Translate $text into $target, for $$5.\n")
    filled = template.render(text="$target ${target} $$ %s", target="Korean")
    assert filled == "Translate $target ${target} $$ %s into Korean, for $5."


def test_missing_variable_is_named() -> None:
    with pytest.raises(MissingVariable, match="'t' also needs: target, text"):
        Template("t", "$text $target $source").render(source="a")


def test_superfluous_variable_is_named() -> None:
    with pytest.raises(SuperfluousVariable, match="does not use: glossary"):
        Template("t", "$text").render(text="a", glossary="b")


def test_stray_dollar_is_found_when_the_template_is_read() -> None:
    with pytest.raises(BadTemplate, match="line 2"):
        Template("t", "fine\nit costs $5\n")


def test_fingerprint_is_the_beginning_of_the_texts_sha256() -> None:
    text = "Translate $text.\n"
    assert Template("t", text).fingerprint == hashlib.sha256(text.encode()).hexdigest()[:12]
    assert Template("t", text).fingerprint != Template("t", text + " ").fingerprint


def test_only_the_line_break_that_ends_the_file_is_dropped() -> None:
    assert Template("t", "a\n\n").render() == "a\n"


def test_every_template_of_the_package_is_valid() -> None:
    assert template_names()
    for name in template_names():
        assert load_template(name).fingerprint


def test_unknown_template_names_the_nearest() -> None:
    with pytest.raises(UnknownTemplate, match=r"locale\.zh-TW"):
        load_template("locale.zh-tw")


def test_a_path_is_no_template_name() -> None:
    with pytest.raises(UnknownTemplate):
        load_template("../profiles/generic")
