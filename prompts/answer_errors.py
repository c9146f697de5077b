"""Errors of answers: what a model has said cannot be read as what was asked for.

AnswerError
├── EmptyAnswer          no text, or a field without text
├── NotJson              no JSON object can be read
├── BadValue             a field is not a string, or not valid text
├── MissingField         a field of the item is not in the answer
├── ExtraField           a field is in the answer that the item does not have, or twice
├── FenceDamaged         the marks of the answer cannot be read
├── LeftoverText         text outside the fields, or a control token inside one
├── NoRanking            the answer does not put all candidates in an order
└── NotALabel            the answer chooses none of the labels
"""

from __future__ import annotations

from collections.abc import Sequence

from prompts.errors import PromptError, excerpt


class AnswerError(PromptError):
    """A model's answer does not have the form that was asked for."""

    code = "answer_error"


class EmptyAnswer(AnswerError):
    """The answer, or one field of it, has no text."""

    code = "empty_answer"

    def __init__(self, key: str | None = None) -> None:
        self.key = key
        what = f"Field {key!r} of the answer" if key else "The answer"
        super().__init__(f"{what} is empty. Ask again; an empty text is never a translation.")


class NotJson(AnswerError):
    """No JSON object can be read from the answer."""

    code = "answer_not_json"

    def __init__(self, problem: str, text: str) -> None:
        self.problem, self.text = problem, text
        super().__init__(
            f"The answer is not a JSON object ({problem}): {excerpt(text)}. Ask again; "
            "if it was cut off, allow more tokens; if it happens often, use the sections format."
        )


class BadValue(AnswerError):
    """A field of the answer is no usable text."""

    code = "answer_bad_value"

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(f"Field {key!r} of the answer {problem}. Ask again.")


class MissingField(AnswerError):
    """The answer lacks a field of the item."""

    code = "answer_missing_field"

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        super().__init__(f"The answer lacks: {', '.join(keys)}. Ask again.")


class ExtraField(AnswerError):
    """The answer has a field that the item does not have, or has one twice."""

    code = "answer_extra_field"

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        super().__init__(
            f"The answer has fields that the item does not have, or has them twice: "
            f"{', '.join(map(excerpt, keys))}. Ask again."
        )


class FenceDamaged(AnswerError):
    """The marks between the fields of the answer cannot be read."""

    code = "answer_fence_damaged"

    def __init__(self, problem: str, text: str) -> None:
        self.problem, self.text = problem, text
        super().__init__(
            f"The marks of the answer are damaged ({problem}): {excerpt(text)}. Ask again."
        )


class LeftoverText(AnswerError):
    """There is text in the answer that belongs to no translation."""

    code = "answer_leftover_text"

    def __init__(self, where: str, text: str) -> None:
        self.where, self.text = where, text
        super().__init__(f"The answer has text {where}: {excerpt(text)}. Ask again.")


class NoRanking(AnswerError):
    """The answer is no order of all candidates."""

    code = "answer_no_ranking"

    def __init__(self, count: int, found: object) -> None:
        self.count, self.found = count, found
        super().__init__(
            f"The answer does not name the {count} candidates once each: {excerpt(str(found))}. "
            "Ask again, or leave this round out."
        )


class NotALabel(AnswerError):
    """The answer chooses none of the labels."""

    code = "answer_not_a_label"

    def __init__(self, found: str, labels: Sequence[str]) -> None:
        self.found, self.labels = found, labels
        super().__init__(f"The answer {excerpt(found)} is none of: {', '.join(labels)}. Ask again.")
