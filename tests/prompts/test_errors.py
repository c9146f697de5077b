import sys

import prompts.answer_errors
from prompts.errors import PromptError, excerpt


def below(root: type[PromptError]) -> list[type[PromptError]]:
    children = root.__subclasses__()
    return [*children, *(other for child in children for other in below(child))]


def test_every_error_stands_in_the_tree_and_has_a_code_of_its_own() -> None:
    found = below(PromptError)
    assert prompts.answer_errors.NotALabel in found
    codes = [error.code for error in found]
    assert len(codes) == len(set(codes))
    for error in found:
        assert error.__name__ in (sys.modules[error.__module__].__doc__ or "")


def test_an_excerpt_is_short_and_shows_invisible_signs() -> None:
    assert len(excerpt("x" * 1000)) < 100
    assert excerpt("a\u202eb") == "'a\\u202eb'"
    assert excerpt("한국어") == "'한국어'"
