"""Errors of the words for the model.

PromptError
├── TemplateError
│   ├── UnknownTemplate      no file of that name in ``prompts/templates``
│   ├── BadTemplate          a ``$`` that starts no variable
│   ├── MissingVariable      a variable of the template was not given
│   └── SuperfluousVariable  a variable was given that the template does not use
├── ProfileError
│   ├── UnknownProfile       no profile of that name
│   └── BadProfile           a profile file that cannot be read
├── RenderError
│   ├── NoFields             nothing to translate was given
│   ├── BadFieldKey          a field key that cannot stand in a mark or a schema, or stands twice
│   ├── BlankField           a field without any text
│   ├── TooManyFields        more than one field where the answer is one plain text
│   ├── FormatNotOffered     an answer format that the profile does not have
│   ├── LanguageNotOffered   a language for which the profile has no name
│   ├── UnknownCategory      a category without a template
│   ├── OnlyMakersPrompt     a model that takes its makers' prompts for translation and no other
│   ├── IncompleteTranslation  a translation to look at lacks the text of a field
│   ├── TooFewCandidates     fewer than two translations to compare
│   ├── NoProblems           an edit without a problem
│   └── BadLabels            labels that cannot be chosen from
└── AnswerError  see ``prompts/answer_errors.py``
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from glossary.errors import nearest

_EXCERPT_CHARS = 80


def excerpt(text: str) -> str:
    """Shorten a text for a message and make its invisible characters visible."""
    shown = text if len(text) <= _EXCERPT_CHARS else text[:_EXCERPT_CHARS] + "…"
    return ascii(shown) if not shown.isprintable() else repr(shown)


class PromptError(Exception):
    """Root of the package's errors; ``code`` is stable, the message is for people."""

    code: ClassVar[str] = "prompt_error"


class TemplateError(PromptError):
    """A template cannot be found or filled; raised before anything is sent."""

    code = "template_error"


class UnknownTemplate(TemplateError):
    """There is no template file of this name."""

    code = "unknown_template"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"Unknown prompt template {name!r}. {nearest(name, known)}")


class BadTemplate(TemplateError):
    """The template's text is not valid."""

    code = "bad_template"

    def __init__(self, name: str, line: int) -> None:
        self.name, self.line = name, line
        super().__init__(
            f"Prompt template {name!r}, line {line}: a $ that starts no variable. "
            "Write $name for a variable and $$ for the sign itself."
        )


class MissingVariable(TemplateError):
    """A variable of the template has no value."""

    code = "missing_variable"

    def __init__(self, name: str, variables: Sequence[str]) -> None:
        self.name, self.variables = name, variables
        super().__init__(f"Prompt template {name!r} also needs: {', '.join(variables)}.")


class SuperfluousVariable(TemplateError):
    """A value was given that the template does not use."""

    code = "superfluous_variable"

    def __init__(self, name: str, variables: Sequence[str]) -> None:
        self.name, self.variables = name, variables
        super().__init__(
            f"Prompt template {name!r} does not use: {', '.join(variables)}. "
            "Leave them out or put them into the template."
        )


class ProfileError(PromptError):
    """A model family's profile cannot be had."""

    code = "profile_error"


class UnknownProfile(ProfileError):
    """There is no profile of this name."""

    code = "unknown_profile"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"Unknown profile {name!r}. {nearest(name, known)}")


class BadProfile(ProfileError):
    """A profile file does not say what a profile must say."""

    code = "bad_profile"

    def __init__(self, name: str, problem: str) -> None:
        self.name, self.problem = name, problem
        super().__init__(f"Profile {name!r} cannot be read: {problem}")


class RenderError(PromptError):
    """A request cannot be worded; raised before anything is sent."""

    code = "render_error"


class NoFields(RenderError):
    """Nothing to translate was given."""

    code = "no_fields"

    def __init__(self) -> None:
        super().__init__("There is no field to translate. Give at least one.")


class BadFieldKey(RenderError):
    """A key that cannot name a field of the answer."""

    code = "bad_field_key"

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(
            f"Field key {excerpt(key)} {problem}. "
            "Use letters, digits and _ (at most 64), each key once."
        )


class BlankField(RenderError):
    """A field without any text."""

    code = "blank_field"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"Field {key!r} has no text. Leave it out: there is nothing to translate.")


class TooManyFields(RenderError):
    """The answer is one plain text, so there can be only one field."""

    code = "too_many_fields"

    def __init__(self, profile: str, count: int) -> None:
        self.profile, self.count = profile, count
        super().__init__(
            f"Profile {profile!r} was asked for a plain answer to {count} fields. "
            "Send one field per request, or choose the json or sections format if it has one."
        )


class FormatNotOffered(RenderError):
    """The model family is not asked for answers of this form."""

    code = "format_not_offered"

    def __init__(self, profile: str, wanted: str, offered: Sequence[str]) -> None:
        self.profile, self.wanted, self.offered = profile, wanted, offered
        super().__init__(
            f"Profile {profile!r} has no answer format {wanted!r}. "
            f"Use one of: {', '.join(offered)}."
        )


class LanguageNotOffered(RenderError):
    """The profile has no name for this language in the prompt that would be used."""

    code = "language_not_offered"

    def __init__(self, profile: str, language: str) -> None:
        self.profile, self.language = profile, language
        super().__init__(
            f"Profile {profile!r} has no name for the language {language}. "
            "Choose another profile, or add the name to the profile's file."
        )


class UnknownCategory(RenderError):
    """There is no advice for this category of items."""

    code = "unknown_category"

    def __init__(self, category: str, known: Sequence[str]) -> None:
        self.category, self.known = category, known
        super().__init__(f"Unknown category {category!r}. {nearest(category, known)}")


class OnlyMakersPrompt(RenderError):
    """The model is trained on its makers' prompts for translation and cannot be asked otherwise."""

    code = "only_makers_prompt"

    def __init__(self, profile: str) -> None:
        self.profile = profile
        super().__init__(
            f"Profile {profile!r} takes only its makers' prompts for translation. "
            "For this step choose an engine whose model follows instructions."
        )


class IncompleteTranslation(RenderError):
    """A translation that is to be looked at lacks the text of a field."""

    code = "incomplete_translation"

    def __init__(self, name: str, keys: Sequence[str]) -> None:
        self.name, self.keys = name, keys
        super().__init__(
            f"Translation {name!r} has no text for: {', '.join(keys)}. "
            "Give every field of the item, or leave the translation out."
        )


class TooFewCandidates(RenderError):
    """There is nothing to compare."""

    code = "too_few_candidates"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"There must be at least two candidates to compare, not {count}.")


class NoProblems(RenderError):
    """An edit was asked for without a problem to solve."""

    code = "no_problems"

    def __init__(self) -> None:
        super().__init__(
            "An edit needs at least one problem; asking a model to look again without one makes "
            "translations worse. Keep the draft."
        )


class BadLabels(RenderError):
    """The labels of an item cannot be chosen from."""

    code = "bad_labels"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"The labels cannot be used: {problem}. Give at least two, each once, of a few letters "
            "or digits; or none, for an item with a short answer."
        )
