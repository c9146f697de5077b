"""Every request that is made after the draft, with the same texts beside the item in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from glossary.language import Pair
from prompts.critique import render_critique
from prompts.edit import render_edit, render_fuse
from prompts.problem import Problem
from prompts.profile import PROFILE_NAMES, Profile, load_profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.rank import render_rank
from prompts.solve import render_solve

INSTRUCTED = [load_profile(name) for name in PROFILE_NAMES if not load_profile(name).documented]
COMPLETING = load_profile("generic").model_copy(update={"endpoint": "completions"})

Stage = Callable[[Profile, Pair, Sequence[PromptField], str, AnswerFormat], RenderedPrompt]
"""Words a stage; the text stands in everything that stands beside the item."""


def _texts(fields: Sequence[PromptField], text: str) -> dict[str, str]:
    return {part.key: text for part in fields}


def _problem(fields: Sequence[PromptField], text: str) -> Problem:
    return Problem(fields[0].key, "major", text, text, text, text)


def _edit(
    profile: Profile, pair: Pair, fields: Sequence[PromptField], text: str, form: AnswerFormat
) -> RenderedPrompt:
    draft, problems = _texts(fields, text), [_problem(fields, text)]
    return render_edit(profile, pair, fields, draft, problems, answer_format=form)


def _fuse(
    profile: Profile, pair: Pair, fields: Sequence[PromptField], text: str, form: AnswerFormat
) -> RenderedPrompt:
    candidates = [_texts(fields, text), _texts(fields, "12")]
    return render_fuse(profile, pair, fields, candidates, answer_format=form)


def _rank(
    profile: Profile, pair: Pair, fields: Sequence[PromptField], text: str, _: AnswerFormat
) -> RenderedPrompt:
    candidates = [_texts(fields, text), _texts(fields, "12")]
    return render_rank(profile, pair, fields, candidates, structured=True)


def _critique(
    profile: Profile, pair: Pair, fields: Sequence[PromptField], text: str, _: AnswerFormat
) -> RenderedPrompt:
    return render_critique(
        profile,
        pair,
        fields,
        _texts(fields, text),
        structured=True,
        problems=[_problem(fields, text)],
        back_translation=_texts(fields, text),
    )


def _solve(
    profile: Profile, pair: Pair, fields: Sequence[PromptField], _: str, __: AnswerFormat
) -> RenderedPrompt:
    return render_solve(profile, pair.source, fields, ["A", "B"], structured=True)


STAGES: Mapping[str, Stage] = {
    "edit": _edit,
    "fuse": _fuse,
    "rank": _rank,
    "critique": _critique,
    "solve": _solve,
}


def forms(profile: Profile, stage: str) -> Sequence[AnswerFormat]:
    """The forms of the answer that a stage knows."""
    return profile.formats if stage in ("edit", "fuse") else (AnswerFormat.JSON,)
