"""How each model family wants to be prompted, and under which licence it comes."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from glossary.language import Language, Pair
from prompts.errors import BadProfile, FormatNotOffered, LanguageNotOffered, UnknownProfile
from prompts.prompt import AnswerFormat, Endpoint, StripRule

GENERIC = "generic"
# Families that are built on others come first: the first profile that fits a model id is taken.
PROFILE_NAMES = (
    "translategemma",
    "tower",
    "hy-mt2",
    "seed-x",
    "qwen2.5",
    "qwen3",
    "gemma-2",
    "gemma-3",
    GENERIC,
)
_DEFAULT_NAMES = {
    Language.EN: "English",
    Language.ZH_TW: "Traditional Chinese as used in Taiwan (zh-TW)",
    Language.ZH_CN: "Simplified Chinese as used in mainland China (zh-CN)",
    Language.KO: "Korean",
}
_FINGERPRINT_DIGITS = 12


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as exc:
        raise ValueError(f"no regular expression: {exc}") from exc
    return pattern


_Pattern = Annotated[str, AfterValidator(_compiles)]
_Unit = Literal["item", "segment"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(_Strict):
    """Terms of the model's weights, as far as a user of translations must know them.

    ``excluded_regions`` are ISO 3166 codes (``EU`` for the European Union) where the licence does
    not allow the use.
    """

    name: str
    url: str
    note: str = ""
    excluded_regions: tuple[str, ...] = ()


class Sampling(_Strict):
    """Sampling fields of a request; what is ``None`` is left to the server."""

    temperature: float = Field(ge=0)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=-1)
    min_p: float | None = Field(default=None, ge=0, le=1)
    repetition_penalty: float | None = Field(default=None, gt=0)
    presence_penalty: float | None = None
    frequency_penalty: float | None = None

    def body(self) -> dict[str, float | int]:
        """The fields to put into a request's body."""
        return self.model_dump(exclude_none=True)


class DocumentedPrompt(_Strict):
    """A prompt in its makers' own words, for a model that is trained on exactly these.

    The first one of a profile is used whose ``format`` and ``sides`` fit. ``terms`` names the
    templates ``terms.NAME`` and ``term.NAME`` of the makers' words for terms, if they have any.
    """

    template: str
    format: AnswerFormat = AnswerFormat.PLAIN
    sides: Literal["any", "chinese", "not_chinese"] = "any"
    names: dict[Language, str]
    codes: dict[Language, str] = {}
    terms: str | None = None

    def fits(self, pair: Pair, answer_format: AnswerFormat) -> bool:
        """Whether it is for this pair and this form of the answer."""
        chinese = pair.source.is_chinese or pair.target.is_chinese
        sides_fit = self.sides == "any" or (self.sides == "chinese") == chinese
        return sides_fit and self.format is answer_format


class Variant(_Strict):
    """What is different for some models of a family; the first that fits a model id is taken."""

    patterns: tuple[_Pattern, ...] = Field(min_length=1)
    title: str
    formats: tuple[AnswerFormat, ...] | None = None
    unit: _Unit | None = None
    sampling: Sampling | None = None
    diverse: Sampling | None = None
    documented: tuple[DocumentedPrompt, ...] | None = None
    caveats: dict[Language, str] | None = None
    context_tokens: int | None = None
    licence: Licence | None = None


