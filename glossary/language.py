"""The four languages, their tags (BCP 47) and their pairs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from glossary.errors import AmbiguousLanguage, BadPair, UnknownLanguage


class Language(StrEnum):
    """A language with the region whose usage is meant; zh-TW and zh-CN are two languages."""

    EN = "en"
    ZH_TW = "zh-TW"
    ZH_CN = "zh-CN"
    KO = "ko"

    @property
    def english_name(self) -> str:
        """Name in English, precise enough for a prompt."""
        return _ENGLISH_NAMES[self]

    @property
    def native_name(self) -> str:
        """Name in the language itself."""
        return _NATIVE_NAMES[self]

    @property
    def is_chinese(self) -> bool:
        """Written in Han characters."""
        return self in (Language.ZH_TW, Language.ZH_CN)


_ENGLISH_NAMES = {
    Language.EN: "English",
    Language.ZH_TW: "Traditional Chinese (Taiwan)",
    Language.ZH_CN: "Simplified Chinese (mainland China)",
    Language.KO: "Korean",
}
_NATIVE_NAMES = {
    Language.EN: "English",
    Language.ZH_TW: "繁體中文（臺灣）",
    Language.ZH_CN: "简体中文（中国大陆）",
    Language.KO: "한국어",
}
_ALIASES = {
    "en": Language.EN,
    "en-us": Language.EN,
    "en-gb": Language.EN,
    "zh-tw": Language.ZH_TW,
    "zh-hant": Language.ZH_TW,
    "zh-hant-tw": Language.ZH_TW,
    "zh-cn": Language.ZH_CN,
    "zh-hans": Language.ZH_CN,
    "zh-hans-cn": Language.ZH_CN,
    "ko": Language.KO,
    "ko-kr": Language.KO,
}


def parse_language(tag: str) -> Language:
    """Read a BCP 47 tag; case and ``_`` for ``-`` do not matter.

    Raises:
        AmbiguousLanguage: the tag is bare ``zh``.
        UnknownLanguage: the tag is none of ours.
    """
    folded = tag.strip().replace("_", "-").lower()
    if folded == "zh":
        raise AmbiguousLanguage(tag)
    if folded not in _ALIASES:
        raise UnknownLanguage(tag, [language.value for language in Language])
    return _ALIASES[folded]


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A direction of translation, written ``en>zh-TW``."""

    source: Language
    target: Language

    def __str__(self) -> str:
        return f"{self.source}>{self.target}"

    @property
    def same_script_family(self) -> bool:
        """Both sides Chinese: words and numerals correspond one to one."""
        return self.source.is_chinese and self.target.is_chinese


def parse_pair(text: str) -> Pair:
    """Read ``en>zh-TW``.

    Raises:
        BadPair: no ``>`` or more than one.
        AmbiguousLanguage, UnknownLanguage: one of the sides.
    """
    sides = text.split(">")
    if len(sides) != 2:
        raise BadPair(text)
    return Pair(parse_language(sides[0]), parse_language(sides[1]))
