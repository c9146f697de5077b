"""Which column of a plain table is what: by its header, or as the reader is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from glossary.errors import AmbiguousLanguage, GlossaryError
from glossary.formats.errors import BadColumns, UnknownLayout
from glossary.formats.port import ReadOptions
from glossary.language import Language, parse_language

_NAMES = {
    "english": Language.EN,
    "英文": Language.EN,
    "영어": Language.EN,
    "korean": Language.KO,
    "한국어": Language.KO,
    "韓文": Language.KO,
    "英語": Language.EN,
    "韓語": Language.KO,
    "traditional chinese": Language.ZH_TW,
    "chinese (tw)": Language.ZH_TW,
    "繁中（臺灣）": Language.ZH_TW,
    "중국어(대만)": Language.ZH_TW,
    "중국어(번체)": Language.ZH_TW,
    "chinese (traditional)": Language.ZH_TW,
    "繁體中文": Language.ZH_TW,
    "正體中文": Language.ZH_TW,
    "simplified chinese": Language.ZH_CN,
    "chinese (cn)": Language.ZH_CN,
    "簡中（大陸）": Language.ZH_CN,
    "중국어(중국)": Language.ZH_CN,
    "중국어(간체)": Language.ZH_CN,
    "chinese (simplified)": Language.ZH_CN,
    "简体中文": Language.ZH_CN,
    "簡體中文": Language.ZH_CN,
}
_EITHER = ("note", "notes", "remark", "remarks", "비고")
"""A condition, as most lists mean it, unless another column is one; then a note."""
_ROLES = {
    "condition": ("condition", "usage", "when", "조건", "條件", "適用條件", "条件", *_EITHER),
    "note": ("comment", "comments", "explanation", "메모", "備註", "备注", *_EITHER),
    "definition": ("definition", "description", "meaning", "定義", "定义", "정의"),
    "domain": ("domain", "subject", "field", "領域", "领域", "분야"),
    "id": ("id", "concept id", "concept_id"),
}
ROLES = tuple(_ROLES)
"""What a column can be beside a language."""
_HOW = 'Say which is which, by header or letter: columns="en=A,ko=B,condition=C".'


@dataclass(slots=True)
class Columns:
    """Where everything stands; ``other`` are columns that nothing is known of."""

    languages: dict[Language, int] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)


def parse_columns(text: str) -> dict[str, str]:
    """Read ``en=A,ko=B,condition=note``.

    Raises:
        BadColumns: a part has no ``=``, or what is before it is no role.
    """
    columns: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        role, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise BadColumns(f"Cannot read {part!r}.", _HOW)
        columns[_role(role)] = column
    return columns


def _role(text: str) -> str:
    if text in ROLES:
        return text
    try:
        return parse_language(text).value
    except GlossaryError as error:
        known = ", ".join(ROLES)
        raise BadColumns(f"{error} Beside languages there are: {known}.", _HOW) from None


def language_of(header: str) -> Language | None:
    """The language that a header names, by tag or by name.

    Raises:
        AmbiguousLanguage: it is bare ``zh``.
    """
    folded = _folded(header)
    if folded in _NAMES:
        return _NAMES[folded]
    try:
        return parse_language(header)
    except AmbiguousLanguage:
        raise
    except GlossaryError:
        return None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def names_languages(header: Sequence[str]) -> bool:
    """Do two columns at least name languages?"""
    try:
        return sum(language_of(name) is not None for name in header) >= 2
    except AmbiguousLanguage:
        return True


def find_columns(header: Sequence[str], options: ReadOptions) -> Columns:
    """What each column is.

    Raises:
        UnknownLayout: fewer than two languages. BadColumns: double ones, or one that is not there.
    """
    columns = _as_told(header, options.columns)
    taken = {*columns.languages.values(), *columns.roles.values()}
    clear_first = sorted(range(len(header)), key=lambda index: _folded(header[index]) in _EITHER)
    for index in clear_first:
        name = header[index]
        if index not in taken and options.header and name:
            _by_header(columns, index, name, header)
    pair = options.pair
    names = {name.casefold(): index for name, index in columns.other.items()}
    if not columns.languages and pair and {"source", "target"} <= set(names):
        columns.languages = {pair.source: names["source"], pair.target: names["target"]}
        for name in [name for name in columns.other if name.casefold() in ("source", "target")]:
            del columns.other[name]
    if len(columns.languages) < 2:
        raise UnknownLayout(header, f"Two columns at least must be languages. {_HOW}")
    return columns


def _as_told(header: Sequence[str], told: Mapping[str, str]) -> Columns:
    columns = Columns()
    for role, named in told.items():
        index = _index(header, named)
        if role in ROLES:
            columns.roles[role] = index
        else:
            columns.languages[parse_language(role)] = index
    return columns


def _index(header: Sequence[str], named: str) -> int:
    if header.count(named) == 1:
        return header.index(named)
    letters = named.upper()
    if not header.count(named) and re.fullmatch("[A-Z]{1,2}", letters):
        index = 0
        for letter in letters:
            index = index * 26 + ord(letter) - ord("A") + 1
        if index <= len(header):
            return index - 1
    what = "twice" if header.count(named) else "not"
    raise BadColumns(
        f"The column {named!r} is {what} there.", f"There are: {', '.join(header)}. {_HOW}"
    )


def _by_header(columns: Columns, index: int, name: str, header: Sequence[str]) -> None:
    folded = _folded(name)
    for role, names in _ROLES.items():
        if folded in names and role not in columns.roles:
            columns.roles[role] = index
            return
    try:
        language = language_of(name)
    except AmbiguousLanguage as error:
        if {Language.ZH_TW, Language.ZH_CN} & set(columns.languages):
            language = None
        else:
            raise BadColumns(str(error), f"columns=zh-TW={name} or columns=zh-CN={name}") from None
    if language is None:
        if name in columns.other:
            raise BadColumns(f"Two columns are named {name!r}.", "Rename one of them.")
        columns.other[name] = index
    elif language in columns.languages:
        first = header[columns.languages[language]]
        raise BadColumns(
            f"Two columns are {language}: {first!r} and {name!r}.", f"Rename one. {_HOW}"
        )
    else:
        columns.languages[language] = index
