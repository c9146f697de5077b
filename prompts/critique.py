"""Finding the errors of a translation: what a reviser is asked, and what is believed of its answer.

The form is that of MQM (https://themqm.org): spans with a category and a severity. That a model can
be asked so: GEMBA-MQM, arXiv 2310.13988.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.answer import bare_answer
from prompts.answer_errors import NotJson
from prompts.item import check_fields, item_material, reviewer, told, under
from prompts.json_answer import find_value, latex_commands
from prompts.mask import find_control_token, restore
from prompts.problem import Problem, problem_texts
from prompts.profile import Profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.wording import (
    Material,
    Words,
    must_follow_instructions,
    named,
    object_schema,
    request,
    turns,
)

MAX_ERRORS = 10
"""More are not asked for: a model that goes on listing has left the text."""


Severity = Literal["minor", "major", "critical"]
"""How bad an error is, in MQM's words."""

CATEGORIES: Mapping[str, str] = {
    "answer-key": "the translation gives the answer away, or changes which answer is right",
    "mistranslation": "it means something else than the original",
    "omission": "words of the original are missing",
    "addition": "it says what the original does not say",
    "untranslated": "words are left in the language of the original",
    "number": "a number, unit or date is another one",
    "markup": "a formula, code, blank, placeholder or label is changed",
    "terminology": "it is not the established or settled term, or one term has two translations",
    "fluency": "it is wrong in grammar, spelling or punctuation",
    "locale": "characters, words or forms are those of another region",
    "style": "no printed examination would say it so",
}
"""Kinds of errors, with what each says of a place."""


@dataclass(frozen=True, slots=True)
class ErrorSpan:
    """An error at a place that exists.

    ``source_span`` and ``target_span`` are half-open ranges of code points in the field's original
    and translation; ``None`` where the error has no place on that side. Of several places with the
    same words it is the first. ``correction`` is what should stand in place of ``target``.
    """

    key: str
    category: str
    severity: Severity
    source: str
    target: str
    correction: str
    source_span: tuple[int, int] | None
    target_span: tuple[int, int] | None

    def as_problem(self) -> Problem:
        """The error as an edit is told of it."""
        message = f"{self.category}: {CATEGORIES[self.category]}"
        return Problem(self.key, self.severity, message, self.source, self.target, self.correction)


@dataclass(frozen=True, slots=True)
class Critique:
    """The errors that were found; ``dropped`` counts those that could not be believed.

    That is: of no field, category or severity that was asked for, with words that do not stand in
    the text, with a correction that changes nothing, or beyond ``MAX_ERRORS``.
    """

    errors: tuple[ErrorSpan, ...]
    dropped: int


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")

    field: str
    source: str = ""
    target: str = ""
    category: str
    severity: Severity
    correction: str = ""


def render_critique(
    profile: Profile,
    pair: Pair,
    fields: Sequence[PromptField],
    translation: Mapping[str, str],
    *,
    structured: bool,
    problems: Sequence[Problem] = (),
    back_translation: Mapping[str, str] | None = None,
    category: str = "",
    terms: Sequence[TermEntry] = (),
) -> RenderedPrompt:
    """Word the question for the errors of a translation.

    Args:
        profile: the model family, one that follows instructions.
        pair: the languages.
        fields: the item's texts, in the order in which a reader meets them.
        translation: by key.
        structured: whether the server obeys a JSON schema.
        problems: what programs noticed; told as a hint that may be mistaken.
        back_translation: the translation in the source language again, by key, made by another
            system; told as a hint that may be mistaken.
        category: kind of benchmark, for a sentence of advice; empty for none.
        terms: the glossary's terms that occur in the item.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
    """
    must_follow_instructions(profile)
    check_fields(fields, category)
    keys = [part.key for part in fields]
    judged = under("translation", fields, translation)
    back = under("back", fields, back_translation) if back_translation else {}
    noticed = problem_texts(problems)
    about = item_material(profile, fields, terms, {**judged, **back, **noticed})
    words = Words()
    parts = [
        words.fill("critique", categories=_categories(), most=str(MAX_ERRORS)),
        told(words, fields, about),
        words.fill("critique.translation", translation=about.block(judged)),
        *_hints(words, about, back, noticed, named(profile, pair.source)),
        words.fill("critique.ask", first=about.mark(keys[0])),
    ]
    system = reviewer(words, profile, pair, category)
    return request(
        profile,
        turns(profile, system, "\n\n".join(parts)),
        words,
        schema=_schema(keys) if structured else None,
        about=about,
        texts={part.key: part.text for part in fields},
    )


def read_critique(
    text: str, prompt: RenderedPrompt, source: Mapping[str, str], translation: Mapping[str, str]
) -> Critique:
    """The errors that were named and can be found in the texts, each once, in the answer's order.

    Args:
        text: the answer.
        prompt: the prompt that was answered.
        source: the item's texts by key, as given to ``render_critique``.
        translation: the translation by key, as given there.

    Raises:
        NotJson: there is no list of errors in the answer.
    """
    commands = latex_commands([*source.values(), *translation.values()])
    entries = find_value(bare_answer(text, prompt), "errors", commands)
    if not isinstance(entries, list):
        raise NotJson("it has no list 'errors'", text)
    read = [_error(entry, prompt, source, translation) for entry in entries]
    errors = [error for error in read if error is not None]
    distinct = tuple(dict.fromkeys(errors))
    too_many = len(distinct[MAX_ERRORS:])
    return Critique(distinct[:MAX_ERRORS], len(read) - len(errors) + too_many)


def _categories() -> str:
    return "\n".join(f"  - {name}: {meaning}" for name, meaning in CATEGORIES.items())


def _hints(
    words: Words,
    about: Material,
    back: Mapping[str, str],
    noticed: Mapping[str, str],
    source: str,
) -> list[str]:
    hints = []
    if back:
        hints.append(words.fill("critique.back", back=about.block(back), source=source))
    if noticed:
        hints.append(words.fill("critique.noticed", noticed=about.block(noticed)))
    return hints


def _error(
    entry: Any,
    prompt: RenderedPrompt,
    source: Mapping[str, str],
    translation: Mapping[str, str],
) -> ErrorSpan | None:
    try:
        said = _Said.model_validate(entry)
    except ValidationError:
        return None
    if said.field not in prompt.keys or said.category not in CATEGORIES:
        return None
    if find_control_token(said.correction):
        return None
    wrong, right = _given(said.target, prompt), _given(said.correction, prompt)
    original = _given(said.source, prompt)
    source_span = _place(original, source[said.field])
    target_span = _place(wrong, translation[said.field])
    invented = (original and not source_span) or (wrong and not target_span)
    if invented or not (original or wrong) or (wrong and right == wrong):
        return None
    return ErrorSpan(
        said.field, said.category, said.severity, original, wrong, right, source_span, target_span
    )


def _given(text: str, prompt: RenderedPrompt) -> str:
    return restore(text.strip(), prompt.masked)


def _place(words: str, text: str) -> tuple[int, int] | None:
    at = text.find(words) if words else -1
    return None if at < 0 else (at, at + len(words))


def _schema(keys: Sequence[str]) -> dict[str, Any]:
    text = {"type": "string"}
    error = object_schema(
        {
            "field": {"type": "string", "enum": list(keys)},
            "source": text,
            "target": text,
            "category": {"type": "string", "enum": list(CATEGORIES)},
            "severity": {"type": "string", "enum": list(get_args(Severity))},
            "correction": text,
        }
    )
    return object_schema({"errors": {"type": "array", "items": error, "maxItems": MAX_ERRORS}})
