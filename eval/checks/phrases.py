"""Words of a list, found in a text at once: one regex that branches letter by letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

import yaml

from glossary.language import Language

Value = TypeVar("Value")
_END = ""
"""Marks in the tree that an entry may end here; no letter is empty."""
_Tree = dict[str, "_Tree"]


class Phrases(Generic[Value]):
    """Finds the entries of a list, the longest at a place, and says what each stands for.

    ``_`` in an entry is a space. English entries are whole words, and ``*`` at their end is any
    rest of a word.
    """

    def __init__(self, entries: Mapping[str, Value], family: str) -> None:
        english = family == "en"
        self._exact = {_plain(entry): value for entry, value in entries.items()}
        self._begins = {
            _plain(entry)[:-1]: value for entry, value in entries.items() if entry.endswith("*")
        }
        tree = _regex(_tree(self._exact))
        self._pattern = re.compile(rf"\b(?:{tree})(?![a-z'])" if english else tree)

    def find(self, text: str) -> Iterator[tuple[Value, int, int]]:
        """What is found, with its place."""
        lowered = text.lower()
        if len(lowered) != len(text):  # a few letters change their length; places must stay
            lowered = text
        for match in self._pattern.finditer(lowered.replace("’", "'")):
            found = match.group()
            start = match.start() + found.startswith(" ")
            yield self._value(found), start, match.end() - found.endswith(" ")

    def _value(self, found: str) -> Value:
        value = self._exact.get(found)
        if value is not None:
            return value
        begun = next(found[:end] for end in range(len(found), 0, -1) if found[:end] in self._begins)
        return self._begins[begun]


def family(language: Language) -> str:
    """The name of the language's lists; the lists hold both scripts of Chinese."""
    return "zh" if language in (Language.ZH_TW, Language.ZH_CN) else str(language)


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """A file of `eval/checks/lists`, read once."""
    text = files("eval.checks").joinpath("lists", f"{name}.yaml").read_text(encoding="utf-8")
    lists: Mapping[str, Any] = yaml.safe_load(text)
    return lists


def _plain(entry: str) -> str:
    return entry.replace("_", " ").lower()


def _tree(entries: Iterable[str]) -> _Tree:
    root: _Tree = {}
    for entry in entries:
        node = root
        for letter in entry:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return root


def _regex(tree: _Tree) -> str:
    branches = [_letter(letter) + _regex(rest) for letter, rest in tree.items() if letter != _END]
    if not branches:
        return ""
    one = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{one})?" if _END in tree else one


def _letter(letter: str) -> str:
    return "[a-z-]*" if letter == "*" else re.escape(letter)