class Profile(_Strict):
    """One model family.

    Attributes:
        patterns: regular expressions searched in the model id that a server reports.
        system_role: whether the chat template takes a system turn; else its text is put in front of
            the user turn.
        formats: answer formats, the best first; the first that the server supports is to be used.
        unit: ``item`` sends a whole item in one request; ``segment`` one text per request. The
            format ``plain`` always means one text per request.
        names: how the languages are called in our own prompts.
        documented: prompts in the makers' words; empty for models that follow instructions.
        sampling: fields for one draft.
        diverse: fields for several candidates, which greedy decoding would make identical.
        extra: further fields of the request's body.
        stop: stop strings.
        strip: what to take off an answer.
        control_tokens: further control tokens to mask in the item's text.
        caveats: what is known to go wrong when a language is the target.
        context_tokens: context window, where it is small enough to matter.
        fingerprint: first 12 hexadecimal digits of the file's SHA-256.
    """

    name: str
    title: str
    patterns: tuple[_Pattern, ...] = ()
    endpoint: Endpoint = "chat"
    system_role: bool = False
    formats: tuple[AnswerFormat, ...] = Field(min_length=1)
    unit: _Unit = "item"
    names: dict[Language, str] = _DEFAULT_NAMES
    documented: tuple[DocumentedPrompt, ...] = ()
    sampling: Sampling
    diverse: Sampling
    extra: dict[str, Any] = {}
    stop: tuple[str, ...] = ()
    strip: tuple[StripRule, ...] = (StripRule.THINKING, StripRule.CODE_FENCE)
    control_tokens: tuple[str, ...] = ()
    caveats: dict[Language, str] = {}
    context_tokens: int | None = None
    licence: Licence
    variants: tuple[Variant, ...] = ()
    fingerprint: str = ""

    def matches(self, model_id: str) -> bool:
        """Whether a model of this id belongs to the family."""
        return _matches(self.patterns, model_id)

    def for_model(self, model_id: str) -> Profile:
        """The profile with what is different for this very model."""
        for variant in self.variants:
            if _matches(variant.patterns, model_id):
                changed = {
                    name: value
                    for name in variant.model_fields_set - {"patterns"}
                    if (value := getattr(variant, name)) is not None
                }
                return self.model_copy(update=changed)
        return self

    def unit_for(self, answer_format: AnswerFormat) -> _Unit:
        """How much of an item goes into one request whose answer has this form."""
        return "segment" if answer_format is AnswerFormat.PLAIN else self.unit

    def documented_prompt(self, pair: Pair, answer_format: AnswerFormat) -> DocumentedPrompt | None:
        """The prompt in the makers' words; ``None`` where the model takes our own.

        Raises:
            FormatNotOffered: there is none for this form of the answer.
            LanguageNotOffered: it has no name for one of the languages.
        """
        if not self.documented:
            return None
        for prompt in self.documented:
            if prompt.fits(pair, answer_format):
                for language in (pair.source, pair.target):
                    if language not in prompt.names:
                        raise LanguageNotOffered(self.name, language)
                return prompt
        raise FormatNotOffered(self.name, answer_format, self.formats)


def _matches(patterns: tuple[str, ...], model_id: str) -> bool:
    return any(re.search(pattern, model_id) for pattern in patterns)


@cache
def load_profile(name: str) -> Profile:
    """Read ``prompts/profiles/NAME.yaml``.

    Raises:
        UnknownProfile: there is no profile of that name.
        BadProfile: the file does not say what it must say.
    """
    if name not in PROFILE_NAMES:
        raise UnknownProfile(name, PROFILE_NAMES)
    text = (files("prompts") / "profiles" / f"{name}.yaml").read_text(encoding="utf-8")
    return read_profile(name, text)


def read_profile(name: str, text: str) -> Profile:
    """Read a profile from YAML.

    Raises:
        BadProfile: it is no YAML, or does not say what it must say.
    """
    try:
        content = yaml.safe_load(text)
        profile = Profile.model_validate(content)
    except (yaml.YAMLError, ValidationError) as exc:
        raise BadProfile(name, str(exc)) from exc
    if profile.name != name:
        raise BadProfile(name, f"it calls itself {profile.name!r}; the name is the file's name")
    digest = hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT_DIGITS]
    return profile.model_copy(update={"fingerprint": digest})


def profile_for_model(model_id: str) -> Profile:
    """The profile of the family to which a model belongs, ``generic`` where none is known."""
    for name in PROFILE_NAMES:
        profile = load_profile(name)
        if profile.matches(model_id):
            return profile.for_model(model_id)
    return load_profile(GENERIC)
