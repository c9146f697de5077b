r"""A JSON object out of a model's answer, with the escapes that models get wrong.

LaTeX is the trap: a model that writes ``"\frac{1}{2}"`` has written valid JSON for a form feed
and ``rac{1}{2}``, and ``"\sqrt{2}"`` is no JSON at all. The first is read as LaTeX only where the
source has that very command, the second always, since nothing else can be meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from prompts.answer_errors import BadValue, ExtraField, LeftoverText, NotJson

_COMMAND = re.compile(r"\\([A-Za-z]{2,})")
_ESCAPE = re.compile(r"\\(\\|u[0-9A-Fa-f]{4}|[A-Za-z]+|.|$)", re.DOTALL)
_HEX4 = re.compile(r"u[0-9A-Fa-f]{4}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPABLE = frozenset('"\\/bfnrt')
# strict=False: a line break or tab written as itself inside a string is meant as itself. A fraction
# stays as it is written: 0.50 is not 0.5 to whoever compares answers.
_DECODER = json.JSONDecoder(strict=False, parse_float=str)
_NOT_TEXT: dict[type, str] = {
    float: "a number",
    bool: "true or false",
    type(None): "null",
    list: "a list",
    dict: "an object",
}


def latex_commands(texts: Iterable[str]) -> frozenset[str]:
    r"""Names of the LaTeX commands in texts, but for one-letter ones: ``\n`` is a line break."""
    return frozenset(name for text in texts for name in _COMMAND.findall(text))


def find_value(text: str, name: str, commands: frozenset[str] = frozenset()) -> Any:
    """The value of a name in the last object of a text that has it, whatever stands around it.

    Args:
        text: the answer, without thinking and code fence.
        name: the name.
        commands: LaTeX commands that are meant where they could also be an escape.

    Raises:
        NotJson: there is no such object, or half of a surrogate pair in it.
    """
    repaired = _ESCAPE.sub(lambda match: _escape(match.group(1), commands), text)
    try:
        found = _objects_with(name, repaired)
        broken = _SURROGATE.search(json.dumps(found[-1:], ensure_ascii=False))
    except RecursionError as exc:
        raise NotJson("nested too deeply", text) from exc
    if not found:
        raise NotJson(f"no object with {name!r} in it", text)
    if broken:
        raise NotJson("half of a surrogate pair in it", text)
    return found[-1][name]


def _objects_with(name: str, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    at = text.find("{")
    while at >= 0:
        after = at + 1
        with suppress(ValueError):
            value, end = _DECODER.raw_decode(text, at)
            if name in value:
                found.append(value)
                after = end
        at = text.find("{", after)
    return found


def read_object(text: str, commands: frozenset[str]) -> dict[str, str]:
    """Read the one JSON object that a text consists of.

    Args:
        text: the answer, without thinking and code fence.
        commands: LaTeX commands that the source has.

    Raises:
        NotJson: there is none, or it is cut off.
        LeftoverText: there is other text around it.
        ExtraField: a key stands in it twice.
        BadValue: a value is not a string, or holds half of a surrogate pair.
    """
    start = text.find("{")
    if start < 0:
        raise NotJson("no object in it", text)
    if before := text[:start].strip():
        raise LeftoverText("before the JSON object", before)
    repaired = _ESCAPE.sub(lambda match: _escape(match.group(1), commands), text[start:])
    try:
        # strict=False: a line break or tab written as itself inside a string is meant as itself.
        decoder = json.JSONDecoder(strict=False, object_pairs_hook=_once, parse_int=float)
        value, end = decoder.raw_decode(repaired)
    except json.JSONDecodeError as exc:
        cut_off = not repaired.rstrip().endswith("}")
        raise NotJson("it is cut off" if cut_off else exc.msg, text) from exc
    except RecursionError as exc:
        raise NotJson("nested too deeply", text) from exc
    if after := repaired[end:].strip():
        raise LeftoverText("after the JSON object", after)
    return {key: _text(key, part) for key, part in value.items()}


def _escape(what: str, commands: frozenset[str]) -> str:
    if what in commands:
        return rf"\\{what}"
    valid = what[:1] in _ESCAPABLE or _HEX4.fullmatch(what)
    return rf"\{what}" if valid else rf"\\{what}"


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ExtraField(twice)
    return dict(pairs)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadValue(key, f"is {_NOT_TEXT[type(value)]}, not a string")
    if _SURROGATE.search(value):
        raise BadValue(key, "holds half of a surrogate pair")
    return value
