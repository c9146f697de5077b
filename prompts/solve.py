"""Solving an item: if the answer is the same before and after translation, the item survived it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from glossary.language import Language
from prompts.answer import bare_answer
from prompts.answer_errors import BadValue, EmptyAnswer, LeftoverText, NotALabel
from prompts.errors import BadLabels, excerpt
from prompts.item import check_fields, item_material, told
from prompts.json_answer import find_value, latex_commands
from prompts.mask import find_control_token, restore
from prompts.profile import Profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.wording import (
    Words,
    must_follow_instructions,
    named,
    object_schema,
    request,
    turns,
)

# Labels stand outside the marks, wherever they come from: a few plain words at most.
_LABEL = re.compile(r"[\w(][\w(). '-]{0,23}")
_AFTER_LABEL = re.compile(r"[.:)]\s|[、．：）]")
_AROUND_LABEL = " \t\n().:[]*\"'（）。"


def render_solve(
    profile: Profile,
    language: Language,
    fields: Sequence[PromptField],
    labels: Sequence[str] | None,
    *,
    structured: bool,
) -> RenderedPrompt:
    """Word an item as a question to be answered.

    Args:
        profile: the model family, one that follows instructions.
        language: the item's.
        fields: what an examinee sees: no answer, no worked solution, no label of the right option.
        labels: what to choose from, such as A to D, where the options are among the fields;
            ``None`` for a short answer.
        structured: whether the server obeys a JSON schema.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
    """
    must_follow_instructions(profile)
    check_fields(fields)
    if labels is not None:
        _check_labels(labels)
    about, words = item_material(profile, fields), Words()
    system = words.fill("solve", language=named(profile, language))
    asked = (
        words.fill("solve.short")
        if labels is None
        else words.fill("solve.choice", labels=", ".join(labels))
    )
    user = f"{told(words, fields, about)}\n\n{asked}"
    return request(
        profile,
        turns(profile, system, user),
        words,
        schema=_schema(labels) if structured else None,
        about=about,
        texts={part.key: part.text for part in fields},
    )


def read_solution(text: str, prompt: RenderedPrompt, labels: Sequence[str] | None) -> str:
    """The chosen label, or the short answer.

    Raises:
        NotJson: there is no such object in the answer.
        EmptyAnswer: the answer is empty.
        BadValue: it is neither text nor a number.
        NotALabel: it is none of the labels.
        LeftoverText: there is a control token in it.
    """
    commands = latex_commands(prompt.shown.values())
    found = find_value(bare_answer(text, prompt), "answer", commands)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BadValue("answer", "is neither text nor a number")
    answer = str(found).strip()
    if not answer:
        raise EmptyAnswer("answer")
    if labels is not None:
        return _label(answer, labels)
    if token := find_control_token(answer):
        raise LeftoverText("in field 'answer' that is a control token", token)
    return restore(answer, prompt.masked)


def _check_labels(labels: Sequence[str]) -> None:
    if len(labels) < 2:
        raise BadLabels("there are less than two")
    if len({_bare(label) for label in labels}) < len(labels):
        raise BadLabels("one stands twice")
    if bad := [label for label in labels if not _LABEL.fullmatch(label)]:
        raise BadLabels(f"{excerpt(bad[0])} is no label")


def _label(answer: str, labels: Sequence[str]) -> str:
    """The label that an answer is, or begins with: ``(B)``, ``b.``, ``B: weight``, ``Ｂ。``."""
    first = _AFTER_LABEL.split(answer.lstrip(_AROUND_LABEL), maxsplit=1)[0]
    for said in (answer, first):
        for label in labels:
            if _bare(label) == _bare(said):
                return label
    raise NotALabel(answer, labels)


def _bare(label: str) -> str:
    # Letters of full width are usual in Chinese.
    return unicodedata.normalize("NFKC", label.strip(_AROUND_LABEL)).casefold()


def _schema(labels: Sequence[str] | None) -> dict[str, object]:
    text: dict[str, object] = {"type": "string"}
    answer = text if labels is None else {**text, "enum": list(labels)}
    return object_schema({"reasoning": text, "answer": answer})
