"""The prose in a Python program's docstrings; everything else in the program is kept.

Code models are tested on exactly this text: the signature, the doctests and their expected output
must stay, and so must the indentation, while the description is what a translation changes.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES = re.compile(r"^[rRuUbBfF]*(\"\"\"|'''|\"|')")
# Lines of a docstring that are code or data rather than a sentence.
_CODE_LINE = re.compile(
    r"^(?:>>>|\.\.\.(?:\s|$)|@\w|def \w+\(|class \w+[:(]|import \w+$|from \w+ import |assert \S+\()"
    r"|^return [\w.]+(?:\s*[\[(+*/<>=-].*)?$"
    r"|^(?:if .*[=<>\[(].*|for \w+ in .*):$"
    r"|^[\w.]+\(.*\)\s*(?:(?:==|=>|->|=|➞|#|returns?\b|should).*)?$"
    r"|^[\w\s:]{0,30}[=:]\s*[\[({\d'\"-]"
    r"|^[\[({\d'\"-].*[\])}\d'\"]$"
)
_WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of a docstring: range of code points, and what every further line begins with."""

    start: int
    end: int
    indent: str


def docstring_prose(code: str) -> list[Prose]:
    """Paragraphs of prose in the docstrings of ``code``, in order.

    Doctests with their output, example calls and other code-like lines are left out. A program
    that does not parse has none: without a parse nobody can say what is prose.
    """
    return [
        prose for start, end in _docstring_bodies(code) for prose in _paragraphs(code, start, end)
    ]


def code_skeleton(code: str) -> str | None:
    """The program without its docstrings, normalised; ``None`` where it does not parse."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for constant in _docstrings(tree):
        constant.value = ""
    return ast.dump(tree)


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Strings that stand alone as a statement, wherever they stand in a body."""
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value


def _docstring_bodies(code: str) -> list[tuple[int, int]]:
    """Ranges of the text between the quotes of every docstring."""
    try:
        starts = {(node.lineno, node.col_offset) for node in _docstrings(ast.parse(code))}
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return []
    lines = [0]
    for line in io.StringIO(code):
        lines.append(lines[-1] + len(line))
    bodies = []
    for token in tokens:
        row, column = token.start
        # ast counts columns in UTF-8 bytes, tokenize in characters.
        byte_column = len(token.line[:column].encode("utf-8", "surrogatepass"))
        if token.type != tokenize.STRING or (row, byte_column) not in starts:
            continue
        opening = _QUOTES.match(token.string)
        if opening is None:
            continue
        start = lines[row - 1] + column + opening.end()
        end = lines[row - 1] + column + len(token.string) - len(opening.group(1))
        bodies.append((start, end))
    return bodies


def _paragraphs(code: str, start: int, end: int) -> Iterator[Prose]:
    """Runs of prose lines between blank lines and code-like lines."""
    run: list[tuple[int, int]] = []
    in_doctest = False
    position = start
    for line in [*io.StringIO(code[start:end]), ""]:
        text = line.strip()
        in_doctest = bool(text) and (in_doctest or text.startswith(">>>"))
        prose = bool(text) and not in_doctest and not _CODE_LINE.match(text) and _WORD.search(text)
        if prose:
            run.append((position, position + len(line)))
        elif run:
            yield _prose(code, run)
            run = []
        position += len(line)


def _prose(code: str, run: list[tuple[int, int]]) -> Prose:
    """One paragraph: from its first letter to its last, with the indentation its lines share."""
    start, end = run[0][0], run[-1][1]
    indents = [re.match(r"[ \t]*", code[low:high]) for low, high in run[1:]]
    widths = [indent.group() for indent in indents if indent]
    indent = min(widths, key=len, default="")
    if not all(width.startswith(indent) for width in widths):
        indent = ""
    text = code[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    return Prose(start, end, indent)
